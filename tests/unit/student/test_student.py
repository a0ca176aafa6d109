"""The student: one frozen object that predicts by name, shows its modes, and survives a file."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

import eigenstill
from eigenstill import storage
from eigenstill.errors import DataError, EigenstillWarning, StudentError, UnreadableError
from eigenstill.student import Recording, Split
from eigenstill.tables import as_table

ROWS = np.random.default_rng(0).standard_normal((80, 2))


def teacher(rows):
    return 2 * rows[:, 0] - 3 * rows[:, 1] + 0.3 * np.sin(3 * rows[:, 0])


@pytest.fixture(scope="module")
def student():
    return eigenstill.distill(teacher, ROWS, teacher(ROWS), landmarks=12, names=("a", "b"), holdout=ROWS[:7] / 2)


def test_prediction_is_the_formula_in_plain_loops(student):
    formula = student.formula
    for x in ROWS[:5]:
        total = formula.intercept[0] + sum(w * v for w, v in zip(formula.weights[:, 0], x, strict=True))
        for z, a in zip(formula.landmarks, formula.coefficients[:, 0], strict=True):
            gaps = [
                abs(v - c) ** (2 if formula.kernel == "rational-quadratic" else 1) for v, c in zip(x, z, strict=True)
            ]
            total += a / (1 + sum(s * g for s, g in zip(formula.scales, gaps, strict=True)))
        assert student.predict(x[None])[0] == pytest.approx(total, rel=1e-9)


def test_counts(student):
    m, d, c = len(student.formula.landmarks), 2, 1
    assert student.stored_numbers == m * (d + c) + d * c + d + c
    assert student.rank == len(student.modes) == len(student.spectrum.kept)
    assert student.effective_parameters == pytest.approx(student.spectrum.kept.sum())
    assert 1 <= student.rank <= m + d


def test_modes_are_orthonormal_on_the_training_rows(student):
    modes = student.modes(ROWS)
    assert np.abs(modes.T @ modes - np.eye(student.rank)).max() < 1e-6
    assert np.abs(modes.sum(axis=0)).max() < 1e-6


def test_the_student_is_a_filtered_sum_of_modes(student):
    """f(x) = fbar + sum_k h_k <u_k, f> u_k(x): the second route to every prediction."""
    values = teacher(ROWS)
    modes = student.modes(ROWS)
    queries = np.random.default_rng(1).standard_normal((9, 2))
    products = modes.T @ (values - values.mean())
    expected = values.mean() + student.modes(queries) @ (student.spectrum.kept * products)
    assert np.allclose(student.predict(queries), expected, atol=1e-6)


def test_columns_are_matched_by_name_never_by_position(student):
    """csinva/imodels #290: the same columns in another order."""
    straight = student.predict(ROWS)
    assert np.array_equal(student.predict(as_table(ROWS[:, ::-1], ["b", "a"])), straight)
    assert np.array_equal(student.predict(as_table(ROWS, ["a", "b"])), straight)
    with pytest.raises(StudentError, match="array: no column b; need a, b"):
        student.predict(as_table(ROWS, ["a", "c"]))
    wide = as_table(np.column_stack([ROWS, ROWS[:, 0]]), ["a", "b", "c"])
    with pytest.warns(EigenstillWarning, match="ignored columns: c"):
        assert np.array_equal(student.predict(wide), straight)
    with pytest.raises(StudentError, match="3 columns; need 2: a, b"):
        student.predict(wide.values)
    with pytest.raises(DataError, match="row 0, column x1: got nan"):
        student.predict([[0.0, np.nan]])


def test_predictions_do_not_depend_on_the_batch(student):
    many = np.tile(ROWS, (60, 1))
    assert np.allclose(student.predict(many)[:80], student.predict(ROWS), rtol=1e-12, atol=1e-13)


def test_file_round_trip_is_exact(student, tmp_path):
    path = tmp_path / "student.safetensors"
    student.save(path)
    loaded = eigenstill.load_student(path)
    assert loaded.encode() == path.read_bytes() == student.encode()
    assert np.array_equal(loaded.predict(ROWS), student.predict(ROWS))
    assert np.array_equal(loaded.modes(ROWS), student.modes(ROWS))
    assert loaded.provenance.teacher == "teacher"
    assert loaded.recording is None
    assert loaded.exact is None
    assert student.provenance.notices == loaded.provenance.notices


def test_everything_is_frozen(student):
    with pytest.raises(dataclasses.FrozenInstanceError):
        student.flat = False
    for part in (student.formula, student.spectrum, student.modes):
        for value in vars(part).values():
            if isinstance(value, np.ndarray):
                assert not value.flags.writeable


def change(student, path, arrays=None, header=None):
    held, entries = storage.read(path, "eigenstill-student", 1)
    held, entries = {**held, **(arrays or {})}, {**entries, **(header or {})}
    path.write_bytes(
        storage.encode({k: v for k, v in held.items() if v is not None}, {k: v for k, v in entries.items() if v != ()})
    )


@pytest.mark.parametrize(
    ("arrays", "header", "message"),
    [
        ({"scales": None}, {}, "tensor scales is missing"),
        ({"more": np.ones(1)}, {}, "tensor more is missing, unknown or misshapen"),
        ({"scales": np.ones((1, 2))}, {}, "tensor scales is missing, unknown or misshapen"),
        ({"scales": np.array([1.0, -1.0])}, {}, "need 2 positive numbers"),
        ({"coefficients": np.ones((3, 1))}, {}, "do not fit each other"),
        ({"kept": np.ones(0)}, {}, "kept does not fit"),
        ({"ridge": np.array([-1.0])}, {}, "ridge does not fit"),
        ({"vectors": np.ones((3, 1))}, {}, "vectors does not fit"),
        ({}, {"kernel": "gauss"}, "basis gauss: unknown"),
        ({}, {"kernel": 7}, "header entry kernel: got 7; need text"),
        ({}, {"flat": 1}, "header entry flat: got 1; need true or false"),
        ({}, {"grid_bits": 40.5}, "need an integer"),
        ({}, {"input_names": ["a"]}, "input_names does not fit"),
        ({}, {"extra": 1}, "unknown header entry extra"),
        ({}, {"provenance": {}}, "header entry versions"),
        ({}, {"version": 2}, "version 2; need 'eigenstill-student' version 1"),
    ],
)
def test_changed_files_are_refused(student, tmp_path, arrays, header, message):
    path = tmp_path / "student.safetensors"
    student.save(path)
    change(student, path, arrays, header)
    with pytest.raises(StudentError, match=message):
        eigenstill.load_student(path)


def test_files_of_other_kinds_are_refused(student, tmp_path):
    path = tmp_path / "recording.safetensors"
    student.recording.save(path)
    with pytest.raises(StudentError, match="format 'eigenstill-recording' version 1; need 'eigenstill-student'"):
        eigenstill.load_student(path)
    with pytest.raises(UnreadableError):
        eigenstill.load_student(tmp_path / "none")


def test_recording_round_trip(student, tmp_path):
    path = tmp_path / "recording.safetensors"
    student.recording.save(path)
    loaded = Recording.load(path)
    assert np.array_equal(loaded.train.inputs, ROWS)
    assert np.array_equal(loaded.train.teacher[:, 0], teacher(ROWS))
    assert np.array_equal(loaded.train.labels, loaded.train.teacher)
    assert np.array_equal(loaded.train.predictions[:, 0], student.predict(ROWS))
    assert loaded.holdout.labels is None
    assert loaded.holdout.inputs.shape == (7, 2)


def test_recordings_are_checked(tmp_path):
    with pytest.raises(StudentError, match="do not fit each other"):
        Split(ROWS, np.ones((79, 1)), np.ones((79, 1)))
    path = tmp_path / "r"
    for arrays, message in [
        ({"train.inputs": ROWS}, "split train holds inputs; need inputs, predictions, teacher"),
        (dict.fromkeys(("train.inputs", "train.teacher", "train.predictions", "x"), ROWS), "unknown tensor x"),
    ]:
        path.write_bytes(storage.encode(arrays, {"format": "eigenstill-recording", "version": 1}))
        with pytest.raises(StudentError, match=message):
            Recording.load(path)


def test_the_header_is_plain_json(student, tmp_path):
    student.save(tmp_path / "s")
    data = (tmp_path / "s").read_bytes()
    length = int.from_bytes(data[:8], "little")
    own = json.loads(json.loads(data[8 : 8 + length])["__metadata__"]["eigenstill"])
    assert own["provenance"]["seed"] == 0
    assert own["input_names"] == ["a", "b"]

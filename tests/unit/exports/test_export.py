"""`export`: every language, for every kernel, against predict(), and what is refused."""

from __future__ import annotations

import dataclasses
import json
import re
from importlib.util import find_spec

import numpy as np
import pytest

import eigenstill
from eigenstill.cli import main
from eigenstill.errors import StudentError, UnreadableError
from eigenstill.exports import TARGETS, latex
from eigenstill.exports.c_source import compiler
from eigenstill.exports.measure import ROWS as COMPARED
from eigenstill.exports.measure import allowed, rows_for
from eigenstill.exports.numpy_source import load_source

FILES = {"torch": "model.py", "onnx": "model.onnx", "c": "model.c", "latex": "model.tex", "json": "model.json"}


def ready(to: str) -> None:
    missing = {"onnx": "onnxruntime", "torch": "torch", "sympy": "sympy"}.get(to)
    if missing and not find_spec(missing):
        pytest.skip(f"{missing} is not installed: the export was not run")
    if to == "c" and compiler() is None:
        pytest.skip("no C compiler: the export was not run")


@pytest.mark.parametrize("to", TARGETS)
def test_every_language_agrees_with_predict(student, to, tmp_path):
    ready(to)
    done = eigenstill.export(student, to, tmp_path / FILES.get(to, "model.py"))
    assert done.rows >= COMPARED + 60 + 4
    assert 0 <= done.difference <= done.allowed < 1e-10
    assert done.difference < 1e-12 * done.largest
    if to not in ("latex", "json"):
        assert done.difference > 0, "another order of summation differs somewhere in thousands of rows"
    assert f"largest difference {done.difference:.2g}" in done.note
    assert [path.name for path in tmp_path.iterdir()] == [done.path.name]
    assert done.note.split(":")[0].encode() in done.path.read_bytes()


@pytest.mark.parametrize("to", [name for name, target in TARGETS.items() if target.float32])
def test_float32_is_asked_for_and_has_its_own_measured_difference(student, to, tmp_path):
    ready(to)
    double = eigenstill.export(student, to, tmp_path / FILES.get(to, "model.py"))
    single = eigenstill.export(student, to, tmp_path / FILES.get(to, "model.py"), float32=True)
    assert single.allowed is None
    assert 1e3 * double.difference < single.difference < 1e-2 * single.largest
    assert "float32 against float64" in single.note
    assert f"largest difference {single.difference:.2g}".encode() in single.path.read_bytes()


def test_the_difference_that_is_stated_is_that_of_the_file(plain, tmp_path):
    """Found again by hand: the written source on the rows, against predict()."""
    done = eigenstill.export(plain, "numpy", tmp_path / "model.py")
    rows = rows_for(plain)
    values = load_source(tmp_path / "model.py").predict(rows)
    assert done.rows == len(rows)
    assert done.difference == np.abs(values - plain.predict(rows)).max()
    assert done.largest == np.abs(plain.predict(rows)).max()


def test_the_rows_reach_landmarks_and_far_beyond_them(plain):
    rows, landmarks = rows_for(plain), plain.formula.landmarks
    assert (rows[: len(landmarks)] == landmarks).all()
    spread = np.ptp(landmarks, axis=0)
    assert (rows.min(axis=0) < landmarks.min(axis=0) - 0.9 * spread).all()
    assert (rows.max(axis=0) > landmarks.max(axis=0) + 0.9 * spread).all()


def test_of_many_recorded_rows_some_are_drawn(plain, monkeypatch):
    from eigenstill.exports import measure

    monkeypatch.setattr(measure, "MOST_RECORDED", 10)
    rows = rows_for(plain)
    assert len(rows) == len(plain.formula.landmarks) + COMPARED + 10
    recorded = {row.tobytes() for row in np.concatenate([plain.recording.train.inputs, plain.recording.holdout.inputs])}
    assert all(row.tobytes() in recorded for row in rows[-10:])


def test_the_bound_is_that_of_the_certificate(plain, tmp_path):
    """Twice the claim `evaluation`, up to what stands for phi there (its value) and here (1)."""
    path = eigenstill.certify(plain, tmp_path)
    claims = {claim["claim"]: claim for claim in json.loads(path.read_text())["claims"]}
    certified = max(float(split["a_priori_at_most"]["decimal"]) for split in claims["evaluation"]["splits"])
    recorded = np.concatenate([plain.recording.train.inputs, plain.recording.holdout.inputs])
    assert 2 * certified <= allowed(plain, recorded) <= 8 * certified


def test_an_export_that_disagrees_is_refused_and_leaves_nothing(plain, tmp_path, monkeypatch):
    target = TARGETS["json"]
    wrong = target._replace(evaluate=lambda path, numbers, rows: target.evaluate(path, numbers, rows) + 1e-9)
    monkeypatch.setitem(TARGETS, "json", wrong)
    with pytest.raises(StudentError, match=r"json differs from predict\(\) by 1e-09"):
        eigenstill.export(plain, "json", tmp_path / "model.json")
    assert list(tmp_path.iterdir()) == []


def test_no_number_is_no_agreement(plain, tmp_path, monkeypatch):
    for bad in (np.nan, np.inf):
        wrong = TARGETS["numpy"]._replace(evaluate=lambda path, numbers, rows, bad=bad: np.full((len(rows), 1), bad))
        monkeypatch.setitem(TARGETS, "numpy", wrong)
        for float32 in (False, True):
            with pytest.raises(StudentError, match="differs from predict"):
                eigenstill.export(plain, "numpy", tmp_path / "model.py", float32=float32)


@pytest.mark.parametrize("to", ["json", "latex", "numpy"])
def test_numbers_come_back_bit_by_bit(student, to, tmp_path):
    path = eigenstill.export(student, to, tmp_path / FILES.get(to, "model.py")).path
    if to == "json":
        held = json.loads(path.read_text())
        assert (held["format"], held["version"]) == ("eigenstill-formula", 1)
        assert tuple(held["input_names"]) == student.input_names
    elif to == "latex":
        held = latex.read(path.read_text(encoding="utf-8"))
    else:
        held = {key.lower(): value for key, value in vars(load_source(path)).items()}
        assert held["input_names"] == student.input_names
    for name in ("landmarks", "scales", "coefficients", "intercept", "weights"):
        own = getattr(student.formula, name)
        if own is None:
            assert held.get(name) is None
        else:
            assert np.array(held[name], dtype=np.float64).reshape(own.shape).tobytes() == own.tobytes()


@pytest.mark.parametrize(
    ("to", "file", "options", "message"),
    [
        ("pickle", "model.pkl", {}, "pickle: unknown; need onnx, torch, numpy, c, latex, sympy, json"),
        ("onnx", "model.pb", {}, "suffix .pb; need .onnx for onnx"),
        ("torch", "model.pt", {}, "suffix .pt; need .py or .pt2 for torch"),
        ("json", "model.json", {"float32": True}, "json holds the formula's own numbers"),
    ],
)
def test_what_cannot_be_written_is_refused(plain, to, file, options, message, tmp_path):
    with pytest.raises(StudentError, match=re.escape(message)):
        eigenstill.export(plain, to, tmp_path / file, **options)
    assert list(tmp_path.iterdir()) == []


def test_features_are_refused(tmp_path):
    rows = np.random.default_rng(0).normal(size=(40, 3))
    student = eigenstill.distill(
        lambda x: x[:, 0], rows, rows[:, 0] + rows[:, 1] ** 2, basis="features", features=lambda x: np.tanh(x[:, :2])
    )
    for to, target in TARGETS.items():
        with pytest.raises(StudentError, match="the basis is features, which your own function computes"):
            eigenstill.export(student, to, tmp_path / f"model{target.suffixes[0]}")
    assert list(tmp_path.iterdir()) == []


def test_numbers_beyond_float32_are_refused(plain, tmp_path):
    formula = plain.formula
    huge = dataclasses.replace(plain, formula=dataclasses.replace(formula, intercept=formula.intercept + 1e300))
    with pytest.raises(StudentError, match="intercept beyond the range of float32"):
        eigenstill.export(huge, "numpy", tmp_path / "model.py", float32=True)
    tiny = dataclasses.replace(plain, formula=dataclasses.replace(formula, scales=formula.scales * 1e-60))
    with pytest.raises(StudentError, match="a scale is 0 in float32"):
        eigenstill.export(tiny, "numpy", tmp_path / "model.py", float32=True)


def test_a_folder_that_is_not_there(plain, tmp_path):
    with pytest.raises(UnreadableError, match="cannot be written"):
        eigenstill.export(plain, "json", tmp_path / "nowhere" / "model.json")


def test_a_package_that_is_missing_is_named(plain, tmp_path, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(StudentError, match=re.escape("onnx is not installed; run: pip install 'eigenstill[onnx]'")):
        eigenstill.export(plain, "onnx", tmp_path / "model.onnx")
    assert list(tmp_path.iterdir()) == []


def test_command(plain, tmp_path, capsys):
    from eigenstill import folder

    folder.save(plain, tmp_path)
    out = tmp_path / "formula.json"
    assert main(["export", str(tmp_path), "--to", "json", "--out", str(out)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert f"Compared with predict() on {COMPARED + 9 + 64} rows: largest difference 0," in said
    rows = tmp_path / "rows.csv"
    rows.write_text("d_ü,a,b c\n1,2,3\n4,5,6\n", encoding="utf-8")
    assert (
        main(["export", str(tmp_path), "--to", "numpy", "--out", str(tmp_path / "m.py"), "--data", str(rows), "--json"])
        == 0
    )
    said = json.loads(capsys.readouterr().out)
    assert said["rows"] == COMPARED + 9 + 2
    assert 0 < said["difference"] <= said["allowed"]
    assert main(["export", str(tmp_path), "--to", "basic", "--out", str(out)]) == 2
    assert main(["export", str(tmp_path), "--to", "c", "--out", str(out)]) == 2
    assert "suffix .json; need .c for c" in capsys.readouterr().err

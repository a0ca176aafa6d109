"""Teachers: one interface, every answer checked."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from eigenstill.errors import DataError, TeacherError, UnreadableError
from eigenstill.teacher import Teacher, as_teacher, from_callable, from_outputs, load_teacher
from eigenstill.teacher.teacher import finite_differences

ROWS = np.random.default_rng(0).standard_normal((40, 3))


def smooth(rows):
    return np.sin(rows[:, 0]) + 2 * rows[:, 1]


def test_callable_keeps_its_output_shape():
    assert from_callable(smooth).outputs(ROWS).shape == (40,)
    assert from_callable(lambda rows: rows[:, :2]).outputs(ROWS).shape == (40, 2)


def test_finite_differences_are_the_derivatives():
    slopes = finite_differences(lambda rows: np.stack([smooth(rows), rows[:, 2] ** 2], axis=1), ROWS)
    expected = [[np.abs(np.cos(ROWS[:, 0])).mean(), 2, 0], [0, 0, 2 * np.abs(ROWS[:, 2]).mean()]]
    assert np.allclose(slopes, expected, atol=1e-4)


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda rows: rows[:3, 0], r"outputs of shape \(3,\) for 40 rows; need \(40,\) or \(40, outputs\)"),
        (lambda rows: np.zeros((40, 2, 2)), r"shape \(40, 2, 2\)"),
        (lambda rows: np.where(rows[:, 0] > 0, np.nan, 1.0), r"outputs: row \d+: got nan"),
        (lambda rows: ["a"] * 40, "need real numbers"),
        (lambda rows: rows - rows.mean(axis=0), r"row 0 alone gives 0, among others .* own row only"),
        (lambda rows: 1 / 0, r"fails on 40 rows \(ZeroDivisionError: division by zero\)"),
    ],
)
def test_bad_answers_are_refused(function, message):
    with pytest.raises(TeacherError, match=message):
        from_callable(function, "bad").outputs(ROWS)


def test_recorded_outputs_have_no_slopes_and_fit_their_rows_only():
    teacher = from_outputs(smooth(ROWS))
    assert np.array_equal(teacher.outputs(ROWS), smooth(ROWS))
    assert teacher.gradients(ROWS) is None
    with pytest.raises(TeacherError, match="40 recorded outputs for 39 rows"):
        teacher.outputs(ROWS[1:])


def test_as_teacher_takes_what_users_have():
    class Estimator:
        def predict(self, rows):
            return smooth(rows)

    held = Teacher("mine", smooth)
    assert as_teacher(held) is held
    assert as_teacher(Estimator()).name == "Estimator"
    assert as_teacher(smooth).name == "smooth"
    assert as_teacher(smooth(ROWS)).rows == 40
    with pytest.raises(TeacherError, match="Estimator is a class; need an object of it"):
        as_teacher(Estimator)
    with pytest.raises(TeacherError, match="teacher of type int; need a torch module"):
        as_teacher(7)


def test_of_a_classifier_it_is_the_probabilities():
    class Classifier:
        classes_ = np.array(["no", "yes"])

        def predict(self, rows):
            return self.classes_[(rows[:, 0] > 0).astype(int)]

        def predict_proba(self, rows):
            return np.stack([rows[:, 0] <= 0, rows[:, 0] > 0], axis=1).astype(float)

    assert as_teacher(Classifier()).outputs(ROWS).tolist() == Classifier().predict_proba(ROWS).tolist()


def test_columns_go_by_name_where_the_teacher_knows_them():
    teacher = Teacher("named", smooth, slopes=lambda rows: np.array([[1.0, 2.0, 3.0]]), names=("a", "b", "c"))
    turned = teacher.for_columns(("c", "a", "b"))
    assert np.array_equal(turned.outputs(ROWS[:, [2, 0, 1]]), smooth(ROWS))
    assert turned.gradients(ROWS[:, [2, 0, 1]]).tolist() == [[3, 1, 2]]
    assert teacher.for_columns(("a", "b", "c")) is teacher
    assert from_callable(smooth).for_columns(("x", "y")).names is None
    with pytest.raises(TeacherError, match="named: no column c; it takes a, b, c; the rows have a, b"):
        teacher.for_columns(("a", "b"))
    with pytest.raises(TeacherError, match="named: does not know column d; it takes a, b, c; drop d"):
        teacher.for_columns(("a", "b", "c", "d"))


def test_specs(tmp_path, monkeypatch):
    np.save(tmp_path / "f.npy", smooth(ROWS))
    (tmp_path / "f.csv").write_text("a,f\n" + "".join(f"0,{v!r}\n" for v in smooth(ROWS).tolist()))
    for spec in (tmp_path / "f.npy", f"{tmp_path / 'f.csv'}:f"):
        teacher = load_teacher(spec)
        assert np.array_equal(teacher.outputs(ROWS), smooth(ROWS))
        assert teacher.sha256 is not None
    (tmp_path / "some_teacher_of_mine.py").write_text("def f(rows):\n    return rows[:, 0]\nvalue = 3\n")
    monkeypatch.chdir(tmp_path)
    before = list(sys.path)
    assert load_teacher("some_teacher_of_mine:f").outputs(ROWS).tolist() == ROWS[:, 0].tolist()
    assert sys.path == before
    with pytest.raises(TeacherError, match="some_teacher_of_mine has no g"):
        load_teacher("some_teacher_of_mine:g")
    with pytest.raises(TeacherError, match="teacher of type int"):
        load_teacher("some_teacher_of_mine:value")
    with pytest.raises(TeacherError, match="cannot import no_such_module_here"):
        load_teacher("no_such_module_here:f")
    with pytest.raises(TeacherError, match=r"teacher model.h5: unknown kind; need model.onnx"):
        load_teacher("model.h5")
    with pytest.raises(UnreadableError):
        load_teacher(tmp_path / "none.npy")


def test_pickled_models_are_never_opened(tmp_path):
    marker = tmp_path / "LOADED"
    payload = f"cbuiltins\nexec\n(Vopen({str(marker)!r}, 'w').close()\ntR.".encode()
    for suffix in (".pkl", ".pt", ".pth", ".joblib"):
        path = tmp_path / f"model{suffix}"
        path.write_bytes(payload)
        with pytest.raises(
            TeacherError, match=r"a pickle can run any code.*to ONNX \(torch.*or save its outputs"
        ) as caught:
            load_teacher(path)
        assert caught.value.exit_code == 2
    with pytest.raises(TeacherError, match="use --trust-code"):
        load_teacher(tmp_path / "model.pt2")
    assert not marker.exists()


def test_errors_of_tables_stay_what_they_are(tmp_path):
    (tmp_path / "f.csv").write_text("f\nred\n")
    with pytest.raises(DataError, match="got the text 'red'"):
        load_teacher(tmp_path / "f.csv")

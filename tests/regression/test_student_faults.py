"""Faults of other software with students in use: columns taken by position where they have names."""

from __future__ import annotations

import numpy as np
import pytest

from eigenstill import distill, load_student
from eigenstill.cli import main
from eigenstill.errors import EigenstillWarning, StudentError
from eigenstill.tables import load_table, save_table
from support.cases import CASES, table

pytestmark = pytest.mark.filterwarnings("ignore:ridge. .* end of the grid")  # the teacher is linear and without noise


@pytest.fixture(scope="module")
def student():
    train = table("13_train.csv")
    with pytest.warns(EigenstillWarning, match="end of the grid"):
        return distill(lambda rows: 2 * rows[:, 0] - 3 * rows[:, 1], train.without(["y"]), landmarks=2)


@pytest.fixture
def saved(student, tmp_path):
    student.save(tmp_path / "student.safetensors")
    return tmp_path / "student.safetensors"


def test_columns_in_another_order_gave_predictions_from_wrong_columns(student, saved, capsys):
    """csinva/imodels #290: 2 a - 3 b is -4 and 1; by position it would be 1 and -4."""
    for held in (student, load_student(saved)):
        assert held.predict(table("13_query_swapped.csv")) == pytest.approx([-4, 1], abs=1e-3)
        assert held.predict(np.array([[1.0, 2.0], [2.0, 1.0]])) == pytest.approx([-4, 1], abs=1e-3)
    assert main(["predict", str(saved), "--data", str(CASES / "13_query_swapped.csv")]) == 0
    lines = capsys.readouterr().out.split()
    assert [float(line) for line in lines[1:]] == pytest.approx([-4, 1], abs=1e-3)


def test_missing_column_was_no_error(student, saved, capsys):
    with pytest.raises(StudentError, match="no column b; need a, b"):
        student.predict(table("13_query_missing.csv"))
    assert main(["predict", str(saved), "--data", str(CASES / "13_query_missing.csv")]) == 2
    assert "no column b" in capsys.readouterr().err


def test_spare_column_was_taken_for_an_input(student, saved, capsys):
    with pytest.warns(EigenstillWarning, match="ignored columns: extra"):
        assert student.predict(table("13_query_extra.csv")) == pytest.approx([-4], abs=1e-3)
    assert main(["predict", str(saved), "--data", str(CASES / "13_query_extra.csv")]) == 0
    assert "ignored columns: extra" in capsys.readouterr().err


# the whole kind: every file that holds names, every make of data frame, and predictions written in every format

SUFFIXES = (".csv", ".parquet", ".arrow", ".feather")
CHANGES = {"swapped": [-4, 1], "extra": [-4], "missing": None}


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("change", CHANGES)
def test_columns_of_any_file_are_taken_by_name(saved, tmp_path, capsys, suffix, change):
    pytest.importorskip("pyarrow")
    held = table(f"13_query_{change}.csv")
    path, out = tmp_path / f"query{suffix}", tmp_path / f"out{suffix}"
    save_table(path, held.names, held.values)
    code = main(["predict", str(saved), "--data", str(path), "--out", str(out)])
    message = capsys.readouterr().err
    if CHANGES[change] is None:
        assert code == 2
        assert "no column b; need a, b" in message
        assert not out.exists()
        return
    assert code == 0
    assert {"swapped": "in another order; taken by name: a, b", "extra": "ignored columns: extra"}[change] in message
    assert load_table(out).names == ("output",)
    assert load_table(out).values[:, 0] == pytest.approx(CHANGES[change], abs=1e-3)


@pytest.mark.parametrize("make", ["pandas", "pyarrow"])
def test_columns_of_any_frame_are_taken_by_name(student, make):
    library = pytest.importorskip(make)
    build = library.DataFrame if make == "pandas" else library.table
    assert student.predict(build({"b": [2.0, 1.0], "a": [1.0, 2.0]})) == pytest.approx([-4, 1], abs=1e-3)
    with pytest.raises(StudentError, match="no column b; need a, b"):
        student.predict(build({"a": [1.0]}))
    with pytest.warns(EigenstillWarning, match="ignored columns: extra"):
        assert student.predict(build({"extra": [9.0], "b": [2.0], "a": [1.0]})) == pytest.approx([-4], abs=1e-3)

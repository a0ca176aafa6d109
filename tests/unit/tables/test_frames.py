"""Data frames: numbers and names come through, and what is no number is named with its column and the remedy."""

from __future__ import annotations

import numpy as np
import pytest

from eigenstill.errors import DataError
from eigenstill.tables import as_table

pandas = pytest.importorskip("pandas")
pyarrow = pytest.importorskip("pyarrow")


def test_every_kind_of_number_comes_through():
    frame = pandas.DataFrame(
        {
            "integer": [1, 2],
            "float32": np.array([0.5, 1.5], dtype=np.float32),
            "flag": [True, False],
            "nullable": pandas.array([3, 4], dtype="Int64"),
            "nullable float": pandas.array([3.5, 4.5], dtype="Float64"),
            "objects": np.array([5, 6.5], dtype=object),
        }
    )
    table = as_table(frame)
    assert table.names == tuple(frame.columns)
    assert table.named
    assert table.values.tolist() == [[1, 0.5, 1, 3, 3.5, 5], [2, 1.5, 0, 4, 4.5, 6.5]]


@pytest.mark.parametrize(
    ("column", "message"),
    [
        (["red", "blue"], r"X: column c holds text such as 'red'; need numbers; encode each category as a 0/1 column"),
        (pandas.Categorical(["red", "blue"]), r"X: column c holds categories; need numbers; encode each category"),
        (pandas.Categorical([1, 2]), r"X: column c holds categories"),
        (["1", 2], r"X: column c holds text such as '1'"),
        ([np.nan, 1.0], r"X: column c has 1 missing values; need a number in every row; fill or drop these rows"),
        ([None, 1.0], r"X: column c has 1 missing values"),
        (pandas.array([None, 1], dtype="Int64"), r"X: column c has 1 missing values"),
        (pandas.array([None, None], dtype="Float64"), r"X: column c has 2 missing values"),
        (pandas.to_datetime(["2020-01-01", "2020-01-02"]), r"X: column c holds datetime64.*; need numbers; encode it"),
        ([1 + 2j, 1j], r"X: column c holds complex128; need numbers"),
        ([[1], [2]], r"X: column c holds object; need numbers"),
        ([2**60 + 1, 1], r"X: column c: integer of size 1152921504606846977; need at most 2\^53"),
        ([np.inf, 1.0], r"X: row 0, column c: got inf \(1 such in all\); need finite numbers; drop or fill"),
    ],
)
def test_what_is_no_number_is_named(column, message):
    frame = pandas.DataFrame({"a": [1.0, 2.0], "c": column})
    with pytest.raises(DataError, match=message) as caught:
        as_table(frame, where="X")
    assert "\n" not in str(caught.value)
    with pytest.raises(DataError, match="two columns are named a"):
        as_table(pandas.DataFrame([[1, 2]], columns=["a", "a"]))


def test_arrow_tables():
    held = pyarrow.table({"b": [1, 2], "a": [0.5, 1.5]})
    table = as_table(held)
    assert (table.names, table.values.tolist()) == (("b", "a"), [[1, 0.5], [2, 1.5]])
    for column, message in (
        (pyarrow.array(["x", "y"]).dictionary_encode(), "column c holds categories .*encode each category"),
        (pyarrow.array(["x", "y"]), "column c holds string; need numbers"),
        (pyarrow.array([1, None]), "column c has 1 missing values"),
    ):
        with pytest.raises(DataError, match=message):
            as_table(held.append_column("c", column))


class Column:
    """A column as polars has it: its missing values are counted by a method."""

    def __init__(self, values, missing=0):
        self.values, self.missing = values, missing

    def null_count(self):
        return self.missing

    def to_numpy(self):
        return np.array(self.values)


class Frame(dict):
    """A data frame of another make: names, columns by name, numbers in all."""

    @property
    def columns(self):
        return list(self)

    def to_numpy(self):
        raise AssertionError("columns are looked at one by one")


def test_frames_of_other_makes():
    table = as_table(Frame(b=Column([1, 2]), a=Column([0.5, 1.5])))
    assert (table.names, table.values.tolist()) == (("b", "a"), [[1, 0.5], [2, 1.5]])
    with pytest.raises(DataError, match="column a has 1 missing values"):
        as_table(Frame(a=Column([0.5, np.nan], missing=1)))
    with pytest.raises(DataError, match="column a holds <U3; need numbers"):
        as_table(Frame(a=Column(["red", "red"])))

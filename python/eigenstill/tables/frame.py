"""Data frames -> named columns of numbers: pandas, polars, pyarrow, or anything with `columns` and columns by name.

Each column is looked at by itself, so that a fault names it. None of these packages is imported here.
"""

from __future__ import annotations

import sys
from numbers import Real
from typing import Any

import numpy as np

from ..arrays import FloatArray, float_array
from ..errors import DataError
from .arrow_file import CATEGORIES, MISSING, arrow_columns
from .names import check_names


def is_frame(values: Any) -> bool:
    """Whether the values bring column names."""
    pyarrow = sys.modules.get("pyarrow")
    return (hasattr(values, "columns") and hasattr(values, "to_numpy")) or (
        pyarrow is not None and isinstance(values, pyarrow.Table)
    )


def frame_columns(frame: Any, where: str) -> tuple[tuple[str, ...], FloatArray]:
    """Names and float64 values (n, d).

    Raises
    ------
    DataError : categories, text, dates or missing values, naming the column and the remedy; repeated names
    """
    pyarrow = sys.modules.get("pyarrow")
    if pyarrow is not None and isinstance(frame, pyarrow.Table):
        return arrow_columns(frame, where)
    names = tuple(str(name) for name in frame.columns)
    check_names(names, where)
    if not hasattr(frame, "__getitem__"):
        return names, float_array(frame.to_numpy(), where)
    if not names:
        return names, np.zeros((len(frame), 0))
    columns = [_column(frame[held], name, where) for held, name in zip(frame.columns, names, strict=True)]
    return names, np.stack(columns, axis=1)


def _column(column: Any, name: str, where: str) -> FloatArray:
    kind = str(getattr(column, "dtype", ""))
    if kind.lower().startswith(("category", "categorical", "enum")):
        raise DataError(f"{where}: column {name} holds categories; {CATEGORIES}")
    missing = _missing(column)
    array = np.asarray(column.to_numpy() if hasattr(column, "to_numpy") else column)
    if array.dtype.kind in "biuf":
        if missing:
            raise DataError(f"{where}: column {name} has {missing} missing values; {MISSING}")
        return float_array(array, f"{where}: column {name}")
    if array.dtype.kind == "O":
        text = next((entry for entry in array if isinstance(entry, str)), None)
        if text is not None:
            raise DataError(f"{where}: column {name} holds text such as {text[:40]!r}; {CATEGORIES}")
        if missing:
            raise DataError(f"{where}: column {name} has {missing} missing values; {MISSING}")
        if all(isinstance(entry, Real) for entry in array):
            return float_array(_numbers(array), f"{where}: column {name}")
    raise DataError(f"{where}: column {name} holds {kind or array.dtype}; need numbers; encode it or drop the column")


def _missing(column: Any) -> int:
    """How many entries the frame itself calls missing: NaN, None, NA."""
    if hasattr(column, "isna"):  # pandas
        return int(column.isna().sum())
    if hasattr(column, "null_count"):  # polars: a method; NaN is then found with the other values
        count = column.null_count
        return int(count() if callable(count) else count)
    return 0


def _numbers(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Python numbers in an object column, each as NumPy takes it: integers stay integers, so that none is rounded."""
    return np.array(array.tolist())

"""Comma-separated text -> numbers, each correctly rounded, each fault with its row and column."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import numpy as np

from ..arrays import FloatArray
from ..errors import DataError
from .names import check_names, made_up_names

MISSING = {"", "na", "n/a", "nan", "null", "none", "?", ".", "-"}


def parse_csv(
    data: bytes, where: str, columns: Sequence[str] | None, drop: Sequence[str]
) -> tuple[tuple[str, ...], FloatArray, bool]:
    """Names, values (n, d) and whether the names are the file's own.

    The first line is a header unless every cell of it is a number. Rows are counted from 0 after the header.

    Raises
    ------
    DataError : text or missing values in a column that is read, ragged rows, no rows, not UTF-8
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{where}: byte {error.start} is not UTF-8; need UTF-8 text; save it as CSV UTF-8") from None
    try:
        lines = [line for line in csv.reader(io.StringIO(text, newline=""), strict=True) if line]
    except csv.Error as error:
        raise DataError(f"{where}: not readable as CSV ({error}); need comma-separated text") from None
    if not lines:
        raise DataError(f"{where}: no rows; need a header line and at least one row")
    named = not all(_is_number(cell) for cell in lines[0])
    names = tuple(cell.strip() for cell in lines[0]) if named else made_up_names(len(lines[0]))
    rows = lines[1:] if named else lines
    if not rows:
        raise DataError(f"{where}: no rows after the header; need at least one")
    _check_shape(rows, names, where)
    check_names(names, where)
    places = {name: place for place, name in enumerate(names)}
    for name in [*(columns or ()), *drop]:
        if name not in places:
            listed = ", ".join(names[:20]) + (", ..." if len(names) > 20 else "")
            raise DataError(f"{where}: no column {name}; it has {listed}")
    kept = [name for name in (names if columns is None else columns) if name not in drop]
    values = np.empty((len(rows), len(kept)))
    for target, name in enumerate(kept):
        values[:, target] = _column([row[places[name]] for row in rows], name, where)
    return tuple(kept), values, named


def _is_number(cell: str) -> bool:
    return _number(cell) is not None or cell.strip().lower() in {"nan", "inf", "-inf", "+inf", "infinity", "-infinity"}


def _number(cell: str) -> float | None:
    """The nearest float64 of a plain decimal number; None for anything else, NaN and infinities included."""
    text = cell.strip()
    if not text.isascii() or "_" in text:
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if value - value == 0.0 else None


def _column(cells: Sequence[str], name: str, where: str) -> list[float]:
    values = []
    for row, cell in enumerate(cells):
        value = _number(cell)
        if value is None:
            raise DataError(_fault(cells, row, name, where))
        values.append(value)
    return values


def _fault(cells: Sequence[str], row: int, name: str, where: str) -> str:
    cell = cells[row].strip()
    lower = cell.lower()
    if lower in MISSING:
        count = sum(other.strip().lower() in MISSING for other in cells)
        return (
            f"{where}: row {row}, column {name}: missing value ({count} in this column); need a number in every row; "
            "fill or drop these rows, or drop the column"
        )
    if lower.lstrip("+-") in {"inf", "infinity"} or (_looks_numeric(cell)):
        return f"{where}: row {row}, column {name}: got {cell[:40]}; need a finite float64; mend or drop this row"
    return (
        f"{where}: row {row}, column {name}: got the text {cell[:40]!r}; need numbers; "
        "encode the categories as numbers or drop the column"
    )


def _looks_numeric(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return "_" not in cell and cell.isascii()


def _check_shape(rows: Sequence[Sequence[str]], names: Sequence[str], where: str) -> None:
    width = len(names)
    for row, cells in enumerate(rows):
        if len(cells) != width:
            raise DataError(f"{where}: row {row} has {len(cells)} cells; need {width}, as in the first line")
    if width == 1 and (";" in names[0] or "\t" in names[0]):
        raise DataError(f"{where}: one column named {names[0][:40]!r}; need commas between columns; export it so")

"""Parquet and Arrow: files and pyarrow tables -> named columns of numbers. pyarrow is imported here and in `save`."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..arrays import FloatArray, float_array
from ..errors import DataError

ARROW = (".arrow", ".feather")
INSTALL = "run: pip install 'eigenstill[parquet]'"


def read_parquet(
    data: bytes, where: str, columns: Sequence[str] | None, drop: Sequence[str]
) -> tuple[tuple[str, ...], FloatArray, bool]:
    """Names, values (n, d) and True (the names are the file's own) of the numeric columns of a Parquet file.

    Raises
    ------
    DataError : pyarrow is missing, not Parquet, or a column that is read holds no numbers or misses some
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise DataError(f"{where}: Parquet needs pyarrow; {INSTALL}") from None
    try:
        held = pyarrow.parquet.ParquetFile(io.BytesIO(data)).read()
    except (pyarrow.ArrowInvalid, pyarrow.ArrowNotImplementedError, OSError) as error:
        raise DataError(f"{where}: not a readable Parquet file ({error})") from None
    names, values = arrow_columns(held, where, columns, drop)
    return names, values, True


def read_arrow(
    data: bytes, where: str, columns: Sequence[str] | None, drop: Sequence[str]
) -> tuple[tuple[str, ...], FloatArray, bool]:
    """As `read_parquet`, from an Arrow file or stream, or a Feather file of either version."""
    try:
        import pyarrow
        import pyarrow.feather
    except ImportError:
        raise DataError(f"{where}: Arrow needs pyarrow; {INSTALL}") from None
    try:
        if data[:6] != b"ARROW1" and data[:4] != b"FEA1":  # no file: a stream has no mark of its own
            held = pyarrow.ipc.open_stream(io.BytesIO(data)).read_all()
        else:
            held = pyarrow.feather.read_table(io.BytesIO(data), memory_map=False)
    except (pyarrow.ArrowInvalid, pyarrow.ArrowNotImplementedError, OSError) as error:
        raise DataError(f"{where}: not a readable Arrow or Feather file ({error})") from None
    names, values = arrow_columns(held, where, columns, drop)
    return names, values, True


def arrow_columns(
    held: Any, where: str, columns: Sequence[str] | None = None, drop: Sequence[str] = ()
) -> tuple[tuple[str, ...], FloatArray]:
    """Names and float64 values (n, d) of a pyarrow table. Raises DataError naming a column that cannot be used."""
    import pyarrow

    names = chosen_names(held.column_names, columns, drop, where)
    values = []
    for name in names:
        column = held.column(name)
        kind = column.type
        if pyarrow.types.is_dictionary(kind):
            raise DataError(f"{where}: column {name} holds categories ({kind}); {CATEGORIES}")
        if not (pyarrow.types.is_integer(kind) or pyarrow.types.is_floating(kind) or pyarrow.types.is_boolean(kind)):
            raise DataError(f"{where}: column {name} holds {kind}; need numbers; encode it or drop the column")
        if column.null_count:
            raise DataError(f"{where}: column {name} has {column.null_count} missing values; {MISSING}")
        values.append(float_array(column.to_numpy(), f"{where}: column {name}"))
    return tuple(names), np.stack(values, axis=1) if values else np.zeros((0, 0))


CATEGORIES = "need numbers; encode each category as a 0/1 column of its own, or drop the column"
MISSING = "need a number in every row; fill or drop these rows, or drop the column"


def chosen_names(held: Sequence[str], columns: Sequence[str] | None, drop: Sequence[str], where: str) -> list[str]:
    """Names to read, in order; a missing one is an error that lists those there are, a repeated one likewise."""
    seen: set[str] = set()
    for name in held:
        if name in seen:
            raise DataError(f"{where}: two columns are named {name}; need different names; rename or drop one")
        seen.add(name)
    for name in [*(columns or ()), *drop]:
        if name not in held:
            listed = ", ".join(list(held)[:20]) + (", ..." if len(held) > 20 else "")
            raise DataError(f"{where}: no column {name}; it has {listed}")
    return [name for name in (held if columns is None else columns) if name not in drop]

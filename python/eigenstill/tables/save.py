"""Named columns of numbers -> a file: .csv, .parquet, .arrow, .feather, .npy or .npz, written in one step."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from .. import storage
from ..arrays import FloatArray
from ..errors import DataError
from .arrow_file import INSTALL

Writer = Callable[[Sequence[str], FloatArray], bytes]


def save_table(path: str | Path, names: Sequence[str], values: FloatArray) -> None:
    """Write columns (n, d) with their names; .npy has room for the numbers only, (n, d).

    An .npz holds one array (n,) a column. Every number reads back as the same float64.

    Raises
    ------
    DataError : an unknown suffix, or pyarrow is missing
    UnreadableError : the folder cannot be written
    """
    path = Path(path)
    storage.write_atomically(path, writer_of(path)(names, values))


def writer_of(path: Path) -> Writer:
    """What turns columns into the bytes of such a file. Raises DataError for an unknown suffix."""
    suffix = path.suffix.lower()
    if suffix not in _WRITERS:
        raise DataError(f"{path.name}: suffix {suffix or 'none'}; need {', '.join(_WRITERS)}")
    return _WRITERS[suffix]


def csv_text(names: Sequence[str], values: FloatArray) -> str:
    """One row a line, every number in the shortest form that reads back to the same float64."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([repr(float(entry)) for entry in row] for row in values)
    return text.getvalue()


def _csv(names: Sequence[str], values: FloatArray) -> bytes:
    return csv_text(names, values).encode()


def _npy(names: Sequence[str], values: FloatArray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, values, allow_pickle=False)
    return buffer.getvalue()


def _npz(names: Sequence[str], values: FloatArray) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **dict(zip(names, values.T, strict=True)))
    return buffer.getvalue()


def _parquet(names: Sequence[str], values: FloatArray) -> bytes:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise DataError(f"Parquet needs pyarrow; {INSTALL}") from None
    buffer = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table(dict(zip(names, values.T, strict=True))), buffer)
    return buffer.getvalue()


def _arrow(names: Sequence[str], values: FloatArray) -> bytes:
    try:
        import pyarrow
        import pyarrow.feather
    except ImportError:
        raise DataError(f"Arrow needs pyarrow; {INSTALL}") from None
    buffer = io.BytesIO()
    pyarrow.feather.write_feather(
        pyarrow.table(dict(zip(names, values.T, strict=True))), buffer, compression="uncompressed"
    )
    return buffer.getvalue()


_WRITERS: dict[str, Writer] = {
    ".csv": _csv,
    ".parquet": _parquet,
    ".arrow": _arrow,
    ".feather": _arrow,
    ".npy": _npy,
    ".npz": _npz,
}

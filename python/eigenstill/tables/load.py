"""Files -> tables: .csv, .parquet, .arrow, .feather, .npy, .npz. A pickle is refused by its name and never opened."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..arrays import float_array
from ..errors import DataError, UnreadableError
from .arrow_file import ARROW, read_arrow, read_parquet
from .csv_file import parse_csv
from .names import made_up_names
from .table import Table

NAMED = {".csv": parse_csv, ".parquet": read_parquet, **dict.fromkeys(ARROW, read_arrow)}
"""Kinds of file that hold column names, and what reads them."""
SUFFIXES = (*NAMED, ".npy", ".npz")
PICKLES = (".pt", ".pth", ".pkl", ".pickle", ".p", ".pk", ".joblib", ".dill", ".sav", ".ckpt", ".bin")


def refuse_pickle(path: Path) -> None:
    """Raise for a file that only unpickling could read. Loading one runs whatever code it holds."""
    if path.suffix.lower() in PICKLES:
        raise DataError(
            f"{path.name}: a pickle can run any code when it is loaded, so it is refused and was not opened; "
            f"need {', '.join(SUFFIXES)}; export the numbers to one of these"
        )


def read_file(path: Path) -> bytes:
    """All bytes of a file. Raises UnreadableError (exit code 3)."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableError(f"{path}: cannot be read ({error.strerror or error}); need a readable file") from None


def split_spec(spec: str | Path) -> tuple[Path, str | None]:
    """`file.csv:column` -> (file.csv, column); a path without a column, or an existing file, as it is."""
    text = str(spec)
    stem, colon, column = text.rpartition(":")
    if not colon or not column or Path(text).is_file() or Path(stem).suffix.lower() not in (*SUFFIXES, ".onnx"):
        return Path(text), None
    return Path(stem), column


def load_table(
    path: str | Path,
    *,
    columns: Sequence[str] | None = None,
    drop: Sequence[str] = (),
) -> Table:
    """Read a table of numbers.

    Parameters
    ----------
    path : .csv, .parquet, .arrow or .feather, .npy (n, d) or .npz; `file.npz:name` picks one array of an .npz
    columns : names to keep, in this order (all by default); other columns may then hold text
    drop : names to leave out

    Returns
    -------
    Table : float64 (n, d), every number correctly rounded, digest of the file's bytes

    Raises
    ------
    DataError : text, missing values, infinities, no rows, repeated names, a pickle, an unknown suffix
    UnreadableError : the file is missing or unreadable
    """
    file, part = split_spec(path)
    suffix = file.suffix.lower()
    refuse_pickle(file)
    if suffix not in SUFFIXES:
        raise DataError(f"{file.name}: suffix {suffix or 'none'}; need {', '.join(SUFFIXES)}")
    data = read_file(file)
    digest = hashlib.sha256(data).hexdigest()
    if suffix in (".npy", ".npz"):
        array = _read_numpy(data, file, part)
        if array.ndim == 1:
            array = array[:, None]
        values = float_array(array, file.name)
        table_names = made_up_names(values.shape[1] if values.ndim == 2 else 0)
        table = Table(values, table_names, file.name, digest, named=False)
        return _chosen(table, columns, drop)
    if part is not None:
        columns = [part]
    names, values, named = NAMED[suffix](data, file.name, columns, drop)
    return Table(values, names, file.name, digest, named)


def load_labels(spec: str | Path) -> Table:
    """Labels or outputs: a whole file, or `file:column`. One column a output; .npy may be (n,)."""
    return load_table(spec)


def _chosen(table: Table, columns: Sequence[str] | None, drop: Sequence[str]) -> Table:
    table = table if columns is None else table.columns(columns)
    return table.without(drop) if drop else table


def _array(loaded: Any, path: Path, part: str | None) -> np.ndarray[Any, Any]:
    """The array of an .npy file, or one of an .npz."""
    if isinstance(loaded, np.ndarray):
        return loaded
    with loaded:
        held = list(loaded.files)
        if part is None and len(held) != 1:
            raise DataError(
                f"{path.name}: holds {len(held)} arrays ({', '.join(held[:10])}); name one, as in {path.name}:NAME"
            )
        if part is not None and part not in held:
            raise DataError(f"{path.name}: no array {part}; it holds {', '.join(held[:10])}")
        array: np.ndarray[Any, Any] = loaded[part if part is not None else held[0]]
        return array


def _read_numpy(data: bytes, path: Path, part: str | None) -> np.ndarray[Any, Any]:
    """One array of an .npy or .npz file, pickled objects refused."""
    try:
        return _array(np.load(io.BytesIO(data), allow_pickle=False), path, part)
    except DataError:
        raise
    except Exception as error:  # noqa: BLE001  a damaged file makes numpy, zipfile and tokenize raise what they like
        if "pickle" in str(error).lower():
            raise DataError(f"{path.name}: holds pickled objects, which are never loaded; save plain numbers") from None
        raise DataError(f"{path.name}: not a readable {path.suffix} file ({error}); write it with numpy.save") from None

"""Rows from files too large to load, or from an iterator: chunk after chunk, each checked as a table is."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from ..arrays import FloatArray, float_array
from ..errors import DataError, UnreadableError
from ..tables import split_spec
from ..tables.blocks import ROWS
from ..tables.csv_file import parse_csv
from ..tables.load import refuse_pickle
from ..tables.names import made_up_names

STREAMED = (".csv", ".parquet", ".npy")
CHUNK = 1 << 22


@dataclass(frozen=True, eq=False)
class RowSource:
    """Rows that are gone through from the first to the last.

    Attributes
    ----------
    names, named : of the columns, and whether they are the user's
    source, sha256 : name, and digest of the file's bytes, None where there is no file
    chunks : called for an iterator of float64 (k, d), k at most tables.blocks.ROWS
    """

    names: tuple[str, ...]
    named: bool
    source: str
    sha256: str | None
    chunks: Callable[[], Iterator[FloatArray]]

    def split(self, names: Sequence[str]) -> tuple[RowSource, RowSource]:
        """The source without these columns, and these columns."""
        for name in names:
            if name not in self.names:
                raise DataError(f"{self.source}: no column {name}; it has {', '.join(self.names[:20])}")
        rest = [place for place, name in enumerate(self.names) if name not in names]
        return self._columns(rest), self._columns([self.names.index(name) for name in names])

    def _columns(self, places: list[int]) -> RowSource:
        return RowSource(
            tuple(self.names[place] for place in places),
            self.named,
            self.source,
            self.sha256,
            lambda: (chunk[:, places] for chunk in self.chunks()),
        )


def open_rows(rows: Any, names: Sequence[str] | None = None) -> RowSource:
    """A source of rows.

    Parameters
    ----------
    rows : a path, .npy (n, d), .parquet or .csv, `file.parquet:column` for one column; or a function without
        arguments that returns an iterator of arrays (k, d)
    names : of the columns, for a function

    Raises
    ------
    DataError : another kind of file
    UnreadableError : no such file
    """
    if callable(rows):
        first = next(iter(rows()), None)
        if first is None:
            raise DataError("rows: the iterator gives none; need at least two rows")
        width = float_array(first, "rows").reshape(len(first), -1).shape[1]
        return RowSource(
            tuple(names) if names else made_up_names(width), names is not None, "iterator", None, lambda: _cut(rows())
        )
    path, column = split_spec(rows)
    refuse_pickle(path)
    readers = {".npy": _npy, ".parquet": _parquet, ".csv": _csv}
    if path.suffix.lower() not in readers:
        raise DataError(f"{path.name}: suffix {path.suffix or 'none'} cannot be streamed; need {', '.join(STREAMED)}")
    try:
        held, named, chunks = readers[path.suffix.lower()](path)
        digest = file_digest(path)
    except OSError as error:
        raise UnreadableError(f"{path}: cannot be read ({error.strerror or error}); need a readable file") from None
    source = RowSource(held, named, path.name, digest, chunks)
    return source if column is None else source.split([column])[1]


def file_digest(path: Path) -> str:
    """SHA-256 of a file of any size."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while part := stream.read(CHUNK):
            digest.update(part)
    return digest.hexdigest()


Reader = tuple[tuple[str, ...], bool, Callable[[], Iterator[FloatArray]]]


def _cut(parts: Iterable[Any]) -> Iterator[FloatArray]:
    """Arrays of any length, cut to at most ROWS rows."""
    for part in parts:
        array = float_array(part, "rows")
        if array.ndim == 1:
            array = array[:, None]
        for start in range(0, len(array), ROWS):
            yield array[start : start + ROWS]


def _npy(path: Path) -> Reader:
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except ValueError as error:
        raise DataError(f"{path.name}: not a readable .npy file ({error}); write it with numpy.save") from None
    if array.ndim not in (1, 2) or array.size == 0:
        raise DataError(f"{path.name}: shape {array.shape}; need rows and columns")
    width = 1 if array.ndim == 1 else array.shape[1]
    count, size, offset, kind = len(array), array.dtype.itemsize, array.offset, array.dtype
    ordered = array.flags.c_contiguous
    del array

    def chunks() -> Iterator[FloatArray]:
        """Plain reads: mapped pages would count as this process's memory."""
        for start in range(0, count, ROWS):
            part = min(ROWS, count - start)
            if not ordered:
                columns = np.load(path, mmap_mode="r", allow_pickle=False)
                yield float_array(columns[start : start + part].copy(), path.name)
                continue
            values = np.fromfile(path, dtype=kind, count=part * width, offset=offset + start * width * size)
            yield float_array(values.reshape(part, width), path.name)

    return made_up_names(width), False, chunks


def _parquet(path: Path) -> Reader:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise DataError(f"{path.name}: Parquet needs pyarrow; run: pip install 'eigenstill[parquet]'") from None
    try:
        names = tuple(pyarrow.parquet.ParquetFile(path).schema_arrow.names)
    except pyarrow.ArrowInvalid as error:
        raise DataError(f"{path.name}: not a readable Parquet file ({error})") from None

    def chunks() -> Iterator[FloatArray]:
        with pyarrow.parquet.ParquetFile(path) as held:
            for batch in held.iter_batches(batch_size=ROWS):
                columns = []
                for name, column in zip(names, batch.columns, strict=True):
                    if column.null_count:
                        raise DataError(
                            f"{path.name}: column {name} has missing values; need a number in every row; "
                            "fill or drop these rows, or drop the column"
                        )
                    columns.append(float_array(column.to_numpy(zero_copy_only=False), f"{path.name}: column {name}"))
                yield np.stack(columns, axis=1)

    return names, True, chunks


def _csv(path: Path) -> Reader:
    with path.open("rb") as stream:
        head = b"".join(islice(stream, 2))
    names, _, named = parse_csv(head, path.name, None, ())

    def chunks() -> Iterator[FloatArray]:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            lines = (line for line in stream if line.strip())
            if named:
                next(lines)
            header = ",".join(f'"{name}"' for name in names) if named else ""
            done = 0
            while part := list(islice(lines, ROWS)):
                if any('"' in line for line in part):
                    part = [",".join(row) + "\n" for row in csv.reader(part)]
                text = (header + "\n" if named else "") + "".join(part)
                yield parse_csv(text.encode(), f"{path.name}, rows from {done} on", names if named else None, ())[1]
                done += len(part)

    return names, named, chunks

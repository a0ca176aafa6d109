"""The first pass: rows to disk in one layout, their ranges, and a sample from which landmarks and scales are chosen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..arrays import FloatArray, require_finite
from ..errors import DataError
from ..problem import Progress
from ..tables.blocks import ROWS
from ..tables.table import LARGEST
from .disk import DiskArray
from .sources import RowSource

SAMPLE = 20_000


@dataclass(frozen=True, eq=False)
class Survey:
    """What one pass over the rows found.

    Attributes
    ----------
    arrays : name -> the rows on disk: "inputs", and those of "teacher" and "labels" that come from files
    low, high : float64 (d,), the columns' ranges
    sample : increasing row numbers, at most SAMPLE, drawn by seed
    """

    arrays: dict[str, DiskArray]
    low: FloatArray
    high: FloatArray
    sample: list[int]


def survey(sources: dict[str, RowSource], folder: Path, seed: int, say: Progress) -> Survey:
    """Go through all sources once, side by side; "inputs" must be among them.

    Raises
    ------
    DataError : sources of unlike lengths, fewer than two rows, values that are not finite or beyond 2^200
    """
    rng, keys, rows = np.random.default_rng(seed), np.empty(0), np.empty(0, dtype=np.int64)
    low, high = np.inf, -np.inf
    count = 0
    streams = {name: (folder / f"{name}.f64").open("wb") for name in sources}
    try:
        readers = {name: _even(source) for name, source in sources.items()}
        while True:
            parts = {name: next(reader, None) for name, reader in readers.items()}
            inputs = parts["inputs"]
            lengths = {name: 0 if part is None else len(part) for name, part in parts.items()}
            if len(set(lengths.values())) > 1:
                told = ", ".join(f"{sources[name].source} {count + length}" for name, length in lengths.items())
                raise DataError(f"rows: {told}; need as many in each, in the same order")
            if inputs is None:
                break
            for name, part in parts.items():
                if part is not None:
                    _require_usable(part, sources[name], count)
                    streams[name].write(np.ascontiguousarray(part, dtype="<f8").tobytes())
            low, high = np.minimum(low, inputs.min(axis=0)), np.maximum(high, inputs.max(axis=0))
            drawn = rng.random(len(inputs))
            keys, rows = np.append(keys, drawn), np.append(rows, np.arange(count, count + len(inputs)))
            if len(keys) > SAMPLE:
                kept = np.argpartition(keys, SAMPLE)[:SAMPLE]
                keys, rows = keys[kept], rows[kept]
            count += len(inputs)
            say("reading the rows", count, count)
    finally:
        for stream in streams.values():
            stream.close()
    if count < 2:
        raise DataError(f"{sources['inputs'].source}: {count} rows; need at least 2")
    widths = {name: len(source.names) for name, source in sources.items()}
    arrays = {name: DiskArray(folder / f"{name}.f64", count, width) for name, width in widths.items()}
    return Survey(arrays, np.asarray(low), np.asarray(high), sorted(rows.tolist()))


def _even(source: RowSource) -> Iterator[FloatArray]:
    """Chunks of exactly ROWS rows, the last one shorter."""
    held: list[FloatArray] = []
    size = 0
    for chunk in source.chunks():
        held.append(chunk)
        size += len(chunk)
        while size >= ROWS:
            whole = np.concatenate(held)
            yield whole[:ROWS]
            held, size = [whole[ROWS:]], size - ROWS
    if size:
        yield np.concatenate(held)


def _require_usable(part: FloatArray, source: RowSource, start: int) -> None:
    where = source.source if start == 0 else f"{source.source}, counted from row {start}"
    require_finite(part, where, source.names)
    size = np.abs(part).max(axis=0)
    if size.max() > LARGEST:
        worst = int(size.argmax())
        raise DataError(
            f"{where}: column {source.names[worst]} reaches {size[worst]:.3g}; need at most 2^200; rescale it"
        )

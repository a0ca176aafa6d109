"""Arrays on disk, read slice by slice: what is not being looked at takes no memory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ..arrays import FloatArray


class DiskArray:
    """float64 (rows, width) in a plain file, row-major; slices are read when they are asked for."""

    ndim = 2

    def __init__(self, path: Path, rows: int, width: int) -> None:
        self.path, self.shape = path, (rows, width)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, place: Any) -> FloatArray:
        if isinstance(place, slice):
            start, stop, step = place.indices(len(self))
            values = self._read(start, max(0, stop - start))
            return values if step == 1 else values[::step]
        if isinstance(place, (int, np.integer)):
            row: FloatArray = self._read(int(place) % len(self), 1)[0]
            return row
        places = np.asarray(place)
        order = np.argsort(places, kind="stable")
        found = np.empty((len(places), self.shape[1]))
        for position in order:
            found[position] = self._read(int(places[position]), 1)[0]
        return found

    def _read(self, start: int, count: int) -> FloatArray:
        width = self.shape[1]
        values = np.fromfile(self.path, dtype="<f8", count=count * width, offset=8 * start * width)
        rows: FloatArray = values.reshape(count, width)
        return rows

    def write(self, start: int, values: FloatArray) -> None:
        """Replace the rows from ``start`` on."""
        with self.path.open("r+b") as stream:
            stream.seek(8 * start * self.shape[1])
            stream.write(np.ascontiguousarray(values, dtype="<f8").tobytes())

    @staticmethod
    def blank(path: Path, rows: int, width: int) -> DiskArray:
        """Zeros."""
        with path.open("wb") as stream:
            stream.truncate(8 * rows * width)
        return DiskArray(path, rows, width)

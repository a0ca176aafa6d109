"""Rows in blocks: the same rows again and again, never all of them in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from ..arrays import FloatArray

ROWS = 8192
"""Rows of a block: their products are exact in float64 (`spectrum.block_sums`)."""


@dataclass(frozen=True, eq=False)
class Block:
    """Consecutive rows.

    Attributes
    ----------
    start : the first row's number
    inputs : float64 (k, d)
    targets : name -> float64 (k, c): "teacher", and "labels" where there are any
    """

    start: int
    inputs: FloatArray
    targets: Mapping[str, FloatArray]


class Blocks(Protocol):
    """Rows that can be gone through more than once."""

    @property
    def rows(self) -> int: ...

    def read(self, start: int = 0) -> Iterator[Block]:
        """Blocks of ROWS rows, the last one shorter, from row ``start`` on, a multiple of ROWS."""
        ...


@dataclass(frozen=True, eq=False)
class ArrayBlocks:
    """Blocks of arrays in memory: inputs (n, d), targets (n, c)."""

    inputs: FloatArray
    targets: Mapping[str, FloatArray]

    @property
    def rows(self) -> int:
        return len(self.inputs)

    def read(self, start: int = 0) -> Iterator[Block]:
        for first in range(start, self.rows, ROWS):
            part = slice(first, first + ROWS)
            yield Block(first, self.inputs[part], {name: values[part] for name, values in self.targets.items()})

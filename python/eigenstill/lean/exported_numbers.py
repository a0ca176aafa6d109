"""What an exported Lean module holds, before it is written: a `Study`, its witness, bounds, sums and blocks."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """`Eigenstill.Claims.Column`."""

    metric: int
    coefficient: int


@dataclass(frozen=True)
class Axis:
    """`Eigenstill.Claims.Axis`."""

    weight: int
    points: int
    origin: int
    up: int
    down: int
    column: Column


@dataclass(frozen=True)
class Study:
    """`Eigenstill.Claims.Study`."""

    slot: int
    rows: list[int]
    landmarks: list[Column]
    axes: list[Axis]
    one: int
    grid: int
    metric_bits: int
    metric_unit: int
    coefficient_bits: int
    output_unit: int
    teacher_step: int
    teacher_shift: int
    coefficient_step: int
    intercept: int

    def columns(self) -> list[Column]:
        return self.landmarks + [axis.column for axis in self.axes]

    def flooring_shift(self) -> int:
        """`Study.flooringShift`."""
        half = 1 << (self.coefficient_bits - 1)
        return self.coefficient_step * sum(abs(column.coefficient - half) for column in self.columns())


@dataclass(frozen=True)
class Witness:
    """`Eigenstill.Claims.Witness`."""

    bits: int
    mean: int
    vector_bits: int
    modes: list[tuple[int, int]]
    factor_bits: int
    factor: list[tuple[int, int]]
    matrix_shift: int
    threshold: int
    slack: int
    rest: int


@dataclass(frozen=True)
class Bounds:
    """`Eigenstill.Claims.Bounds`; ``unit`` is the exponent h of the units 2^-h of ``lower``."""

    rank: int
    lower: int
    tolerance: int
    residual: int
    unit: int


@dataclass(frozen=True)
class Sums:
    """`Eigenstill.Claims.Sums`, after some of the rows."""

    count: int
    gram: int
    along: int
    totals: int
    residual: int


@dataclass(frozen=True)
class Block:
    """Rows of the matrices that one theorem is about, and what they add to the trace."""

    first: int
    rows: int
    trace: int


@dataclass(frozen=True)
class Head:
    """The name of the theorems; the student and the certificate (SHA-256) that they are about, for people."""

    name: str
    source: str
    digest: str

    def words(self) -> str:
        """The student's name, which must not end the comment that it stands in."""
        return re.sub(r"[^A-Za-z0-9 ._]", "_", self.source)


@dataclass(frozen=True)
class RankProof:
    """A bound at one rank, its witness, and the blocks of rows that prove it."""

    witness: Witness
    bounds: Bounds
    blocks: list[Block]


@dataclass(frozen=True)
class Exported:
    """All that a module from the raw data holds; witnesses have the same slots and means, bounds the same errors."""

    head: Head
    study: Study
    ranks: list[RankProof]
    sums: list[Sums]

"""The arithmetics of the checker: who multiplies integer matrices. All give the same integers, so the same verdict.

`stdlib` is Python's own integers, packed (`packed`); gmpy2 and numpy (`accelerated`) are imported only where they are
asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TypeVar

from .errors import Malformed
from .packed import (
    TRIM_EVERY,
    Matrix,
    add_gram,
    combine,
    entries_within,
    largest,
    mirrored,
    pack,
    product_width,
    slot_width,
    transpose,
    unpack,
    upper_row,
    upper_rows,
)
from .parallel import Forked, Pool, processors

T = TypeVar("T")
ARITHMETICS = ("stdlib", "gmpy2", "numpy")
WORTH_FORKING = 100_000_000
"""Bits times factors below which another process costs more than it saves."""


class Arithmetic:
    """Exact products of matrices of Python integers, on ``jobs`` processes, or where a pool says.

    integer : the type in which packed rows are multiplied
    """

    name = "stdlib"

    def __init__(self, jobs: int = 1, pool: Pool | None = None) -> None:
        self.pool: Pool = Forked(jobs) if pool is None else pool
        self.integer: Callable[[int], int] = int

    @property
    def jobs(self) -> int:
        """Into how many parts work is dealt."""
        return self.pool.jobs

    def __getstate__(self) -> dict[str, object]:
        """As another machine takes it: it computes there, on one process."""
        return {**vars(self), "pool": Forked()}

    def product(self, left: Matrix, right: Matrix) -> Matrix:
        """left @ right."""
        count, width = len(right[0]), product_width(left, right)
        rows = [self.integer(pack(row, width)) for row in right]

        def part(indices: Iterable[int]) -> Matrix:
            return [unpack(int(combine(left[k], rows)), count, width) for k in indices]

        return self._shared(len(left), len(left) * len(rows) * count * width, part)

    def image(self, matrix: Matrix, vector: Sequence[int], rows: int | None = None) -> list[int]:
        """matrix @ vector, or its first entries."""
        return [combine(row, vector) for row in matrix[:rows]]

    def coimage(self, matrix: Matrix, vector: Sequence[int]) -> list[int]:
        """matrix^T @ vector."""
        return [combine(column, vector) for column in zip(*matrix, strict=True)]

    def images(self, symmetric: Matrix, vectors: Sequence[Sequence[int]]) -> Callable[[Sequence[int]], list[int]]:
        """vector -> symmetric @ vector, made ready for these vectors."""
        width = slot_width(max(1, len(symmetric) * largest(vectors)) * largest(symmetric))
        packed = [self.integer(pack(row, width)) for row in symmetric]
        return lambda vector: unpack(int(combine(vector, packed)), len(packed), width)

    def largest_row_gap(self, transform: Matrix, symmetric: Matrix, shift: int, one: int) -> int:
        """The largest sum of absolute values in a row of 2^shift transform^T @ symmetric @ transform - one I."""
        image = self.congruence(transform, symmetric)
        return max(
            sum(abs((value << shift) - (one if column == index else 0)) for column, value in enumerate(row))
            for index, row in enumerate(image)
        )

    def symmetric_product(self, left: Matrix, right: Matrix) -> Matrix:
        """left @ right, which the caller knows to be symmetric."""
        count, width = len(right[0]), product_width(left, right)
        rows = [self.integer(pack(row[::-1], width)) for row in right]

        def part(indices: Iterable[int]) -> Matrix:
            parts = upper_rows(left, rows, count, width, indices)
            return [upper_row(int(residue), count - k, width) for k, residue in parts]

        return mirrored(self._shared(count, count * len(rows) * count * width // 2, part))

    def congruence(self, transform: Matrix, symmetric: Matrix) -> Matrix:
        """transform^T @ symmetric @ transform for a symmetric matrix; the factors multiplied one by one stay short."""
        columns = transpose(transform)
        return self.symmetric_product(columns, transpose(self.product(columns, symmetric)))

    def first_outside(self, left: Matrix, right: Matrix, added: Matrix, width: int, bits: int) -> int | None:
        """The first row of left @ right + added, a symmetric matrix, with an entry outside [-2^(bits-1), 2^(bits-1)).

        ``width`` must hold every entry with a sign, and ``bits`` < ``width``.
        """
        count = len(right[0])
        rows = [self.integer(pack(row[::-1], width)) for row in right]

        def part(indices: Iterable[int]) -> list[bool]:
            return [
                entries_within(
                    int(residue) + pack(added[k][: k - 1 if k else None : -1], width), count - k, width, bits
                )
                for k, residue in upper_rows(left, rows, count, width, indices)
            ]

        held = self._shared(count, count * len(rows) * count * width // 2, part)
        return held.index(False) if False in held else None

    def add_gram(self, gram: list[int], rows: Matrix, width: int) -> None:
        """Add rows^T @ rows to packed upper rows, as `packed.add_gram`; entries >= 0."""
        add_gram(gram, rows, width, self.integer)

    def _shared(self, count: int, work: int, part: Callable[[Iterable[int]], list[T]]) -> list[T]:
        """``part`` of the indices 0 .. count - 1, in their order, dealt out to the processes in short runs."""
        jobs = 1 if work < WORTH_FORKING else min(self.jobs, -(-count // TRIM_EVERY))
        dealt = [[k for k in range(count) if k // TRIM_EVERY % jobs == job] for job in range(jobs)]
        tasks = [partial(part, indices) for indices in dealt]
        parts = [task() for task in tasks] if jobs == 1 else self.pool.run(tasks)
        answers: dict[int, T] = {}
        for indices, found in zip(dealt, parts, strict=True):
            answers.update(zip(indices, found, strict=True))
        return [answers[k] for k in range(count)]


STANDARD = Arithmetic()


def arithmetic(name: str = "stdlib", jobs: int = 1, pool: Pool | None = None) -> Arithmetic:
    """The arithmetic of that name. ``jobs`` 0 means one process a processor; a pool stands in their place.

    Raises
    ------
    Malformed : there is none of that name, or its package is not installed
    """
    jobs = jobs or processors()
    if name == "stdlib":
        return Arithmetic(jobs, pool)
    if name not in ARITHMETICS:
        raise Malformed(f"arithmetic {name[:40]}: unknown; need {', '.join(ARITHMETICS)}")
    from .accelerated import GmpArithmetic, NumpyArithmetic

    return GmpArithmetic(jobs, pool) if name == "gmpy2" else NumpyArithmetic(jobs, pool)

"""C^T C and products with C over a block of rows, in float64 that rounds nothing.

Columns are C = low + 2^20 (high + 2^19) with digits of at most 2^19; their products over at most 8,192 rows are exact.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..arrays import FloatArray, IntArray
from ..errors import SpectrumError
from .float_digits import DIGIT
from .limbs import PRIME, join, probes

DIGITS = 4
UNIT = 2.0**DIGIT
CENTRE = 2.0 ** (DIGIT - 1)
MASK = (1 << DIGIT) - 1
CHUNK = 512
"""Rows at a time: their digits stay in the processor's caches."""
CACHED = 1 << 15
"""Numbers at a time where several operations follow each other on them."""
PART = 128
"""Rows of a part of a symmetric matrix that is copied across the diagonal."""


class Adder:
    """Sums over the chunks of a block of at most ROWS rows.

    low + high is at most 2^20, and the products of low with high are those of their sum less those of each: three
    symmetric products. Beside the columns stand others: 1, the image of two vectors modulo PRIME, the targets' digits.
    """

    def __init__(self, size: int, digits_of_targets: int) -> None:
        self.rows = 0
        self.squares = [np.zeros((size, size), order="F") for _ in range(3)]
        self.digits = np.empty((2, CHUNK, size))
        self.vectors = probes(size).astype(np.float64)
        self.lows, self.highs = (np.zeros((3 + digits_of_targets, size)) for _ in range(2))
        self.beside = np.zeros(3 + digits_of_targets)

    def add(self, floors: FloatArray, numbers: Sequence[FloatArray]) -> None:
        """Some rows of C, and of the targets' digits; the array of the columns is used up."""
        from scipy.linalg.blas import dsyrk

        low, high = (part[: len(floors)] for part in self.digits)
        digits(floors, low, high)
        for square, part in zip(self.squares, (low, floors, high), strict=True):
            dsyrk(1.0, part.T, beta=1.0, c=square, overwrite_c=True)
        constant = CENTRE * UNIT % PRIME * (self.vectors.sum(axis=0) % PRIME)
        image = (low @ self.vectors % PRIME + high @ self.vectors % PRIME * UNIT + constant) % PRIME
        beside = np.hstack([np.ones((len(low), 1)), image, *numbers])
        self.rows += len(low)
        self.lows += beside.T @ low
        self.highs += beside.T @ high
        self.beside += beside.sum(axis=0)

    def gram(self) -> IntArray:
        """C^T C, carried."""
        size = len(self.vectors)
        result = np.empty((DIGITS, size, size), dtype=np.int64)
        centred = self.lows[0].astype(np.int64) + (self.highs[0].astype(np.int64) << DIGIT)
        for rows in _cached((size, size)):  # those of the lower triangle, which is that of the transposed squares
            low, mixed, high = (square.T[rows].astype(np.int64) for square in self.squares)
            both = centred[rows, None] + centred  # C = low + 2^20 high + 2^39
            mixed -= low
            mixed -= high
            mixed += (both & MASK) << (DIGIT - 1)
            both >>= DIGIT
            both <<= DIGIT - 1
            both += high
            _carry([low, mixed, both, np.full_like(low, self.rows << (2 * DIGIT - 22))], result[:, rows])
        for digit in result:
            _mirror(digit)
        return result

    def trace(self) -> IntArray:
        """C^T C v modulo PRIME by matrix-vector products."""
        lows, highs, beside = self.lows[1:3].T % PRIME, self.highs[1:3].T % PRIME, self.beside[1:3] % PRIME
        result: IntArray = ((lows + highs * UNIT + CENTRE * UNIT % PRIME * beside) % PRIME).astype(np.int64)
        return result

    def product(self, first: int, last: int) -> list[int]:
        """C^T times the number whose digits stand in these columns beside C."""
        sums = np.zeros((last - first + 1, self.lows.shape[1]), dtype=np.int64)
        sums[:-1] += self.lows[first:last].astype(np.int64)
        sums[1:] += self.highs[first:last].astype(np.int64)
        sums[1:] += (self.beside[first:last].astype(np.int64) << (DIGIT - 1))[:, None]
        return [int(entry) for entry in join(list(sums), DIGIT)]


def digits(floors: FloatArray, low: FloatArray, high: FloatArray) -> None:
    """Fill low + 2^20 (high + 2^19) = floors, both at most 2^19 in absolute value, and leave low + high in floors.

    Raises SpectrumError outside [0, 2^40].
    """
    for rows in _cached(floors.shape):
        whole, first, second = floors[rows], low[rows], high[rows]
        np.multiply(whole, 1.0 / UNIT, out=second)
        np.rint(second, out=second)
        if not 0.0 <= float(second.min()) <= float(second.max()) <= UNIT:
            raise SpectrumError("exact sums: a column outside [0, 2^40] on a training row; this is a fault of ours")
        np.multiply(second, UNIT, out=first)
        np.subtract(whole, first, out=first)
        second -= CENTRE
        np.add(first, second, out=whole)


def carried(sums: IntArray, others: IntArray) -> IntArray:
    """The sum of two numbers (digits, a, b), with all digits but the last in [0, 2^20)."""
    result = np.empty_like(sums)
    for rows in _cached(sums.shape[1:]):
        _carry(sums[:, rows] + others[:, rows], result[:, rows])
    return result


def _carry(sums: Sequence[IntArray] | IntArray, result: IntArray) -> None:
    """Fill the result with the digits of the sums."""
    carry = np.zeros_like(result[0])
    for part, digit in zip(sums[:-1], result[:-1], strict=True):
        carry += part
        np.bitwise_and(carry, MASK, out=digit)
        carry >>= DIGIT
    np.add(sums[-1], carry, out=result[-1])


def _cached(shape: tuple[int, ...]) -> list[slice]:
    """Rows at a time, so that several operations on them find them in the second cache."""
    step = max(1, CACHED // max(1, shape[1]))
    return [slice(start, start + step) for start in range(0, shape[0], step)]


def _mirror(lower: IntArray) -> None:
    """Copy what is below the diagonal above it."""
    for start in range(0, len(lower), PART):
        part = slice(start, start + PART)
        lower[:start, part] = lower[part, :start].T
        block = lower[part, part]
        np.copyto(block, block.T.copy(), where=~np.tri(len(block), dtype=bool))

"""C^T C and products with C over a block of rows, in float64 that rounds nothing.

Columns are C = low + 2^20 (high + 2^19) with digits of at most 2^19; their products over at most 8,192 rows are exact.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..arrays import FloatArray, IntArray
from ..errors import SpectrumError
from .float_digits import DIGIT
from .limbs import PRIME, join

DIGITS = 4
UNIT = 2.0**DIGIT
CENTRE = 2.0 ** (DIGIT - 1)
CHUNK = 512
"""Rows at a time: their digits stay in the processor's caches."""


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
        self.lows, self.highs = (np.zeros((size, 3 + digits_of_targets)) for _ in range(2))
        self.beside = np.zeros(3 + digits_of_targets)

    def add(self, floors: FloatArray, numbers: Sequence[FloatArray]) -> None:
        """Some rows of C, and of the targets' digits; the array of the columns is used up."""
        from scipy.linalg.blas import dsyrk

        low, high = (part[: len(floors)] for part in self.digits)
        digits(floors, low, high)
        high -= CENTRE
        mixed = np.add(low, high, out=floors)
        for square, part in zip(self.squares, (low, mixed, high), strict=True):
            dsyrk(1.0, part.T, beta=1.0, c=square, overwrite_c=True)
        constant = CENTRE * UNIT % PRIME * (self.vectors.sum(axis=0) % PRIME)
        image = (low @ self.vectors % PRIME + high @ self.vectors % PRIME * UNIT + constant) % PRIME
        beside = np.hstack([np.ones((len(low), 1)), image, *numbers])
        self.rows += len(low)
        self.lows += low.T @ beside
        self.highs += high.T @ beside
        self.beside += beside.sum(axis=0)

    def gram(self) -> IntArray:
        """C^T C, carried."""
        low, mixed, high = (_mirrored(square) for square in self.squares)
        centred = self.lows[:, 0].astype(np.int64) + (self.highs[:, 0].astype(np.int64) << DIGIT)
        both = centred[:, None] + centred  # C = low + 2^20 high + 2^39
        parts = [low, mixed - low - high, high, np.full_like(low, self.rows << (2 * DIGIT - 22))]
        parts[1] += (both & ((1 << DIGIT) - 1)) << (DIGIT - 1)
        parts[2] += (both >> DIGIT) << (DIGIT - 1)
        return carried(np.stack(parts))

    def trace(self) -> IntArray:
        """C^T C v modulo PRIME by matrix-vector products."""
        lows, highs, beside = self.lows[:, 1:3] % PRIME, self.highs[:, 1:3] % PRIME, self.beside[1:3] % PRIME
        result: IntArray = ((lows + highs * UNIT + CENTRE * UNIT % PRIME * beside) % PRIME).astype(np.int64)
        return result

    def product(self, first: int, last: int) -> list[int]:
        """C^T times the number whose digits stand in these columns beside C."""
        sums = np.zeros((last - first + 1, len(self.lows)), dtype=np.int64)
        sums[:-1] += self.lows[:, first:last].T.astype(np.int64)
        sums[1:] += self.highs[:, first:last].T.astype(np.int64)
        sums[1:] += (self.beside[first:last].astype(np.int64) << (DIGIT - 1))[:, None]
        return [int(entry) for entry in join(list(sums), DIGIT)]


def digits(floors: FloatArray, low: FloatArray, high: FloatArray) -> None:
    """Fill low + 2^20 high = floors, |low| <= 2^19, 0 <= high <= 2^20. Raises SpectrumError outside [0, 2^40]."""
    np.multiply(floors, 1.0 / UNIT, out=high)
    np.rint(high, out=high)
    if high.size and not 0.0 <= float(high.min()) <= float(high.max()) <= UNIT:
        raise SpectrumError("exact sums: a column outside [0, 2^40] on a training row; this is a fault of ours")
    np.multiply(high, UNIT, out=low)
    np.subtract(floors, low, out=low)


def carried(sums: IntArray) -> IntArray:
    """The same numbers with all digits but the last in [0, 2^20)."""
    result = np.empty_like(sums)
    carry = np.zeros_like(sums[0])
    for place in range(DIGITS - 1):
        carry = carry + sums[place]
        result[place] = carry & ((1 << DIGIT) - 1)
        carry >>= DIGIT
    result[-1] = sums[-1] + carry
    return result


def _mirrored(upper: FloatArray) -> IntArray:
    """The symmetric matrix of integers with this upper triangle, zeros below it."""
    whole: IntArray = upper.astype(np.int64)
    diagonal = np.diag(whole).copy()
    whole = whole + whole.T
    np.fill_diagonal(whole, diagonal)
    return whole


def probes(size: int) -> IntArray:
    """Two vectors modulo PRIME, (size, 2), with which products are verified."""
    return np.random.default_rng(size).integers(1, PRIME, (size, 2))

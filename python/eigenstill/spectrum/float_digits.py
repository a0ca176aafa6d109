"""Columns of float64 numbers as short integer digits, whose sums of products are exact in float64."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from eigenstill_check.dyadic import Dyadic

from ..arrays import FloatArray

DIGIT = 20


@dataclass(frozen=True, eq=False)
class FloatDigits:
    """One column: sum_k values[:, k] 2^(exponent + 20 k), exactly; digits are integers of at most 2^19."""

    values: FloatArray
    exponent: int

    @staticmethod
    def of(column: FloatArray) -> FloatDigits:
        """Digits of finite float64 numbers (n,); the exponent is the largest that serves all of them."""
        mantissas, exponents = np.frexp(column)
        whole = np.ldexp(mantissas, 53).astype(np.int64)
        held = whole != 0
        if not held.any():
            return FloatDigits(np.zeros((len(column), 1)), 0)
        lowest_bit = (whole[held] & -whole[held]).astype(np.float64)
        low = int((exponents[held] - 54 + np.frexp(lowest_bit)[1]).min())
        count = (int(exponents[held].max()) - low) // DIGIT + 1
        digits, rest = np.empty((len(column), count)), column
        for place in range(count - 1, -1, -1):
            digits[:, place] = np.rint(np.ldexp(rest, -(low + DIGIT * place)))
            rest = rest - np.ldexp(digits[:, place], low + DIGIT * place)
        return FloatDigits(digits, low)

    def dot(self, other: FloatDigits) -> Dyadic:
        """Sum of products over at most 2^15 rows, exactly."""
        products = self.values.T @ other.values
        return Dyadic(joined_diagonals(products), self.exponent + other.exponent)

    def total(self) -> Dyadic:
        """Sum over at most 2^33 rows, exactly."""
        return Dyadic(joined(self.values.sum(axis=0)), self.exponent)


def joined(digits: FloatArray) -> int:
    """sum_k digits[k] 2^(20 k) of integers below 2^53."""
    return sum(int(digit) << (DIGIT * place) for place, digit in enumerate(digits.tolist()))


def joined_diagonals(products: FloatArray) -> int:
    """sum_kl products[k, l] 2^(20 (k + l))."""
    return sum(joined(row) << (DIGIT * place) for place, row in enumerate(products))

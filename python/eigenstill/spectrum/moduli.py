"""Coprime moduli: a long integer is known by its residues, and float64 multiplies matrices of these without error.

A product of matrices of long integers needs a product in float64 for each pair of digits, but only one for each modulus
(Chinese remainder theorem). Converting between digits and residues is a product with a small table.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import gcd, isqrt, prod

import numpy as np

from ..arrays import FloatArray
from .limb_matrix import LimbMatrix
from .limbs import EXACT

LARGEST = 1 << 23
SLACK = 16
"""A residue may exceed half its modulus by so much, as float64 rounds the quotient."""
ROOM = 1 << 24
"""Sums stay so far below 2^53, so that float64 holds the nearest multiple of a modulus too."""


@dataclass(frozen=True)
class Moduli:
    """Integers without common divisors, descending: residues of modulus / 2 + SLACK multiply exactly over some terms."""

    values: tuple[int, ...]

    @staticmethod
    def covering(bits: int, inner: int) -> Moduli:
        """As many as tell integers below 2^bits in absolute value apart, for products over ``inner`` terms."""
        return _covering(bits, inner)

    def converts(self, width: int, count: int) -> bool:
        """Whether float64 is exact in turning ``count`` digits of that width into residues, and these into digits."""
        return (max(count, len(self.values)) + 1) * (self.values[0] // 2 + SLACK) << (width - 1) <= EXACT - ROOM

    def residues(self, numbers: list[int]) -> FloatArray:
        """Residues of least absolute value of the numbers, (moduli, numbers)."""
        return np.array([[_least(number, own) for number in numbers] for own in self.values], dtype=np.float64)

    def reconstruction(self, width: int) -> tuple[FloatArray, FloatArray]:
        """Table (digits, moduli + 1) and shares (moduli,): x is table @ (r, k), with k the integer next to shares @ r.

        x = sum_i r_i e_i - k product, where e_i is 1 modulo one modulus and 0 modulo the others, for abs(x) up to an
        eighth of the product.
        """
        product = prod(self.values)
        inverses = [pow(product // own, -1, own) for own in self.values]
        units = [inverse * (product // own) for inverse, own in zip(inverses, self.values, strict=True)]
        table = LimbMatrix.of_integers([[*units, -product]], width).digits[:, 0].astype(np.float64)
        return table, np.array([inverse / own for inverse, own in zip(inverses, self.values, strict=True)])


def reduce(values: FloatArray, modulus: float | FloatArray) -> None:
    """Integers of at most 2^53 - ROOM become residues of at most modulus / 2 + SLACK, in place."""
    quotient = values * (1.0 / modulus)
    np.rint(quotient, out=quotient)
    quotient *= modulus
    values -= quotient


@lru_cache(maxsize=64)
def _covering(bits: int, inner: int) -> Moduli:
    candidate = min(LARGEST, 2 * (isqrt((EXACT - ROOM) // inner) - SLACK))
    values: list[int] = []
    product = 1
    while product.bit_length() < bits + 4:  # the integers are then less than an eighth of the product
        if gcd(candidate, product) == 1:
            values.append(candidate)
            product *= candidate
        candidate -= 1
    return Moduli(tuple(values))


def _least(number: int, modulus: int) -> int:
    return (number + modulus // 2) % modulus - modulus // 2

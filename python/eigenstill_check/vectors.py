"""Vectors of integers in one unit 2^exponent: sums and products stay exact, whatever the units."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from operator import mul

from .dyadic import Dyadic, integers


@dataclass(frozen=True)
class Vector:
    """The numbers ``entries[k] 2^exponent``."""

    entries: list[int]
    exponent: int

    @staticmethod
    def of(values: Iterable[Dyadic]) -> Vector:
        return Vector(*integers(list(values)))

    def at(self, exponent: int) -> list[int]:
        """The entries in a unit that is no coarser than the vector's."""
        shift = self.exponent - exponent
        return [entry << shift for entry in self.entries]

    def __add__(self, other: Vector) -> Vector:
        low = min(self.exponent, other.exponent)
        return Vector([a + b for a, b in zip(self.at(low), other.at(low), strict=True)], low)

    def __sub__(self, other: Vector) -> Vector:
        return self + other.scaled(Dyadic(-1))

    def scaled(self, factor: Dyadic) -> Vector:
        return Vector([factor.mantissa * entry for entry in self.entries], self.exponent + factor.exponent)

    def dot(self, other: Vector) -> Dyadic:
        if len(self.entries) != len(other.entries):
            raise ValueError(f"vectors of {len(self.entries)} and {len(other.entries)} entries")
        return Dyadic(sum(map(mul, self.entries, other.entries)), self.exponent + other.exponent)

    @property
    def squared_norm(self) -> Dyadic:
        return self.dot(self)

    @property
    def absolute_sum(self) -> Dyadic:
        """norm1."""
        return Dyadic(sum(map(abs, self.entries)), self.exponent)

"""The operator's matrix as digits, as the producer has it: Python integers are made where somebody asks for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

from eigenstill_check.arithmetic import Arithmetic
from eigenstill_check.operator import Operator
from eigenstill_check.packed import Matrix

from ..spectrum.limb_matrix import LimbMatrix


class DigitOperator(Operator):
    """M = limbs 2^exponent, r x r and symmetric."""

    def __init__(self, limbs: LimbMatrix, exponent: int) -> None:
        object.__setattr__(self, "limbs", limbs)
        object.__setattr__(self, "exponent", exponent)

    limbs: LimbMatrix

    @cached_property
    def matrix(self) -> Matrix:
        return self.limbs.lists()

    @property
    def diagonal(self) -> list[int]:
        return self.limbs.diagonal()

    def images(self, vectors: Sequence[Sequence[int]], arithmetic: Arithmetic) -> Callable[[Sequence[int]], list[int]]:
        return lambda vector: self.image(vector, arithmetic)

    def image(self, vector: Sequence[int], arithmetic: Arithmetic) -> list[int]:
        """By the digits, whatever the arithmetic."""
        column = LimbMatrix.of_integers([[entry] for entry in vector], self.limbs.width)
        return [entry for (entry,) in (self.limbs @ column).lists()]

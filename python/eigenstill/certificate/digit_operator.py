"""The operator's matrix as digits, as the producer has it: Python integers are made where somebody asks for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np

from eigenstill_check.arithmetic import Arithmetic
from eigenstill_check.operator import Operator
from eigenstill_check.packed import Matrix

from ..arrays import FloatArray, IntArray
from ..spectrum.limb_matrix import LimbMatrix
from ..spectrum.limbs import probes, require_equal


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
        """By the digits, whatever the arithmetic; verified modulo PRIME."""
        column = LimbMatrix.of_integers([[entry] for entry in vector], self.limbs.width)
        digits, vectors, images = self._ready
        found = column.from_left(digits)
        require_equal(found.transposed.image(vectors), column.transposed.image(images))
        return [entry for (entry,) in found.lists()]

    @cached_property
    def _ready(self) -> tuple[FloatArray, IntArray, IntArray]:
        """The digits in float64, and two vectors modulo PRIME with their images, M being symmetric."""
        vectors = probes(len(self.limbs.digits[0]))
        return self.limbs.digits.astype(np.float64), vectors, self.limbs.image(vectors)

"""What the further claims share, a second time (FORMAT.md section 3): enclosures of eigenvalues, energies, targets.

Fractions and plain loops, straight from the rows: sums over i of (t_i - tbar) A_ij, never the formulas in column sums.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil, floor

from .reference import Reference, matmul, rounded_53, transposed

ZERO = Fraction(0)


def dot(left, right) -> Fraction:
    return sum((a * b for a, b in zip(left, right, strict=True)), ZERO)


def quotient(top: Fraction, bottom, *, up: bool) -> Fraction:
    return rounded_53(top / bottom, up=up, root=False) if top > 0 and bottom > 0 else ZERO


def root(square: Fraction, *, up: bool) -> Fraction:
    return rounded_53(square, up=up, root=True)


def on_grid(value: Fraction, *, up: bool) -> Fraction:
    """To a multiple of 2^-30."""
    return Fraction((ceil if up else floor)(value * 2**30), 2**30)


def share(part: Fraction, whole: Fraction, *, up: bool) -> Fraction:
    return min(Fraction(1), on_grid(part / whole, up=up))


def beside(matrix, k: int) -> Fraction:
    """Sum of the absolute values beside the diagonal in row k."""
    return sum((abs(value) for j, value in enumerate(matrix[k]) if j != k), ZERO)


@dataclass(frozen=True)
class Modes:
    """Modes and targets of one certificate."""

    base: Reference

    # the modes

    @cached_property
    def images(self):
        """A v_k, K x n."""
        return matmul(self.base.vectors, transposed(self.base.operator))

    @cached_property
    def energies(self):
        """E = V^T M V."""
        return matmul(self.images, transposed(self.images))

    @cached_property
    def products(self):
        """G = V^T V."""
        return matmul(self.base.vectors, transposed(self.base.vectors))

    @cached_property
    def delta(self) -> Fraction:
        return self.base.orthogonality_defect()

    def intervals(self, mu: Fraction) -> list[tuple[Fraction, Fraction]]:
        result, least = [], None
        for k, d in enumerate(self.base.excess):
            top = self.energies[k][k] - beside(self.energies, k)
            low = quotient(top, self.products[k][k] + beside(self.products, k), up=False)
            least = low if least is None else min(least, low)
            result.append((least, quotient(mu + (1 + self.delta) * d, 1, up=True)))
        return result

    def mode_terms(self, vector, count: int) -> list[tuple[Fraction, Fraction]]:
        """(least, most) energy of each of the first ``count`` modes, for a vector b."""
        result = []
        for k in range(count):
            square, energy, radius = (
                dot(self.base.vectors[k], vector) ** 2,
                self.energies[k][k],
                beside(self.energies, k),
            )
            result.append((quotient(square, energy + radius, up=False), quotient(square, energy - radius, up=True)))
        return result

    def span_terms(self, vector, count: int) -> tuple[Fraction, Fraction]:
        terms = self.mode_terms(vector, count)
        return sum((low for low, _ in terms), ZERO), sum((high for _, high in terms), ZERO)

    def modes_apart(self, count: int) -> bool:
        return all(beside(self.energies, k) < self.energies[k][k] for k in range(count))

    # the targets

    @property
    def rows(self) -> int:
        return len(self.base.columns)

    @property
    def outputs(self) -> range:
        return range(len(self.base.tensors["intercept"]))

    @property
    def targets(self) -> list[str]:
        return [target for target in ("teacher", "labels") if f"train.{target}" in self.base.tensors]

    def centred(self, target: str, output: int) -> list[Fraction]:
        """t - tbar."""
        values = [Fraction(row[output]) for row in self.base.tensors[f"train.{target}"]]
        mean = sum(values) / len(values)
        return [value - mean for value in values]

    def vector(self, target: str, output: int) -> list[Fraction]:
        """b = n A^T (t - tbar)."""
        return [
            self.rows * dot(column, self.centred(target, output)) for column in zip(*self.base.operator, strict=True)
        ]

    def whole(self, target: str, output: int) -> Fraction:
        """n Y = n^2 norm(t - tbar)^2."""
        return self.rows**2 * dot(self.centred(target, output), self.centred(target, output))

    @cached_property
    def ridge(self) -> Fraction:
        return Fraction(self.base.tensors["ridge"][0])

    def slope(self, weights, target: str, output: int, ridge: Fraction) -> list[Fraction]:
        """A^T (A w - (t - tbar)) + ridge w: half the gradient of the objective."""
        missed = [-value for value in self.residual(weights, target, output)]
        columns = zip(*self.base.operator, strict=True)
        return [dot(column, missed) + ridge * w for column, w in zip(columns, weights, strict=True)]

    def residual(self, weights, target: str, output: int) -> list[Fraction]:
        """t - tbar - A w."""
        fitted = [dot(row, weights) for row in self.base.operator]
        return [t - value for t, value in zip(self.centred(target, output), fitted, strict=True)]

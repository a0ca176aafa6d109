"""Witnesses about the ridge: the stored solution, and cells with trial fits that bound GCV (FORMAT.md, shrinkage and gcv).

Float64 proposes; the checker's exact arithmetic disposes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import frexp

import numpy as np
from numpy.typing import NDArray

from eigenstill_check.claims.gcv import FACTORS, MAX_EXCESS
from eigenstill_check.layout import MAX_CELLS
from eigenstill_check.projection import Target

from .witness import to_float

Floats = NDArray[np.float64]
LOWEST, HIGHEST = 1e-6, 10**2.5
LEAST_FREE = 0.1
MARGIN = 3e-3
"""How much a cell may lose on GCV's least value: a smaller one needs more cells."""
MAX_TRIAL_ENTRIES = 4_000_000
SOLUTION_BITS = 62


@dataclass(frozen=True)
class RidgeChoice:
    """ridge > 0, the criterion that chose it, and the number of modes that the student keeps."""

    ridge: float
    criterion: str
    kept: int


@dataclass(frozen=True, eq=False)
class ModeData:
    """Float64 eigenpairs of M (descending; vectors as columns (r, r)) and the targets seen by them.

    along : (r, c), V^T A^T (t - tbar)
    totals : (c,), norm(t - tbar)^2
    """

    eigenvalues: Floats
    vectors: Floats
    along: Floats
    totals: Floats
    rows: int

    @staticmethod
    def of(eigenvalues: Floats, vectors: Floats, targets: list[Target], rows: int) -> ModeData:
        products = np.array(
            [[to_float(entry, target.products.exponent) for entry in target.products.entries] for target in targets]
        )
        totals = np.array([to_float(target.total.mantissa, target.total.exponent) for target in targets])
        return ModeData(np.maximum(eigenvalues, 0.0), vectors, vectors.T @ products.T / rows, totals / rows, rows)

    def solution(self, ridge: float, kept: int) -> Floats:
        """u (c, kept): V^T A^T (t - tbar) / (lambda + ridge)."""
        answer: Floats = (self.along[:kept] / (self.eigenvalues[:kept, None] + ridge)).T
        return answer

    def weights(self, ridge: float) -> Floats:
        """w (c, r), the full ridge fit."""
        answer: Floats = (self.vectors @ (self.along / (self.eigenvalues[:, None] + ridge))).T
        return answer

    def residuals(self, ridge: float) -> float:
        """sum_o RSS_o / norm(t_o - tbar_o)^2 over the outputs that vary."""
        held = self.totals > 0
        fitted = self.along[:, held] ** 2 * ((self.eigenvalues + 2 * ridge) / (self.eigenvalues + ridge) ** 2)[:, None]
        return float((1 - fitted.sum(axis=0) / self.totals[held]).clip(min=0).sum())

    def free(self, ridge: float, factor: float) -> float:
        """n - g dof."""
        return self.rows - factor * (1 + float((self.eigenvalues / (self.eigenvalues + ridge)).sum()))


def on_grid(values: Floats) -> tuple[list[list[int]], int]:
    """Rows of integers in one unit 2^e with every entry below 2^SOLUTION_BITS, and e."""
    top = float(np.abs(values).max(initial=0.0))
    exponent = max(-256, frexp(top)[1] - SOLUTION_BITS) if top > 0 else 0
    return [[round(value) for value in row] for row in np.ldexp(values, -exponent).tolist()], exponent


def gcv_cells(data: ModeData, choice: RidgeChoice) -> list[float] | None:
    """Edges of the cells; None where no residual is left, or the ridge is not near the least GCV, or cells would be many."""
    factor = float(FACTORS[choice.criterion])

    def cost(ridge: float) -> float:
        return data.residuals(ridge) / data.free(ridge, factor) ** 2

    low, high = min(LOWEST, choice.ridge), max(HIGHEST, choice.ridge)
    if data.free(low, factor) < LEAST_FREE * data.rows:
        low = min(choice.ridge, _first(lambda ridge: data.free(ridge, factor) >= LEAST_FREE * data.rows, low, high))
    chosen = cost(choice.ridge)
    least = min(cost(float(ridge)) for ridge in np.geomspace(low, high, 400))
    if not (least > 0 and data.free(low, factor) > 0):
        return None
    excess = chosen / least - 1 + MARGIN
    if not excess < float(MAX_EXCESS):
        return None
    level = chosen / (1 + excess)
    edges = [low]
    while edges[-1] < high:
        edges.append(_cell_end(data, factor, edges[-1], high, level))
        if edges[-1] <= edges[-2] or len(edges) > MAX_CELLS:
            return None
    if len(edges) * data.along.size > MAX_TRIAL_ENTRIES:
        return None
    return edges


def _cell_end(data: ModeData, factor: float, start: float, high: float, level: float) -> float:
    """The last v with RSS(start) / (n - g dof(v))^2 >= level."""
    residual = data.residuals(start)
    return _last(lambda ridge: residual / data.free(ridge, factor) ** 2 >= level, start, high)


def _first(holds: Callable[[float], bool], low: float, high: float) -> float:
    """The least ridge from which a monotone condition holds, by bisection on the logarithm; `high` holds."""
    for _ in range(60):
        middle = float(np.sqrt(low * high))
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def _last(holds: Callable[[float], bool], low: float, high: float) -> float:
    """The largest ridge up to which a monotone condition holds; `low` itself where nothing above does."""
    if holds(high):
        return high
    for _ in range(60):
        middle = float(np.sqrt(low * high))
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low

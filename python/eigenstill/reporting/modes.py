"""What moves a mode: for each input its effect on every mode and on the formula, and the curve of its partial dependence.

Effects are total effects (Jansen 1999; Saltelli et al. 2010): how much a value varies, on average over the rows, when one
input alone takes its own values of other rows. Partial dependence (Friedman 2001) is the mean over the rows instead.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..arrays import FloatArray
from ..student import Split, Student

GRID = 16
MOST_ROWS, MOST_EVALUATIONS = 128, 60_000


@dataclass(frozen=True, eq=False)
class Influence:
    """Effects of d inputs on F functions.

    Attributes
    ----------
    grids : float64 (d, GRID), quantiles of each input, increasing, repeated where a value is frequent
    effects : float64 (d, F) >= 0, the variance that each input makes alone
    curves : float64 (d, GRID, F), partial dependence, less its mean over the grid
    """

    grids: FloatArray
    effects: FloatArray
    curves: FloatArray

    def strongest(self, function: int, count: int) -> list[tuple[int, float]]:
        """The inputs with the largest effects on one function, each with its share of the sum over all inputs."""
        effects = self.effects[:, function]
        total = float(effects.sum())
        order = np.argsort(-effects, kind="stable")[:count]
        return [(int(place), float(effects[place]) / total) for place in order if effects[place] > 0]


def influence(function: Callable[[FloatArray], FloatArray], inputs: FloatArray) -> Influence:
    """Effects and partial dependence of a function of rows, (n, d) -> (n, F), over evenly spread rows of ``inputs``."""
    n, d = inputs.shape
    count = max(1, min(n, MOST_ROWS, MOST_EVALUATIONS // (GRID * d)))
    rows = inputs[np.linspace(0, n - 1, count).round().astype(int)]
    grids = np.quantile(inputs, (np.arange(GRID) + 0.5) / GRID, axis=0, method="inverted_cdf").T
    effects, curves = [], []
    for place, grid in enumerate(grids):
        moved = np.repeat(rows, GRID, axis=0)
        moved[:, place] = np.tile(grid, count)
        values = function(moved).reshape(count, GRID, -1)
        effects.append(values.var(axis=1).mean(axis=0))
        curve = values.mean(axis=0)
        curves.append(curve - curve.mean(axis=0))
    return Influence(grids, np.array(effects), np.array(curves))


def student_influence(student: Student, inputs: FloatArray) -> Influence:
    """Of the modes, then of the formula's outputs: F = K* + c."""
    return influence(lambda rows: np.hstack([student.modes(rows), student.formula.evaluate(rows)]), inputs)


def energy_shares(student: Student, split: Split, values: FloatArray) -> FloatArray:
    """Share of norm(t - tbar)^2 along each kept mode, summed over the outputs: float64 (K*,). ``values`` is (n, c)."""
    centred = values - values.mean(axis=0)
    total = float((centred**2).sum())
    along = student.modes(split.inputs).T @ centred
    shares: FloatArray = (along**2).sum(axis=1) / total if total > 0 else np.zeros(len(along))
    return shares

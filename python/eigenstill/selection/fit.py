"""The fit: project the teacher's outputs on the kept modes and fold everything back to raw inputs."""

from __future__ import annotations

from dataclasses import dataclass
from math import ldexp

import numpy as np

from ..arrays import FloatArray, IntArray
from ..basis import Basis
from ..spectrum import Spectrum
from .criteria import Coordinates, kept

BLOCK = 4096


@dataclass(frozen=True, eq=False)
class Fit:
    """b + w . x + sum_j a_j phi_j(x), and the modes it uses.

    Attributes
    ----------
    coefficients, weights, intercept : float64 (m, c), (d, c) or None, (c,): a, w and b for raw inputs
    rank : K*, the number of modes with lambda_k >= ridge, at least 1
    kept : float64 (K*,), the fraction h_k kept of each
    """

    coefficients: FloatArray
    weights: FloatArray | None
    intercept: FloatArray
    rank: int
    kept: FloatArray


def mode_products(spectrum: Spectrum, basis: Basis, columns: IntArray, targets: FloatArray) -> FloatArray:
    """V^T A^T (y - ybar), float64 (r, c), for targets (n, c)."""
    centred = targets - targets.mean(axis=0)
    means = np.array(spectrum.column_means, dtype=np.int64)
    products = np.zeros((columns.shape[1], targets.shape[1]))
    for start in range(0, len(columns), BLOCK):
        part = np.ldexp((columns[start : start + BLOCK] - means).astype(np.float64), -basis.grid_bits)
        products += part.T @ centred[start : start + BLOCK]
    answer: FloatArray = spectrum.vectors.T @ (spectrum.metric.floats().T @ products)
    return answer


def coordinates_of(spectrum: Spectrum, basis: Basis, columns: IntArray, targets: FloatArray) -> Coordinates:
    """Coordinates of the targets (n, c) in the exact operator's modes."""
    totals = ((targets - targets.mean(axis=0)) ** 2).sum(axis=0)
    return Coordinates.of(spectrum.eigenvalues, mode_products(spectrum, basis, columns, targets), totals, len(columns))


def fit_modes(spectrum: Spectrum, basis: Basis, columns: IntArray, outputs: FloatArray, ridge: float) -> Fit:
    """a = T V diag(1 / (lambda + ridge)) V^T A^T (f - fbar) over the modes k <= K*, folded to raw inputs.

    Parameters
    ----------
    columns : int64 (n, r), the exact columns
    outputs : float64 (n, c), the teacher's
    """
    rank = max(1, int((spectrum.eigenvalues >= ridge).sum()))
    vectors, eigenvalues = spectrum.vectors[:, :rank], spectrum.eigenvalues[:rank]
    products = mode_products(spectrum, basis, columns, outputs)[:rank]
    combined = spectrum.metric.floats() @ (vectors @ (products / (eigenvalues + ridge)[:, None]))
    means = np.array([ldexp(mean, -basis.grid_bits) for mean in spectrum.column_means])
    intercept = outputs.mean(axis=0) - means @ combined
    count = len(basis.landmarks)
    weights = None
    if basis.offsets is not None:
        weights = np.ldexp(combined[count:], -np.array(basis.exponents)[:, None])
        intercept = intercept - basis.offsets @ weights
    return Fit(combined[:count], weights, intercept, rank, kept(eigenvalues, ridge))

"""The fit: project the teacher's outputs on the kept modes and fold everything back to raw inputs."""

from __future__ import annotations

from dataclasses import dataclass
from math import ldexp

import numpy as np

from ..arrays import FloatArray, IntArray
from ..basis import Basis
from ..moments import mean
from ..spectrum import Spectrum, WeightedSpectrum
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


AnySpectrum = Spectrum | WeightedSpectrum


def mode_products(spectrum: AnySpectrum, basis: Basis, columns: IntArray, targets: FloatArray) -> FloatArray:
    """V^T A^T W (y - ybar), float64 (r, c), for targets (n, c); W the rows' weights, if any."""
    weights = spectrum.sample_weight
    centred = targets - mean(targets, weights)
    if weights is not None:
        centred *= weights[:, None]
    means = np.array(spectrum.column_means, dtype=np.int64)
    products = np.zeros((columns.shape[1], targets.shape[1]))
    for start in range(0, len(columns), BLOCK):
        part = np.ldexp((columns[start : start + BLOCK] - means).astype(np.float64), -basis.grid_bits)
        products += part.T @ centred[start : start + BLOCK]
    answer: FloatArray = spectrum.vectors.T @ (spectrum.metric.floats().T @ products)
    return answer


def coordinates_of(spectrum: AnySpectrum, basis: Basis, columns: IntArray, targets: FloatArray) -> Coordinates:
    """Coordinates of the targets (n, c) in the operator's modes."""
    weights = spectrum.sample_weight
    totals, total_weight = squared_totals(targets, weights)
    products = mode_products(spectrum, basis, columns, targets)
    return Coordinates.of(spectrum.eigenvalues, products, totals, len(columns), total_weight)


def squared_totals(targets: FloatArray, weights: FloatArray | None) -> tuple[FloatArray, float | None]:
    """norm(y - ybar)^2 of each target of (n, c), weighted, and the sum of the weights; None without any."""
    squares = (targets - mean(targets, weights)) ** 2
    return (squares.sum(axis=0), None) if weights is None else (weights @ squares, float(weights.sum()))


def fit_modes(spectrum: AnySpectrum, basis: Basis, columns: IntArray, outputs: FloatArray, ridge: float) -> Fit:
    """a = T V diag(1 / (lambda + ridge)) V^T A^T W (f - fbar) over the modes k <= K*, folded to raw inputs.

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
    intercept = mean(outputs, spectrum.sample_weight) - means @ combined
    count = len(basis.landmarks)
    weights = None
    if basis.offsets is not None:
        weights = np.ldexp(combined[count:], -np.array(basis.exponents)[:, None])
        intercept = intercept - basis.offsets @ weights
    return Fit(combined[:count], weights, intercept, rank, kept(eigenvalues, ridge))

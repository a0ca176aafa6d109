"""The fit: project the teacher's outputs on the kept modes and fold everything back to raw inputs."""

from __future__ import annotations

from dataclasses import dataclass
from math import ldexp

import numpy as np

from eigenstill_check.dyadic import Dyadic
from eigenstill_check.vectors import Vector

from ..arrays import FloatArray, IntArray
from ..basis import Basis
from ..moments import mean
from ..spectrum import BlockSums, Spectrum, WeightedSpectrum
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


@dataclass(frozen=True, eq=False)
class Seen:
    """Targets as the columns see them; W are the rows' weights, if any.

    Attributes
    ----------
    products : float64 (r, c), 2^-p (C - 1 c^T)^T W (y - ybar)
    totals, means : float64 (c,), norm(y - ybar)^2 and ybar, weighted
    rows : n
    total_weight : the sum of the weights, None without any
    """

    products: FloatArray
    totals: FloatArray
    means: FloatArray
    rows: int
    total_weight: float | None = None


def seen_by_columns(spectrum: AnySpectrum, basis: Basis, columns: IntArray, targets: FloatArray) -> Seen:
    """From the columns themselves, in float64. ``columns`` int64 (n, r), the exact ones; ``targets`` (n, c)."""
    weights = spectrum.sample_weight
    averages = mean(targets, weights)
    centred = targets - averages
    totals, total_weight = squared_totals(targets, weights)
    if weights is not None:
        centred *= weights[:, None]
    means = np.array(spectrum.column_means, dtype=np.int64)
    products = np.zeros((columns.shape[1], targets.shape[1]))
    for start in range(0, len(columns), BLOCK):
        part = np.ldexp((columns[start : start + BLOCK] - means).astype(np.float64), -basis.grid_bits)
        products += part.T @ centred[start : start + BLOCK]
    return Seen(products, totals, averages, len(columns), total_weight)


def seen_in_sums(basis: Basis, sums: BlockSums, name: str) -> Seen:
    """From the exact sums, each number rounded once: (n C^T t - S F) / n, (n sum t^2 - F^2) / n and F / n."""
    rows, columns = sums.rows, Vector(list(sums.columns), 0)
    products, totals, means = [], [], []
    for product, total in zip(sums.products[name], sums.totals[name], strict=True):
        exact = product.scaled(Dyadic(rows)) - columns.scaled(total.values)
        products.append([_quotient(Dyadic(entry, exact.exponent - basis.grid_bits), rows) for entry in exact.entries])
        totals.append(_quotient(Dyadic(rows) * total.squares - total.values * total.values, rows))
        means.append(_quotient(total.values, rows))
    return Seen(np.array(products).T, np.array(totals), np.array(means), rows)


def _quotient(value: Dyadic, rows: int) -> float:
    numerator, denominator = value.ratio()
    return numerator / (denominator * rows)


def coordinates(spectrum: AnySpectrum, seen: Seen) -> Coordinates:
    """Coordinates of the targets in the exact operator's modes."""
    return Coordinates.of(
        spectrum.eigenvalues, mode_products(spectrum, seen), seen.totals, seen.rows, seen.total_weight
    )


def mode_products(spectrum: AnySpectrum, seen: Seen) -> FloatArray:
    """V^T A^T (y - ybar), float64 (r, c)."""
    answer: FloatArray = spectrum.vectors.T @ (spectrum.metric.floats().T @ seen.products)
    return answer


def squared_totals(targets: FloatArray, weights: FloatArray | None) -> tuple[FloatArray, float | None]:
    """norm(y - ybar)^2 of each target of (n, c), weighted, and the sum of the weights; None without any."""
    squares = (targets - mean(targets, weights)) ** 2
    return (squares.sum(axis=0), None) if weights is None else (weights @ squares, float(weights.sum()))


def coordinates_of(spectrum: AnySpectrum, basis: Basis, columns: IntArray, targets: FloatArray) -> Coordinates:
    """`coordinates` of targets (n, c) from the exact columns."""
    return coordinates(spectrum, seen_by_columns(spectrum, basis, columns, targets))


def fit_modes(spectrum: AnySpectrum, basis: Basis, seen: Seen, ridge: float) -> Fit:
    """a = T V diag(1 / (lambda + ridge)) V^T A^T (f - fbar) over the modes k <= K*, folded to raw inputs.

    ``seen`` : the teacher's outputs f
    """
    rank = max(1, int((spectrum.eigenvalues >= ridge).sum()))
    vectors, eigenvalues = spectrum.vectors[:, :rank], spectrum.eigenvalues[:rank]
    products = mode_products(spectrum, seen)[:rank]
    combined = spectrum.metric.floats() @ (vectors @ (products / (eigenvalues + ridge)[:, None]))
    means = np.array([ldexp(mean, -basis.grid_bits) for mean in spectrum.column_means])
    intercept = seen.means - means @ combined
    count = len(basis.landmarks)
    weights = None
    if basis.offsets is not None:
        weights = np.ldexp(combined[count:], -np.array(basis.exponents)[:, None])
        intercept = intercept - basis.offsets @ weights
    return Fit(combined[:count], weights, intercept, rank, kept(eigenvalues, ridge))

"""What a ridge costs: evidence and generalised cross-validation, both from coordinates in the operator's modes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import FloatArray
from ..errors import SelectionError

RANK_TOLERANCE = 2.0**-46
"""Eigenvalues at most r RANK_TOLERANCE lambda_1 are rounding: their modes carry no coordinate."""
LEAST_FREE = 0.1
"""GCV is defined while n - g dof >= LEAST_FREE n."""
ROBUST = 1.4


def kept(eigenvalues: FloatArray, ridge: float) -> FloatArray:
    """Tikhonov filter h = lambda / (lambda + ridge) in [0, 1]; an eigenvalue below 0 (rounding) counts as 0.

    Raises
    ------
    SelectionError : ridge <= 0
    """
    if not ridge > 0:
        raise SelectionError(f"ridge {ridge:g}; need a positive number")
    positive = np.maximum(eigenvalues, 0.0)
    filtered: FloatArray = positive / (positive + ridge)
    return filtered


@dataclass(frozen=True, eq=False)
class Coordinates:
    """Centred targets seen by the modes.

    Attributes
    ----------
    eigenvalues : float64 (r,), descending
    squares : float64 (r, c), squared coordinate of each target along each mode u_k; 0 along modes of rounding
    totals : float64 (c,), norm(y - ybar)^2
    rows : n, or the sum of the rows' weights: a row of weight w counts as w rows
    """

    eigenvalues: FloatArray
    squares: FloatArray
    totals: FloatArray
    rows: float

    @staticmethod
    def of(
        eigenvalues: FloatArray, products: FloatArray, totals: FloatArray, rows: int, total_weight: float | None = None
    ) -> Coordinates:
        """From products V^T A^T W (y - ybar), (r, c): the coordinate along u_k is the product over sqrt(lambda_k).

        W holds the rows' weights, and `total_weight` their sum; every row counts once by default.
        """
        real = eigenvalues > len(eigenvalues) * RANK_TOLERANCE * max(float(eigenvalues[0]), 0.0)
        real[max(rows - 1, 0) :] = False
        squares = np.zeros_like(products)
        squares[real] = products[real] ** 2 / eigenvalues[real, None]
        return Coordinates(eigenvalues, squares, totals, rows if total_weight is None else total_weight)

    @property
    def rests(self) -> FloatArray:
        """float64 (c,): what no mode reaches, at least 0; what may be rounding of the totals counts as nothing."""
        rests: FloatArray = self.totals - self.squares.sum(axis=0)
        rests[rests <= RANK_TOLERANCE * self.totals] = 0.0
        return rests

    def varying(self) -> Coordinates:
        """Without the targets that are constant. Raises SelectionError where none is left."""
        held = self.totals > 0
        if not held.any():
            raise SelectionError("every target is constant on the training rows; need one that varies")
        return Coordinates(self.eigenvalues, self.squares[:, held], self.totals[held], self.rows)


def degrees_of_freedom(eigenvalues: FloatArray, ridge: float) -> float:
    """1 + sum_k lambda_k / (lambda_k + ridge): the intercept counts."""
    return 1.0 + float(kept(eigenvalues, ridge).sum())


def gcv(coordinates: Coordinates, ridge: float, factor: float = 1.0) -> float:
    """n RSS / (n - g dof)^2 of the full ridge fit, g = `factor`: 1 is Golub, Heath and Wahba (1979), 1.4 is robust.

    RSS is summed over outputs, each over its total; infinite where n - g dof < LEAST_FREE n.
    """
    free = coordinates.rows - factor * degrees_of_freedom(coordinates.eigenvalues, ridge)
    if free < LEAST_FREE * coordinates.rows:
        return float("inf")
    lost = 1.0 - kept(coordinates.eigenvalues, ridge)
    residuals = coordinates.rests + (coordinates.squares * lost[:, None] ** 2).sum(axis=0)
    return float(coordinates.rows * (residuals / coordinates.totals).sum() / free**2)


def evidence(coordinates: Coordinates, ridge: float) -> float:
    """Negative log marginal likelihood, up to a constant, summed over outputs, each with its own noise, profiled out.

    y - ybar ~ N(0, sigma^2 (A A^T / ridge + I)) on the N = n - 1 dimensions that centring leaves:
    N/2 log((sum_k c_k^2 / (lambda_k + ridge) + rest / ridge) / N) + 1/2 sum_k log(lambda_k + ridge)
    + (N - R)/2 log ridge,
    k = 1..R over the modes there can be, R = min(r, N). Rasmussen and Williams (2006), 5.4.
    """
    size = coordinates.rows - 1
    modes = min(len(coordinates.eigenvalues), int(size))
    shifted = np.maximum(coordinates.eigenvalues[:modes], 0.0) + ridge
    quadratic = (coordinates.squares[:modes] / shifted[:, None]).sum(axis=0) + coordinates.rests / ridge
    determinant = float(np.log(shifted).sum()) + (size - modes) * float(np.log(ridge))
    return 0.5 * float((size * np.log(quadratic / size) + determinant).sum())

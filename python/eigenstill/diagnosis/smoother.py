"""Labels seen by a spectrum: which modes carry signal, how large the noise is, and what predictions copy of either.

Orthonormal modes u_k of a basis operator on the training rows, eigenvalues lambda_k; the first K* of them stand above
the ridge. What lies beyond is the total minus their part, so the n - 1 - r dimensions that no mode reaches count too.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..arrays import FloatArray, frozen
from ..errors import DataError
from ..selection.criteria import RANK_TOLERANCE, Coordinates, kept
from ..selection.ridge import choose_ridge

FIRST_BAND, BANDS = 8, 18


@dataclass(frozen=True, eq=False)
class LabelSpectrum:
    """Centred labels in the modes of a smoother.

    Attributes
    ----------
    modes : float64 (n, r), orthonormal columns u_k, r <= n - 1
    eigenvalues : float64 (r,), descending, > 0
    ridge : alpha
    labels : float64 (n, c), centred
    """

    modes: FloatArray
    eigenvalues: FloatArray
    ridge: float
    labels: FloatArray

    def __post_init__(self) -> None:
        for name in ("modes", "eigenvalues", "labels"):
            object.__setattr__(self, name, frozen(getattr(self, name)))

    @staticmethod
    def fit(operator: FloatArray, labels: FloatArray, ridge: float | None = None) -> LabelSpectrum:
        """From the operator A (n, r), float64, and labels (n, c); the ridge by robust GCV where it is None.

        Raises
        ------
        DataError : too few rows
        SelectionError : labels that do not vary
        """
        centred = labels - labels.mean(axis=0)
        modes, singular_values, _ = np.linalg.svd(operator - operator.mean(axis=0), full_matrices=False)
        eigenvalues = singular_values**2
        real = eigenvalues > len(eigenvalues) * RANK_TOLERANCE * eigenvalues[0]
        real[len(labels) - 1 :] = False
        modes, eigenvalues = modes[:, real], eigenvalues[real]
        if len(labels) - 1 <= len(eigenvalues):
            raise DataError(
                f"diagnosis: {len(labels)} rows for {len(eigenvalues)} modes; need more rows than modes, or fewer landmarks"
            )
        if ridge is None:
            squares = (modes.T @ centred) ** 2
            totals = (centred**2).sum(axis=0)
            ridge = choose_ridge(Coordinates(eigenvalues, squares, totals, len(labels)), "robust-gcv").ridge
        return LabelSpectrum(modes, eigenvalues, ridge, centred)

    @property
    def rows(self) -> int:
        """n."""
        return len(self.labels)

    @cached_property
    def rank(self) -> int:
        """K*: modes with lambda_k >= ridge, at least 1."""
        return max(1, int((self.eigenvalues >= self.ridge).sum()))

    @cached_property
    def coordinates(self) -> FloatArray:
        """float64 (r, c): u_k . y."""
        answer: FloatArray = self.modes.T @ self.labels
        return answer

    @cached_property
    def totals(self) -> FloatArray:
        """float64 (c,): norm(y - ybar)^2."""
        answer: FloatArray = (self.labels**2).sum(axis=0)
        return answer

    @cached_property
    def noise_variance(self) -> FloatArray:
        """float64 (c,): norm((I - H) y)^2 / (n - 1 - tr H), H the ridge smoother."""
        lost = 1 - kept(self.eigenvalues, self.ridge)
        squares = self.coordinates**2
        residuals = (squares * lost[:, None] ** 2).sum(axis=0) + self.totals - squares.sum(axis=0)
        answer: FloatArray = np.maximum(residuals, 0.0) / (self.rows - 1 - float((1 - lost).sum()))
        return answer

    @cached_property
    def bands(self) -> tuple[tuple[int, int], ...]:
        """Half-open ranges of modes, 8 first and then in geometric progression up to r."""
        count = len(self.eigenvalues)
        edges = np.unique(np.round(np.geomspace(min(FIRST_BAND, count), count, BANDS)).astype(int)).tolist()
        return tuple(zip([0, *edges[:-1]], edges, strict=True))

    def products(self, predictions: FloatArray) -> Products:
        """Predictions (n, c) against the labels; O(n r c)."""
        centred = predictions - predictions.mean(axis=0)
        along = self.modes.T @ centred
        return Products(
            along,
            along * self.coordinates,
            (centred * self.labels).sum(axis=0),
            (centred**2).sum(axis=0),
        )


@dataclass(frozen=True, eq=False)
class Products:
    """Predictions t seen by the modes: coordinates and products with the labels (r, c); totals <t, y> and <t, t> (c,)."""

    along: FloatArray
    with_labels: FloatArray
    total: FloatArray
    energy: FloatArray


def copied(spectrum: LabelSpectrum, products: Products) -> float:
    """<t, y> / <y, y> beyond the first K* modes: the share of the labels' rest that predictions reproduce.

    Several outputs: both sums over the outputs, each over its total.
    """
    first = slice(spectrum.rank)
    shared = products.total - products.with_labels[first].sum(axis=0)
    own = spectrum.totals - (spectrum.coordinates[first] ** 2).sum(axis=0)
    return _ratio(shared, own, spectrum.totals)


def modes_used(spectrum: LabelSpectrum, products: Products) -> float:
    """Dimensions in which the predictions follow the labels: the sum over bands of clip(<t, y> / <y, y>, 0, 1) x size."""
    used = 0.0
    for start, stop in spectrum.bands:
        shared = products.with_labels[start:stop].sum(axis=0)
        own = (spectrum.coordinates[start:stop] ** 2).sum(axis=0)
        used += min(1.0, max(0.0, _ratio(shared, own, spectrum.totals))) * (stop - start)
    shared = products.total - products.with_labels.sum(axis=0)
    own = spectrum.totals - (spectrum.coordinates**2).sum(axis=0)
    rest = spectrum.rows - 1 - len(spectrum.eigenvalues)
    return used + min(1.0, max(0.0, _ratio(shared, own, spectrum.totals))) * rest


def _ratio(shared: FloatArray, own: FloatArray, totals: FloatArray) -> float:
    held = totals > 0
    below = float((own[held] / totals[held]).sum())
    return float((shared[held] / totals[held]).sum()) / below if below > 0 else 0.0

"""The spectrum where rows carry weights: M = A^T A with A = W^(1/2) (C - 1 c^T) T, c the weighted means.

In float64, by orthogonal factors of row blocks: A is never squared, so its small modes survive. No certificate is about
this operator; integer weights are the same as rows repeated so often, which one can certify.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

import numpy as np

from ..arrays import FloatArray, IntArray, frozen
from ..basis import Basis
from .metric import OperatorMetric, operator_metric
from .spectrum import signed

BLOCK = 4096


@dataclass(frozen=True, eq=False)
class WeightedSpectrum:
    """Eigenpairs of M.

    Attributes
    ----------
    eigenvalues : float64 (r,), descending, >= 0; they grow with the weights
    vectors : float64 (r, r), column k belongs to eigenvalue k; its entry of largest absolute value is positive
    metric : T
    column_means : Python integers (r,) in units 2^-p, c rounded down
    sample_weight : float64 (n,), > 0
    """

    eigenvalues: FloatArray
    vectors: FloatArray
    metric: OperatorMetric
    column_means: tuple[int, ...]
    sample_weight: FloatArray

    def __post_init__(self) -> None:
        for name in ("eigenvalues", "vectors", "sample_weight"):
            object.__setattr__(self, name, frozen(getattr(self, name)))


def decompose_weighted(basis: Basis, columns: IntArray, sample_weight: FloatArray) -> WeightedSpectrum:
    """The spectrum of the operator on these rows.

    Parameters
    ----------
    basis : the basis
    columns : int64 (n, r), `exact_columns(basis, inputs)` of the training rows
    sample_weight : float64 (n,), > 0

    Raises
    ------
    SpectrumError : the kernel matrix is not positive definite, or a linear column hardly varies
    """
    total = float(sample_weight.sum())
    means = [floor(value / total) for value in sample_weight @ columns]
    blocks = [slice(start, start + BLOCK) for start in range(0, len(columns), BLOCK)]

    def centred(block: slice) -> FloatArray:
        values: FloatArray = np.ldexp(
            (columns[block] - np.array(means, dtype=np.int64)).astype(np.float64), -basis.grid_bits
        )
        return values

    squares = sum(sample_weight[block] @ centred(block)[:, len(basis.landmarks) :] ** 2 for block in blocks)
    metric = operator_metric(basis, np.sqrt(np.asarray(squares) / total))
    transform = metric.floats()
    triangle = np.zeros((0, columns.shape[1]))
    for block in blocks:
        rows = (centred(block) @ transform) * np.sqrt(sample_weight[block])[:, None]
        triangle = np.asarray(np.linalg.qr(np.concatenate([triangle, rows]), mode="r"))
    _, values, vectors = np.linalg.svd(triangle, full_matrices=True)
    eigenvalues = np.zeros(columns.shape[1])
    eigenvalues[: len(values)] = values**2
    return WeightedSpectrum(eigenvalues, signed(vectors.T), metric, tuple(means), sample_weight)

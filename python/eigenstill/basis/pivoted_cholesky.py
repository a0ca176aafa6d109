"""Pivoted Cholesky: rows that the rows chosen before them explain least."""

from __future__ import annotations

import numpy as np

from ..arrays import FloatArray, IntArray
from ..moments import deviation
from .kernels import kernel_values

REMAINDER = 2.0**-26
"""Rows of which less is left are no news: the jitter of the metric would drown them."""


def pivoted_cholesky(points: FloatArray, count: int, sample_weight: FloatArray | None = None) -> IntArray:
    """Indices (m,) of at most `count` rows of `points` (n, d), in the order of choice.

    Each next row has the largest remaining diagonal of its kernel matrix: the greedy choice of a Nystroem
    approximation, whose trace error it lowers most (Harbrecht, Peters and Schneider, Appl. Numer. Math. 62, 2012).
    The kernel is the rational quadratic one with the mean squared distance of two rows as its length; the rows'
    weights (n,) count in that mean.
    Time n m^2, memory n m.
    """
    variance = points.var(axis=0) if sample_weight is None else deviation(points, sample_weight) ** 2
    scales = np.full(points.shape[1], 1.0 / (2.0 * variance.sum()))
    factor = np.empty((count, len(points)))
    left = np.ones(len(points))
    chosen: list[int] = []
    for step in range(count):
        pivot = int(left.argmax())
        if left[pivot] <= REMAINDER:
            break
        column = kernel_values("rational-quadratic", points, points[pivot : pivot + 1], scales)[:, 0]
        factor[step] = (column - factor[:step, pivot] @ factor[:step]) / np.sqrt(left[pivot])
        left = np.maximum(left - factor[step] ** 2, 0.0)
        left[pivot] = 0.0
        chosen.append(pivot)
    return np.array(chosen, dtype=np.int64)

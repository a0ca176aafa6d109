"""Features of a kernel of the user's own, or of its Gram matrix (Nystroem): h(x) = k(x, Z) R^-1, R^T R = k(Z, Z) + jitter.

The inner products of these features are the kernel's, as far as the landmarks Z can tell; so the operator that they
make has the spectrum of the kernel on the data. Williams and Seeger, Using the Nystroem method (NIPS 2000).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import FloatArray, float_array, frozen, require_finite
from ..errors import BasisError
from .definite import require_kernel_matrix

JITTER = 2.0**-27
Kernel = Callable[[FloatArray, FloatArray], Any]


@dataclass(frozen=True, eq=False)
class KernelFeatures:
    """Rows (n, d) -> features (n, m), a callable for `distill(..., basis="features", features=...)`.

    Attributes
    ----------
    kernel : rows (n, d) and landmarks (m, d) -> values (n, m)
    landmarks : float64 (m, d)
    factor : float64 (m, m), R^-1
    """

    kernel: Kernel
    landmarks: FloatArray
    factor: FloatArray

    def __call__(self, inputs: FloatArray) -> FloatArray:
        features: FloatArray = _values(self.kernel, inputs, self.landmarks) @ self.factor
        return features


def kernel_features(kernel: Kernel, landmarks: Any) -> KernelFeatures:
    """The features of a kernel function at these landmarks, (m, d).

    Raises
    ------
    BasisError : values of another shape, not symmetric, or (IndefiniteError) not positive semidefinite
    DataError : values that are no finite numbers
    """
    places = float_array(landmarks, "landmarks")
    if places.ndim != 2 or places.size == 0:
        raise BasisError(f"landmarks of shape {places.shape}; need (landmarks, columns)")
    gram = require_kernel_matrix(_values(kernel, places, places), "kernel on these landmarks")
    return KernelFeatures(kernel, frozen(places), frozen(_inverse_factor(gram)))


def gram_features(gram: Any, count: int = 128) -> FloatArray:
    """Features (n, m), m <= count, of the n points of a precomputed kernel matrix (n, n).

    Landmarks are points by pivoted Cholesky; fewer than `count` where they explain everything. Time n^3 for the proof
    that the matrix is positive semidefinite.

    Raises
    ------
    BasisError : not square, not symmetric, (IndefiniteError) not positive semidefinite, or zero
    DataError : values that are no finite numbers
    """
    matrix = require_kernel_matrix(gram, "precomputed kernel")
    chosen = _pivots(matrix, count)
    if not chosen:
        raise BasisError(
            f"precomputed kernel: {count} landmarks, largest diagonal {matrix.diagonal().max():g}; need both > 0"
        )
    features: FloatArray = matrix[:, chosen] @ _inverse_factor(matrix[np.ix_(chosen, chosen)])
    return features


def _values(kernel: Kernel, inputs: FloatArray, landmarks: FloatArray) -> FloatArray:
    values = float_array(kernel(inputs, landmarks), "kernel")
    if values.shape != (len(inputs), len(landmarks)):
        raise BasisError(
            f"kernel: values of shape {values.shape} for {len(inputs)} rows and {len(landmarks)} landmarks; "
            f"need ({len(inputs)}, {len(landmarks)})"
        )
    require_finite(values, "kernel")
    return values


def _inverse_factor(gram: FloatArray) -> FloatArray:
    """R^-1 for gram + jitter = R^T R, R upper triangular; the jitter is relative to the largest diagonal entry."""
    from scipy.linalg import LinAlgError, cholesky, solve_triangular

    raised = gram + JITTER * gram.diagonal().max() * np.eye(len(gram))
    try:
        upper = cholesky(raised)
    except LinAlgError:
        raise BasisError(
            f"kernel matrix of {len(gram)} landmarks is singular in float64; need fewer landmarks, or a larger diagonal"
        ) from None
    inverse: FloatArray = solve_triangular(upper, np.eye(len(gram)))
    return inverse


def _pivots(matrix: FloatArray, count: int) -> list[int]:
    """At most `count` points, each the one that those before it explain least."""
    left = matrix.diagonal().copy()
    enough = 2 * JITTER * left.max()
    factor = np.empty((min(count, len(matrix)), len(matrix)))
    chosen: list[int] = []
    for step in range(len(factor)):
        pivot = int(left.argmax())
        if left[pivot] <= enough:
            break
        factor[step] = (matrix[pivot] - factor[:step, pivot] @ factor[:step]) / np.sqrt(left[pivot])
        left = left - factor[step] ** 2
        chosen.append(pivot)
    return chosen

"""The two rational kernels in float64. Distances come from differences, never from expanded squares."""

from __future__ import annotations

import numpy as np

from ..arrays import FloatArray
from ..errors import BasisError

KERNELS = ("rational-quadratic", "rational-l1")
_METRICS = {"rational-quadratic": "sqeuclidean", "rational-l1": "cityblock"}


def distances(kernel: str, inputs: FloatArray, landmarks: FloatArray, scales: FloatArray) -> FloatArray:
    """q_j(x_i) = sum_d s_d (x_d - z_jd)^2, or with absolute values: float64 (n, m), relative error <= (d + 3) 2^-53.

    inputs (n, d), landmarks (m, d), scales (d,) > 0.
    """
    from scipy.spatial.distance import cdist

    if kernel not in _METRICS:
        raise BasisError(f"basis {kernel}: unknown; need {' or '.join(KERNELS)}")
    with np.errstate(over="ignore"):
        values: FloatArray = cdist(inputs, landmarks, _METRICS[kernel], w=scales)
    return values


def kernel_values(kernel: str, inputs: FloatArray, landmarks: FloatArray, scales: FloatArray) -> FloatArray:
    """phi_j(x_i) = 1 / (1 + q_j(x_i)), float64 (n, m) in (0, 1], relative error <= (d + 5) 2^-53."""
    values = distances(kernel, inputs, landmarks, scales)
    values += 1.0
    return np.reciprocal(values, out=values)

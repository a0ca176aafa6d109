"""The kernels in float64. Distances come from differences, never from expanded squares."""

from __future__ import annotations

import numpy as np

from eigenstill_check.layout import FEATURES, KERNELS, RATIONAL_KERNELS

from ..arrays import FloatArray
from ..errors import BasisError

__all__ = ["FEATURES", "KERNELS", "RATIONAL_KERNELS", "distances", "error_bound", "kernel_values", "require_kernel"]


def require_kernel(kernel: str) -> None:
    """Raise `BasisError` for a kernel that there is not."""
    if kernel not in KERNELS:
        raise BasisError(f"basis {kernel}: unknown; need {' or '.join(KERNELS)}")


def distances(
    kernel: str, inputs: FloatArray, landmarks: FloatArray, scales: FloatArray, out: FloatArray | None = None
) -> FloatArray:
    """q_j(x_i) = sum_d s_d (x_d - z_jd)^2, or with absolute values: float64 (n, m), relative error <= (d + 3) 2^-53.

    inputs (n, d), landmarks (m, d), scales (d,) > 0; ``out`` is where they are written.
    """
    from scipy.spatial.distance import cdist

    require_kernel(kernel)
    with np.errstate(over="ignore"):
        values: FloatArray = cdist(
            inputs, landmarks, "cityblock" if kernel == "rational-l1" else "sqeuclidean", w=scales, out=out
        )
    return values


def kernel_values(
    kernel: str, inputs: FloatArray, landmarks: FloatArray, scales: FloatArray, out: FloatArray | None = None
) -> FloatArray:
    """phi_j(x_i), float64 (n, m) in [0, 1]: 1 / (1 + q), exp(-q), or (1 + t) exp(-t) with t = sqrt(3 q).

    ``out`` is where they are written. For the error see `error_bound`.
    """
    values = distances(kernel, inputs, landmarks, scales, out)
    if kernel in RATIONAL_KERNELS:
        values += 1.0
        return np.reciprocal(values, out=values)
    if kernel == "gaussian":
        return np.exp(np.negative(values, out=values), out=values)
    np.sqrt(np.multiply(values, 3.0, out=values), out=values)
    np.minimum(values, FAR, out=values)  # (1 + inf) exp(-inf) would be no number
    return np.multiply(1.0 + values, np.exp(-values), out=out)


FAR = 2.0**20
"""exp(-FAR) is 0 in float64."""
EXP_ERROR = 8
"""Units 2^-53 of relative error that exp, sqrt and the last operations may have together; numpy's are within 3."""


def error_bound(kernel: str, inputs: int, phi: FloatArray) -> FloatArray:
    """How far `kernel_values` phi (n, m) may be from the kernel, d = `inputs`.

    1 / (1 + q) hands on the relative error of q, (d + 5) 2^-53 in all to first order; one unit more covers the second.
    The exponential kernels turn it into an absolute error, at most q exp(-q) or t^2 exp(-t) / 2 times as large: less
    than half of it.
    """
    relative, absolute = error_factors(kernel, inputs)
    bound: FloatArray = phi * relative + absolute
    return bound


def error_factors(kernel: str, inputs: int) -> tuple[float, float]:
    """The bound of `error_bound` as relative |phi| + absolute, d = `inputs`."""
    if kernel in RATIONAL_KERNELS:
        return (inputs + 6) * 2.0**-53, 0.0
    return 0.0, ((inputs + 6) / 2 + EXP_ERROR) * 2.0**-53

"""The metric T of the operator: it turns the basis into nearly orthonormal columns, so that modes mean something.

T = blockdiag(T_z, diag(T_l)): T_z the inverse Cholesky factor of the landmarks' kernel matrix plus a jitter (Nystroem:
the operator's eigenvalues are then those of the kernel's covariance operator on the data), T_l one over the deviation
of each linear column. Both are integers on one binary grid. Features keep their own units.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import frexp

import numpy as np

from ..arrays import FloatArray, IntArray, frozen
from ..basis import FEATURES, Basis, kernel_values
from ..errors import SpectrumError

JITTER_EXPONENT = -27
BITS = 40
"""Bits of the largest entry of T_z: the others are rounded to the same grid."""


@dataclass(frozen=True, eq=False)
class OperatorMetric:
    """T on the grid 2^exponent.

    Attributes
    ----------
    kernel : int64 (m, m), upper triangular, T_z in units 2^exponent; T_z^T (K_zz + 2^JITTER_EXPONENT I) T_z ~ I
    linear : int64 (d,), T_l in the same unit, or None without the linear term
    exponent : the unit's exponent, negative
    """

    kernel: IntArray
    linear: IntArray | None
    exponent: int

    def __post_init__(self) -> None:
        for name in ("kernel", "linear"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, frozen(getattr(self, name)))

    def matrix(self) -> IntArray:
        """T as int64 (r, r), in units 2^exponent."""
        size = len(self.kernel)
        extra = 0 if self.linear is None else len(self.linear)
        whole = np.zeros((size + extra,) * 2, dtype=np.int64)
        whole[:size, :size] = self.kernel
        if self.linear is not None:
            whole[range(size, size + extra), range(size, size + extra)] = self.linear
        return whole

    def floats(self) -> FloatArray:
        """T in float64 (r, r), exact where entries have at most 53 bits."""
        values: FloatArray = np.ldexp(self.matrix().astype(np.float64), self.exponent)
        return values


def operator_metric(basis: Basis, deviations: FloatArray) -> OperatorMetric:
    """T for a basis.

    Parameters
    ----------
    basis : the basis, m landmarks
    deviations : float64 (d,), standard deviations of the scaled linear columns on the training rows

    Raises
    ------
    SpectrumError : the kernel matrix is not positive definite in float64, or a linear column hardly varies
    """
    if basis.kernel == FEATURES:
        return own_units(basis)
    factor = inverse_factor(basis)
    exponent = frexp(float(np.abs(factor).max()))[1] - BITS
    kernel = np.rint(np.ldexp(factor, -exponent)).astype(np.int64)
    if basis.offsets is None:
        return OperatorMetric(kernel, None, exponent)
    inverse = np.ldexp(1.0 / deviations, -exponent)
    if not (inverse < 2.0**62).all():
        worst = int(deviations.argmin())
        raise SpectrumError(f"linear column {worst}: deviation {deviations[worst]:.3g} of its range; drop it")
    return OperatorMetric(kernel, np.rint(inverse).astype(np.int64), exponent)


def own_units(basis: Basis) -> OperatorMetric:
    """T for features: 2^E_d, exactly, so that the operator is the recorded representation itself, centred."""
    exponent = min(basis.exponents)
    linear = np.array([1 << (own - exponent) for own in basis.exponents], dtype=np.int64)
    return OperatorMetric(np.zeros((0, 0), dtype=np.int64), linear, exponent)


def inverse_factor(basis: Basis) -> FloatArray:
    """R^-1 for K_zz + jitter = R^T R, R upper triangular: float64 (m, m), upper triangular."""
    from scipy.linalg import LinAlgError, cholesky, solve_triangular

    size = len(basis.landmarks)
    gram = kernel_values(basis.kernel, basis.landmarks, basis.landmarks, basis.scales)
    gram[range(size), range(size)] += 2.0**JITTER_EXPONENT
    try:
        upper = cholesky(gram)
    except LinAlgError:
        raise SpectrumError(
            f"kernel matrix of {size} landmarks is not positive definite in float64; need fewer landmarks"
        ) from None
    inverse: FloatArray = solve_triangular(upper, np.eye(size))
    return inverse

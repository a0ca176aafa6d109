"""The basis as one frozen object: what phi(x) and the linear columns are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import FloatArray, frozen
from ..errors import BasisError
from .kernels import FEATURES, kernel_values, require_kernel

GRID_BITS = 40
WIDEST = 60


@dataclass(frozen=True, eq=False)
class Basis:
    """r = m + d columns (m without the linear term).

    Attributes
    ----------
    kernel : "rational-quadratic", "rational-l1", "gaussian" or "matern-3/2"; "features" for none, the inputs alone
    landmarks : float64 (m, d); (0, d) with features
    scales : float64 (d,), > 0; (0,) with features
    offsets, exponents : float64 (d,) and d integers, or None and (): linear column d is (x_d - offset_d) / 2^exponent_d
    grid_bits : p; exact columns are floored to multiples of 2^-p
    """

    kernel: str
    landmarks: FloatArray
    scales: FloatArray
    offsets: FloatArray | None = None
    exponents: tuple[int, ...] = ()
    grid_bits: int = GRID_BITS

    def __post_init__(self) -> None:
        features = self.kernel == FEATURES
        if not features:
            require_kernel(self.kernel)
        if self.landmarks.ndim != 2 or (self.landmarks.size == 0) != features:
            raise BasisError(f"landmarks of shape {self.landmarks.shape}; need (landmarks, columns)")
        width = self.landmarks.shape[1]
        if self.scales.shape != (0 if features else width,) or not (self.scales > 0).all():
            raise BasisError(f"scales of shape {self.scales.shape}; need {width} positive numbers")
        if (self.offsets is None) != (self.exponents == ()) or (
            self.offsets is not None and not self.offsets.shape == (width,) == (len(self.exponents),)
        ):
            raise BasisError(f"linear term: need {width} offsets and {width} exponents, or neither")
        for name in ("landmarks", "scales", "offsets"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, frozen(getattr(self, name)))

    @property
    def inputs(self) -> int:
        """d."""
        return int(self.landmarks.shape[1])

    @property
    def columns(self) -> int:
        """r."""
        return len(self.landmarks) + len(self.exponents)

    def values(self, inputs: FloatArray) -> FloatArray:
        """The columns in float64, (n, r): phi_j(x_i), then (x_id - offset_d) / 2^exponent_d."""
        if self.kernel == FEATURES:
            phi = np.zeros((len(inputs), 0))
        else:
            phi = kernel_values(self.kernel, inputs, self.landmarks, self.scales)
        if self.offsets is None:
            return phi
        return np.hstack([phi, np.ldexp(inputs - self.offsets, -np.array(self.exponents))])


def linear_term(inputs: FloatArray) -> tuple[FloatArray, tuple[int, ...]]:
    """Offsets (d,), the columns' minima, and the least exponents E_d with 2^E_d >= max_i (x_id - offset_d) exactly."""
    offsets = inputs.min(axis=0)
    exponents = []
    for column, low in zip(inputs.T, offsets, strict=True):
        widest, rest = two_difference(column.max(), low)
        mantissa, exponent = np.frexp(widest)
        exponents.append(int(exponent) - int(mantissa == 0.5 and rest <= 0))
    return offsets, tuple(exponents)


def feature_basis(inputs: FloatArray) -> Basis:
    """The inputs (n, d) themselves as columns, each on its own binary grid, at most 2^WIDEST times finer than another's."""
    offsets, exponents = linear_term(inputs)
    least = max(exponents) - WIDEST
    none = np.zeros((0, inputs.shape[1]))
    return Basis(FEATURES, none, np.zeros(0), offsets, tuple(max(exponent, least) for exponent in exponents))


def two_difference(left: FloatArray, right: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Float64 difference and its rounding error: left - right = first + second exactly (Knuth, TAOCP 4.2.2)."""
    first = left - right
    virtual = left - first
    return first, (left - (first + virtual)) + (virtual - right)

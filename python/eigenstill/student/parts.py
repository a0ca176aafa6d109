"""The parts of a student: formula, spectrum, modes, provenance. All frozen, all arrays read-only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import ldexp
from typing import Any

import numpy as np

from ..arrays import FloatArray, frozen
from ..basis import Basis
from ..errors import StudentError
from ..spectrum import OperatorMetric
from .evaluation import BLOCK, evaluate

TOTAL_WEIGHT = "total_weight"
"""Setting of a student whose rows carried weights: their sum."""


@dataclass(frozen=True, eq=False)
class Formula:
    """student_o(x) = b_o + sum_d w_do x_d + sum_j a_jo phi_j(x), raw columns in.

    Attributes
    ----------
    kernel : with q = sum_d s_d (x_d - z_jd)^2 "rational-quadratic": phi = 1 / (1 + q), "gaussian": exp(-q),
        "matern-3/2": (1 + t) exp(-t), t = sqrt(3 q); "rational-l1": 1 / (1 + q) with abs instead of the square
    landmarks, scales : float64 (m, d), (d,): z and s
    coefficients, intercept : float64 (m, c), (c,): a and b
    weights : float64 (d, c), w, or None without the linear term
    offsets, exponents : float64 (d,) and d integers, or None and (): how the exact linear columns are floored;
        the formula's value does not depend on them
    grid_bits : p, exact columns are floored to multiples of 2^-p
    """

    kernel: str
    landmarks: FloatArray
    scales: FloatArray
    coefficients: FloatArray
    intercept: FloatArray
    weights: FloatArray | None
    offsets: FloatArray | None
    exponents: tuple[int, ...]
    grid_bits: int

    def __post_init__(self) -> None:
        for name in ("landmarks", "scales", "coefficients", "intercept", "weights", "offsets"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, frozen(getattr(self, name)))
        count, outputs = len(self.landmarks), len(self.intercept)
        shapes = [self.coefficients.shape == (count, outputs), (self.weights is None) == (self.offsets is None)]
        if self.weights is not None:
            shapes.append(self.weights.shape == (self.basis.inputs, outputs))
        if not all(shapes):
            raise StudentError("formula: shapes of coefficients, weights, intercept and offsets do not fit each other")

    @cached_property
    def basis(self) -> Basis:
        """The basis: landmarks, scales, kernel, linear columns."""
        return Basis(self.kernel, self.landmarks, self.scales, self.offsets, self.exponents, self.grid_bits)

    @property
    def linear(self) -> bool:
        """Whether the inputs stand beside the kernel columns."""
        return self.weights is not None

    @property
    def stored_numbers(self) -> int:
        """m (d + c) + d c [linear] + d + c: what the formula needs, counted."""
        arrays = (self.landmarks, self.scales, self.coefficients, self.intercept, self.weights)
        return sum(array.size for array in arrays if array is not None)

    def evaluate(self, inputs: FloatArray, threads: int | None = None) -> FloatArray:
        """Values, float64 (n, c), at rows (n, d): the same bits on any number of threads, all processors by default."""
        return evaluate(self, inputs, threads)


@dataclass(frozen=True, eq=False)
class SpectrumSummary:
    """Eigenvalues of the operator on the training rows, and how they were used.

    Attributes
    ----------
    eigenvalues : float64 (r,), descending, of M = A^T A (not divided by n); the last may be negative by rounding
    ridge : alpha > 0, same unit
    criterion : what chose the ridge: "robust-gcv", "evidence" or "gcv", and on what
    kept : float64 (K*,), lambda_k / (lambda_k + alpha) of the modes used
    """

    eigenvalues: FloatArray
    ridge: float
    criterion: str
    kept: FloatArray

    def __post_init__(self) -> None:
        for name in ("eigenvalues", "kept"):
            object.__setattr__(self, name, frozen(getattr(self, name)))

    @property
    def rank(self) -> int:
        """K*: modes with lambda_k >= alpha, at least 1."""
        return len(self.kept)

    @property
    def effective_parameters(self) -> float:
        """Sum of `kept`; the intercept is not counted."""
        return float(self.kept.sum())


@dataclass(frozen=True, eq=False)
class Modes:
    """The kept modes as functions: u_k(x) = (phi(x) - cbar) T v_k / sqrt(lambda_k), orthonormal on the training rows,
    each counted with its weight where rows carried some.

    `modes(X)` evaluates them.

    Attributes
    ----------
    basis : the basis
    means : Python integers (r,) in units 2^-p: c, the columns' means rounded down
    metric : T
    vectors : float64 (r, K*)
    eigenvalues : float64 (K*,)
    """

    basis: Basis
    means: tuple[int, ...]
    metric: OperatorMetric
    vectors: FloatArray
    eigenvalues: FloatArray

    def __post_init__(self) -> None:
        for name in ("vectors", "eigenvalues"):
            object.__setattr__(self, name, frozen(getattr(self, name)))

    def __len__(self) -> int:
        return len(self.eigenvalues)

    def __call__(self, inputs: FloatArray) -> FloatArray:
        """u_k(x_i), float64 (n, K*), at rows (n, d) in the student's column order."""
        combined = self.metric.floats() @ self.vectors / np.sqrt(self.eigenvalues)
        centre = np.array([ldexp(mean, -self.basis.grid_bits) for mean in self.means])
        parts = [
            (self.basis.values(inputs[start : start + BLOCK]) - centre) @ combined
            for start in range(0, len(inputs), BLOCK)
        ]
        return np.concatenate(parts) if parts else np.zeros((0, len(self)))


@dataclass(frozen=True)
class Provenance:
    """Where a student came from; recorded, not proved.

    Attributes
    ----------
    versions : package -> version
    seed : of landmarks and samples
    settings : what was asked for (basis, landmarks, linear, select) and found (length factor, evidence of each basis,
        the sum of the weights where rows carried some)
    data, data_sha256, rows : name, digest and number of the training rows
    teacher, teacher_sha256, teacher_parameters : name, digest and count, None where unknown
    labels : whether labels took part in the choice of basis and ridge
    notices : what was changed or limited on the way
    """

    versions: Mapping[str, str]
    seed: int
    settings: Mapping[str, Any]
    data: str
    data_sha256: str | None
    rows: int
    teacher: str
    teacher_sha256: str | None
    teacher_parameters: int | None
    labels: bool
    notices: tuple[str, ...] = field(default=())

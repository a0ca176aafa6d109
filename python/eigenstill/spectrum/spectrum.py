"""The operator's spectrum: M = A^T A formed exactly, rounded once, decomposed in float64.

A = (C - 1 c^T) 2^-p T, with C the exact integer columns, c their means rounded down on the grid, T the metric on a
grid. Forming M in float64 instead would lose the small modes to cancellation.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..arrays import FloatArray, IntArray, ObjectArray, frozen
from ..basis import Basis
from ..errors import SpectrumError
from .block_sums import BlockSums
from .exact_gram import exact_gram
from .limb_floats import rounded
from .limb_matrix import LimbMatrix, digit_width
from .metric import OperatorMetric, operator_metric

NEGATIVE = 2.0**-46
"""An eigenvalue below -r NEGATIVE lambda_1 is no rounding error of a positive semidefinite matrix."""


@dataclass(frozen=True, eq=False)
class Spectrum:
    """Eigenpairs of M and what M is made of.

    Attributes
    ----------
    eigenvalues : float64 (r,), descending, as the solver found them: the last ones may be negative by rounding, and the
        filter takes them for 0 (`selection.kept`); they are not divided by n, so they grow with the rows
    vectors : float64 (r, r), column k belongs to eigenvalue k; its entry of largest absolute value is positive
    metric : T
    column_sums, column_means : Python integers (r,) in units 2^-p: S_j, and c_j = floor(S_j / n)
    limbs : M in units 2^exponent, exactly, as digits (r, r); symmetric
    exponent : 2 (metric exponent - p)
    rows : n
    sums : the exact sums over the training rows that M was made from, where it was
    """

    eigenvalues: FloatArray
    vectors: FloatArray
    metric: OperatorMetric
    column_sums: tuple[int, ...]
    column_means: tuple[int, ...]
    limbs: LimbMatrix
    exponent: int
    rows: int
    sums: BlockSums | None = None
    sample_weight: None = None  # every row counts once: see `weighted` for the other case

    def __post_init__(self) -> None:
        for name in ("eigenvalues", "vectors"):
            object.__setattr__(self, name, frozen(getattr(self, name)))

    @property
    def operator(self) -> ObjectArray:
        """M in units 2^exponent as Python integers (r, r), made each time anew."""
        return self.limbs.integers()


def decompose(basis: Basis, columns: IntArray, metric: OperatorMetric | None = None) -> Spectrum:
    """The spectrum of the operator on these rows.

    Parameters
    ----------
    basis : the basis
    columns : int64 (n, r), `exact_columns(basis, inputs)` of the training rows
    metric : T, made from the basis and the columns by default

    n < r and dependent columns are allowed: the surplus eigenvalues are 0 up to rounding.

    Raises
    ------
    SpectrumError : exact arithmetic or the eigensolver failed; the kernel matrix is not positive definite
    """
    sums = [int(value) for value in _column_sums(columns)]
    means = [total // len(columns) for total in sums]
    gram = exact_gram(columns, np.array(means, dtype=np.int64))
    limbs = LimbMatrix.of_integers(gram, digit_width(columns.shape[1]))
    return _decompose(basis, sums, means, limbs, len(columns), metric)


def decompose_sums(basis: Basis, sums: BlockSums, metric: OperatorMetric | None = None) -> Spectrum:
    """As `decompose`, from the exact sums over all blocks of the training rows. The same numbers, digit by digit."""
    means = [total // sums.rows for total in sums.columns]
    width = digit_width(len(means))
    beside = [total - sums.rows * mean for total, mean in zip(sums.columns, means, strict=True)]
    # S m^T + m S^T - n m m^T = S m^T + m (S - n m)^T
    left = LimbMatrix.of_integers([list(pair) for pair in zip(sums.columns, means, strict=True)], width)
    gram = sums.gram_limbs(width) - left @ LimbMatrix.of_integers([means, beside], width)
    return replace(_decompose(basis, list(sums.columns), means, gram, sums.rows, metric), sums=sums)


def _decompose(
    basis: Basis, sums: list[int], means: list[int], gram: LimbMatrix, rows: int, metric: OperatorMetric | None
) -> Spectrum:
    """From the Gram matrix of the columns minus their means."""
    if metric is None:
        variances = [value / rows for value in gram.diagonal()[len(basis.landmarks) :]]
        metric = operator_metric(basis, np.ldexp(np.sqrt(np.array(variances)), -basis.grid_bits))
    transform = LimbMatrix.of_int64(metric.matrix(), gram.width)
    limbs = gram.congruence(transform)
    if not limbs.symmetric:
        raise SpectrumError("the exact operator is not symmetric; this is a fault of ours")
    exponent = 2 * (metric.exponent - basis.grid_bits)
    eigenvalues, vectors = eigenpairs(rounded(limbs, exponent))
    return Spectrum(eigenvalues, vectors, metric, tuple(sums), tuple(means), limbs, exponent, rows)


def eigenpairs(matrix: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Descending eigenvalues (r,) and vectors (r, r) of a symmetric positive semidefinite matrix.

    Signs are fixed: the entry of largest absolute value of each vector is positive.

    Raises
    ------
    SpectrumError : no convergence, or an eigenvalue too negative to be rounding
    """
    from scipy.linalg import LinAlgError, eigh

    try:
        ascending, columns = eigh(matrix, driver="evd", check_finite=False)
    except LinAlgError as error:
        raise SpectrumError(f"eigensolver on a {matrix.shape} matrix: {error}; need a finite operator") from None
    eigenvalues, vectors = ascending[::-1].copy(), columns[:, ::-1]
    if not eigenvalues[-1] >= -len(matrix) * NEGATIVE * abs(eigenvalues[0]):
        raise SpectrumError(f"eigenvalue {eigenvalues[-1]:.3g} is negative; need >= 0 up to rounding (never clipped)")
    return eigenvalues, signed(vectors)


def signed(vectors: FloatArray) -> FloatArray:
    """The vectors, columns of (r, r), each with its entry of largest absolute value positive."""
    places = np.abs(vectors).argmax(axis=0)
    signs = np.where(vectors[places, range(vectors.shape[1])] < 0, -1.0, 1.0)
    answer: FloatArray = vectors * signs
    return answer


def _column_sums(columns: IntArray) -> list[int]:
    """Column sums as Python integers: int64 over blocks of 2^20 rows, each below 2^61 for 40-bit entries."""
    block = 1 << 20
    parts = [columns[start : start + block].sum(axis=0) for start in range(0, len(columns), block)]
    return [sum(int(part[place]) for part in parts) for place in range(columns.shape[1])]

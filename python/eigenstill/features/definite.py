"""Kernel matrices of the user's own: symmetric and positive semidefinite, or refused with the proof."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from ..arrays import FloatArray, float_array, frozen, require_finite
from ..basis.exact_columns import common_integers
from ..basis.rounding import round_bits
from ..errors import BasisError

ROUNDING = 2.0**-44
"""Asymmetry and negative eigenvalues up to this (times the size, for eigenvalues) of the largest are rounding."""
SHOWN = 6
DIRECTION_BITS = 20


class IndefiniteError(BasisError):
    """A kernel matrix K with v^T K v < 0, exactly.

    Attributes
    ----------
    direction : float64 (n,), v
    value : v^T K v of the float64 numbers, an exact fraction
    """

    def __init__(self, where: str, direction: FloatArray, value: Fraction) -> None:
        shown = ", ".join(f"{float(entry):.6g}" for entry in direction[:SHOWN])
        more = ", ..." if len(direction) > SHOWN else ""
        super().__init__(
            f"{where}: not positive semidefinite: v^T K v = {float(value):.9g} < 0, exactly, for v = ({shown}{more}); "
            "need a positive semidefinite kernel"
        )
        self.direction: FloatArray = frozen(direction)
        self.value = value


def require_kernel_matrix(gram: Any, where: str) -> FloatArray:
    """The matrix (n, n) as float64, its two triangles averaged where they differ by rounding.

    Nothing is clipped and no triangle is preferred. An eigensolver proposes the direction; the value is exact.

    Raises
    ------
    DataError : not finite real numbers
    BasisError : not square, or not symmetric: the largest gap and its place
    IndefiniteError : a direction in which the form is negative
    """
    from scipy.linalg import eigh

    matrix = float_array(gram, where)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or matrix.size == 0:
        raise BasisError(f"{where}: shape {matrix.shape}; need a square matrix, a row and a column for each point")
    require_finite(matrix, where)
    gaps = np.abs(matrix - matrix.T)
    largest = float(np.abs(matrix).max())
    row, column = (int(place) for place in np.unravel_index(int(gaps.argmax()), gaps.shape))
    if gaps[row, column] > ROUNDING * largest:
        raise BasisError(
            f"{where}: not symmetric: entries ({row},{column}) and ({column},{row}) differ by "
            f"{gaps[row, column]:.6g}, the largest gap; need K = K^T"
        )
    matrix = matrix / 2 + matrix.T / 2
    values, vectors = eigh(matrix, subset_by_index=[0, 0])
    if values[0] < -len(matrix) * ROUNDING * largest:
        direction = round_bits(vectors[:, 0], DIRECTION_BITS)
        value = quadratic_form(matrix, direction)
        if value < 0:
            raise IndefiniteError(where, direction, value)
    return matrix


def quadratic_form(matrix: FloatArray, direction: FloatArray) -> Fraction:
    """v^T K v of the float64 numbers, exactly."""
    entries, exponent = common_integers(matrix.ravel())
    weights, own = common_integers(direction)
    rows = np.array(entries, dtype=object).reshape(matrix.shape)
    vector = np.array(weights, dtype=object)
    return Fraction(int(vector @ (rows @ vector))) * Fraction(2) ** (exponent + 2 * own)

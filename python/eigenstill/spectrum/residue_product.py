"""Symmetric products of matrices of long integers by residues, where digits would need many more products (`moduli`).

What comes back are digits again, compared with the factors modulo another prime.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..arrays import FloatArray, IntArray
from .limb_matrix import LimbMatrix, balance
from .limb_product import parts_of
from .limbs import PRIME, probes, require_equal
from .moduli import Moduli, reduce

AT_ONCE = 1 << 12
"""Integers at a time in all their residues and digits: they stay in the second cache."""
LINE = 1 << 15
"""Residues of one modulus at a time."""


def congruence(columns: LimbMatrix, symmetric: LimbMatrix) -> LimbMatrix:
    """columns @ symmetric @ columns^T for (b, a) and symmetric (a, a): (b, b), exactly, verified modulo PRIME.

    Raises
    ------
    SpectrumError : a BLAS that does not round as IEEE 754 asks
    """
    count, inner = columns.shape
    moduli = Moduli.covering(2 * (columns.bits + inner.bit_length()) + symmetric.bits, inner)
    if not moduli.converts(columns.width, max(len(columns.digits), len(symmetric.digits))):
        return symmetric.congruence(columns.transposed)
    lefts, middles, half = _residues(columns, moduli), _residues(symmetric, moduli), np.empty((count, inner))
    squares = middles[:, :count, :count] if count <= inner else np.empty((len(moduli.values), count, count))
    for modulus, left, middle, square in zip(moduli.values, lefts, middles, squares, strict=True):
        np.matmul(left, middle, out=half)
        _reduce(half, modulus)
        _fill_lower(square, half, left.T, modulus)
    return _verified(_limbs(squares, moduli, columns.width), columns, symmetric.image)


def weighted_square(columns: LimbMatrix, weights: IntArray) -> LimbMatrix:
    """columns @ diag(weights) @ columns^T for (b, a) and int64 (a,): (b, b), exactly, verified modulo PRIME.

    Raises
    ------
    SpectrumError : a BLAS that does not round as IEEE 754 asks
    """
    count, inner = columns.shape
    listed = weights.tolist()
    moduli = Moduli.covering(2 * columns.bits + inner.bit_length() + max(map(int.bit_length, listed)), inner)
    if not moduli.converts(columns.width, len(columns.digits)):
        return columns.transposed.with_rows_times(weights).transposed.symmetric_product(columns.transposed)
    squares, scaled = np.empty((len(moduli.values), count, count)), np.empty((count, inner))
    lefts, factors = _residues(columns, moduli), moduli.residues(listed)
    for modulus, left, factor, square in zip(moduli.values, lefts, factors, squares, strict=True):
        np.multiply(left, factor, out=scaled)
        _reduce(scaled, modulus)
        _fill_lower(square, scaled, left.T, modulus)
    residues = (weights % PRIME)[:, None]
    return _verified(_limbs(squares, moduli, columns.width), columns, lambda image: image * residues % PRIME)


def _verified(found: LimbMatrix, columns: LimbMatrix, middle: Callable[[IntArray], IntArray]) -> LimbMatrix:
    """Raise where found is not columns @ middle @ columns^T, compared on two vectors modulo PRIME."""
    vectors = probes(found.shape[0])
    require_equal(found.image(vectors), columns.image(middle(columns.transposed.image(vectors))))
    return found


def _residues(matrix: LimbMatrix, moduli: Moduli) -> FloatArray:
    """The matrix modulo each modulus, (moduli, a, b)."""
    count, rows, columns = matrix.digits.shape
    powers = moduli.residues([1 << (matrix.width * place) for place in range(count)])
    divisors = np.array(moduli.values, dtype=np.float64)[:, None]
    result = np.empty((len(moduli.values), rows, columns))
    step = max(1, AT_ONCE // columns)
    for start in range(0, rows, step):
        part = slice(start, start + step)
        residues = powers @ matrix.digits[:, part].reshape(count, -1).astype(np.float64)
        reduce(residues, divisors)
        result[:, part] = residues.reshape(len(residues), -1, columns)
    return result


def _reduce(values: FloatArray, modulus: int) -> None:
    step = max(1, LINE // values.shape[1])
    for start in range(0, len(values), step):
        reduce(values[start : start + step], float(modulus))


def _fill_lower(square: FloatArray, left: FloatArray, right: FloatArray, modulus: int) -> None:
    """left @ right modulo the modulus, on and below the diagonal blocks."""
    for start, stop in parts_of(len(square)):
        part = left[start:stop] @ right[:, :stop]
        _reduce(part, modulus)
        square[start:stop, :stop] = part


def _limbs(squares: FloatArray, moduli: Moduli, width: int) -> LimbMatrix:
    """Digits of the symmetric matrix whose residues (moduli, a, a) stand on and below the diagonal blocks."""
    count, size = squares.shape[:2]
    table, shares = moduli.reconstruction(width)
    digits = np.zeros((len(table), size, size), dtype=np.int64)
    for start, stop in parts_of(size):
        step = max(1, AT_ONCE // stop)
        for first in range(start, stop, step):
            rows = slice(first, min(first + step, stop))
            residues = np.empty((count + 1, (rows.stop - first) * stop))
            residues[:-1] = squares[:, rows, :stop].reshape(count, -1)
            np.rint(shares @ residues[:-1], out=residues[-1])
            found = (table @ residues).astype(np.int64)
            balance(found, width)
            digits[:, rows, :stop] = found.reshape(len(table), -1, stop)
        digits[:, :start, start:stop] = digits[:, start:stop, :start].transpose(0, 2, 1)
    return LimbMatrix.trimmed(digits, width)

"""Integer matrices as limbs: sum_k limbs[k] 2^(k w), each limb int64 and short, so float64 BLAS multiplies exactly.

All limbs but the last hold digits in [0, 2^w); the last one carries the sign. A product of two limbs over an inner
dimension of n is exact in float64 while n times the largest entries is at most 2^53: every partial sum is then an
integer that float64 holds, in any order of summation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ..arrays import FloatArray, IntArray, ObjectArray
from ..errors import SpectrumError

EXACT = 1 << 53
PRIME = 1_048_573
"""Largest prime below 2^20: residues multiply and add up in int64 over millions of terms."""


def probes(size: int) -> IntArray:
    """Two vectors modulo PRIME, (size, 2), with which products are verified."""
    return np.random.default_rng(size).integers(1, PRIME, (size, 2))


def limb_width(inner: int) -> int:
    """Widest w with inner 2^w 2^w <= 2^53."""
    return (53 - max(inner - 1, 1).bit_length()) // 2


def split(matrix: IntArray | ObjectArray, width: int) -> list[IntArray]:
    """Limbs of width w of an integer matrix (int64 or Python integers of any size); the top limb in [-2^(w-1), 2^w)."""
    if matrix.dtype != np.object_:
        return _split(matrix, width, lambda part: part.astype(np.int64))
    # Python integers: take 48-bit pieces first, so that the slow arithmetic on objects runs few times.
    chunk = width * (48 // width)
    limbs: list[IntArray] = []
    pieces = _split(matrix, chunk, lambda part: part.astype(np.int64))
    for piece in pieces[:-1]:
        inner = _split(piece, width, lambda part: part)
        limbs += inner + [np.zeros_like(inner[0])] * (chunk // width - len(inner))
    return limbs + _split(pieces[-1], width, lambda part: part)


def _split(matrix: npt.NDArray[Any], width: int, convert: Callable[[Any], IntArray]) -> list[IntArray]:
    mask = (1 << width) - 1
    limbs = []
    rest = matrix
    while rest.size and (int(rest.max()) > mask or int(rest.min()) < -(1 << (width - 1))):
        limbs.append(convert(rest & mask))
        rest = rest >> width
    return [*limbs, convert(rest)]


def join(limbs: Sequence[IntArray], width: int) -> ObjectArray:
    """The matrix of Python integers sum_k limbs[k] 2^(k w); limbs may be any int64, carries included."""
    total: ObjectArray = limbs[-1].astype(object)
    for limb in reversed(limbs[:-1]):
        total = (total << width) + limb
    return total


def exact_matmul(left: FloatArray, right: FloatArray) -> IntArray:
    """left @ right for integer float64 matrices whose size keeps every partial sum exact."""
    inner = left.shape[1]
    if left.size and right.size and inner * int(np.abs(left).max()) * int(np.abs(right).max()) > EXACT:
        raise SpectrumError(f"exact product over {inner} terms: entries too large for float64; this is a fault of ours")
    product: IntArray = (left @ right).astype(np.int64)
    return product


def multiply(left: IntArray | ObjectArray, right: IntArray | ObjectArray) -> ObjectArray:
    """left @ right exactly, as Python integers: (a, n) by (n, b), entries of any size.

    Verified modulo PRIME against residues of both factors.

    Raises
    ------
    SpectrumError : the verification failed (a BLAS that does not round as IEEE 754 asks)
    """
    inner = left.shape[1]
    width = limb_width(inner)
    lefts = [limb.astype(np.float64) for limb in split(left, width)]
    rights = [limb.astype(np.float64) for limb in split(right, width)]
    sums: list[IntArray] = [
        np.zeros((left.shape[0], right.shape[1]), dtype=np.int64) for _ in range(len(lefts) + len(rights) - 1)
    ]
    for first, low in enumerate(lefts):
        for second, high in enumerate(rights):
            sums[first + second] += exact_matmul(low, high)
    product = join(sums, width)
    verify(product, residues(left), residues(right))
    return product


def residues(matrix: IntArray | ObjectArray) -> IntArray:
    """Entries modulo PRIME, int64."""
    reduced: IntArray = (matrix % PRIME).astype(np.int64)
    return reduced


def verify(product: IntArray | ObjectArray, left: IntArray, right: IntArray) -> None:
    """Compare product v with left (right v) modulo PRIME for two vectors v (Freivalds 1977): errs once in 10^12."""
    vectors = probes(product.shape[1])
    expected = left @ (right @ vectors % PRIME) % PRIME
    require_equal(residues(product) @ vectors % PRIME, expected)


def require_equal(got: IntArray, expected: IntArray) -> None:
    """Raise where two residues differ: some product was rounded."""
    if not np.array_equal(got, expected):
        raise SpectrumError(
            "exact product: float64 matrix multiplication is not exact on integers here; need an IEEE 754 BLAS; "
            "set OPENBLAS_CORETYPE, or use another numpy"
        )

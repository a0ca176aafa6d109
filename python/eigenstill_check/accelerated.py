"""Accelerated arithmetics: gmpy2 and numpy, imported when one is made. The integers are those of the standard library.

gmpy2 multiplies the same packed rows. numpy multiplies slices of 21 bits in float64: every partial sum is an integer
below 2^53, so each product is exact in any order of summation; a product is compared afterwards modulo a prime
(Freivalds 1977: a BLAS that does not round as IEEE 754 asks would pass once in 10^18).
"""

from __future__ import annotations

from typing import Any

from .arithmetic import Arithmetic
from .errors import Malformed, NoVerdict
from .packed import Matrix, pack, transpose

EXACT_BITS = 53
PRIME = 1_048_573
"""Largest prime below 2^20: residues multiply and add up in int64 over millions of terms."""
VECTORS = 3


class GmpArithmetic(Arithmetic):
    """Packed rows as integers of the GNU multiple-precision library."""

    name = "gmpy2"

    def __init__(self, jobs: int = 1) -> None:
        super().__init__(jobs)
        try:
            import gmpy2
        except ImportError:
            raise Malformed("arithmetic gmpy2: the package is not installed; need it, or arithmetic stdlib") from None
        self.integer = gmpy2.mpz


class NumpyArithmetic(Arithmetic):
    """Slices of the factors through float64 matrix products."""

    name = "numpy"

    def __init__(self, jobs: int = 1) -> None:
        super().__init__(jobs)
        try:
            import numpy  # only where --arithmetic numpy asks for it: the plain checker needs none
        except ImportError:
            raise Malformed("arithmetic numpy: the package is not installed; need it, or arithmetic stdlib") from None
        self.numpy: Any = numpy

    def product(self, left: Matrix, right: Matrix) -> Matrix:
        return self._matrix(self._product(left, right))

    def symmetric_product(self, left: Matrix, right: Matrix) -> Matrix:
        return self.product(left, right)

    def first_outside(self, left: Matrix, right: Matrix, added: Matrix, width: int, bits: int) -> int | None:
        low, high = -(1 << (bits - 1)), 1 << (bits - 1)
        for index, (row, other) in enumerate(zip(self.product(left, right), added, strict=True)):
            if not all(low <= a + b < high for a, b in zip(row[index:], other[index:], strict=True)):
                return index
        return None

    def add_gram(self, gram: list[int], rows: Matrix, width: int) -> None:
        for index, row in enumerate(self.product(transpose(rows), rows)):
            gram[index] += pack(row[index:], width)

    def _product(self, left: Matrix, right: Matrix) -> Any:
        """Slices of left @ right: int64 (slices, rows, columns), sums over the pairs of slices of the factors."""
        np, inner = self.numpy, len(right)
        width = (EXACT_BITS - max(inner - 1, 1).bit_length()) // 2
        lefts, rights = self._slices(left, width), self._slices(right, width)
        sums = np.zeros((len(lefts) + len(rights) - 1, len(left), len(right[0])), dtype=np.int64)
        for first, low in enumerate(lefts):
            for second, high in enumerate(rights):
                sums[first + second] += (low @ high).astype(np.int64)
        self._verify(sums, lefts, rights, width)
        return sums, width

    def _slices(self, matrix: Matrix, width: int) -> Any:
        """float64 (slices, rows, columns): digits in base 2^width, the last with the sign; each below 2^width."""
        np = self.numpy
        bits = max(max(map(int.bit_length, row)) for row in matrix) + 1
        count, words = -(-bits // width), bits // 64 + 2
        data = b"".join([entry.to_bytes(8 * words, "little", signed=True) for row in matrix for entry in row])
        words_of = np.frombuffer(data, dtype="<u8").reshape(len(matrix), len(matrix[0]), words)
        mask = np.uint64((1 << width) - 1)
        slices = np.empty((count, len(matrix), len(matrix[0])))
        for place in range(count):
            word, shift = divmod(place * width, 64)
            digit = words_of[..., word] >> np.uint64(shift)
            if shift:
                digit = digit | (words_of[..., word + 1] << np.uint64(64 - shift))
            slices[place] = digit & mask if place + 1 < count else digit.view(np.int64)
        return slices

    def _matrix(self, product: tuple[Any, int]) -> Matrix:
        """Python integers from slices: carries first, then bytes."""
        np, (sums, width) = self.numpy, product
        digits, carry = [], np.zeros(sums.shape[1:], dtype=np.int64)
        for part in sums:
            carry = carry + part
            digits.append(carry & ((1 << width) - 1))
            carry = carry >> width
        bits = width * len(digits)
        words = np.zeros((*sums.shape[1:], bits // 64 + 2), dtype=np.uint64)
        for place, digit in enumerate([*digits, carry]):
            word, shift = divmod(place * width, 64)
            unsigned = digit.view(np.uint64)
            words[..., word] |= unsigned << np.uint64(shift)
            if shift or place == len(digits):  # the last one carries the sign
                words[..., word + 1] |= (digit >> (64 - shift if shift else 63)).view(np.uint64)
        data, size = words.tobytes(), 8 * words.shape[-1]
        entries = [int.from_bytes(data[k : k + size], "little", signed=True) for k in range(0, len(data), size)]
        count = sums.shape[2]
        return [entries[k : k + count] for k in range(0, len(entries), count)]

    def _verify(self, sums: Any, lefts: Any, rights: Any, width: int) -> None:
        np = self.numpy
        vectors = np.random.default_rng().integers(1, PRIME, (sums.shape[2], VECTORS))
        expected = self._residues(lefts, width) @ (self._residues(rights, width) @ vectors % PRIME) % PRIME
        if not np.array_equal(self._residues(sums, width) @ vectors % PRIME, expected):
            raise NoVerdict("arithmetic numpy: a matrix product is not exact here; check with --arithmetic stdlib")

    def _residues(self, slices: Any, width: int) -> Any:
        """The matrix of these slices modulo PRIME, int64."""
        np = self.numpy
        total = np.zeros(slices.shape[1:], dtype=np.int64)
        for part in slices[::-1]:
            total = ((total << width) + part.astype(np.int64)) % PRIME
        return total

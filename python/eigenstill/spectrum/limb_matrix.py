"""Matrices of long integers as short balanced digits in int64, from one exact product to the next.

The checker's numpy arithmetic has digits of its own (`eigenstill_check.accelerated`), on purpose: it shall find what is
wrong here.

Digits of w bits are at most 2^(w-1), so that float64 BLAS multiplies them exactly over 2^(55 - 2 w) terms. Python integers
are made at the end only, where somebody asks for them: they cost more than the products.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays import FloatArray, IntArray, ObjectArray
from ..errors import SpectrumError
from .limb_product import digit_sums, of_a_vector
from .limbs import EXACT, PRIME, probes, require_equal

WORD = 64
CACHED = 1 << 14


def digit_width(inner: int) -> int:
    """The widest balanced digits for products over ``inner`` terms."""
    return (55 - max(inner - 1, 1).bit_length()) // 2


@dataclass(frozen=True, eq=False)
class LimbMatrix:
    """sum_k digits[k] 2^(width k): int64 (limbs, a, b), balanced."""

    digits: IntArray
    width: int

    @staticmethod
    def of_int64(matrix: IntArray, width: int) -> LimbMatrix:
        """From int64 (a, b), below 2^62."""
        return LimbMatrix(_balanced([matrix.astype(np.int64)], width), width)

    @staticmethod
    def of_integers(matrix: Sequence[Sequence[int]] | ObjectArray, width: int) -> LimbMatrix:
        """From Python integers (a, b) of any size."""
        rows = matrix.tolist() if isinstance(matrix, np.ndarray) else matrix
        bits = max((max(map(int.bit_length, row), default=0) for row in rows), default=0)
        if bits < WORD - 2:
            return LimbMatrix.of_int64(np.array(rows, dtype=np.int64).reshape(len(rows), -1), width)
        words = bits // WORD + 2  # the last one holds nothing but the sign
        data = b"".join([entry.to_bytes(8 * words, "little", signed=True) for row in rows for entry in row])
        shape = len(rows), len(rows[0])
        parts = np.ascontiguousarray(np.frombuffer(data, dtype="<u8").reshape(-1, words).T).astype(np.uint64)
        mask, count, digits = np.uint64((1 << width) - 1), bits // width + 1, []
        for place in range(count):
            word, shift = divmod(place * width, WORD)
            digit = parts[word] >> np.uint64(shift)
            if shift:
                digit = digit | (parts[word + 1] << np.uint64(WORD - shift))
            digits.append((digit if place + 1 == count else digit & mask).view(np.int64).reshape(shape))
        return LimbMatrix(_balanced(digits, width), width)

    @staticmethod
    def of_digits(digits: Sequence[IntArray], base: int, width: int) -> LimbMatrix:
        """From int64 digits in base 2^base, each below 2^61 in absolute value, base at most 31."""
        own = _room(width)
        sums = np.zeros(((len(digits) - 1) * base // width + 1 + 2 * own, *digits[0].shape), dtype=np.int64)
        for rows in cached(sums):
            for place, digit in enumerate(digits):
                first, shift = divmod(place * base, width)
                parts = np.zeros((own, *digit[rows].shape), dtype=np.int64)
                parts[0] = digit[rows]
                balance(parts, width)
                sums[first : first + own, rows] += (parts & ((1 << (width - shift)) - 1)) << shift
                sums[first + 1 : first + own + 1, rows] += parts >> (width - shift)
        return LimbMatrix(_carry(sums, width), width)

    @staticmethod
    def trimmed(digits: IntArray, width: int) -> LimbMatrix:
        """From balanced digits, of which the last may be zeros."""
        return LimbMatrix(_without_leading_zeros(digits), width)

    @property
    def bits(self) -> int:
        """Entries are below 2^bits in absolute value."""
        top = int(np.abs(self.digits[-1]).max(initial=0)) + 1
        return top.bit_length() + self.width * (len(self.digits) - 1)

    @property
    def shape(self) -> tuple[int, int]:
        """(a, b)."""
        return self.digits.shape[1], self.digits.shape[2]

    @property
    def transposed(self) -> LimbMatrix:
        return LimbMatrix(self.digits.transpose(0, 2, 1), self.width)

    def __add__(self, other: LimbMatrix) -> LimbMatrix:
        return shifted_sum([(self, 0, 1), (other, 0, 1)])

    def __sub__(self, other: LimbMatrix) -> LimbMatrix:
        return shifted_sum([(self, 0, 1), (other, 0, -1)])

    def __lshift__(self, bits: int) -> LimbMatrix:
        return shifted_sum([(self, bits, 1)])

    def __matmul__(self, other: LimbMatrix) -> LimbMatrix:
        """The product, exactly, verified modulo PRIME (Freivalds 1977).

        Raises
        ------
        SpectrumError : a BLAS that does not round as IEEE 754 asks
        """
        return self._times(other, symmetric=False)

    def from_left(self, digits: FloatArray) -> LimbMatrix:
        """A matrix of that width, its digits in float64, times this one of one column; the caller verifies it."""
        self._require_exact(self.shape[0])
        return LimbMatrix(_carry(of_a_vector(digits, self.digits, _room(self.width)), self.width), self.width)

    def symmetric_product(self, other: LimbMatrix) -> LimbMatrix:
        """self @ other, which the caller knows to be symmetric: about half the work. Verified, that too.

        Raises
        ------
        SpectrumError : it is not symmetric, or a BLAS that does not round as IEEE 754 asks
        """
        return self._times(other, symmetric=True)

    def congruence(self, transform: LimbMatrix) -> LimbMatrix:
        """transform^T @ self @ transform for a symmetric matrix, verified; soonest for a triangular transform."""
        columns = transform.transposed
        return columns.symmetric_product((columns @ self).transposed)

    def _times(self, other: LimbMatrix, *, symmetric: bool) -> LimbMatrix:
        self._require_exact(self.shape[1])
        sums = digit_sums(self.digits, other.digits, _room(self.width), symmetric=symmetric)
        found = LimbMatrix(_carry(sums, self.width), self.width)
        found.verify(self, other)
        return found

    def gram(self) -> LimbMatrix:
        """self @ self^T, exactly, verified."""
        self._require_exact(self.shape[1])
        parts = self.digits.astype(np.float64)
        count = 2 * len(parts) - 1 + _room(self.width)
        sums = np.zeros((count, self.shape[0], self.shape[0]), dtype=np.int64)
        for first, high in enumerate(parts):
            sums[2 * first] += (high @ high.T).astype(np.int64)
            for second, low in enumerate(parts[:first]):
                product = (high @ low.T).astype(np.int64)
                sums[first + second] += product
                sums[first + second] += product.T
        found = LimbMatrix(_carry(sums, self.width), self.width)
        found.verify(self, self.transposed)
        return found

    def with_rows_times(self, factors: IntArray) -> LimbMatrix:
        """Row i times factors[i], int64 below 2^62."""
        own = LimbMatrix.of_int64(factors[:, None], self.width).digits
        sums = [np.zeros(self.shape, dtype=np.int64) for _ in range(len(self.digits) + len(own) - 1)]
        for first, part in enumerate(self.digits):
            for second, factor in enumerate(own):
                sums[first + second] += part * factor
        return LimbMatrix(_balanced(sums, self.width), self.width)

    @property
    def symmetric(self) -> bool:
        return np.array_equal(self.digits, self.digits.transpose(0, 2, 1))

    def _require_exact(self, inner: int) -> None:
        if inner << (2 * self.width - 2) > EXACT:
            raise SpectrumError(
                f"exact product over {inner} terms: digits of {self.width} bits; this is a fault of ours"
            )

    def verify(self, left: LimbMatrix, right: LimbMatrix) -> None:
        """Raise where self is not left @ right: compared on two vectors modulo PRIME, which errs once in 10^12."""
        vectors = probes(self.shape[1])
        require_equal(self.image(vectors), left.image(right.image(vectors)))

    def image(self, vectors: IntArray) -> IntArray:
        """self @ vectors modulo PRIME, int64 (a, k), for vectors in [0, PRIME)."""
        total: IntArray = np.zeros((self.shape[0], vectors.shape[1]), dtype=np.int64)
        floats = vectors.astype(np.float64)
        for part in self.digits[::-1]:
            # a digit times a residue is below 2^42: exact in float64 over 2^11 terms
            image = sum(
                (part[:, k : k + 2048].astype(np.float64) @ floats[k : k + 2048]).astype(np.int64) % PRIME
                for k in range(0, len(floats), 2048)
            )
            total = (total * (1 << self.width) + image) % PRIME
        return total

    def integers(self) -> ObjectArray:
        """Python integers (a, b)."""
        found = np.empty(self.shape, dtype=object)
        found[:] = self.lists()
        return found

    def lists(self) -> list[list[int]]:
        """Rows of Python integers."""
        digits = _carried(self.digits, self.width)
        words = len(digits) * self.width // WORD + 1
        packed = np.zeros((self.shape[0] * self.shape[1], words), dtype=np.uint64)
        for place, digit in enumerate(digits):
            word, shift = divmod(place * self.width, WORD)
            flat = np.ascontiguousarray(digit).ravel()
            packed[:, word] |= flat.view(np.uint64) << np.uint64(shift)
            if shift > WORD - self.width and word + 1 < words:
                packed[:, word + 1] |= (flat >> (WORD - shift)).view(np.uint64)
            if place + 1 == len(digits):  # the last digit is 0 or -1, the sign
                packed[:, word + 1 :] |= (flat >> (WORD - 1)).view(np.uint64)[:, None]
        data, size = packed.tobytes(), 8 * words
        read = int.from_bytes
        entries = [read(data[k : k + size], "little", signed=True) for k in range(0, len(data), size)]
        return [entries[k : k + self.shape[1]] for k in range(0, len(entries), self.shape[1])]

    def absolute_row_sums(self) -> list[int]:
        """The sum of the absolute values of each row, Python integers."""
        return self._joined(np.einsum("kij,ij->ki", self.digits, self._signs()))

    def _signs(self) -> IntArray:
        """-1 or 1: the sign of the highest digit that is not 0, as digits are balanced."""
        scaled = np.zeros(self.shape)
        for digit in self.digits:
            scaled *= 2.0**-self.width
            scaled += digit
        return np.where(scaled < 0, -1, 1)

    def diagonal(self) -> list[int]:
        return self._joined(np.diagonal(self.digits, axis1=1, axis2=2))

    def _joined(self, digits: IntArray) -> list[int]:
        """Python integers from digits (limbs, n) of any size."""
        columns = zip(*digits.tolist(), strict=True)
        return [sum(part << (self.width * place) for place, part in enumerate(column)) for column in columns]

    def within(self, bits: int) -> bool:
        """Whether every entry e satisfies -2^bits <= e < 2^bits."""
        return all(self._within(rows, bits) for rows in cached(self.digits))

    def _within(self, rows: slice, bits: int) -> bool:
        places, shift = divmod(bits, self.width)
        own = self.digits[:, rows]
        moved = np.zeros((max(len(own), places + 1), *own.shape[1:]), dtype=np.int64)
        moved[: len(own)] = own
        moved[places] += 1 << shift
        carried = _carried(moved, self.width)  # now e + 2^bits, in [0, 2^(bits + 1))?
        top = carried[places:].copy()
        top[0] >>= shift + 1
        return not top.any()


def shifted_sum(terms: Sequence[tuple[LimbMatrix, int, int]]) -> LimbMatrix:
    """sum sign 2^bits matrix over (matrix, bits, sign), a few matrices of one shape and width, with one carry for all."""
    width = terms[0][0].width
    count = max(bits // width + len(matrix.digits) for matrix, bits, _ in terms)
    sums = np.zeros((count + _room(width), *terms[0][0].shape), dtype=np.int64)
    for rows in cached(sums):
        for matrix, bits, sign in terms:
            places, shift = divmod(bits, width)
            sums[places : places + len(matrix.digits), rows] += matrix.digits[:, rows] * (sign << shift)
        balance(sums[:, rows], width)
    return LimbMatrix.trimmed(sums, width)


def _balanced(digits: Sequence[IntArray], width: int) -> IntArray:
    """The same number with digits in [-2^(width-1), 2^(width-1)), as few as hold it; digits below 2^62."""
    sums = np.zeros((len(digits) + _room(width), *digits[0].shape), dtype=np.int64)
    for place, digit in enumerate(digits):
        sums[place] = digit
    return _carry(sums, width)


def _room(width: int) -> int:
    """Places above the last digit that a carry may reach."""
    return -(-WORD // width)


def _carry(sums: IntArray, width: int) -> IntArray:
    """`_balanced` of an array that is used up; its last `_room` places are zeros."""
    for rows in cached(sums):
        balance(sums[:, rows], width)
    return _without_leading_zeros(sums)


def balance(sums: IntArray, width: int) -> None:
    """Make digits balanced in place; the last must have room for what is carried."""
    half = 1 << (width - 1)
    carry: IntArray = np.zeros(sums.shape[1:], dtype=np.int64)
    moved = np.empty_like(carry)
    for total in sums:
        total += carry
        np.add(total, half, out=carry)
        carry >>= width
        np.left_shift(carry, width, out=moved)
        total -= moved


def _without_leading_zeros(digits: IntArray) -> IntArray:
    count = len(digits)
    while count > 1 and not digits[count - 1].any():
        count -= 1
    return digits[:count]


def cached(digits: IntArray) -> list[slice]:
    """Rows at a time, so that what is carried stays in the processor's caches."""
    step = max(1, CACHED // max(1, digits.shape[2]))
    return [slice(start, start + step) for start in range(0, digits.shape[1], step)]


def _carried(digits: IntArray, width: int) -> IntArray:
    """The same number with all digits but the last in [0, 2^width); the last one carries the sign, and is one more."""
    result = np.empty((len(digits) + 1, *digits.shape[1:]), dtype=np.int64)
    carry: IntArray = np.zeros(digits.shape[1:], dtype=np.int64)
    for place, digit in enumerate(digits):
        total = digit + carry
        result[place] = total & ((1 << width) - 1)
        carry = total >> width
    result[-1] = carry
    return result

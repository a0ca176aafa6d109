"""Accelerated arithmetics: gmpy2 and numpy, imported when one is made. The integers are those of the standard library.

gmpy2 multiplies the same packed rows. numpy multiplies slices in float64: balanced digits of w bits, at most 2^(w-1), so
that every partial sum over 2^(55 - 2w) terms is an integer of at most 2^53, exact in any order of summation; a product is
compared afterwards modulo a prime (Freivalds 1977: a BLAS that does not round as IEEE 754 asks would pass once in 10^18).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from .arithmetic import Arithmetic
from .errors import Malformed, NoVerdict
from .packed import Matrix
from .parallel import Pool

WORD = 64
KEPT = 3
PRIME = 1_048_573
"""Largest prime below 2^20: residues multiply and add up in int64 over millions of terms."""
VECTORS = 3
MOST_PARTS = 4
ROWS_OF_PART = 128
"""Rows of a part at least: BLAS is slow on smaller ones."""
INEXACT = "arithmetic numpy: a matrix product is not exact here; check with --arithmetic stdlib"


class GmpArithmetic(Arithmetic):
    """Packed rows as integers of the GNU multiple-precision library."""

    name = "gmpy2"

    def __init__(self, jobs: int = 1, pool: Pool | None = None) -> None:
        super().__init__(jobs, pool)
        try:
            import gmpy2
        except ImportError:
            raise Malformed("arithmetic gmpy2: the package is not installed; need it, or arithmetic stdlib") from None
        self.integer = gmpy2.mpz


class NumpyArithmetic(Arithmetic):
    """Slices of the factors through float64 matrix products.

    Slices are int64 (digits, rows, columns); between products they are carried, Python integers are made at the end only.
    """

    name = "numpy"

    def __init__(self, jobs: int = 1, pool: Pool | None = None) -> None:
        super().__init__(jobs, pool)
        try:
            import numpy  # only where --arithmetic numpy asks for it: the plain checker needs none
        except ImportError:
            raise Malformed("arithmetic numpy: the package is not installed; need it, or arithmetic stdlib") from None
        self.numpy: Any = numpy
        self._held: dict[int, _Kept] = {}

    def __getstate__(self) -> dict[str, object]:
        """What is kept stays here: another machine has other matrices at these places in memory."""
        return {**super().__getstate__(), "_held": {}}

    def product(self, left: Matrix, right: Matrix) -> Matrix:
        width = digit_width(len(right))
        return self._matrix(self._product(self._slices(left, width), self._slices(right, width), width), width)

    def image(self, matrix: Matrix, vector: Sequence[int], rows: int | None = None) -> list[int]:
        return self._kept(matrix).image(vector, rows)

    def coimage(self, matrix: Matrix, vector: Sequence[int]) -> list[int]:
        return self._kept(matrix).coimage(vector)

    def symmetric_product(self, left: Matrix, right: Matrix) -> Matrix:
        width = digit_width(len(right))
        slices = self._product(self._slices(left, width), self._slices(right, width), width, symmetric=True)
        return self._matrix(slices, width)

    def images(self, symmetric: Matrix, vectors: Sequence[Sequence[int]]) -> Callable[[Sequence[int]], list[int]]:
        return lambda vector: self.image(symmetric, vector)

    def congruence(self, transform: Matrix, symmetric: Matrix) -> Matrix:
        width = digit_width(len(symmetric))
        return self._matrix(self._congruence(transform, symmetric, width), width)

    def largest_row_gap(self, transform: Matrix, symmetric: Matrix, shift: int, one: int) -> int:
        np, width = self.numpy, digit_width(len(symmetric))
        image = self._congruence(transform, symmetric, width)
        unit = self._slices([[one]], width)[:, 0]
        places, bits = divmod(shift, width)
        sums = np.zeros((max(len(image) + places, len(unit)), *image.shape[1:]), dtype=np.int64)
        np.left_shift(image, bits, out=sums[places : places + len(image)])
        index = np.arange(len(symmetric))
        sums[: len(unit), index, index] -= unit
        digits = self._balanced(sums, width)
        size = np.zeros(digits.shape[1:])
        for digit in digits:  # the highest that is not 0 has the number's sign, as digits are balanced
            size *= 2.0**-width
            size += digit
        totals = np.einsum("kij,ij->ki", digits, np.where(size < 0, -1, 1))[:, :, None]
        return max(entry for (entry,) in self._matrix(self._balanced(totals, width), width))

    def _congruence(self, transform: Matrix, symmetric: Matrix, width: int) -> Any:
        factor = self._slices(transform, width)
        columns = factor.transpose(0, 2, 1)
        half = self._product(columns, self._symmetric_slices(symmetric, width), width)
        return self._product(columns, half.transpose(0, 2, 1), width, symmetric=True)

    def first_outside(self, left: Matrix, right: Matrix, added: Matrix, width: int, bits: int) -> int | None:
        np, digit = self.numpy, digit_width(len(right))
        product = self._product(self._slices(left, digit), self._slices(right, digit), digit, symmetric=True)
        rest = self._symmetric_slices(added, digit)
        places, shift = divmod(bits - 1, digit)
        sums = np.zeros((max(len(product), len(rest), places + 1), *product.shape[1:]), dtype=np.int64)
        sums[: len(product)] += product
        sums[: len(rest)] += rest
        sums[places] += 1 << shift
        carried = self._carried(sums, digit)  # e + 2^(bits-1), to be in [0, 2^bits)
        places, shift = divmod(bits, digit)
        outside = (carried[places] >> shift != 0) | carried[places + 1 :].any(axis=0)
        rows = np.flatnonzero(np.triu(outside).any(axis=1))
        return int(rows[0]) if len(rows) else None

    def add_gram(self, gram: list[int], rows: Matrix, width: int) -> None:
        np, digit = self.numpy, digit_width(len(rows))
        slices = self._slices(rows, digit)
        words = self._words(self._product(slices.transpose(0, 2, 1), slices, digit), digit)
        size = width // 8
        slots = np.zeros((*words.shape[:2], size), dtype=np.uint8)  # entries are >= 0 and have room in a slot
        data = np.ascontiguousarray(words).view(np.uint8)
        slots[..., : data.shape[-1]] = data[..., :size]
        for index, row in enumerate(slots):
            gram[index] += int.from_bytes(row[index:].tobytes(), "little")

    def _kept(self, matrix: Matrix) -> _Kept:
        """What is ready of a matrix that is asked for again: the last few are kept; nobody changes a matrix."""
        if id(matrix) not in self._held:
            if len(self._held) == KEPT:
                self._held.pop(next(iter(self._held)))
            self._held[id(matrix)] = _Kept(self, matrix)
        return self._held[id(matrix)]

    def _product(self, left: Any, right: Any, width: int, *, symmetric: bool = False) -> Any:
        """Slices of left @ right, sums over the pairs of slices of the factors; compared modulo PRIME afterwards.

        Parts of the left factor without entries are left out. A product that the caller knows to be symmetric is
        computed below its diagonal blocks only.
        """
        np = self.numpy
        lefts, rights = left.astype(np.float64), right.astype(np.float64)
        rows, columns = left.shape[1], right.shape[2]
        sums = np.zeros((len(left) + len(right) - 1, rows, columns), dtype=np.int64)
        parts = max(1, min(MOST_PARTS, rows // ROWS_OF_PART))
        for start, stop in pairwise(rows * place // parts for place in range(parts + 1)):
            count = stop if symmetric else columns
            for first, low in enumerate(lefts):
                held = np.flatnonzero(low[start:stop].any(axis=0))
                inner = slice(held[0], held[-1] + 1) if len(held) else slice(0, 0)
                for second, high in enumerate(rights):
                    product = low[start:stop, inner] @ high[inner, :count]
                    sums[first + second, start:stop, :count] += product.astype(np.int64)
            if symmetric:
                sums[:, :start, start:stop] = sums[:, start:stop, :start].transpose(0, 2, 1)
        product = self._balanced(sums, width)
        vectors = np.random.default_rng().integers(1, PRIME, (right.shape[2], VECTORS))
        if not np.array_equal(
            self._image(product, vectors, width), self._image(left, self._image(right, vectors, width), width)
        ):
            raise NoVerdict(INEXACT)
        return product

    def _slices(self, matrix: Matrix, width: int) -> Any:
        """Python integers of any size as balanced digits in base 2^width."""
        np = self.numpy
        try:
            short = np.array(matrix, dtype=np.int64)
        except OverflowError:
            pass
        else:
            if -(1 << (WORD - 2)) < int(short.min()) <= int(short.max()) < 1 << (WORD - 2):
                return self._balanced(short[None], width)
        bits = max(max(map(int.bit_length, row)) for row in matrix)
        words, shape = bits // WORD + 2, (len(matrix), len(matrix[0]))  # the last word holds nothing but the sign
        data = b"".join([entry.to_bytes(8 * words, "little", signed=True) for row in matrix for entry in row])
        parts = np.ascontiguousarray(np.frombuffer(data, dtype="<u8").reshape(-1, words).T)
        mask, count, digits = np.uint64((1 << width) - 1), bits // width + 1, []
        for place in range(count):
            word, shift = divmod(place * width, WORD)
            digit = parts[word] >> np.uint64(shift)
            if shift:
                digit = digit | (parts[word + 1] << np.uint64(WORD - shift))
            digits.append((digit if place + 1 == count else digit & mask).view(np.int64).reshape(shape))
        return self._balanced(digits, width)

    def _symmetric_slices(self, matrix: Matrix, width: int) -> Any:
        """`_slices` of a symmetric matrix: only the rows from the diagonal on are converted."""
        size = len(matrix)
        flat = self._slices([[entry for index, row in enumerate(matrix) for entry in row[index:]]], width)[:, 0]
        whole = self.numpy.empty((len(flat), size, size), dtype=flat.dtype)
        start = 0
        for index in range(size):
            part = flat[:, start : start + size - index]
            whole[:, index, index:] = whole[:, index:, index] = part
            start += size - index
        return whole

    def _balanced(self, digits: Any, width: int) -> Any:
        """The same numbers with digits in [-2^(width-1), 2^(width-1)), as few as hold them; given ones below 2^62."""
        np = self.numpy
        half, mask = 1 << (width - 1), (1 << width) - 1
        result = np.empty((len(digits) + -(-WORD // width), *digits[0].shape), dtype=np.int64)
        carry = np.zeros(digits[0].shape, dtype=np.int64)
        for place, total in enumerate(result):
            if place < len(digits):
                carry += digits[place]
            elif not carry.any():
                result = result[:place]
                break
            np.add(carry, half, out=total)
            np.right_shift(total, width, out=carry)
            total &= mask
            total -= half
        count = len(result)
        while count > 1 and not result[count - 1].any():
            count -= 1
        return result[:count]

    def _carried(self, digits: Any, width: int) -> Any:
        """The same numbers with digits in [0, 2^width), and two more that carry the sign: both 0, or both -1."""
        np = self.numpy
        result = np.empty((len(digits) + 2, *digits.shape[1:]), dtype=np.int64)
        carry = np.zeros_like(digits[0])
        for place, digit in enumerate(digits):
            total = digit + carry
            result[place] = total & ((1 << width) - 1)
            carry = total >> width
        result[-2:] = carry
        return result

    def _words(self, digits: Any, width: int) -> Any:
        """Two's complement, uint64 (rows, columns, words)."""
        np = self.numpy
        digits = self._carried(digits, width)[:-1]
        words = np.zeros((len(digits) * width // WORD + 1, *digits.shape[1:]), dtype=np.uint64)
        for place, digit in enumerate(digits):
            word, shift = divmod(place * width, WORD)
            words[word] |= digit.view(np.uint64) << np.uint64(shift)
            if shift > WORD - width and word + 1 < len(words):
                words[word + 1] |= (digit >> (WORD - shift)).view(np.uint64)
        words[word + 1 :] |= (digits[-1] >> (WORD - 1)).view(np.uint64)
        return words.transpose(1, 2, 0)

    def _matrix(self, digits: Any, width: int) -> Matrix:
        """Python integers."""
        words = self._words(digits, width)
        data, size, count = words.tobytes(), 8 * words.shape[2], words.shape[1]
        read = int.from_bytes
        entries = [read(data[k : k + size], "little", signed=True) for k in range(0, len(data), size)]
        return [entries[k : k + count] for k in range(0, len(entries), count)]

    def _image(self, digits: Any, vectors: Any, width: int) -> Any:
        """The matrix of these slices times residues modulo PRIME, int64."""
        np = self.numpy
        total = np.zeros((digits.shape[1], vectors.shape[1]), dtype=np.int64)
        floats = vectors.astype(np.float64)
        step = 1 << (34 - width)  # a digit times a residue is at most 2^(width + 19): float64 adds so many exactly
        for part in digits[::-1]:
            total <<= width
            for start in range(0, len(floats), step):
                columns = slice(start, start + step)
                total += (part[:, columns].astype(np.float64) @ floats[columns]).astype(np.int64) % PRIME
            total %= PRIME
        return total


class _Kept:
    """A matrix made ready for products with vectors: its slices in float64, and its residues modulo PRIME."""

    def __init__(self, own: NumpyArithmetic, matrix: Matrix) -> None:
        np = own.numpy
        self.own, self.matrix = own, matrix  # held, so that no other matrix takes its place in memory
        self.width = digit_width(max(len(matrix), len(matrix[0])))
        slices = own._slices(matrix, self.width)
        self.slices = slices.astype(np.float64)
        self.residues = np.zeros(slices.shape[1:], dtype=np.int64)
        for part in slices[::-1]:
            self.residues = ((self.residues << self.width) + part) % PRIME

    def image(self, vector: Sequence[int], rows: int | None = None) -> list[int]:
        """matrix @ vector, or its first entries."""
        return self._image(self.slices[:, :rows], self.residues[:rows], vector)

    def coimage(self, vector: Sequence[int]) -> list[int]:
        """matrix^T @ vector."""
        return self._image(self.slices.transpose(0, 2, 1), self.residues.T, vector)

    def _image(self, slices: Any, residues: Any, vector: Sequence[int]) -> list[int]:
        own, np = self.own, self.own.numpy
        column = own._slices([[entry] for entry in vector], self.width)
        beside = np.ascontiguousarray(column[:, :, 0].T, dtype=np.float64)
        sums = np.zeros((len(slices) + len(column) - 1, slices.shape[1], 1), dtype=np.int64)
        for first, part in enumerate(slices):
            sums[first : first + len(column), :, 0] += (part @ beside).T.astype(np.int64)
        image = own._balanced(sums, self.width)
        one = np.ones((1, 1), dtype=np.int64)
        residue = own._image(column, one, self.width)
        if not np.array_equal(own._image(image, one, self.width), residues @ residue % PRIME):
            raise NoVerdict(INEXACT)
        return [entry for (entry,) in own._matrix(image, self.width)]


def digit_width(inner: int) -> int:
    """The widest balanced digits for products over ``inner`` terms."""
    return (55 - max(inner - 1, 1).bit_length()) // 2

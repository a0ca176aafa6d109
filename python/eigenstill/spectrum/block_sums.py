"""Exact sums over blocks of rows: what the operator and the fit need of the data, in integers that add in any order.

A block's columns are C = low + 2^20 (high + 2^19) with digits of at most 2^19; their products over at most 8,192 rows are
exact in float64. Sums of blocks are kept carried, so equal sums are equal arrays, whoever computed the blocks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from eigenstill_check.dyadic import ZERO, Dyadic
from eigenstill_check.vectors import Vector

from ..arrays import FloatArray, IntArray, ObjectArray
from ..basis import Basis, exact_columns, fine_floors, has_pairs
from ..errors import SpectrumError
from ..tables.blocks import Block
from .float_digits import DIGIT, FloatDigits
from .limb_matrix import LimbMatrix
from .limbs import PRIME, join, require_equal

DIGITS = 4
UNIT = 2.0**DIGIT
CENTRE = 2.0 ** (DIGIT - 1)
CHUNK = 512
"""Rows at a time: their digits stay in the processor's caches."""


@dataclass(frozen=True)
class TargetTotals:
    """One output of one target: sum t and sum t^2, exact."""

    values: Dyadic = ZERO
    squares: Dyadic = ZERO


@dataclass(frozen=True, eq=False)
class BlockSums:
    """Sums over some rows.

    Attributes
    ----------
    rows : their number
    columns : S, Python integers (r,): sums of the exact columns
    gram : int64 (DIGITS, r, r): C^T C in base 2^20, carried
    trace : int64 (r, 2): C^T C times two vectors modulo PRIME, by another way, to verify the rest
    products, totals : C^T t and the sums of t, by target name, one entry an output
    """

    rows: int
    columns: tuple[int, ...]
    gram: IntArray
    trace: IntArray
    products: Mapping[str, tuple[Vector, ...]]
    totals: Mapping[str, tuple[TargetTotals, ...]]

    def __add__(self, other: BlockSums) -> BlockSums:
        """The sums over the rows of both."""
        return BlockSums(
            self.rows + other.rows,
            tuple(a + b for a, b in zip(self.columns, other.columns, strict=True)),
            carried(self.gram + other.gram),
            (self.trace + other.trace) % PRIME,
            {
                name: tuple(a + b for a, b in zip(vectors, other.products[name], strict=True))
                for name, vectors in self.products.items()
            },
            {
                name: tuple(
                    TargetTotals(a.values + b.values, a.squares + b.squares)
                    for a, b in zip(totals, other.totals[name], strict=True)
                )
                for name, totals in self.totals.items()
            },
        )

    def gram_limbs(self, width: int) -> LimbMatrix:
        """C^T C in digits of that width, verified modulo PRIME.

        Raises
        ------
        SpectrumError : some product was rounded
        """
        gram = LimbMatrix.of_digits(list(self.gram), DIGIT, width)
        require_equal(gram.image(_vectors(self.gram.shape[1])), self.trace)
        return gram

    def full_gram(self) -> ObjectArray:
        """C^T C, Python integers (r, r), verified as `gram_limbs`."""
        return self.gram_limbs(DIGIT).integers()


def block_sums(basis: Basis, inputs: FloatArray, targets: Mapping[str, FloatArray]) -> BlockSums:
    """The sums over one block.

    Parameters
    ----------
    basis : at most 40 grid bits
    inputs : float64 (n, d), at most ROWS rows of `tables.blocks`, that the linear term was made for
    targets : name -> float64 (n, c)
    """
    numbers = {name: [FloatDigits.of(column) for column in values.T] for name, values in targets.items()}
    listed = [own.values for part in numbers.values() for own in part]
    adder = _Adder(basis.columns, sum(values.shape[1] for values in listed))
    for start in range(0, len(inputs), CHUNK):
        rows = slice(start, start + CHUNK)
        adder.add(exact_floats(basis, inputs[rows]), [values[rows] for values in listed])
    products: dict[str, tuple[Vector, ...]] = {}
    first = 3
    for name, part in numbers.items():
        vectors = []
        for own in part:
            vectors.append(Vector(adder.product(first, first + own.values.shape[1]), own.exponent))
            first += own.values.shape[1]
        products[name] = tuple(vectors)
    totals = {name: tuple(TargetTotals(own.total(), own.dot(own)) for own in part) for name, part in numbers.items()}
    return BlockSums(len(inputs), tuple(adder.product(0, 1)), adder.gram(), adder.trace(), products, totals)


class _Adder:
    """Sums over the chunks of a block of at most ROWS rows.

    low + high is at most 2^20, and the products of low with high are those of their sum less those of each: three
    symmetric products. Beside the columns stand others: 1, the image of two vectors modulo PRIME, the targets' digits.
    """

    def __init__(self, size: int, digits_of_targets: int) -> None:
        self.rows = 0
        self.squares = [np.zeros((size, size), order="F") for _ in range(3)]
        self.digits = np.empty((2, CHUNK, size))
        self.vectors = _vectors(size).astype(np.float64)
        self.lows, self.highs = (np.zeros((size, 3 + digits_of_targets)) for _ in range(2))
        self.beside = np.zeros(3 + digits_of_targets)

    def add(self, floors: FloatArray, numbers: Sequence[FloatArray]) -> None:
        """Some rows of C, and of the targets' digits; the array of the columns is used up."""
        from scipy.linalg.blas import dsyrk

        low, high = (part[: len(floors)] for part in self.digits)
        digits(floors, low, high)
        high -= CENTRE
        mixed = np.add(low, high, out=floors)
        for square, part in zip(self.squares, (low, mixed, high), strict=True):
            dsyrk(1.0, part.T, beta=1.0, c=square, overwrite_c=True)
        constant = CENTRE * UNIT % PRIME * (self.vectors.sum(axis=0) % PRIME)
        image = (low @ self.vectors % PRIME + high @ self.vectors % PRIME * UNIT + constant) % PRIME
        beside = np.hstack([np.ones((len(low), 1)), image, *numbers])
        self.rows += len(low)
        self.lows += low.T @ beside
        self.highs += high.T @ beside
        self.beside += beside.sum(axis=0)

    def gram(self) -> IntArray:
        """C^T C, carried."""
        low, mixed, high = (_mirrored(square) for square in self.squares)
        centred = self.lows[:, 0].astype(np.int64) + (self.highs[:, 0].astype(np.int64) << DIGIT)
        both = centred[:, None] + centred  # C = low + 2^20 high + 2^39
        parts = [low, mixed - low - high, high, np.full_like(low, self.rows << (2 * DIGIT - 22))]
        parts[1] += (both & ((1 << DIGIT) - 1)) << (DIGIT - 1)
        parts[2] += (both >> DIGIT) << (DIGIT - 1)
        return carried(np.stack(parts))

    def trace(self) -> IntArray:
        """C^T C v modulo PRIME by matrix-vector products."""
        lows, highs, beside = self.lows[:, 1:3] % PRIME, self.highs[:, 1:3] % PRIME, self.beside[1:3] % PRIME
        result: IntArray = ((lows + highs * UNIT + CENTRE * UNIT % PRIME * beside) % PRIME).astype(np.int64)
        return result

    def product(self, first: int, last: int) -> list[int]:
        """C^T times the number whose digits stand in these columns beside C."""
        sums = np.zeros((last - first + 1, len(self.lows)), dtype=np.int64)
        sums[:-1] += self.lows[:, first:last].T.astype(np.int64)
        sums[1:] += self.highs[:, first:last].T.astype(np.int64)
        sums[1:] += (self.beside[first:last].astype(np.int64) << (DIGIT - 1))[:, None]
        return [int(entry) for entry in join(list(sums), DIGIT)]


def sums_of_block(basis: Basis, block: Block) -> BlockSums:
    """`block_sums` of a block of rows with its targets."""
    return block_sums(basis, block.inputs, block.targets)


def exact_floats(basis: Basis, inputs: FloatArray) -> FloatArray:
    """The exact columns as float64 (n, r)."""
    if has_pairs(basis):
        floors = fine_floors(basis, inputs)
        if floors is not None:
            return floors
    return exact_columns(basis, inputs).astype(np.float64)


def digits(floors: FloatArray, low: FloatArray, high: FloatArray) -> None:
    """Fill low + 2^20 high = floors, |low| <= 2^19, 0 <= high <= 2^20. Raises SpectrumError outside [0, 2^40]."""
    np.multiply(floors, 1.0 / UNIT, out=high)
    np.rint(high, out=high)
    if high.size and not 0.0 <= float(high.min()) <= float(high.max()) <= UNIT:
        raise SpectrumError("exact sums: a column outside [0, 2^40] on a training row; this is a fault of ours")
    np.multiply(high, UNIT, out=low)
    np.subtract(floors, low, out=low)


def carried(sums: IntArray) -> IntArray:
    """The same numbers with all digits but the last in [0, 2^20)."""
    result = np.empty_like(sums)
    carry = np.zeros_like(sums[0])
    for place in range(DIGITS - 1):
        carry = carry + sums[place]
        result[place] = carry & ((1 << DIGIT) - 1)
        carry >>= DIGIT
    result[-1] = sums[-1] + carry
    return result


def exact_product(low: FloatArray, high: FloatArray, column: FloatArray) -> Vector:
    """(low + 2^20 high)^T column, r entries, for at most ROWS float64 numbers."""
    numbers = FloatDigits.of(column)
    sums = np.zeros((numbers.values.shape[1] + 1, low.shape[1]), dtype=np.int64)
    sums[:-1] += (numbers.values.T @ low).astype(np.int64)
    sums[1:] += (numbers.values.T @ high).astype(np.int64)
    return Vector([int(entry) for entry in join(list(sums), DIGIT)], numbers.exponent)


def _mirrored(upper: FloatArray) -> IntArray:
    """The symmetric matrix of integers with this upper triangle, zeros below it."""
    whole: IntArray = upper.astype(np.int64)
    diagonal = np.diag(whole).copy()
    whole = whole + whole.T
    np.fill_diagonal(whole, diagonal)
    return whole


def _vectors(size: int) -> IntArray:
    return np.random.default_rng(size).integers(1, PRIME, (size, 2))

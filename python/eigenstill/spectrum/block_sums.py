"""Exact sums over blocks of rows: what the operator and the fit need of the data, in integers that add in any order.

A block's columns are split into two balanced digits of 20 bits; their products over at most 8,192 rows are exact in
float64. Sums of blocks are kept carried, so equal sums are equal arrays, whoever computed the blocks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from eigenstill_check.dyadic import ZERO, Dyadic
from eigenstill_check.vectors import Vector

from ..arrays import FloatArray, IntArray, ObjectArray
from ..basis import Basis, exact_columns, fine_floors, has_fine_columns
from ..basis.exact_columns import common_integers
from ..errors import SpectrumError
from ..tables.blocks import Block
from .limbs import PRIME, join, require_equal, residues, split

DIGIT = 20
DIGITS = 4
UNIT = 2.0**DIGIT


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

    def full_gram(self) -> ObjectArray:
        """C^T C, Python integers (r, r), verified modulo PRIME.

        Raises
        ------
        SpectrumError : some product was rounded
        """
        gram = join(list(self.gram), DIGIT)
        require_equal(residues(gram) @ _vectors(len(gram)) % PRIME, self.trace)
        return gram


def block_sums(basis: Basis, inputs: FloatArray, targets: Mapping[str, FloatArray]) -> BlockSums:
    """The sums over one block.

    Parameters
    ----------
    basis : at most 40 grid bits
    inputs : float64 (n, d), at most ROWS rows of `tables.blocks`, that the linear term was made for
    targets : name -> float64 (n, c)
    """
    floors = exact_floats(basis, inputs)
    low, high = digits(floors)
    cross = low.T @ high
    parts = [low.T @ low, cross + cross.T, high.T @ high]
    gram = np.zeros((DIGITS, *cross.shape), dtype=np.int64)
    for place, part in enumerate(parts):
        gram[place] = part.astype(np.int64)
    sums = low.sum(axis=0).astype(np.int64).astype(object) + (high.sum(axis=0).astype(np.int64).astype(object) << DIGIT)
    products, totals = {}, {}
    for name, values in targets.items():
        products[name], totals[name] = zip(*(_target(low, high, column) for column in values.T), strict=True)
    return BlockSums(len(inputs), tuple(map(int, sums)), carried(gram), _trace(low, high), products, totals)


def sums_of_block(basis: Basis, block: Block) -> BlockSums:
    """`block_sums` of a block of rows with its targets."""
    return block_sums(basis, block.inputs, block.targets)


def exact_floats(basis: Basis, inputs: FloatArray) -> FloatArray:
    """The exact columns as float64 (n, r)."""
    if has_fine_columns(basis) and basis.kernel != "rational-l1":
        floors = fine_floors(basis, inputs)
        if floors is not None:
            return floors
    return exact_columns(basis, inputs).astype(np.float64)


def digits(floors: FloatArray) -> tuple[FloatArray, FloatArray]:
    """low + 2^20 high, |low| <= 2^19, |high| <= 2^20. Raises SpectrumError beyond 40 bits."""
    high = np.rint(floors * (1.0 / UNIT))
    if high.size and float(np.abs(high).max()) > UNIT:
        raise SpectrumError("exact sums: a column beyond 2^40 on a training row; this is a fault of ours")
    return floors - high * UNIT, high


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


def exact_product(low: FloatArray, high: FloatArray, numbers: ObjectArray | IntArray) -> ObjectArray:
    """(low + 2^20 high)^T @ numbers, Python integers (r, k), for integers (n, k) of any size; n at most ROWS."""
    limbs = [limb.astype(np.float64) for limb in split(numbers, DIGIT)]
    sums = [np.zeros((low.shape[1], numbers.shape[1]), dtype=np.int64) for _ in range(len(limbs) + 1)]
    for place, limb in enumerate(limbs):
        sums[place] += (low.T @ limb).astype(np.int64)
        sums[place + 1] += (high.T @ limb).astype(np.int64)
    return join(sums, DIGIT)


def _target(low: FloatArray, high: FloatArray, column: FloatArray) -> tuple[Vector, TargetTotals]:
    integers, exponent = common_integers(column)
    values = np.array(integers, dtype=object)
    product = exact_product(low, high, values[:, None])[:, 0]
    squares = sum(value * value for value in integers)
    totals = TargetTotals(Dyadic(sum(integers), exponent), Dyadic(squares, 2 * exponent))
    return Vector([int(entry) for entry in product], exponent), totals


def _vectors(size: int) -> IntArray:
    return np.random.default_rng(size).integers(1, PRIME, (size, 2))


def _trace(low: FloatArray, high: FloatArray) -> IntArray:
    """C^T (C v) modulo PRIME by matrix-vector products."""
    vectors = _vectors(low.shape[1]).astype(np.float64)
    image = ((low @ vectors) % PRIME + (high @ vectors) % PRIME * UNIT) % PRIME
    back = (low.T @ image) % PRIME + (high.T @ image) % PRIME * UNIT
    result: IntArray = (back % PRIME).astype(np.int64)
    return result

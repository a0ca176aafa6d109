"""Exact sums over blocks of rows: what the operator and the fit need of the data, in integers that add in any order.

Sums of blocks are kept carried, so equal sums are equal arrays, whoever computed the blocks (`adder`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from eigenstill_check.dyadic import ZERO, Dyadic
from eigenstill_check.vectors import Vector

from ..arrays import FloatArray, IntArray, ObjectArray
from ..basis import Basis, exact_columns, fine_floors, has_pairs
from ..basis.device_columns import device_floats
from ..device import Device
from ..tables.blocks import ROWS, Block
from .adder import CHUNK, Adder, carried
from .device_adder import DeviceAdder
from .float_digits import DIGIT, FloatDigits
from .limb_matrix import LimbMatrix
from .limbs import PRIME, join, probes, require_equal


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
            carried(self.gram, other.gram),
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
        require_equal(gram.image(probes(self.gram.shape[1])), self.trace)
        return gram

    def full_gram(self) -> ObjectArray:
        """C^T C, Python integers (r, r), verified as `gram_limbs`."""
        return self.gram_limbs(DIGIT).integers()


def block_sums(
    basis: Basis, inputs: FloatArray, targets: Mapping[str, FloatArray], device: Device | None = None
) -> BlockSums:
    """The sums over one block.

    Parameters
    ----------
    basis : at most 40 grid bits
    inputs : float64 (n, d), at most ROWS rows of `tables.blocks`, that the linear term was made for
    targets : name -> float64 (n, c)
    device : where float64 is computed, numpy by default; the sums do not depend on it
    """
    numbers = {name: [FloatDigits.of(column) for column in values.T] for name, values in targets.items()}
    listed = [own.values for part in numbers.values() for own in part]
    width = sum(values.shape[1] for values in listed)
    adder = Adder(basis.columns, width) if device is None else DeviceAdder(device, basis.columns, width)
    chunk = CHUNK if device is None else ROWS
    for start in range(0, len(inputs), chunk):
        rows = slice(start, start + chunk)
        adder.add(exact_floats(basis, inputs[rows], device), [values[rows] for values in listed])
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


def sums_of_block(basis: Basis, device: Device | None, block: Block) -> BlockSums:
    """`block_sums` of a block of rows with its targets."""
    return block_sums(basis, block.inputs, block.targets, device)


def exact_floats(basis: Basis, inputs: FloatArray, device: Device | None = None) -> Any:
    """The exact columns as float64 (n, r): an array, or a tensor on the device."""
    if device is not None:
        return device_floats(device, basis, inputs)
    if has_pairs(basis):
        floors = fine_floors(basis, inputs)
        if floors is not None:
            return floors
    return exact_columns(basis, inputs).astype(np.float64)


def exact_product(low: FloatArray, high: FloatArray, column: FloatArray) -> Vector:
    """(low + 2^20 high)^T column, r entries, for at most ROWS float64 numbers."""
    numbers = FloatDigits.of(column)
    sums = np.zeros((numbers.values.shape[1] + 1, low.shape[1]), dtype=np.int64)
    sums[:-1] += (numbers.values.T @ low).astype(np.int64)
    sums[1:] += (numbers.values.T @ high).astype(np.int64)
    return Vector([int(entry) for entry in join(list(sums), DIGIT)], numbers.exponent)

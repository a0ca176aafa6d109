"""The exact columns and what their floor cuts off, fast: in float64 pairs, integers only where those leave a doubt.

For the rational kernels: 2^p phi = floor + fraction, the fraction within a proved bound far below 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import FloatArray
from .basis import Basis
from .exact_columns import exact_floors, linear_floors
from .pairs import BLOCK, Reciprocals, prepare_pairs


@dataclass(frozen=True, eq=False)
class FineColumns:
    """2^p times the columns on some rows.

    floors : float64 (n, r), integers: the exact columns of `exact_columns`
    fractions : float64 (n, r), 2^p phi - floor, within `bound`
    """

    floors: FloatArray
    fractions: FloatArray
    bound: float


def fine_columns(basis: Basis, inputs: FloatArray) -> FineColumns | None:
    """Floors and fractions at rows (n, d); None where the rows are too spread out for float64 pairs.

    |fraction - true fraction| <= bound; the floors are exact. The basis must be one of `has_pairs`.
    """
    pairs = prepare_pairs(basis, inputs)
    if pairs is None:
        return None
    count, size, unit = len(basis.landmarks), len(inputs), 2.0**basis.grid_bits
    floors, fractions = np.empty((size, basis.columns)), np.empty((size, basis.columns))
    reciprocals = Reciprocals(min(BLOCK, size), count)
    for start in range(0, size, BLOCK):
        rows = slice(start, min(start + BLOCK, size))
        quotient, correction = reciprocals.of(pairs, rows)
        quotient *= unit
        correction *= unit
        part = np.floor(quotient)
        quotient -= part
        quotient += correction
        whole = np.floor(quotient, out=correction)
        np.add(part, whole, out=floors[rows, :count])
        np.subtract(quotient, whole, out=fractions[rows, :count])
    bound = pairs.error * unit + 2.0**-20
    kernel_floors, kernel_fractions = floors[:, :count], fractions[:, :count]
    found = np.flatnonzero((kernel_fractions <= bound) | (kernel_fractions >= 1.0 - bound))
    if found.size:
        rows_open, columns_open = np.divmod(found, count)
        exact = np.array(exact_floors(basis, inputs, rows_open, columns_open), dtype=np.float64)
        kernel_fractions[rows_open, columns_open] += kernel_floors[rows_open, columns_open] - exact
        kernel_floors[rows_open, columns_open] = exact
    if basis.offsets is not None:
        floors[:, count:], fractions[:, count:] = linear_floors(basis, basis.offsets, inputs)
    return FineColumns(floors, fractions, bound)

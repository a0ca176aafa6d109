"""The basis in exact integers: C_ij = floor(2^p phi_j(x_i)), and the floored linear columns.

float64 decides each floor, except where 2^p phi lies within its error bound of an integer; those few entries are
computed in Python integers. The result is the mathematical floor, whatever the machine.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from eigenstill_check.basis import EXPONENTIAL

from ..arrays import FloatArray, IntArray
from ..errors import BasisError
from .basis import Basis, two_difference
from .kernels import error_bound, kernel_values

BLOCK = 4096
LARGEST = 2.0**62


def exact_columns(basis: Basis, inputs: FloatArray) -> IntArray:
    """C, int64 (n, r): floor(2^p phi_j(x_i)) for the landmarks, floor(2^p (x_id - o_d) / 2^E_d) for the linear term.

    Every float64 is taken at its exact value. On the rows that the linear term was made for, 0 <= C <= 2^p.

    Raises
    ------
    BasisError : a linear column leaves int64 (a row 2^22 times farther out than the training rows)
    """
    columns = np.empty((len(inputs), basis.columns), dtype=np.int64)
    count = len(basis.landmarks)
    for start in range(0, len(inputs), BLOCK):
        rows = inputs[start : start + BLOCK]
        if count:
            columns[start : start + len(rows), :count] = _kernel_columns(basis, rows)
    if basis.offsets is not None:
        columns[:, count:] = linear_floors(basis, basis.offsets, inputs)[0]
    return columns


def linear_floors(basis: Basis, offsets: FloatArray, inputs: FloatArray) -> tuple[IntArray, FloatArray]:
    """The floored linear columns, int64 (n, d), and the fractions that the floor cuts off, within 2^-50.

    x - o = first + rest exactly, so the floor is that of first, moved down by a negative rest only at an integer.
    """
    first, rest = two_difference(inputs, offsets)
    shift = basis.grid_bits - np.array(basis.exponents)
    scaled, rest = np.ldexp(first, shift), np.ldexp(rest, shift)
    if not (np.abs(scaled) < LARGEST).all():
        row, column = np.argwhere(~(np.abs(scaled) < LARGEST))[0]
        raise BasisError(f"row {row}, column {column}: {inputs[row, column]:g} is too far from the training rows")
    floors = np.floor(scaled)
    down = np.where(floors == scaled, np.floor(rest), 0.0)
    columns: IntArray = floors.astype(np.int64) + down.astype(np.int64)
    return columns, (scaled - floors - down) + rest


def _kernel_columns(basis: Basis, rows: FloatArray) -> IntArray:
    phi = kernel_values(basis.kernel, rows, basis.landmarks, basis.scales)
    scaled = np.ldexp(phi, basis.grid_bits)
    bound = np.ldexp(error_bound(basis.kernel, basis.inputs, phi), basis.grid_bits)
    floors = np.floor(scaled)
    columns = floors.astype(np.int64)
    open_rows, open_columns = np.nonzero(  # phi > 0, so a floor of 0 cannot be too large
        ((scaled - floors <= bound) & (floors > 0)) | (floors + 1.0 - scaled <= bound)
    )
    if open_rows.size:
        columns[open_rows, open_columns] = exact_floors(basis, rows, open_rows, open_columns)
    return columns


def exact_floors(basis: Basis, rows: FloatArray, row_places: IntArray, landmark_places: IntArray) -> list[int]:
    """floor(2^p phi_j(x_i)) in Python integers for the listed pairs (row, landmark)."""
    square, exponential = basis.kernel != "rational-l1", EXPONENTIAL.get(basis.kernel)
    power = 2 if square else 1
    used, which = np.unique(row_places, return_inverse=True)
    points, centres, units = [], [], []
    for column in range(basis.inputs):
        values = np.concatenate([rows[used, column], basis.landmarks[:, column]])
        integers, exponent = common_integers(values)
        points.append(integers[: len(used)])
        centres.append(integers[len(used) :])
        (scale,), scale_exponent = common_integers(basis.scales[column : column + 1])
        units.append((scale, scale_exponent + power * exponent))
    lowest = min(0, *(exponent for _, exponent in units))
    factors = [scale << (exponent - lowest) for scale, exponent in units]
    one = 1 << -lowest
    top = one << basis.grid_bits
    floors = []
    for row, landmark in zip(which.tolist(), landmark_places.tolist(), strict=True):
        total = one
        for column, factor in enumerate(factors):
            gap = points[column][row] - centres[column][landmark]
            total += factor * (gap * gap if square else abs(gap))
        floors.append(top // total if exponential is None else exponential(total - one, -lowest, basis.grid_bits))
    return floors


def common_integers(values: FloatArray) -> tuple[Sequence[int], int]:
    """Integers k and an exponent e with values = k 2^e exactly; e is the largest such for all values together."""
    mantissas, exponents = np.frexp(values)
    whole = np.ldexp(mantissas, 53).astype(np.int64)
    held = whole != 0
    if not held.any():
        return [0] * len(values), 0
    lowest_bit = whole[held] & -whole[held]
    low = int((exponents[held] - 53 + np.log2(lowest_bit.astype(np.float64)).astype(np.int64)).min())
    shifts = exponents.astype(np.int64) - 53 - low
    return [
        int(number) << int(shift) if shift >= 0 else int(number) >> int(-shift)
        for number, shift in zip(whole.tolist(), shifts.tolist(), strict=True)
    ], low

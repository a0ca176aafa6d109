"""The exact columns and what their floor cuts off, fast: in float64 pairs, integers only where those leave a doubt.

For the rational kernels: 2^p phi = floor + fraction, the fraction within a proved bound far below 1. Squared distances
come from matrix products whose leading parts are exact: q = A_i + B_j - 2 P_ij, each of the three as a multiple of one
power of two v, which float64 adds without error, and a small rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, frexp, log2

import numpy as np

from ..arrays import FloatArray, IntArray
from .basis import Basis, two_difference
from .exact_columns import exact_floors, linear_floors
from .kernels import RATIONAL_KERNELS
from .rounding import round_bits

BLOCK = 256
"""Rows at a time: their arrays stay in the processor's second cache."""
VELTKAMP = 2.0**27 + 1.0
WIDEST_BOUND = 2.0**-6
"""A larger bound of the fractions would send too many entries to Python integers."""


@dataclass(frozen=True, eq=False)
class FineColumns:
    """2^p times the columns on some rows.

    floors : float64 (n, r), integers: the exact columns of `exact_columns`
    fractions : float64 (n, r), 2^p phi - floor, within `bound`
    """

    floors: FloatArray
    fractions: FloatArray
    bound: float


def has_fine_columns(basis: Basis) -> bool:
    """Whether `fine_columns` knows the kernel."""
    return basis.kernel in RATIONAL_KERNELS


def fine_columns(basis: Basis, inputs: FloatArray) -> FineColumns | None:
    """Floors and fractions at rows (n, d); None where the rows are too spread out for float64 pairs.

    |fraction - true fraction| <= bound; the floors are exact.
    """
    prepared = prepare_pairs(basis, inputs)
    if prepared is None:
        return None
    count, size = len(basis.landmarks), len(inputs)
    floors, fractions = np.empty((size, basis.columns)), np.empty((size, basis.columns))
    for start in range(0, size, BLOCK):
        rows = slice(start, min(start + BLOCK, size))
        leading, rest = prepared.denominators(rows)
        _divide(leading, rest, basis.grid_bits, floors[rows, :count], fractions[rows, :count])
    bound = prepared.error * 2.0**basis.grid_bits + 2.0**-20
    kernel_floors, kernel_fractions = floors[:, :count], fractions[:, :count]
    rows_open, columns_open = np.nonzero((kernel_fractions <= bound) | (kernel_fractions >= 1.0 - bound))
    if rows_open.size:
        exact = np.array(exact_floors(basis, inputs, rows_open, columns_open), dtype=np.float64)
        kernel_fractions[rows_open, columns_open] += kernel_floors[rows_open, columns_open] - exact
        kernel_floors[rows_open, columns_open] = exact
    if basis.offsets is not None:
        floors[:, count:], fractions[:, count:] = linear_floors(basis, basis.offsets, inputs)
    return FineColumns(floors, fractions, bound)


def fine_floors(basis: Basis, inputs: FloatArray) -> FloatArray | None:
    """The floors of `fine_columns` alone: float64 decides, pairs where it leaves a doubt, integers where those do."""
    prepared = prepare_pairs(basis, inputs)
    if prepared is None:
        return None
    count, size = len(basis.landmarks), len(inputs)
    floors = np.empty((size, basis.columns))
    bound = prepared.error * 2.0**basis.grid_bits + 2.0 ** (basis.grid_bits - 51)
    for start in range(0, size, BLOCK):
        rows = slice(start, min(start + BLOCK, size))
        leading, rest = prepared.denominators(rows)
        scaled = leading + rest
        np.divide(2.0**basis.grid_bits, scaled, out=scaled)
        part = np.floor(scaled)
        scaled -= part
        scaled -= 0.5
        np.abs(scaled, out=scaled)
        lines, columns = np.nonzero(scaled >= 0.5 - bound)
        if lines.size:
            places = lines, columns
            part[places] = _decided(basis, inputs[rows], leading[places], rest[places], prepared.error, places)
        floors[rows, :count] = part
    if basis.offsets is not None:
        floors[:, count:] = linear_floors(basis, basis.offsets, inputs)[0]
    return floors


def _decided(
    basis: Basis,
    inputs: FloatArray,
    leading: FloatArray,
    rest: FloatArray,
    error: float,
    places: tuple[IntArray, IntArray],
) -> FloatArray:
    """Floors of single entries, the doubtful ones of these in integers."""
    floors, fractions = np.empty_like(leading), np.empty_like(leading)
    _divide(leading, rest, basis.grid_bits, floors, fractions)
    bound = error * 2.0**basis.grid_bits + 2.0**-20
    doubtful = (fractions <= bound) | (fractions >= 1.0 - bound)
    if doubtful.any():
        floors[doubtful] = exact_floors(basis, inputs, places[0][doubtful], places[1][doubtful])
    return floors


def _divide(leading: FloatArray, rest: FloatArray, bits: int, floors: FloatArray, fractions: FloatArray) -> None:
    """Floor and fraction of 2^bits / (leading + rest), leading + rest >= 1/2 and |rest| <= 2^-10.

    A quotient of 26 bits times the halves of `leading` is exact, so is the remainder 1 - r leading up to its last bits:
    the relative error is below 2^-70.
    """
    quotient = np.reciprocal(leading + rest)
    scaled = quotient * VELTKAMP
    quotient = scaled - (scaled - quotient)
    scaled = leading * VELTKAMP
    high = scaled - (scaled - leading)
    remainder = 1.0 - quotient * high
    remainder -= quotient * (leading - high)
    remainder -= quotient * rest
    quotient = np.ldexp(quotient, bits)
    correction = remainder * quotient * (1.0 + remainder * (1.0 + remainder))
    np.floor(quotient, out=floors)
    np.subtract(quotient, floors, out=fractions)
    fractions += correction
    whole = np.floor(fractions)
    floors += whole
    fractions -= whole


@dataclass(frozen=True, eq=False)
class SquaredPairs:
    """1 + q of rational-quadratic by exact leading products."""

    row_parts: tuple[FloatArray, FloatArray]
    landmark_parts: tuple[FloatArray, FloatArray]
    row_terms: tuple[FloatArray, FloatArray]
    landmark_terms: tuple[FloatArray, FloatArray]
    error: float

    def denominators(self, rows: slice) -> tuple[FloatArray, FloatArray]:
        (high, low), (other_high, other_low) = (part[rows] for part in self.row_parts), self.landmark_parts
        leading = high @ other_high.T
        leading *= -2.0
        leading += self.landmark_terms[0]
        leading += self.row_terms[0][rows, None]
        rest = np.hstack([high, low]) @ np.hstack([other_low, other_high + other_low]).T
        rest *= -2.0
        rest += self.landmark_terms[1]
        rest += self.row_terms[1][rows, None]
        return leading, rest


@dataclass(frozen=True, eq=False)
class AbsolutePairs:
    """1 + q of rational-l1: differences of two parts, the sign from the leading one."""

    row_parts: tuple[FloatArray, FloatArray]
    landmark_parts: tuple[FloatArray, FloatArray]
    error: float

    def denominators(self, rows: slice) -> tuple[FloatArray, FloatArray]:
        (high, low), (other_high, other_low) = (part[rows] for part in self.row_parts), self.landmark_parts
        leading = np.ones((len(high), len(other_high)))
        rest = np.zeros_like(leading)
        for place in range(high.shape[1]):
            gap = high[:, place, None] - other_high[:, place]
            small = low[:, place, None] - other_low[:, place]
            sign = np.copysign(1.0, gap + small)
            leading += np.abs(gap, out=gap)
            rest += np.multiply(small, sign, out=small)
        return leading, rest


def prepare_pairs(basis: Basis, inputs: FloatArray) -> SquaredPairs | AbsolutePairs | None:
    """Rows and landmarks in two parts each, around the landmarks' mean, in the scale of the distance."""
    centre = round_bits(basis.landmarks.mean(axis=0))
    if basis.kernel == "rational-l1":
        return _absolute(basis, inputs, centre)
    _, power = np.frexp(basis.scales)
    half = power // 2
    factors = np.ldexp(basis.scales, -2 * half)  # s = factor 4^half, 1/2 <= factor < 2, as many bits as s has
    if not (np.ldexp(np.rint(np.ldexp(factors, 25)), -25) == factors).all():
        return None  # scales of more than 24 bits are not ours
    rows, landmarks = (_scaled(values, centre, half) for values in (inputs, basis.landmarks))
    size = max(1.0, *(float(np.abs(part[0]).max()) for part in (rows, landmarks))) * 2.0
    top = frexp(size)[1]
    width = (50 - ceil(log2(max(2, basis.inputs)))) // 2
    if top > min(width, 12):
        return None
    weighted = landmarks[0] * factors  # up to rounding, which goes to the rest
    weighted_rest = _product_rest(landmarks[0], factors, weighted) + landmarks[1] * factors
    unit = top - width
    row_parts, landmark_parts = _parts(rows, unit), _parts((weighted, weighted_rest), unit)
    row_terms = _square_terms(row_parts, factors, 2 * unit)
    terms = _square_terms(_parts(landmarks, unit), factors, 2 * unit)
    error = 64.0 * basis.inputs**2 * 2.0 ** (2 * top - width - 53)
    if error * 2.0**basis.grid_bits > WIDEST_BOUND:
        return None
    return SquaredPairs(row_parts, landmark_parts, row_terms, (terms[0] + 1.0, terms[1]), error)


def _absolute(basis: Basis, inputs: FloatArray, centre: FloatArray) -> AbsolutePairs | None:
    sides = []
    for values in (inputs, basis.landmarks):
        first, second = two_difference(values, centre)
        product = first * basis.scales
        sides.append((product, _product_rest(first, basis.scales, product) + second * basis.scales))
    size = sum(float(np.abs(product).max(axis=0).sum()) for product, _ in sides) + 1.0
    top = frexp(size)[1]
    error = 8.0 * basis.inputs**2 * 2.0 ** (top - 52 - 48)
    if error * 2.0**basis.grid_bits > WIDEST_BOUND or top > 20:
        return None
    rows, landmarks = (_parts(side, top - 51) for side in sides)
    return AbsolutePairs(rows, landmarks, error)


def _scaled(values: FloatArray, centre: FloatArray, half: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(x - centre) 2^half exactly, as a sum of two."""
    first, second = two_difference(values, centre)
    return np.ldexp(first, half), np.ldexp(second, half)


def _parts(pair: tuple[FloatArray, FloatArray], exponent: int) -> tuple[FloatArray, FloatArray]:
    """The pair's first part rounded to multiples of 2^exponent, and all the rest."""
    high = np.ldexp(np.rint(np.ldexp(pair[0], -exponent)), exponent)
    return high, (pair[0] - high) + pair[1]


def _product_rest(left: FloatArray, right: FloatArray, product: FloatArray) -> FloatArray:
    """left right - product exactly (Dekker 1971), for product the rounded one."""
    (a, b), (c, d) = _halves(left), _halves(right)
    rest: FloatArray = ((a * c - product) + a * d + b * c) + b * d
    return rest


def _halves(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    scaled = values * VELTKAMP
    high = scaled - (scaled - values)
    return high, values - high


def _square_terms(
    parts: tuple[FloatArray, FloatArray], factors: FloatArray, exponent: int
) -> tuple[FloatArray, FloatArray]:
    """sum_d factor (high + low)^2 in two parts, the leading one an exact multiple of 2^exponent."""
    high, low = parts
    square = high * high
    first, second = _halves(square)
    product = first * factors  # exact: 26 bits times 25
    leading = np.ldexp(np.rint(np.ldexp(product, -exponent)), exponent)
    rest = (product - leading) + second * factors + (2.0 * high + low) * low * factors
    return leading.sum(axis=-1), rest.sum(axis=-1)

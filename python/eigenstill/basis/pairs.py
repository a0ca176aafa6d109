"""1 + q of the rational kernels as a float64 number and a small rest, and its reciprocal to 2^-70.

Leading parts are multiples of one power of two, which float64 adds and multiplies without error; what they leave is
small, so rounding it costs little.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, frexp, log2

import numpy as np

from ..arrays import FloatArray, IntArray
from .basis import Basis, two_difference
from .kernels import RATIONAL_KERNELS
from .rounding import round_bits

BLOCK = 64
"""Rows at a time: their arrays stay in the processor's second cache."""
VELTKAMP = 2.0**27 + 1.0
ON_GRID = 1.5 * 2.0**26
"""Adding and subtracting it rounds a number below 2^25 to a multiple of 2^-26."""
LIFT = 22
"""A rest is measured as what 2^22 of it add to a sum of absolute values."""
CELLS = 1 << 18
"""So many that few numbers share a cell by chance."""
WIDEST_BOUND = 2.0**-6
"""A larger bound of the fractions would send too many entries to Python integers."""


@dataclass(frozen=True, eq=False)
class SquaredPairs:
    """1 + q of rational-quadratic: two matrix products, the first of them exact.

    leading, rest : each the factors (n, k) and (k, m) of its part; error : of their sum
    """

    leading: tuple[FloatArray, FloatArray]
    rest: tuple[FloatArray, FloatArray]
    error: float

    def denominators(self, rows: slice, leading: FloatArray, rest: FloatArray) -> None:
        """Fill both with the parts for some rows."""
        np.matmul(self.leading[0][rows], self.leading[1], out=leading)
        np.matmul(self.rest[0][rows], self.rest[1], out=rest)


@dataclass(frozen=True, eq=False)
class AbsolutePairs:
    """1 + q of rational-l1: sums of absolute differences of the leading parts are exact.

    The rest, sum sign(g) r over the differences g of leading parts and r of small ones, is what 2^LIFT r add to
    sum |g|, as long as no g but 0 is so small that its sign turns: ``near`` lists rows that have one.

    row_parts, landmark_parts : leading and small parts; lifted : leading + 2^LIFT small of both
    """

    row_parts: tuple[FloatArray, FloatArray]
    landmark_parts: tuple[FloatArray, FloatArray]
    lifted: tuple[FloatArray, FloatArray]
    near: FloatArray
    error: float

    def denominators(self, rows: slice, leading: FloatArray, rest: FloatArray) -> None:
        """Fill both with the parts for some rows."""
        from scipy.spatial.distance import cdist

        cdist(self.row_parts[0][rows], self.landmark_parts[0], "cityblock", out=leading)
        cdist(self.lifted[0][rows], self.lifted[1], "cityblock", out=rest)
        rest -= leading
        rest *= 2.0**-LIFT
        leading += 1.0
        for place in np.flatnonzero(self.near[rows]):
            row = range(len(self.near))[rows][place]
            gaps = self.row_parts[0][row] - self.landmark_parts[0]
            small = self.row_parts[1][row] - self.landmark_parts[1]
            signs = np.copysign(1.0, gaps + small)
            turned = np.where(gaps * signs < 0, 2.0 * gaps, 0.0)
            rest[place] = (signs * (small + turned)).sum(axis=1)


Pairs = SquaredPairs | AbsolutePairs


def has_pairs(basis: Basis) -> bool:
    """Whether `prepare_pairs` knows the kernel."""
    return basis.kernel in RATIONAL_KERNELS


def prepare_pairs(basis: Basis, inputs: FloatArray) -> Pairs | None:
    """Rows and landmarks in two parts each, around the landmarks' mean, in the scale of the distance.

    None where the rows are too spread out for the fractions of 2^p phi to be within WIDEST_BOUND.
    """
    centre = round_bits(basis.landmarks.mean(axis=0))
    prepared = _absolute(basis, inputs, centre) if basis.kernel == "rational-l1" else _squared(basis, inputs, centre)
    if prepared is None or prepared.error * 2.0**basis.grid_bits > WIDEST_BOUND:
        return None
    return prepared


class Reciprocals:
    """1 / (leading + rest) = quotient + correction for blocks of at most ``rows`` rows and ``columns`` columns.

    Quotients are multiples of 2^-26 at most 1; the sum is within 2^-76 of the reciprocal of leading + rest >= 1/2.
    """

    def __init__(self, rows: int, columns: int) -> None:
        self._leading, self._rest, self._inverse, self._quotient, self._work, self._spare = (
            np.empty((rows, columns)) for _ in range(6)
        )

    def of(self, pairs: Pairs, rows: slice) -> tuple[FloatArray, FloatArray]:
        """Quotient and correction at some rows of the pairs; the arrays are used again by the next call."""
        count = rows.stop - rows.start
        leading, rest, inverse, quotient, work, spare = (
            array[:count]
            for array in (self._leading, self._rest, self._inverse, self._quotient, self._work, self._spare)
        )
        pairs.denominators(rows, leading, rest)
        np.add(leading, rest, out=inverse)
        np.divide(1.0, inverse, out=inverse)
        np.add(inverse, ON_GRID, out=quotient)
        np.subtract(quotient, ON_GRID, out=quotient)
        # a quotient of 26 bits times the leading 26 of `leading` is exact, so is its difference from 1
        np.multiply(leading, VELTKAMP, out=work)
        np.subtract(work, leading, out=spare)
        np.subtract(work, spare, out=work)
        np.subtract(leading, work, out=leading)
        np.add(leading, rest, out=leading)
        np.multiply(quotient, work, out=work)
        np.subtract(1.0, work, out=work)
        np.multiply(quotient, leading, out=leading)
        np.subtract(work, leading, out=work)
        np.multiply(inverse, work, out=inverse)  # 1/D - q = (1/D) (1 - q D)
        return quotient, inverse


def _squared(basis: Basis, inputs: FloatArray, centre: FloatArray) -> SquaredPairs | None:
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
    weighted_rest = product_rest(landmarks[0], factors, weighted) + landmarks[1] * factors
    unit = top - width
    (high, low), (other_high, other_low) = _parts(rows, unit), _parts((weighted, weighted_rest), unit)
    row_terms = _square_terms((high, low), factors, 2 * unit)
    terms = _square_terms(_parts(landmarks, unit), factors, 2 * unit)
    row_ones, ones = np.ones((len(high), 1)), np.ones((1, len(other_high)))
    return SquaredPairs(
        (
            np.hstack([high, row_terms[0][:, None], row_ones]),
            np.vstack([-2.0 * other_high.T, ones, terms[0] + 1.0]),
        ),
        (
            np.hstack([high, low, row_terms[1][:, None], row_ones]),
            np.vstack([-2.0 * other_low.T, -2.0 * (other_high + other_low).T, ones, terms[1]]),
        ),
        64.0 * basis.inputs**2 * 2.0 ** (2 * top - width - 53),
    )


def _absolute(basis: Basis, inputs: FloatArray, centre: FloatArray) -> AbsolutePairs | None:
    sides = []
    for values in (inputs, basis.landmarks):
        first, second = two_difference(values, centre)
        product = first * basis.scales
        sides.append((product, product_rest(first, basis.scales, product) + second * basis.scales))
    size = sum(float(np.abs(product).max(axis=0).sum()) for product, _ in sides) + 1.0
    top = frexp(size)[1]
    if top > 20:
        return None
    rows, landmarks = (_parts(side, top - 51) for side in sides)
    lifted = rows[0] + 2.0**LIFT * rows[1], landmarks[0] + 2.0**LIFT * landmarks[1]
    near = _near(rows[0], landmarks[0], 2.0 ** (top - 50 + LIFT))
    return AbsolutePairs(rows, landmarks, lifted, near, 8.0 * (basis.inputs + 2) * 2.0 ** (top - 53 - LIFT))


def _near(rows: FloatArray, landmarks: FloatArray, distance: float) -> FloatArray:
    """Whether some coordinate of a row lies within ``distance`` of a landmark's, but not on it."""
    near = np.zeros(len(rows), dtype=bool)
    held = np.empty(CELLS, dtype=bool)
    for column, others in zip(rows.T, landmarks.T, strict=True):
        held[:] = False
        for step in (-1, 0, 1):
            held[_cells(others, distance, step)] = True
        places = np.flatnonzero(held[_cells(column, distance, 0)])
        candidates = column[places]
        known = np.concatenate([[-np.inf], np.unique(others), [np.inf]])
        place = np.searchsorted(known, candidates)
        after = np.where(known[place] == candidates, known[np.minimum(place + 1, len(known) - 1)], known[place])
        near[places] |= (after - candidates <= distance) | (candidates - known[place - 1] <= distance)
    return near


def _cells(values: FloatArray, distance: float, step: int) -> IntArray:
    """Cells of twice the distance, numbered modulo CELLS: what is near lies in the same or a neighbouring one."""
    cells: IntArray = (np.rint(values * (0.5 / distance)).astype(np.int64) + step) & (CELLS - 1)
    return cells


def _scaled(values: FloatArray, centre: FloatArray, half: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(x - centre) 2^half exactly, as a sum of two."""
    first, second = two_difference(values, centre)
    return np.ldexp(first, half), np.ldexp(second, half)


def _parts(pair: tuple[FloatArray, FloatArray], exponent: int) -> tuple[FloatArray, FloatArray]:
    """The pair's first part rounded to multiples of 2^exponent, and all the rest."""
    high = np.rint(pair[0] * 2.0**-exponent) * 2.0**exponent
    return high, (pair[0] - high) + pair[1]


def product_rest(left: FloatArray, right: FloatArray, product: FloatArray) -> FloatArray:
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
    leading = np.rint(product * 2.0**-exponent) * 2.0**exponent
    rest = (product - leading) + second * factors + (2.0 * high + low) * low * factors
    return leading.sum(axis=-1), rest.sum(axis=-1)

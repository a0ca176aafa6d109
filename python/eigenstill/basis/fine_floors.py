"""The exact columns of the rational kernels: float64 decides a floor, pairs where it leaves a doubt, integers where those do."""

from __future__ import annotations

import numpy as np

from ..arrays import FloatArray, IntArray
from .basis import Basis, two_difference
from .exact_columns import exact_floors, linear_floors
from .kernels import distances
from .pairs import BLOCK, VELTKAMP, has_pairs, prepare_pairs, product_rest

LARGEST = 2.0**200
ENTRY_ERROR = 2.0**-90
"""Relative error of 1 + q from float64 pairs over up to 2^12 inputs."""


def fine_floors(basis: Basis, inputs: FloatArray) -> FloatArray | None:
    """C as float64 (n, r) at rows (n, d); None beyond 2^200, or beyond 2^12 inputs. The basis must be one of `has_pairs`."""
    if not within_pairs(basis, inputs):
        return None
    count, size = len(basis.landmarks), len(inputs)
    floors = np.empty((size, basis.columns))
    # matrix products are sooner than squared differences; for absolute ones there are none
    pairs = prepare_pairs(basis, inputs) if basis.kernel == "rational-quadratic" else None
    relative = (basis.inputs + 6) * 2.0**-53 if pairs is None else 2.0**-51  # see `kernels.error_bound`
    absolute = 0.0 if pairs is None else 2.0 * pairs.error * 2.0**basis.grid_bits
    doubt = absolute + relative * (2.0**basis.grid_bits + 1.0)
    found: list[IntArray] = []
    scaled_block, rest_block, floor_block = (np.empty((min(BLOCK, size), count)) for _ in range(3))
    for start in range(0, size, BLOCK):
        rows = slice(start, min(start + BLOCK, size))
        scaled, rest, floor = (block[: rows.stop - start] for block in (scaled_block, rest_block, floor_block))
        if pairs is None:
            distances(basis.kernel, inputs[rows], basis.landmarks, basis.scales, out=scaled)
            scaled += 1.0
        else:
            pairs.denominators(rows, scaled, rest)
            scaled += rest
        np.divide(2.0**basis.grid_bits, scaled, out=scaled)
        np.floor(scaled, out=floor)
        floors[rows, :count] = floor
        scaled -= floor
        scaled -= 0.5
        np.abs(scaled, out=rest)
        places = np.flatnonzero(rest >= 0.5 - doubt)  # many times sooner than np.nonzero
        whole = floor.ravel()[places]
        doubtful = 0.5 - rest.ravel()[places] <= absolute + relative * (whole + 1.0)
        doubtful &= (whole > 0) | (scaled.ravel()[places] > 0)  # phi > 0, so a floor of 0 cannot be too large
        found.append(places[doubtful] + start * count)
    if found:
        lines, columns = np.divmod(np.concatenate(found), count)
        floors[lines, columns] = decided(basis, inputs, lines, columns)
    if basis.offsets is not None:
        floors[:, count:] = linear_floors(basis, basis.offsets, inputs)[0]
    return floors


def within_pairs(basis: Basis, inputs: FloatArray) -> bool:
    """Whether `decided` takes the basis and the rows (n, d)."""
    return has_pairs(basis) and basis.inputs <= 1 << 12 and float(np.abs(inputs).max(initial=0.0)) < LARGEST


def decided(basis: Basis, inputs: FloatArray, rows: IntArray, landmarks: IntArray) -> FloatArray:
    """Floors of single entries (row, landmark), the doubtful ones of these in integers."""
    with np.errstate(over="ignore", invalid="ignore"):
        leading, rest = _denominators(basis, inputs[rows], basis.landmarks[landmarks])
        quotient = 1.0 / leading
        scaled = quotient * VELTKAMP
        quotient = scaled - (scaled - quotient)
        product = quotient * leading
        remainder = (1.0 - product) - product_rest(quotient, leading, product) - quotient * rest
    quotient = np.ldexp(quotient, basis.grid_bits)
    correction = remainder * quotient * (1.0 + remainder * (1.0 + remainder))
    floors = np.floor(quotient)
    fractions = (quotient - floors) + correction
    whole = np.floor(fractions)
    floors += whole
    fractions -= whole
    doubtful = ~(np.abs(fractions - 0.5) < 0.5 - 2.0**-28)  # so is what overflowed
    doubtful &= ~((floors == 0) & (fractions < 0.5))
    if doubtful.any():
        floors[doubtful] = exact_floors(basis, inputs, rows[doubtful], landmarks[doubtful])
    return floors


def _denominators(basis: Basis, points: FloatArray, centres: FloatArray) -> tuple[FloatArray, FloatArray]:
    """1 + q of pairs of points and landmarks (k, d), each a sum of two, within ENTRY_ERROR of itself."""
    leading, rest = np.ones(len(points)), np.zeros(len(points))
    for x, z, scale in zip(points.T, centres.T, basis.scales, strict=True):
        first, second = two_difference(x, z)
        if basis.kernel == "rational-l1":
            signs = np.copysign(1.0, first)
            high, low = first * signs, second * signs
        else:
            high = first * first
            low = product_rest(first, first, high) + 2.0 * first * second
        factor = np.full_like(high, scale)
        product = high * factor
        low = product_rest(high, factor, product) + low * factor
        total = leading + product
        virtual = total - leading
        rest += ((leading - (total - virtual)) + (product - virtual)) + low
        leading = total
    return leading, rest

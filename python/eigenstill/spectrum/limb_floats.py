"""Matrices of long integers as float64, each entry rounded once."""

from __future__ import annotations

from math import ldexp

import numpy as np

from ..arrays import FloatArray, IntArray, ObjectArray
from .limb_matrix import LimbMatrix, cached

LONGEST = 900
"""Bits of digits that float64 adds up without overflow."""
DOUBT = 2.0**-40
"""So near to the middle of two floats, in units in the last place, Python's integers decide."""


def rounded(matrix: LimbMatrix, exponent: int) -> FloatArray:
    """matrix 2^exponent, each entry rounded once to the nearest float64 (no subnormal results)."""
    if len(matrix.digits) * matrix.width > LONGEST:
        return to_float(matrix.integers(), exponent)
    values = np.empty(matrix.shape)
    for rows in cached(matrix.digits):
        values[rows] = _rounded(matrix.digits[:, rows], matrix.width)
    result: FloatArray = np.ldexp(values, exponent)
    return result


def _rounded(digits: IntArray, width: int) -> FloatArray:
    """The nearest float64 to each entry of a few rows."""
    high, low = np.zeros(digits.shape[1:]), np.zeros(digits.shape[1:])
    for place, digit in enumerate(digits):
        term = digit * 2.0 ** (place * width)
        total = high + term
        virtual = total - high
        low += (high - (total - virtual)) + (term - virtual)
        high = total
    # high + low is within 2^-90 of the number: partial sums stay below twice its size, as digits are balanced
    total = high + low
    gap, unit = np.abs((high - total) + low), np.spacing(np.abs(total))
    middle = (np.abs(gap - unit / 2) <= unit * DOUBT) | (np.abs(gap - unit / 4) <= unit * DOUBT)
    places = np.flatnonzero(middle)
    if len(places):
        single = LimbMatrix(digits.reshape(len(digits), -1)[:, places, None], width)
        total.ravel()[places] = single.integers()[:, 0].astype(np.float64)
    return total


def to_float(matrix: ObjectArray, exponent: int) -> FloatArray:
    """matrix 2^exponent, each entry rounded once to the nearest float64 (no subnormal results)."""
    if max(abs(int(matrix.max())), abs(int(matrix.min()))).bit_length() <= 1000:
        values: FloatArray = np.ldexp(matrix.astype(np.float64), exponent)
        return values
    return np.array([[_nearest(int(value), exponent) for value in row] for row in matrix])


def _nearest(value: int, exponent: int) -> float:
    """value 2^exponent with a sticky bit below the 1000 leading ones, so that nothing is rounded twice."""
    drop = max(0, abs(value).bit_length() - 1000)
    return ldexp((value >> drop) | int(value & ((1 << drop) - 1) != 0), exponent + drop)

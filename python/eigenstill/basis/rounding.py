"""Rounding to short binary numbers. Landmarks and scales are ours to choose: short ones keep exact integers short."""

from __future__ import annotations

import numpy as np

from ..arrays import FloatArray

BITS = 24
SPREAD_BITS = 10
"""A landmark's column keeps at least this many bits below its standard deviation, however far the column is from 0."""


def round_bits(values: FloatArray, bits: int = BITS) -> FloatArray:
    """Each value to the nearest number with `bits` significant bits."""
    mantissas, exponents = np.frexp(values)
    rounded: FloatArray = np.ldexp(np.rint(np.ldexp(mantissas, bits)), exponents - bits)
    return rounded


def round_columns(values: FloatArray, spread: FloatArray) -> FloatArray:
    """Each column of (m, d) to one binary grid: 24 significant bits, more where the column is far from 0.

    `spread` is the columns' standard deviation, (d,): the grid's step is at most 2^-SPREAD_BITS of it. Values that have
    no bits below the grid, such as small integers, stay as they are.
    """
    _, top = np.frexp(np.abs(values).max(axis=0))
    _, local = np.frexp(spread)
    step = np.minimum(top - BITS, local - 1 - SPREAD_BITS)
    rounded: FloatArray = np.ldexp(np.rint(np.ldexp(values, -step)), step)
    return rounded

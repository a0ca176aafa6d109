"""The formula at rows as a float64 number and a small rest, far beyond the rounding of float64 itself.

phi = quotient + correction (`pairs`). Quotients have 26 bits and coefficients are cut into limbs that are short enough
for sums of products to be exact in float64; what is left over is small.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, frexp, log2

import numpy as np

from ..arrays import FloatArray
from .basis import Basis
from .pairs import BLOCK, Pairs, Reciprocals, prepare_pairs, product_rest

LIMBS = 3


@dataclass(frozen=True, eq=False)
class FineValues:
    """b + w . x + sum_j a_j phi_j(x) at n rows, one column an output.

    high, low : float64 (n, c): |high + low - value| <= bound
    bound : float64 (n, c)
    magnitudes : float64 (n, c), |b| + sum |w_d x_d| + sum |a_j| phi_j within 2^-40 of itself and `bound`
    """

    high: FloatArray
    low: FloatArray
    bound: FloatArray
    magnitudes: FloatArray


def fine_values(
    basis: Basis,
    inputs: FloatArray,
    coefficients: FloatArray,
    intercept: FloatArray,
    weights: FloatArray | None,
) -> FineValues | None:
    """The formula at rows (n, d); None where they are too spread out for float64 pairs.

    Parameters
    ----------
    basis : one of `has_pairs`
    inputs : at most 2^200 in absolute value, as the numbers of the formula
    coefficients, intercept, weights : (m, c), (c,), (d, c) or None
    """
    pairs = prepare_pairs(basis, inputs)
    if pairs is None:
        return None
    exact, unit, small, absolute = _kernel_part(pairs, len(inputs), coefficients)
    high = np.broadcast_to(intercept, (len(inputs), len(intercept))).copy()
    low = small
    magnitudes = absolute + np.abs(intercept)
    for limb in range(LIMBS):
        high, low = _added(high, low, exact[limb] * unit[limb])
    for column, own in () if weights is None else zip(inputs.T, weights, strict=True):
        left, right = np.broadcast_arrays(column[:, None], own)
        product = left * right
        high, low = _added(high, low, product)
        low += product_rest(left, right, product)
        magnitudes += np.abs(product)
    terms = len(coefficients) + 2.0 * basis.inputs + 8.0
    rounding = 2.0**-77 * terms * np.abs(coefficients).sum(axis=0) + 2.0**-105 * terms**2 * magnitudes
    bound = 2.0 * pairs.error * absolute + rounding + 2.0**-900
    return FineValues(high, low, bound, magnitudes)


def _kernel_part(
    pairs: Pairs, size: int, coefficients: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """sum_j a_j phi_j: exact sums (LIMBS, n, c) and their units (LIMBS, c), what is left (n, c), and sum |a_j| phi_j."""
    count, outputs = coefficients.shape
    width = 28 - ceil(log2(max(2, count)))  # m 2^26 2^(width - 1) <= 2^53
    tops = np.array([frexp(float(value))[1] for value in np.abs(coefficients).max(axis=0)])
    limbs, units, rest = [], [], coefficients
    for limb in range(1, LIMBS + 1):
        units.append(np.ldexp(1.0, tops + 1 - limb * width))
        limbs.append(np.rint(rest / units[-1]))
        rest = rest - limbs[-1] * units[-1]
    sizes = np.abs(coefficients)
    left, right = np.hstack([*limbs, rest, sizes]), np.hstack([coefficients, sizes])
    exact = np.empty((size, LIMBS * outputs))
    small, absolute = np.empty((size, outputs)), np.empty((size, outputs))
    reciprocals = Reciprocals(min(BLOCK, size), count)
    for start in range(0, size, BLOCK):
        rows = slice(start, min(start + BLOCK, size))
        quotient, correction = reciprocals.of(pairs, rows)
        first, second = quotient @ left, correction @ right
        exact[rows] = first[:, : LIMBS * outputs]
        small[rows] = first[:, LIMBS * outputs : -outputs] + second[:, :outputs]
        absolute[rows] = first[:, -outputs:] + second[:, outputs:]
    parts = exact.reshape(size, LIMBS, outputs).transpose(1, 0, 2)
    return parts, np.stack(units), small, absolute


def _added(high: FloatArray, low: FloatArray, term: FloatArray) -> tuple[FloatArray, FloatArray]:
    """high + low + term, the rounding error of the sum (Knuth) added to low."""
    total = high + term
    virtual = total - high
    return total, low + ((high - (total - virtual)) + (term - virtual))

"""exp(-q) and (1 + t) exp(-t) in integers: the floor on a binary grid, proved by an enclosure at growing precision.

With W fractional bits and one unit u = 2^-W, an argument below 2^(h - 6) is divided by 2^h, exp of the quotient summed
by its alternating series, and the sum squared h times. Rounding the quotient costs at most 1 u, each of the at most
W/6 + 1 terms 1.1 u, the omitted ones 1.1 u together; squaring turns an error e u <= 2^(-W/2) into at most (2 e + 2) u.
So the result is within (2 W + 16) 2^h u. exp of an algebraic number other than 0 is transcendental (Lindemann), so no
value but the one at q = 0 lies on the grid, and the search for its floor ends.
"""

from __future__ import annotations

from math import isqrt

GUARD = 48
REDUCED = 6  # the series is summed for arguments below 2^-6


def exponential(x: int, bits: int) -> tuple[int, int]:
    """(y, e) with abs(2^bits exp(-x 2^-bits) - y) <= e, for integers x >= 0."""
    halvings = max(0, x.bit_length() - bits + REDUCED)
    reduced = x >> halvings
    term, total, order = 1 << bits, 1 << bits, 0
    while term:
        order += 1
        term = (term * reduced >> bits) // order
        total += -term if order & 1 else term
    for _ in range(halvings):
        total = total * total >> bits
    return total, (2 * bits + 16) << halvings


def floor_exponential(numerator: int, denominator_bits: int, bits: int) -> int:
    """floor(2^bits exp(-q)), q = numerator 2^-denominator_bits >= 0."""
    if numerator << bits <= 1 << denominator_bits:  # 1 - q <= exp(-q) < 1
        return (1 << bits) - (numerator > 0)
    if numerator >> denominator_bits > bits:  # exp(-q) < 2^-bits
        return 0
    extra = GUARD
    while True:
        shift = bits + extra - denominator_bits
        x = numerator << shift if shift >= 0 else numerator >> -shift
        value, error = exponential(x, bits + extra)
        low, high = (value - error - 1) >> extra, (value + error) >> extra  # x is floored: exp at most 1 u too large
        if low == high:
            return low
        extra *= 2


def floor_matern(numerator: int, denominator_bits: int, bits: int) -> int:
    """floor(2^bits (1 + t) exp(-t)), t = sqrt(3 q), q = numerator 2^-denominator_bits >= 0.

    t is rounded down by at most 1 u, and (1 + t) exp(-t) falls less than half as fast as t grows.
    """
    if 3 * numerator << bits <= 2 << denominator_bits:  # 1 - t^2 / 2 <= (1 + t) exp(-t) < 1
        return (1 << bits) - (numerator > 0)
    if 3 * numerator >> denominator_bits > 4 * bits * bits:  # t > 2 bits >= 16, so (1 + t) exp(-t) < 2^-bits
        return 0
    extra = GUARD
    while True:
        width = bits + extra
        shift = 2 * width - denominator_bits
        square = 3 * numerator
        t = isqrt(square << shift if shift >= 0 else square >> -shift)
        value, error = exponential(t, width)
        product = ((1 << width) + t) * value >> width
        slack = ((((1 << width) + t) * error) >> width) + 3
        low, high = (product - slack) >> extra, (product + slack) >> extra
        if low == high:
            return low
        extra *= 2

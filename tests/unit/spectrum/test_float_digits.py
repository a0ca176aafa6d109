"""Float64 columns as digits, against exact rational numbers."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from eigenstill.spectrum.float_digits import FloatDigits, joined

RNG = np.random.default_rng(0)
COLUMNS = {
    "usual": RNG.normal(size=100),
    "unlike": RNG.normal(size=50) * 10.0 ** RNG.integers(-20, 20, 50),
    "zeros": np.zeros(3),
    "whole": np.array([1.0, -1.0]),
    "extreme": np.array([5e-324, 1e300, -3.0]),
    "long": np.array([2.0**40, -(2.0**41), 12345.0]),
}


def exact(column):
    return [Fraction(float(value)) for value in column]


@pytest.mark.parametrize("name", COLUMNS)
def test_digits_sums_and_products(name):
    column = COLUMNS[name]
    digits = FloatDigits.of(column)
    assert np.abs(digits.values).max() <= 2**19
    assert [joined(row) * Fraction(2) ** digits.exponent for row in digits.values] == exact(column)
    assert Fraction(*digits.total().ratio()) == sum(exact(column))
    other = FloatDigits.of(column[::-1])
    expected = sum(a * b for a, b in zip(exact(column), exact(column[::-1]), strict=True))
    assert Fraction(*digits.dot(other).ratio()) == expected

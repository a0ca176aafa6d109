"""Dyadic numbers against fractions."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from eigenstill_check.dyadic import (
    MAX_DIGITS,
    MAX_EXPONENT,
    Dyadic,
    float_integers,
    integers,
    quotient53,
    sqrt53,
)
from support.reference import decimal_string, exact_string, parse_exact, rounded_53, two

mantissas = st.one_of(st.integers(-100, 100), st.integers(-(2**200), 2**200))
dyadics = st.builds(Dyadic, mantissas, st.integers(-300, 300))
finite = st.floats(allow_nan=False, allow_infinity=False)
counts = st.one_of(st.integers(1, 100), st.integers(1, 2**150), st.integers(0, 400).map(lambda k: 2**k))


def fraction(value: Dyadic) -> Fraction:
    return value.mantissa * two(value.exponent)


@given(dyadics, dyadics)
def test_ring_and_order_are_those_of_fractions(a, b):
    x, y = fraction(a), fraction(b)
    assert fraction(a + b) == x + y
    assert fraction(a - b) == x - y
    assert fraction(a * b) == x * y
    assert (fraction(-a), fraction(abs(a))) == (-x, abs(x))
    assert [a < b, a <= b, a > b, a >= b, a == b] == [x < y, x <= y, x > y, x >= y, x == y]
    assert Fraction(*a.ratio()) == x


@given(dyadics, st.integers(0, 50))
def test_equal_values_hash_alike_whatever_their_form(a, zeros):
    same = Dyadic(a.mantissa << zeros, a.exponent - zeros)
    assert a == same
    assert hash(a) == hash(same)
    assert (same.reduced().mantissa, same.reduced().exponent) == (a.reduced().mantissa, a.reduced().exponent)
    assert a.reduced().mantissa % 2 or str(a.reduced()) == "0p0"


@given(finite)
@example(5e-324)
@example(-1.7976931348623157e308)
@example(-0.0)
def test_floats_are_exact(value):
    exact = Dyadic.of_float(value)
    assert fraction(exact) == Fraction(value)
    assert float(exact) == value


@given(dyadics)
def test_text_and_back(a):
    assert str(a) == exact_string(fraction(a))
    again = Dyadic.parse(str(a))
    assert again == a
    assert fraction(again) == parse_exact(str(a))


@pytest.mark.parametrize(
    "text",
    [
        *("", "p", "1", "p0", "1p", "0", "-0p0", "0p1", "00p0", "01p0", "1p00", "1p-0", "1p+1", "+1p0", "2p0", "-4p3"),
        *(
            " 1p0",
            "1p0 ",
            "1p0\n",
            "1 p0",
            "1P0",
            "1.0p0",
            "1e3p0",
            "0x1p0",
            "1_1p0",
            "nan",
            "inf",
            "\u0661p0",
            "1p\u0661",
        ),
        *(
            "1" * (MAX_DIGITS + 1) + "p0",
            f"1p{MAX_EXPONENT + 1}",
            f"1p-{MAX_EXPONENT + 1}",
            "1p99999",
            "--1p0",
            "1p--1",
        ),
    ],
)
def test_any_other_text_is_refused(text):
    with pytest.raises(ValueError):
        Dyadic.parse(text)


@pytest.mark.parametrize("text", ["0p0", "1p0", "-1p0", "9" * MAX_DIGITS + f"p{MAX_EXPONENT}", f"-3p-{MAX_EXPONENT}"])
def test_extreme_texts_are_read(text):
    assert str(Dyadic.parse(text)) == text


@given(dyadics, st.integers(-400, 300))
def test_at_is_the_integer_on_the_grid_or_an_error(a, exponent):
    scaled = fraction(a) / two(exponent)
    if scaled.denominator == 1:
        assert a.at(exponent) == scaled
    else:
        with pytest.raises(ValueError, match="not a multiple"):
            a.at(exponent)


@given(dyadics, st.booleans())
@example(Dyadic(10**7 - 1), True)
@example(Dyadic(10**7), False)
@example(Dyadic(10**8 - 1), True)
@example(Dyadic(-(10**8) + 1), False)
@example(Dyadic(1, -4096), True)
@example(Dyadic(3, 4096), False)
def test_decimals_round_outward_by_less_than_one_unit(a, up):
    text, x = a.decimal(up=up), fraction(a)
    assert text == decimal_string(x, up=up)
    if x:
        value, (_, digits, power) = Fraction(Decimal(text)), Decimal(text).as_tuple()
        assert (value >= x) if up else (value <= x)
        assert abs(value - x) < Fraction(10) ** int(power)
        assert len(digits) == 7


@given(st.integers(0, 2**300), counts, st.booleans())
def test_quotients_are_the_nearest_53_bit_numbers(numerator, denominator, up):
    result, x = fraction(quotient53(numerator, denominator, up=up)), Fraction(numerator, denominator)
    assert result == rounded_53(x, up=up, root=False)
    assert (result >= x) if up else (result <= x)


@given(st.integers(0, 2**300), counts, st.booleans())
@example(2**106, 1, True)
@example(2**106 - 1, 1, True)
@example((2**53 - 1) ** 2, 1, False)
def test_roots_are_the_nearest_53_bit_numbers(numerator, denominator, up):
    result, x = fraction(sqrt53(numerator, denominator, up=up)), Fraction(numerator, denominator)
    assert result == rounded_53(x, up=up, root=True)
    assert (result**2 >= x) if up else (result**2 <= x)


@given(st.integers(2**52 + 1, 2**53 - 1), st.integers(-80, 80), st.booleans())
def test_no_neighbour_of_a_root_or_quotient_is_nearer(mantissa, exponent, up):
    """Up: the next smaller 53-bit number is too small for anything just above it; down: mirrored."""
    value, step = mantissa * two(exponent), two(exponent)
    shade = step / 3
    x = value - shade if up else value + shade
    assert fraction(quotient53(x.numerator, x.denominator, up=up)) == value
    square = x * x
    assert fraction(sqrt53(square.numerator, square.denominator, up=up)) == value
    assert fraction(quotient53(*value.as_integer_ratio(), up=up)) == value, "53 bits are kept"


@given(st.lists(dyadics, max_size=6))
def test_integers_share_one_power(values):
    mantissas, exponent = integers(values)
    assert [m * two(exponent) for m in mantissas] == [fraction(v) for v in values]


@given(st.lists(finite, max_size=6))
def test_float_integers_share_one_shift(values):
    mantissas, shift = float_integers(values)
    assert shift >= 0
    assert [m * two(-shift) for m in mantissas] == [Fraction(v) for v in values]

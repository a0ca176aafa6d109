"""Dyadic rationals m 2^e: every float64 is one, and sums and products of them stay exact."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import total_ordering
from math import isqrt

SIGNIFICANT_DIGITS = 7
MAX_DIGITS = 2_000
MAX_EXPONENT = 8_192
FLOAT_BITS = 53

_EXACT = re.compile(r"(-?[1-9][0-9]{0,1999})p(0|-?[1-9][0-9]{0,3})", re.ASCII)


@total_ordering
@dataclass(frozen=True, eq=False)
class Dyadic:
    """The number ``mantissa * 2**exponent``; compare and combine values, not representations."""

    mantissa: int
    exponent: int = 0

    @staticmethod
    def of_float(value: float) -> Dyadic:
        """Exact value of a finite float64."""
        numerator, denominator = value.as_integer_ratio()
        return Dyadic(numerator, 1 - denominator.bit_length())

    @staticmethod
    def parse(text: str) -> Dyadic:
        """Read the exact string ``MpX`` of FORMAT.md section 1. Raises ValueError for any other text."""
        if text == "0p0":
            return Dyadic(0)
        match = _EXACT.fullmatch(text)
        if match is None or abs(int(match[2])) > MAX_EXPONENT:
            raise ValueError(text)
        mantissa = int(match[1])
        if mantissa % 2 == 0:
            raise ValueError(text)
        return Dyadic(mantissa, int(match[2]))

    def at(self, exponent: int) -> int:
        """The integer k with value k 2^exponent; the value must lie on that grid (ValueError)."""
        shift = self.exponent - exponent
        if shift >= 0:
            return self.mantissa << shift
        if self.mantissa & ((1 << -shift) - 1):
            message = f"{self} is not a multiple of 2^{exponent}"
            raise ValueError(message)
        return self.mantissa >> -shift

    def reduced(self) -> Dyadic:
        """The same value with an odd mantissa, or 0p0."""
        if self.mantissa == 0:
            return Dyadic(0)
        zeros = (self.mantissa & -self.mantissa).bit_length() - 1
        return Dyadic(self.mantissa >> zeros, self.exponent + zeros)

    def __add__(self, other: Dyadic) -> Dyadic:
        low = min(self.exponent, other.exponent)
        return Dyadic((self.mantissa << (self.exponent - low)) + (other.mantissa << (other.exponent - low)), low)

    def __neg__(self) -> Dyadic:
        return Dyadic(-self.mantissa, self.exponent)

    def __sub__(self, other: Dyadic) -> Dyadic:
        return self + -other

    def __mul__(self, other: Dyadic) -> Dyadic:
        return Dyadic(self.mantissa * other.mantissa, self.exponent + other.exponent)

    def __abs__(self) -> Dyadic:
        return Dyadic(abs(self.mantissa), self.exponent)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Dyadic) and (self - other).mantissa == 0

    def __lt__(self, other: Dyadic) -> bool:
        return (self - other).mantissa < 0

    def __hash__(self) -> int:
        reduced = self.reduced()
        return hash((reduced.mantissa, reduced.exponent))

    def __float__(self) -> float:
        """Nearest float64, for people only."""
        numerator, denominator = self.ratio()
        return numerator / denominator

    def ratio(self) -> tuple[int, int]:
        """Numerator and positive denominator, a power of two."""
        return (self.mantissa << self.exponent, 1) if self.exponent >= 0 else (self.mantissa, 1 << -self.exponent)

    def __str__(self) -> str:
        reduced = self.reduced()
        return f"{reduced.mantissa}p{reduced.exponent}"

    def decimal(self, *, up: bool) -> str:
        """Seven significant digits, rounded up or down; never nearer to the truth than the direction allows."""
        if self.mantissa == 0:
            return "0"
        numerator, denominator = abs(self).ratio()
        away = up == (self.mantissa > 0)  # away from zero in absolute value
        power = _decimal_exponent(numerator, denominator)
        digits = _scaled(numerator, denominator, SIGNIFICANT_DIGITS - 1 - power, away)
        if digits == 10**SIGNIFICANT_DIGITS:
            digits, power = digits // 10, power + 1
        text = str(digits)
        return f"{'-' if self.mantissa < 0 else ''}{text[0]}.{text[1:]}e{power:+03d}"


ZERO = Dyadic(0)
ONE = Dyadic(1)


def _ten(power: int) -> int:
    """10^power, or 1 for a negative power."""
    return int(10 ** max(0, power))


def _decimal_exponent(numerator: int, denominator: int) -> int:
    """The integer k with 10^k <= numerator / denominator < 10^(k+1)."""
    power = (numerator.bit_length() - denominator.bit_length()) * 30103 // 100000
    while numerator * _ten(-power) < denominator * _ten(power):
        power -= 1
    while numerator * _ten(-power - 1) >= denominator * _ten(power + 1):
        power += 1
    return power


def _scaled(numerator: int, denominator: int, power: int, ceiling: bool) -> int:
    top, bottom = numerator * _ten(power), denominator * _ten(-power)
    return -(-top // bottom) if ceiling else top // bottom


def quotient53(numerator: int, denominator: int, *, up: bool) -> Dyadic:
    """The least (``up``) or greatest number with a 53-bit mantissa beyond numerator / denominator >= 0."""
    return _rounded(numerator, denominator, up=up, root=False)


def sqrt53(numerator: int, denominator: int = 1, *, up: bool) -> Dyadic:
    """The same for the square root of numerator / denominator >= 0."""
    return _rounded(numerator, denominator, up=up, root=True)


def _rounded(numerator: int, denominator: int, *, up: bool, root: bool) -> Dyadic:
    if numerator == 0:
        return ZERO
    magnitude = numerator.bit_length() - denominator.bit_length()
    exponent = (magnitude // 2 if root else magnitude) - FLOAT_BITS  # one less always leaves more than 53 bits
    while True:
        scale = -2 * exponent if root else -exponent
        top, bottom = numerator << max(0, scale), denominator << max(0, -scale)
        mantissa = isqrt(top // bottom) if root else top // bottom
        if up and (mantissa * mantissa if root else mantissa) * bottom < top:
            mantissa += 1
        if mantissa < 1 << FLOAT_BITS:
            return Dyadic(mantissa, exponent)
        exponent += 1


def integers(values: list[Dyadic]) -> tuple[list[int], int]:
    """Mantissas of the values on their common power of two, and its exponent."""
    exponent = min((value.exponent for value in values if value.mantissa), default=0)
    return [value.mantissa << (value.exponent - exponent) if value.mantissa else 0 for value in values], exponent


def float_integers(values: list[float]) -> tuple[list[int], int]:
    """Integers k_i and a shift h >= 0 with values_i = k_i 2^-h, exactly."""
    ratios = [value.as_integer_ratio() for value in values]
    shift = max((denominator for _, denominator in ratios), default=1).bit_length() - 1
    return [(numerator << shift) // denominator for numerator, denominator in ratios], shift

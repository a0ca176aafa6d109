"""Rows of natural numbers packed into one, for the numerals of an exported Lean module."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any


def pack(values: Sequence[int], bits: int) -> int:
    """Entry j at 2^(bits j); every entry fits."""
    total = 0
    for value in reversed(values):
        total = (total << bits) | value
    return total


def rounded(bits: int) -> int:
    return -(-bits // 4) * 4


def signed_bits(values: Any) -> int:
    """Bits of a slot that holds every value plus half its range; a multiple of 4, so that hexadecimal shows the entries."""
    return rounded(max(abs(value) for value in values).bit_length() + 1)


def wide(values: Iterable[int], bits: int) -> int:
    """The same for entries that may reach into the next slot."""
    return sum(value << (bits * index) for index, value in enumerate(values))

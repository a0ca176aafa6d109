"""Packed rows: a row of integers as ONE big integer, so that row operations are single big-number steps.

A row x_0 .. x_(n-1) is packed as sum_j x_j 2^(b j), signs included. Packing is linear; it is injective on rows whose
entries are below 2^(b-1) in absolute value. Intermediate values may leave that range, final ones may not: each function
here that unpacks or compares is called with a width derived from a proven bound of the final entries (`slot_width`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from operator import mul

Matrix = list[list[int]]
TRIM_EVERY = 32


def slot_width(bound: int) -> int:
    """The least multiple of 8 bits b with ``bound`` < 2^(b-1)."""
    return -(-(bound.bit_length() + 1) // 8) * 8


@lru_cache(maxsize=8)
def ones(count: int, width: int) -> int:
    """The packed row 1, 1, ..., 1."""
    return int.from_bytes((b"\x01" + bytes(width // 8 - 1)) * count, "little")


def pack(row: Sequence[int], width: int) -> int:
    """Pack signed integers, each below 2^(width-1) in absolute value (OverflowError otherwise)."""
    size, bias = width // 8, 1 << (width - 1)
    data = b"".join([(entry + bias).to_bytes(size, "little") for entry in row])
    return int.from_bytes(data, "little") - bias * ones(len(row), width)


def unpack(value: int, count: int, width: int) -> list[int]:
    """The unique row of ``count`` entries in [-2^(width-1), 2^(width-1)) that packs to ``value``."""
    size, bias = width // 8, 1 << (width - 1)
    data = (value + bias * ones(count, width)).to_bytes(count * size, "little")
    return [int.from_bytes(data[k : k + size], "little") - bias for k in range(0, count * size, size)]


def combine(coefficients: Iterable[int], rows: Iterable[int]) -> int:
    """The linear combination sum_k coefficients_k rows_k of packed rows."""
    return sum(map(mul, coefficients, rows))


def largest(matrix: Iterable[Iterable[int]]) -> int:
    """The largest absolute value of a matrix, 0 if it is empty."""
    return max((max(map(abs, row), default=0) for row in matrix), default=0)


def transpose(matrix: Matrix) -> Matrix:
    return [list(column) for column in zip(*matrix, strict=True)]


def product(left: Matrix, right: Matrix) -> Matrix:
    """left @ right, exactly."""
    count = len(right[0])
    width = slot_width(max(1, len(right) * largest(left)) * largest(right))
    rows = [pack(row, width) for row in right]
    return [unpack(combine(row, rows), count, width) for row in left]


def symmetric_product(left: Matrix, right: Matrix) -> Matrix:
    """left @ right, exactly, where the caller knows the result to be symmetric; only its upper half is computed."""
    count = len(right[0])
    width = slot_width(max(1, len(right) * largest(left)) * largest(right))
    rows = [pack(row[::-1], width) for row in right]
    upper = [
        unpack(_signed(residue, count - index, width), count - index, width)[::-1]
        for index, residue in enumerate(upper_rows(left, rows, count, width))
    ]
    return [[upper[min(i, j)][abs(i - j)] for j in range(count)] for i in range(count)]


def upper_rows(left: Matrix, rows: list[int], count: int, width: int) -> Iterator[int]:
    """Row i of left @ right from column i on, as residues modulo 2^(width (count - i)), for i = 0, 1, ...

    ``rows`` are the rows of right packed in REVERSE order, so that the columns from i on are the lowest slots. Working
    modulo a power of two drops the others, signs included; packed rows are cut to what is still needed every few rows.
    """
    for index, coefficients in enumerate(left):
        if index % TRIM_EVERY == 0:
            mask = (1 << (width * (count - index))) - 1
            rows = [row & mask for row in rows]
        yield combine(coefficients, rows) & ((1 << (width * (count - index))) - 1)


def _signed(residue: int, count: int, width: int) -> int:
    """The packed row of entries in [-2^(width-1), 2^(width-1)) with this residue modulo 2^(count width)."""
    bias = ones(count, width) << (width - 1)
    return ((residue + bias) & ((1 << (count * width)) - 1)) - bias


def congruence(transform: Matrix, symmetric: Matrix) -> Matrix:
    """transform^T @ symmetric @ transform, exactly, for a symmetric matrix.

    Both passes multiply packed rows by the (short) entries of the transform: (X T)^T = T^T X for symmetric X.
    """
    columns = transpose(transform)
    return symmetric_product(columns, transpose(product(columns, symmetric)))


def add_gram(gram: list[int], rows: Matrix, width: int) -> None:
    """Add rows^T @ rows to ``gram``, whose i-th entry packs the columns j >= i. Entries must be >= 0.

    Non-negative packed rows lose their lowest slot by a shift, which halves the work.
    """
    packed = [int.from_bytes(b"".join([x.to_bytes(width // 8, "little") for x in row]), "little") for row in rows]
    for index, column in enumerate(zip(*rows, strict=True)):
        gram[index] += combine(column, packed)
        packed = [row >> width for row in packed]


def full_gram(gram: list[int], width: int) -> Matrix:
    """The symmetric matrix from the packed upper rows of `add_gram`."""
    size = len(gram)
    upper = [unpack(row, size - index, width) for index, row in enumerate(gram)]
    return [[upper[min(i, j)][abs(i - j)] for j in range(size)] for i in range(size)]


def entries_within(residue: int, count: int, width: int, bits: int) -> bool:
    """Whether every entry e of a packed row, given modulo 2^(count width), satisfies -2^(bits-1) <= e < 2^(bits-1).

    Needs bits <= width - 1 and every entry below 2^(width-1): then the residue determines the row; one mask decides.
    """
    shifted = (residue + (ones(count, width) << (bits - 1))) & ((1 << (count * width)) - 1)
    return shifted & (ones(count, width) * ((1 << width) - (1 << bits))) == 0

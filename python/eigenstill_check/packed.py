"""Packed rows: a row of integers as ONE big integer, so that row operations are single big-number steps.

A row x_0 .. x_(n-1) is packed as sum_j x_j 2^(b j), signs included. Packing is linear; it is injective on rows whose
entries are below 2^(b-1) in absolute value. Intermediate values may leave that range, final ones may not: each function
here that unpacks or compares is called with a width derived from a proven bound of the final entries (`slot_width`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
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
    width = product_width(left, right)
    rows = [pack(row, width) for row in right]
    return [unpack(combine(row, rows), len(right[0]), width) for row in left]


def product_width(left: Matrix, right: Matrix) -> int:
    """A slot for every entry of left @ right, and of right itself."""
    return slot_width(max(1, len(right) * largest(left)) * largest(right))


def symmetric_product(left: Matrix, right: Matrix) -> Matrix:
    """left @ right, exactly, where the caller knows the result to be symmetric; only its upper half is computed."""
    count, width = len(right[0]), product_width(left, right)
    rows = [pack(row[::-1], width) for row in right]
    return mirrored([upper_row(residue, count - k, width) for k, residue in upper_rows(left, rows, count, width)])


def upper_rows(
    left: Matrix, rows: list[int], count: int, width: int, indices: Iterable[int] | None = None
) -> Iterator[tuple[int, int]]:
    """(i, row i of left @ right from column i on, as a residue modulo 2^(width (count - i))) for increasing ``indices``.

    ``rows`` are the rows of right packed in REVERSE order, so that the columns from i on are the lowest slots. Working
    modulo a power of two drops the others, signs included; packed rows are cut to what is still needed every few rows.
    """
    trimmed = -1
    for index in range(len(left)) if indices is None else indices:
        if index // TRIM_EVERY != trimmed:
            trimmed = index // TRIM_EVERY
            mask = (1 << (width * (count - index))) - 1
            rows = [row & mask for row in rows]
        yield index, combine(left[index], rows) & ((1 << (width * (count - index))) - 1)


def upper_row(residue: int, count: int, width: int) -> list[int]:
    """The ``count`` entries from the diagonal on, from a residue of `upper_rows`."""
    return unpack(_signed(residue, count, width), count, width)[::-1]


def mirrored(upper: Matrix) -> Matrix:
    """The symmetric matrix whose row i from column i on is ``upper[i]``."""
    return [[row[index - k] for k, row in enumerate(upper[:index])] + own for index, own in enumerate(upper)]


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


def add_gram(gram: list[int], rows: Matrix, width: int, integer: Callable[[int], int] = int) -> None:
    """Add rows^T @ rows to ``gram``, whose i-th entry packs the columns j >= i. Entries must be >= 0.

    Non-negative packed rows lose their lowest slot by a shift, which halves the work. ``integer`` is the type that
    packed rows are multiplied in.
    """
    packed = [
        integer(int.from_bytes(b"".join([x.to_bytes(width // 8, "little") for x in row]), "little")) for row in rows
    ]
    for index, column in enumerate(zip(*rows, strict=True)):
        gram[index] += combine(column, packed)
        packed = [row >> width for row in packed]


def full_gram(gram: list[int], width: int) -> Matrix:
    """The symmetric matrix from the packed upper rows of `add_gram`."""
    return mirrored([unpack(int(row), len(gram) - index, width) for index, row in enumerate(gram)])


def entries_within(residue: int, count: int, width: int, bits: int) -> bool:
    """Whether every entry e of a packed row, given modulo 2^(count width), satisfies -2^(bits-1) <= e < 2^(bits-1).

    Needs bits <= width - 1 and every entry below 2^(width-1): then the residue determines the row; one mask decides.
    """
    shifted = (residue + (ones(count, width) << (bits - 1))) & ((1 << (count * width)) - 1)
    return shifted & (ones(count, width) * ((1 << width) - (1 << bits))) == 0

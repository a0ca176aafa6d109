"""Sums of products of digits in float64 BLAS, without the parts that are zero or that symmetry gives."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from ..arrays import FloatArray, IntArray

PARTS = 4
"""Into how many parts the rows of the left factor are cut."""
SMALL = 128
"""Rows of a part at least: BLAS is slow on smaller ones."""


def digit_sums(left: IntArray, right: IntArray, room: int = 0, *, symmetric: bool = False) -> IntArray:
    """sum over k + l = s of left[k] @ right[l], for each s: int64 (a + b - 1 + room, rows, columns).

    Parameters
    ----------
    left, right : digits (a, rows, inner) and (b, inner, columns), short enough that float64 BLAS rounds nothing
    room : places above the last sum, filled with zeros
    symmetric : the product of the whole numbers is symmetric; the part above its diagonal blocks is then copied. The
        sums for one s need not be symmetric, so those of both sides may differ: the whole numbers do not
    """
    rows, columns = left.shape[1], right.shape[2]
    if columns == 1:
        return of_a_vector(left, right, room)
    lefts, rights = left.astype(np.float64), right.astype(np.float64)
    sums = np.zeros((len(left) + len(right) - 1 + room, rows, columns), dtype=np.int64)
    for start, stop in parts_of(rows):
        width = stop if symmetric else columns
        for first, low in enumerate(lefts):
            part, inner = _without_zeros(low[start:stop])
            for second, high in enumerate(rights):
                sums[first + second, start:stop, :width] += (part @ high[inner, :width]).astype(np.int64)
        if symmetric:
            sums[:, :start, start:stop] = sums[:, start:stop, :start].transpose(0, 2, 1)
    return sums


def of_a_vector(left: IntArray | FloatArray, right: IntArray, room: int) -> IntArray:
    """`digit_sums` of one column, all digits of it side by side."""
    beside = np.ascontiguousarray(right[:, :, 0].T, dtype=np.float64)
    sums = np.zeros((len(left) + len(right) - 1 + room, left.shape[1], 1), dtype=np.int64)
    for first, low in enumerate(left):
        sums[first : first + len(right), :, 0] += (low.astype(np.float64, copy=False) @ beside).T.astype(np.int64)
    return sums


def parts_of(rows: int) -> list[tuple[int, int]]:
    """Rows from .. to of each part."""
    count = max(1, min(PARTS, rows // SMALL))
    return list(pairwise(rows * place // count for place in range(count + 1)))


def _without_zeros(part: FloatArray) -> tuple[FloatArray, slice]:
    """The columns from the first to the last that is not zero: a triangular factor has few in most parts."""
    held = np.flatnonzero(part.any(axis=0))
    inner = slice(int(held[0]), int(held[-1]) + 1) if len(held) else slice(0, 0)
    return part[:, inner], inner

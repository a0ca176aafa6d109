"""C^T C in exact integers by slices of float64 BLAS, streamed over row blocks and verified modulo a prime."""

from __future__ import annotations

import numpy as np

from ..arrays import IntArray, ObjectArray
from .limbs import PRIME, exact_matmul, join, limb_width, probes, require_equal, residues, split

BLOCK = 4096
FLUSH = 256
"""Blocks summed in int64 before they become Python integers: each partial sum is at most 2^54."""


def exact_gram(columns: IntArray, means: IntArray | None = None) -> ObjectArray:
    """(C - 1 c^T)^T (C - 1 c^T), Python integers (r, r), for C int64 (n, r) and c int64 (r,) (zero by default).

    Entries of C - c must fit int64. Memory: a few blocks of BLOCK rows beside C, and the result.

    Raises
    ------
    SpectrumError : the verification modulo a prime failed
    """
    count, width = len(columns), limb_width(min(len(columns), BLOCK))
    shift = np.zeros(columns.shape[1], dtype=np.int64) if means is None else means
    low, high = int((columns.min(axis=0) - shift).min()), int((columns.max(axis=0) - shift).max())
    depth = len(split(np.array([low, high]), width))
    total: ObjectArray = np.zeros((columns.shape[1],) * 2, dtype=object)
    sums = _zeros(depth, columns.shape[1])
    for number, start in enumerate(range(0, count, BLOCK)):
        _add_block(sums, columns[start : start + BLOCK] - shift, width)
        if number % FLUSH == FLUSH - 1:
            total, sums = total + join(sums, width), _zeros(depth, columns.shape[1])
    total = total + join(sums, width)
    _verify(total, columns, shift)
    return total


def _zeros(depth: int, size: int) -> list[IntArray]:
    return [np.zeros((size, size), dtype=np.int64) for _ in range(2 * depth - 1)]


def _add_block(sums: list[IntArray], block: IntArray, width: int) -> None:
    slices = [part.astype(np.float64) for part in split(block, width)]
    for first, left in enumerate(slices):
        sums[2 * first] += exact_matmul(left.T, left)
        for second in range(first):
            product = exact_matmul(slices[second].T, left)
            sums[first + second] += product + product.T


def _verify(total: ObjectArray, columns: IntArray, shift: IntArray) -> None:
    """Freivalds' test of total = C^T C, block by block modulo PRIME."""
    vectors = probes(columns.shape[1])
    right = np.zeros_like(vectors)
    for start in range(0, len(columns), BLOCK):
        block = residues(columns[start : start + BLOCK] - shift)
        right = (right + block.T @ (block @ vectors % PRIME)) % PRIME
    require_equal(residues(total) @ vectors % PRIME, right)

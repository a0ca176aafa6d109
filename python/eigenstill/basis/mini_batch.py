"""Mini-batch k-means: centres that have seen all rows, block by block, here or on a cluster.

A batch is a number of blocks, whatever the number of workers: its rows go to the nearest of the centres as they stand
before the batch, and each centre becomes the mean of all rows that ever came to it (Sculley, Web-scale k-means
clustering, WWW 2010, with whole batches as in scikit-learn's `MiniBatchKMeans.partial_fit`). Blocks of a batch may be
worked on anywhere and in any order; what they find is added in the order of the rows, so the result is the same bits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from itertools import islice

import numpy as np

from ..arrays import FloatArray
from ..engine import Engine, Local
from ..tables.blocks import ROWS
from .kernels import distances

BATCH = 16
"""Blocks of a batch: more keep more workers busy, fewer move the centres sooner."""
CHUNK = 256
"""Rows at a time whose distances stay in the processor's second cache."""

RowBlock = tuple[FloatArray, FloatArray | None]


@dataclass(frozen=True, eq=False)
class AllRows:
    """Where all rows come from, once.

    Attributes
    ----------
    blocks : inputs (k, d) and weights (k,) or None, block by block
    engine : where blocks are worked on
    """

    blocks: Callable[[], Iterable[RowBlock]]
    engine: Engine

    @staticmethod
    def of(inputs: FloatArray, sample_weight: FloatArray | None = None) -> AllRows:
        """Rows in memory (n, d), in this process."""

        def blocks() -> Iterable[RowBlock]:
            for start in range(0, len(inputs), ROWS):
                part = slice(start, start + ROWS)
                yield inputs[part], None if sample_weight is None else sample_weight[part]

        return AllRows(blocks, Local())


def mini_batch(centres: FloatArray, rows: AllRows, origin: FloatArray, weights: FloatArray) -> FloatArray:
    """One pass over all rows from centres (m, d) on.

    Centres are in the metric's coordinates (x - origin) weights, with origin and weights (d,). A centre to which no row
    comes stays where it is.
    """
    seen, moved = np.zeros(len(centres)), centres.copy()
    blocks = iter(rows.blocks())
    while batch := list(islice(blocks, BATCH)):
        task = partial(_nearest, moved.copy(), origin, weights)
        members, totals = np.zeros(len(moved)), np.zeros_like(moved)
        for _, (counts, sums) in sorted(rows.engine.answers(task, batch), key=lambda answer: answer[0]):
            members += counts
            totals += sums
        filled = members > 0
        moved[filled] = moved[filled] * seen[filled, None] + totals[filled]
        seen += members
        moved[filled] /= seen[filled, None]
    return moved


def _nearest(
    centres: FloatArray, origin: FloatArray, weights: FloatArray, block: RowBlock
) -> tuple[FloatArray, FloatArray]:
    """How many rows of a block are nearest to each centre, by weight, and their sums: (m,) and (m, d)."""
    points, counts = (block[0] - origin) * weights, block[1]
    ones = np.ones(points.shape[1])
    nearest = np.concatenate(
        [
            distances("rational-quadratic", points[start : start + CHUNK], centres, ones).argmin(axis=1)
            for start in range(0, len(points), CHUNK)
        ]
    )
    members = np.bincount(nearest, weights=counts, minlength=len(centres)).astype(np.float64)
    weighted = points if counts is None else points * counts[:, None]
    totals = [np.bincount(nearest, weights=column, minlength=len(centres)) for column in weighted.T]
    return members, np.stack(totals, axis=1)

"""k-means: centres of groups of near rows."""

from __future__ import annotations

import numpy as np

from ..arrays import FloatArray, IntArray

ROUNDS = 30


def kmeans(
    points: FloatArray, count: int, rng: np.random.Generator, sample_weight: FloatArray | None = None
) -> FloatArray:
    """Lloyd's iteration from k-means++ centres: float64 (count, d).

    Points (n, d) may have weights (n,), > 0.
    A centre that loses all its points moves to the point farthest from its own centre, so none is lost.
    Arthur and Vassilvitskii, k-means++ (SODA 2007).
    """
    from scipy.cluster.vq import vq

    weights = np.ones(len(points)) if sample_weight is None else sample_weight
    centres = _first_centres(points, count, rng, sample_weight)
    before: IntArray | None = None
    for _ in range(ROUNDS):
        nearest, distance = vq(points, centres, check_finite=False)
        if before is not None and np.array_equal(nearest, before):
            break
        before = nearest
        sizes = np.bincount(nearest, weights=weights, minlength=count)
        members = np.bincount(nearest, minlength=count)
        for empty in np.flatnonzero(members == 0):
            farthest = int(np.argmax(distance))
            loser = nearest[farthest]
            members[loser] -= 1
            sizes[loser] = sizes[loser] - weights[farthest] if members[loser] else 0.0
            nearest[farthest], distance[farthest], sizes[empty] = empty, 0.0, weights[farthest]
        totals = [np.bincount(nearest, weights=weights * column, minlength=count) for column in points.T]
        filled = sizes > 0
        centres[filled] = np.stack(totals, axis=1)[filled] / sizes[filled, None]
    return centres


def _first_centres(
    points: FloatArray, count: int, rng: np.random.Generator, sample_weight: FloatArray | None
) -> FloatArray:
    """k-means++: each next centre is a point, drawn with probability proportional to its weight times squared distance."""
    weights = 1.0 if sample_weight is None else sample_weight
    chosen = [int(rng.integers(len(points))) if sample_weight is None else _draw(sample_weight, rng)]
    squared = ((points - points[chosen[0]]) ** 2).sum(axis=1)
    for _ in range(count - 1):
        shares = squared * weights
        place = _draw(shares, rng) if shares.sum() > 0 else int(rng.integers(len(points)))
        chosen.append(place)
        np.minimum(squared, ((points - points[place]) ** 2).sum(axis=1), out=squared)
    return points[chosen].copy()


def _draw(shares: FloatArray, rng: np.random.Generator) -> int:
    """A place, with probability proportional to its share."""
    reached = rng.random() * shares.sum()
    return min(int(np.searchsorted(np.cumsum(shares), reached, side="right")), len(shares) - 1)

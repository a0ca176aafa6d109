"""k-means: centres of groups of near rows."""

from __future__ import annotations

import numpy as np

from ..arrays import FloatArray, IntArray

ROUNDS = 30


def kmeans(points: FloatArray, count: int, rng: np.random.Generator) -> FloatArray:
    """Lloyd's iteration from k-means++ centres: float64 (count, d).

    A centre that loses all its points moves to the point farthest from its own centre, so none is lost.
    Arthur and Vassilvitskii, k-means++ (SODA 2007).
    """
    from scipy.cluster.vq import vq

    centres = _first_centres(points, count, rng)
    before: IntArray | None = None
    for _ in range(ROUNDS):
        nearest, distance = vq(points, centres, check_finite=False)
        if before is not None and np.array_equal(nearest, before):
            break
        before = nearest
        sizes = np.bincount(nearest, minlength=count)
        for empty in np.flatnonzero(sizes == 0):
            farthest = int(np.argmax(distance))
            sizes[nearest[farthest]] -= 1
            nearest[farthest], distance[farthest], sizes[empty] = empty, 0.0, 1
        totals = [np.bincount(nearest, weights=column, minlength=count) for column in points.T]
        filled = sizes > 0
        centres[filled] = np.stack(totals, axis=1)[filled] / sizes[filled, None]
    return centres


def _first_centres(points: FloatArray, count: int, rng: np.random.Generator) -> FloatArray:
    """k-means++: each next centre is a point, drawn with probability proportional to its squared distance."""
    chosen = [int(rng.integers(len(points)))]
    squared = ((points - points[chosen[0]]) ** 2).sum(axis=1)
    for _ in range(count - 1):
        total = squared.sum()
        if total > 0:
            place = min(int(np.searchsorted(np.cumsum(squared), rng.random() * total, side="right")), len(points) - 1)
        else:
            place = int(rng.integers(len(points)))
        chosen.append(place)
        np.minimum(squared, ((points - points[place]) ** 2).sum(axis=1), out=squared)
    return points[chosen].copy()

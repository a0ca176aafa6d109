"""Landmarks: k-means centres in the teacher's metric, on a short binary grid."""

from __future__ import annotations

import numpy as np

from ..arrays import FloatArray, IntArray
from ..errors import BasisError
from .rounding import round_columns

ROUNDS = 30
SAMPLE = 20_000


def choose_landmarks(
    inputs: FloatArray, weights: FloatArray, count: int, seed: int = 0, notices: list[str] | None = None
) -> FloatArray:
    """At most `count` different landmarks for the rows.

    Parameters
    ----------
    inputs : float64 (n, d)
    weights : float64 (d,), the metric: distances are Euclidean in inputs * weights
    count : m >= 1; with more than there are different rows, the different rows themselves, and a notice
    seed : of the first centres, and of the sample of SAMPLE rows where there are more
    notices : what was changed is appended here

    Returns
    -------
    landmarks : float64 (m', d), m' <= count, all different, sorted by columns

    Raises
    ------
    BasisError : count < 1
    """
    if count < 1:
        raise BasisError(f"landmarks: got {count}; need at least 1")
    notices = [] if notices is None else notices
    spread = inputs.std(axis=0)
    different = np.unique(inputs, axis=0)
    if count >= len(different):
        if count > len(different):
            notices.append(f"landmarks: {count} asked, but only {len(different)} different rows; reduced to these")
        return np.unique(round_columns(different, spread), axis=0)
    rng = np.random.default_rng(seed)
    rows = inputs
    if len(rows) > SAMPLE:
        rows = rows[np.sort(rng.choice(len(rows), SAMPLE, replace=False))]
    origin = rows.mean(axis=0)
    centres = kmeans((rows - origin) * weights, count, rng) / weights + origin
    landmarks = np.unique(round_columns(centres, spread), axis=0)
    if len(landmarks) < count:
        notices.append(f"landmarks: {count} asked, {len(landmarks)} different ones found; reduced to these")
    return landmarks


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

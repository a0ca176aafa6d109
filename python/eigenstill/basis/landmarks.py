"""Landmarks: the points z_j, chosen in the teacher's metric, on a short binary grid; and how many of them."""

from __future__ import annotations

import numpy as np

from eigenstill_check.layout import MAX_LANDMARKS

from ..arrays import FloatArray
from ..errors import BasisError
from ..moments import deviation
from .kmeans import kmeans
from .mini_batch import AllRows, mini_batch
from .pivoted_cholesky import pivoted_cholesky
from .rounding import round_columns

LANDMARKS = 128
SAMPLE = 20_000
METHODS = ("k-means", "mini-batch-k-means", "pivoted-cholesky")


def choose_landmarks(
    inputs: FloatArray,
    weights: FloatArray,
    count: int,
    seed: int = 0,
    notices: list[str] | None = None,
    *,
    method: str = "k-means",
    sample_weight: FloatArray | None = None,
    all_rows: AllRows | None = None,
) -> FloatArray:
    """At most `count` different landmarks for the rows.

    Parameters
    ----------
    inputs : float64 (n, d)
    weights : float64 (d,), the metric: distances are Euclidean in inputs * weights
    count : m, 1 to 4,096; with more than there are different rows, the different rows themselves, and a notice
    seed : of the first centres, and of the sample of SAMPLE rows where there are more
    notices : what was changed is appended here
    method : "k-means" for centres of groups in the sample, "mini-batch-k-means" to move these by a pass over all rows, or
        "pivoted-cholesky" for rows that the rows before them explain least
    sample_weight : float64 (n,), > 0: how many rows each row counts for
    all_rows : where `inputs` is a sample already, the rows that "mini-batch-k-means" goes through

    Returns
    -------
    landmarks : float64 (m', d), m' <= count, all different, sorted by columns

    Raises
    ------
    BasisError : a count out of range, an unknown method
    """
    if not 1 <= count <= MAX_LANDMARKS:
        raise BasisError(f"landmarks: got {count}; need 1 to {MAX_LANDMARKS}")
    if method not in METHODS:
        raise BasisError(f"landmarks by {method}: unknown; need {' or '.join(METHODS)}")
    notices = [] if notices is None else notices
    spread = deviation(inputs, sample_weight)
    different = np.unique(inputs, axis=0)
    if count >= len(different):
        if count > len(different):
            notices.append(f"landmarks: {count} asked, but only {len(different)} different rows; reduced to these")
        return np.unique(round_columns(different, spread), axis=0)
    rng = np.random.default_rng(seed)
    rows, counts = inputs, sample_weight
    if len(rows) > SAMPLE:
        chosen = np.sort(rng.choice(len(rows), SAMPLE, replace=False))
        rows, counts = rows[chosen], None if counts is None else counts[chosen]
    origin = rows.mean(axis=0)
    scaled = (rows - origin) * weights
    if method == "pivoted-cholesky":
        places = rows[pivoted_cholesky(scaled, count, counts)]
    else:
        centres = kmeans(scaled, count, rng, counts)
        if method == "mini-batch-k-means":
            centres = mini_batch(centres, all_rows or AllRows.of(inputs, sample_weight), origin, weights)
        places = centres / weights + origin
    landmarks = np.unique(round_columns(places, spread), axis=0)
    if len(landmarks) < count:
        notices.append(f"landmarks: {count} asked, {len(landmarks)} different ones found; reduced to these")
    return landmarks


def affordable_landmarks(numbers: int, inputs: int, outputs: int, *, linear: bool) -> int:
    """The most landmarks m whose formula stores at most ``numbers`` numbers: m (d + c) + d c [linear] + d + c.

    Raises
    ------
    BasisError : not even one landmark fits
    """
    fixed = inputs + outputs + (inputs * outputs if linear else 0)
    count = (numbers - fixed) // (inputs + outputs)
    if count < 1:
        raise BasisError(
            f"numbers: got {numbers}; need at least {fixed + inputs + outputs} for one landmark "
            f"with {inputs} inputs and {outputs} outputs{' and the linear term' if linear else ''}"
        )
    return min(count, MAX_LANDMARKS)

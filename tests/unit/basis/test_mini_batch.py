"""Mini-batch k-means: scikit-learn's own steps, the same bits in any order of answers, and better centres than a sample's."""

from __future__ import annotations

import numpy as np
import pytest

from eigenstill.basis import mini_batch as module
from eigenstill.basis.landmarks import choose_landmarks
from eigenstill.basis.mini_batch import AllRows, mini_batch
from eigenstill.engine import Local

RNG = np.random.default_rng(0)
ROWS = RNG.normal(size=(1_000, 3)) + 5.0 * RNG.integers(0, 4, size=(1_000, 1))
ORIGIN, WEIGHTS = np.array([1.0, -2.0, 0.5]), np.array([0.5, 2.0, 1.0])


class Backwards(Local):
    """Answers in another order, as a cluster may."""

    def answers(self, function, items):
        yield from reversed(list(super().answers(function, items)))


def blocks(size=100, counts=None):
    return lambda: (
        (ROWS[start : start + size], None if counts is None else counts[start : start + size])
        for start in range(0, len(ROWS), size)
    )


def moved(engine=None, centres=ROWS[:7], **options):
    rows = AllRows(blocks(**options), engine or Local())
    return mini_batch((centres - ORIGIN) * WEIGHTS, rows, ORIGIN, WEIGHTS)


def test_steps_are_those_of_scikit_learn(monkeypatch):
    cluster = pytest.importorskip("sklearn.cluster")
    monkeypatch.setattr(module, "BATCH", 2)
    start = (ROWS[:7] - ORIGIN) * WEIGHTS
    other = cluster.MiniBatchKMeans(n_clusters=7, init=start, n_init=1, reassignment_ratio=0.0)
    for first in range(0, len(ROWS), 200):
        other.partial_fit((ROWS[first : first + 200] - ORIGIN) * WEIGHTS)
    assert np.allclose(moved(), other.cluster_centers_, rtol=1e-9, atol=1e-9)


def test_order_of_answers_changes_no_bit():
    assert np.array_equal(moved(), moved(Backwards()))


def test_row_of_weight_two_counts_twice(monkeypatch):
    counts = np.where(np.arange(len(ROWS)) % 3 == 0, 2.0, 1.0)
    repeated = AllRows(
        lambda: ((np.repeat(rows, held.astype(int), axis=0), None) for rows, held in blocks(100, counts)()), Local()
    )
    expected = mini_batch((ROWS[:7] - ORIGIN) * WEIGHTS, repeated, ORIGIN, WEIGHTS)
    assert np.allclose(moved(counts=counts), expected, rtol=1e-12)


def test_one_batch_is_one_step_of_lloyd():
    points = (ROWS - ORIGIN) * WEIGHTS
    nearest = ((points[:, None] - points[None, :7]) ** 2).sum(axis=2).argmin(axis=1)
    expected = np.stack([points[nearest == place].mean(axis=0) for place in range(7)])
    assert np.allclose(moved(), expected, rtol=1e-12)


def test_centre_without_rows_stays():
    far = np.array([[1e6, 0.0, 0.0]])
    found = moved(centres=np.vstack([ROWS[:3], far]))
    assert np.array_equal(found[3], ((far - ORIGIN) * WEIGHTS)[0])
    assert np.isfinite(found).all()


def test_landmarks_have_seen_all_rows(monkeypatch):
    """Chosen on a sample of 60 rows and moved over all: nearer to the rows than the sample's own centres."""
    monkeypatch.setattr("eigenstill.basis.landmarks.SAMPLE", 60)
    monkeypatch.setattr(module, "BATCH", 2)
    monkeypatch.setattr(module, "ROWS", 50)

    def cost(method, **options):
        found = choose_landmarks(ROWS, np.ones(3), 20, method=method, **options)
        assert len(found) == 20
        return float(((ROWS[:, None] - found[None]) ** 2).sum(axis=2).min(axis=1).sum())

    assert cost("mini-batch-k-means") < 0.95 * cost("k-means")
    first = choose_landmarks(ROWS, np.ones(3), 20, method="mini-batch-k-means")
    assert np.array_equal(first, choose_landmarks(ROWS, np.ones(3), 20, method="mini-batch-k-means"))
    given = AllRows(blocks(50), Backwards())
    assert np.array_equal(first, choose_landmarks(ROWS, np.ones(3), 20, method="mini-batch-k-means", all_rows=given))

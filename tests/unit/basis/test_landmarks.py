"""Landmarks by pivoted Cholesky, and as many of them as stored numbers pay for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eigenstill import certify, check, distill
from eigenstill.basis import affordable_landmarks, choose_landmarks
from eigenstill.basis.pivoted_cholesky import pivoted_cholesky
from eigenstill.errors import BasisError

POINTS = np.random.default_rng(4).normal(size=(60, 2))


def gram(points):
    gaps = ((points[:, None, :] - points[None, :, :]) ** 2).sum(axis=2)
    return 1 / (1 + gaps / (2 * points.var(axis=0).sum()))


def remainder(points, chosen):
    """Trace of the Schur complement: what the chosen rows leave unexplained."""
    full = gram(points)
    cross = full[:, chosen]
    return np.trace(full - cross @ np.linalg.solve(full[np.ix_(chosen, chosen)], cross.T))


def test_each_pivot_is_the_largest_diagonal_of_the_schur_complement():
    chosen = pivoted_cholesky(POINTS, 12)
    left = gram(POINTS)
    for pivot in chosen:
        assert left[pivot, pivot] >= left.diagonal().max() * (1 - 1e-9)
        left -= np.outer(left[:, pivot], left[pivot]) / left[pivot, pivot]
    assert len(set(chosen.tolist())) == 12


def test_pivots_explain_more_than_random_rows():
    rng = np.random.default_rng(0)
    best = remainder(POINTS, pivoted_cholesky(POINTS, 10))
    assert all(best < remainder(POINTS, rng.choice(60, 10, replace=False)) for _ in range(20))


def test_repeated_rows_are_chosen_once():
    chosen = pivoted_cholesky(np.repeat(POINTS[:5], 4, axis=0), 20)
    assert sorted(chosen // 4) == [0, 1, 2, 3, 4]


def test_pivoted_landmarks_are_rows():
    rows = np.round(POINTS * 64) / 64  # on the grid of landmarks already
    landmarks = choose_landmarks(rows, 1 / rows.std(axis=0), 15, method="pivoted-cholesky")
    assert len(landmarks) == 15
    assert {tuple(row) for row in landmarks} <= {tuple(row) for row in rows}


def test_unknown_methods_and_counts_are_named():
    with pytest.raises(
        BasisError, match="landmarks by random: unknown; need k-means or mini-batch-k-means or pivoted-cholesky"
    ):
        choose_landmarks(POINTS, np.ones(2), 5, method="random")
    with pytest.raises(BasisError, match="landmarks: got 4097; need 1 to 4096"):
        choose_landmarks(POINTS, np.ones(2), 4097)


@given(st.integers(1, 10**6), st.integers(1, 800), st.integers(1, 20), st.booleans())
def test_numbers_pay_for_the_most_landmarks(numbers, inputs, outputs, linear):
    def stored(landmarks: int) -> int:
        return landmarks * (inputs + outputs) + inputs * outputs * linear + inputs + outputs

    if stored(1) > numbers:
        with pytest.raises(BasisError, match=f"need at least {stored(1)} for one landmark"):
            affordable_landmarks(numbers, inputs, outputs, linear=linear)
        return
    count = affordable_landmarks(numbers, inputs, outputs, linear=linear)
    assert stored(count) <= numbers
    assert stored(count + 1) > numbers or count == 4096


def teacher(rows):
    return np.stack([np.sin(rows[:, 0]), rows[:, 0] * rows[:, 1]], axis=1)


@pytest.mark.parametrize("method", ["k-means", "mini-batch-k-means", "pivoted-cholesky"])
@pytest.mark.parametrize("linear", [True, False])
def test_students_by_number_of_numbers(tmp_path, method, linear):
    student = distill(teacher, POINTS, numbers=50, landmarks_by=method, linear=linear)
    assert 46 <= student.stored_numbers <= 50
    assert check(certify(student, tmp_path)).accepted
    assert student.provenance.settings["landmarks_by"] == method
    assert student.provenance.settings["numbers"] == 50


def test_numbers_and_landmarks_are_alternatives():
    with pytest.raises(BasisError, match="landmarks and numbers: got both; need one"):
        distill(teacher, POINTS, numbers=50, landmarks=10)
    with pytest.raises(BasisError, match="numbers: got 5; need at least 12 for one landmark with 2 inputs and 2 outp"):
        distill(teacher, POINTS, numbers=5)

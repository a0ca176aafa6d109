"""Data at the edge, from rows to verdict: the right answer, or one sentence that says what to do."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest

from eigenstill import Student, certify, check, distill
from eigenstill.basis import KERNELS, exact_columns
from eigenstill.errors import EigenstillError, EigenstillWarning, SpectrumError
from eigenstill.spectrum import decompose
from eigenstill_check import Verdict

RNG = np.random.default_rng(11)
ROWS = RNG.normal(size=(40, 3))


def smooth(rows):
    return np.sin(rows[:, 0]) + rows.sum(axis=1) ** 2 / 4


def through(folder: Path, rows: np.ndarray, *, teacher=smooth, **options) -> tuple[Student, Verdict]:
    """Distilled, certified and checked; notices are no failure here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", EigenstillWarning)
        student = distill(teacher, rows, **options)
    return student, check(certify(student, folder))


def refused(rows: np.ndarray, *, teacher=smooth, **options) -> str:
    with pytest.raises(EigenstillError) as caught:
        distill(teacher, rows, **options)
    assert caught.value.exit_code == 2
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("basis", KERNELS)
@pytest.mark.parametrize("linear", [True, False])
def test_duplicate_rows(tmp_path, basis, linear):
    """Every row twice is every row once with twice the weight: the same landmarks, eigenvalues twice as large."""
    doubled = np.concatenate([ROWS, ROWS])
    student, verdict = through(tmp_path, doubled, basis=basis, linear=linear, landmarks=40)
    assert verdict.accepted
    assert np.array_equal(student.formula.landmarks, distill(smooth, ROWS, landmarks=40).formula.landmarks)
    held = student.formula.basis
    once, twice = (decompose(held, exact_columns(held, rows)).eigenvalues[:20] for rows in (ROWS, doubled))
    assert np.allclose(twice, 2 * once, rtol=1e-6)


def test_repeated_eigenvalues(tmp_path):
    """A square's symmetry makes pairs of equal eigenvalues; a rank may split a pair."""
    corners = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])
    rows = np.concatenate([[[0.0, 0.0]], corners, 2 * corners])
    for rank in (None, 1, 2, 3):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", EigenstillWarning)
            student = distill(lambda x: np.abs(x).sum(axis=1), rows, landmarks=9, linear=False, basis="rational-l1")
        assert check(certify(student, tmp_path, rank=rank)).accepted
    gaps = student.spectrum.eigenvalues[:-1] - student.spectrum.eigenvalues[1:]
    assert gaps.min() < 1e-10 * student.spectrum.eigenvalues[0]


def test_rank_deficient_columns(tmp_path):
    """A column twice, and a sum of two others: the linear columns depend on each other, eigenvalues are 0."""
    rows = np.column_stack([ROWS, ROWS[:, 0], ROWS[:, 1] + ROWS[:, 2]])
    student, verdict = through(tmp_path, rows, landmarks=12)
    assert verdict.accepted
    assert len(student.spectrum.eigenvalues) == 17
    assert np.isfinite(student.predict(rows)).all()
    assert student.rank < 17


def test_rows_on_a_line(tmp_path):
    rows = np.linspace(0, 1, 30)[:, None] * [1.0, -2.0, 4.0]
    student, verdict = through(tmp_path, rows, landmarks=8)
    assert verdict.accepted
    assert np.abs(student.predict(rows) - smooth(rows)).max() < 0.1


@pytest.mark.parametrize("width", [1, 3])
def test_constant_teacher(width):
    def teacher(rows):
        return np.full((len(rows), width), 7.0)

    assert "the same output on every row; need a teacher whose output varies" in refused(ROWS, teacher=teacher)


def test_one_constant_output_of_two(tmp_path):
    """The constant one is met exactly; its R^2 is undefined and says so."""
    student, verdict = through(tmp_path, ROWS, teacher=lambda x: np.column_stack([smooth(x), np.full(len(x), 7.0)]))
    assert verdict.accepted
    assert np.abs(student.predict(ROWS)[:, 1] - 7).max() < 1e-9


@pytest.mark.parametrize("count", [3, 5, 8])
def test_fewer_rows_than_columns(tmp_path, count):
    """n < r = m + d: at most n - 1 eigenvalues are positive, and the proof is about those."""
    student, verdict = through(tmp_path, ROWS[:count], landmarks=128)
    assert verdict.accepted
    assert len(student.spectrum.eigenvalues) == count + 3
    assert student.rank <= count - 1 or student.spectrum.eigenvalues[count - 1] < 1e-9


def test_two_rows_have_an_operator_of_rank_one(tmp_path):
    """Nothing is left to truncate, so there is no bound to certify."""
    with pytest.raises(SpectrumError, match="rank one, nothing is truncated; need rows that vary in more ways"):
        through(tmp_path, ROWS[:2])
    assert not list(tmp_path.iterdir())


def test_one_row():
    assert "1 row; need at least 2" in refused(ROWS[:1])


def test_no_rows():
    assert "0 rows" in refused(ROWS[:0])


@pytest.mark.parametrize("linear", [True, False])
def test_one_input(tmp_path, linear):
    rows = np.sort(ROWS[:, :1], axis=0)
    student, verdict = through(tmp_path, rows, landmarks=10, linear=linear)
    assert verdict.accepted
    assert np.abs(student.predict(rows) - smooth(rows)).max() < 0.2


def test_one_input_as_a_flat_array():
    assert "need (rows, columns), as in values.reshape(-1, 1)" in refused(ROWS[:, 0])


@pytest.mark.parametrize("basis", KERNELS)
def test_784_inputs(tmp_path, basis):
    """As many as a small image has pixels, each one of 256 levels; r = 16 + 784 is larger than n."""
    rows = RNG.integers(0, 256, size=(60, 784)).astype(np.float64)
    student, verdict = through(
        tmp_path, rows, teacher=lambda x: x[:, :392].mean(axis=1) / 255, landmarks=16, linear=False, basis=basis
    )
    assert verdict.accepted
    assert student.stored_numbers == 16 * 785 + 785


def test_784_inputs_with_dead_pixels():
    """Real images have pixels that never vary: named, with the remedy."""
    rows = RNG.integers(0, 256, size=(20, 784)).astype(np.float64)
    rows[:, 28] = 0
    assert "column x28 is constant (0 in all 20 rows); need columns that vary; drop x28" in refused(rows)


def test_dead_and_repeated_features(tmp_path):
    """Units that never fire and units that say the same: eigenvalues of 0, no error."""
    held = np.column_stack([ROWS, ROWS[:, 0], np.zeros((len(ROWS), 2))])
    student, verdict = through(tmp_path, ROWS, basis="features", features=held)
    assert verdict.accepted
    assert student.rank <= 3
    assert np.abs(student.spectrum.eigenvalues[3:]).max() < 1e-9


def test_fewer_rows_than_features(tmp_path):
    _, verdict = through(
        tmp_path, ROWS[:5], basis="features", features=lambda rows: np.sin(rows @ np.ones((3, 1)) * np.arange(9))
    )
    assert verdict.accepted


def test_features_that_never_vary():
    assert "every feature is constant" in refused(ROWS, basis="features", features=np.ones((len(ROWS), 4)))

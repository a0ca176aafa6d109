"""Weights of rows: whole numbers are rows repeated, zero is a row left out, the scale of all is how many rows there are."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from eigenstill import certify, check, diagnose, distill, folder, labels_only, load_student, report
from eigenstill.basis import Basis, exact_columns
from eigenstill.cli import main
from eigenstill.errors import BasisError, DataError, EigenstillWarning, StudentError
from eigenstill.moments import deviation, mean, median, row_weights
from eigenstill.spectrum import decompose, decompose_weighted

RNG = np.random.default_rng(5)
X = RNG.normal(size=(60, 3)) * [1, 50, 0.01] + [0, 1900, -93]
Z = (X - X.mean(axis=0)) / X.std(axis=0)
Y = np.sin(2 * Z[:, 0]) + Z[:, 1] + 0.3 * RNG.normal(size=60)
WEIGHTS = RNG.integers(0, 4, 60).astype(float)
REPEATED = np.repeat(np.arange(60), WEIGHTS.astype(int))


def network(rows):
    return np.sin(2 * rows[:, 0]) + (rows[:, 1] - 1900) / 50 + 20 * np.abs(rows[:, 2] + 93)


def test_moments_are_those_of_repeated_rows():
    assert np.allclose(mean(X, WEIGHTS), X[REPEATED].mean(axis=0), rtol=1e-14)
    assert np.allclose(deviation(X, WEIGHTS), X[REPEATED].std(axis=0), rtol=1e-12)
    for count in (1, 2, 3, 6, 7, 20):
        values, weights = RNG.integers(0, 5, count).astype(float), RNG.integers(1, 4, count).astype(float)
        assert median(values, weights) == np.median(np.repeat(values, weights.astype(int)))


@pytest.mark.parametrize("by", ["k-means", "pivoted-cholesky"])
@pytest.mark.parametrize("select", ["robust-gcv", "gcv", "evidence"])
@pytest.mark.parametrize("basis", ["auto", "matern-3/2"])
def test_whole_weights_are_repeated_rows(by, select, basis):
    """The second route is the exact, unweighted one. k-means draws other random numbers: there every row is a landmark."""
    options = {"landmarks": 80 if by == "k-means" else 20, "landmarks_by": by, "select": select, "basis": basis}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", EigenstillWarning)
        weighted = distill(network, X, Y, sample_weight=WEIGHTS, **options)
        repeated = distill(network, X[REPEATED], Y[REPEATED], **options)
    assert weighted.formula.kernel == repeated.formula.kernel
    assert weighted.spectrum.ridge == pytest.approx(repeated.spectrum.ridge, rel=1e-5)
    assert weighted.rank == repeated.rank
    kept = repeated.spectrum.eigenvalues > repeated.spectrum.ridge
    assert np.allclose(weighted.spectrum.eigenvalues[kept], repeated.spectrum.eigenvalues[kept], rtol=1e-8)
    assert np.allclose(weighted.predict(X), repeated.predict(X), rtol=1e-6, atol=1e-6)


def test_weights_by_grouped_rows_and_k_means():
    """Weighted k-means: centres are the weighted means of their groups, so two far groups give theirs."""
    groups = np.concatenate([RNG.normal(size=(30, 2)), RNG.normal(size=(30, 2)) + 100])
    weights = RNG.uniform(0.5, 2, 60)
    student = distill(lambda rows: rows[:, 0] + rows[:, 1] ** 2, groups, sample_weight=weights, landmarks=2)
    expected = [np.average(groups[part], axis=0, weights=weights[part]) for part in (slice(30), slice(30, 60))]
    assert np.allclose(student.formula.landmarks, expected, atol=1e-4)


def test_weights_that_are_no_whole_numbers_solve_the_weighted_problem():
    """The ridge fit of the formula, recomputed by least squares with rows times the root of their weight."""
    weights = RNG.uniform(0.1, 3, 60)
    student = labels_only(None, X, Y, sample_weight=weights, landmarks=15)
    basis, metric = student.formula.basis, student.modes.metric.floats()
    columns = basis.values(X) @ metric
    centred = columns - np.average(columns, axis=0, weights=weights)
    roots = np.sqrt(weights)[:, None]
    _, values, vectors = np.linalg.svd(roots * centred, full_matrices=False)
    assert np.allclose(student.spectrum.eigenvalues, values**2, rtol=1e-6, atol=1e-9)
    kept = vectors[: student.rank].T
    system = np.concatenate([roots * centred @ kept, np.sqrt(student.spectrum.ridge) * np.eye(student.rank)])
    residual = roots[:, 0] * (Y - np.average(Y, weights=weights))
    solution = np.linalg.lstsq(system, np.concatenate([residual, np.zeros(student.rank)]), rcond=None)[0]
    assert np.allclose(student.predict(X), np.average(Y, weights=weights) + centred @ kept @ solution, atol=1e-6)
    modes = student.modes(X)
    assert np.allclose(modes.T @ (weights[:, None] * modes), np.eye(student.rank), atol=1e-6)


def test_the_weighted_spectrum_streams_over_blocks(monkeypatch):
    basis = Basis("rational-quadratic", X[:5], np.array([1.0, 0.001, 1e4]))
    columns = exact_columns(basis, X)
    whole = decompose_weighted(basis, columns, np.ones(60))
    exact = decompose(basis, columns)
    assert np.allclose(whole.eigenvalues, exact.eigenvalues, rtol=1e-9)
    assert np.allclose(np.abs(whole.vectors.T @ exact.vectors), np.eye(5), atol=1e-7)
    monkeypatch.setattr("eigenstill.spectrum.weighted.BLOCK", 7)
    assert np.allclose(decompose_weighted(basis, columns, np.ones(60)).eigenvalues, whole.eigenvalues, rtol=1e-12)


def test_equal_weights_change_nothing_and_zero_leaves_a_row_out():
    plain = distill(network, X, Y, landmarks=10)
    assert distill(network, X, Y, landmarks=10, sample_weight=np.ones(60)).encode() == plain.encode()
    zeros = np.concatenate([np.ones(60), np.zeros(2)])
    far = np.concatenate([X, [[1e9, 0, 0], [0, 1e9, 0]]])
    left = distill(
        network, far, np.append(Y, [1e9, -1e9]), landmarks=10, sample_weight=zeros, landmarks_by="pivoted-cholesky"
    )
    assert left.provenance.rows == 60
    assert left.recording.train.inputs.shape == (60, 3)
    same = distill(network, X, Y, landmarks=10, landmarks_by="pivoted-cholesky")
    assert np.allclose(left.predict(X), same.predict(X), atol=1e-5)


def test_show_says_so(tmp_path, capsys):
    student = distill(network, X, Y, sample_weight=WEIGHTS, landmarks=10)
    assert student.total_weight == WEIGHTS.sum()
    folder.save(student, tmp_path / "out")
    assert main(["show", str(tmp_path / "out")]) == 0
    assert f"rows of X, weights that sum to {WEIGHTS.sum():g}" in capsys.readouterr().out
    assert main(["certify", str(tmp_path / "out")]) == 2
    assert "fitted with sample weights" in capsys.readouterr().err
    assert not (tmp_path / "out" / "student.cert.json").exists()


def test_a_certificate_is_refused_and_repeated_rows_are_the_remedy(tmp_path):
    student = distill(network, X, Y, sample_weight=WEIGHTS, landmarks=10)
    student.save(tmp_path / "student.safetensors")
    student.recording.save(tmp_path / "recording.safetensors")
    loaded = load_student(tmp_path / "student.safetensors")
    for held in (student, loaded):
        assert held.weighted
        for refused in (
            lambda held=held: certify(held, tmp_path / "out"),
            lambda held=held: diagnose(held, student.recording),
        ):
            with pytest.raises(StudentError, match=r"fitted with sample weights.*repeat each row .*numpy\.repeat"):
                refused()
    with pytest.raises(StudentError, match="report counts every row once"):
        report(tmp_path)
    assert not (tmp_path / "out").exists()
    repeated = distill(network, X[REPEATED], Y[REPEATED], landmarks=10)
    assert check(certify(repeated, tmp_path / "out")).accepted


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        (np.ones(59), r"sample_weight: shape \(59,\) for 60 rows; need \(60,\)"),
        (np.ones((60, 1)), r"sample_weight: shape \(60, 1\)"),
        (np.where(np.arange(60) == 3, -1.0, 1.0), "sample_weight: row 3: got -1; need 0 or more"),
        (np.where(np.arange(60) == 3, np.nan, 1.0), "sample_weight: row 3: got nan"),
        (
            np.where(np.arange(60) == 3, 1.5, 0.0),
            "a sum of 1.5; a row of weight w counts as w rows, so need .* at least 2",
        ),
        (np.zeros(60), "every weight is zero; need rows that count"),
        (["a"] * 60, "sample_weight: values of type"),
    ],
)
def test_faults(weights, message):
    with pytest.raises(DataError, match=message):
        distill(network, X, Y, sample_weight=weights)
    assert row_weights(None, 3) is None


def test_weights_below_one_only_compare_rows():
    weights = RNG.uniform(0.2, 3, 60)
    weights /= weights.mean()
    with pytest.warns(EigenstillWarning, match="all below 1, so no numbers of rows; scaled to a mean of 1"):
        small = distill(network, X, Y, sample_weight=weights / 60, landmarks=10)
    assert any("scaled to a mean of 1" in notice for notice in small.provenance.notices)
    assert small.total_weight == pytest.approx(60)
    assert np.allclose(
        small.predict(X), distill(network, X, Y, sample_weight=weights, landmarks=10).predict(X), atol=1e-9
    )


def test_features_know_no_weights():
    with pytest.raises(BasisError, match="basis features: sample_weight is not known there"):
        distill(network, X, basis="features", features=lambda rows: rows, sample_weight=WEIGHTS)

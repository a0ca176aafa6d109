"""Selection: criteria against dense linear algebra, the ridge search, the fit folded to raw inputs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eigenstill.basis import Basis, choose_landmarks, exact_columns, teacher_metric
from eigenstill.basis.basis import linear_term
from eigenstill.errors import SelectionError
from eigenstill.selection import Coordinates, choose_basis, choose_ridge, fit_modes, kept
from eigenstill.selection import ridge as ridge_module
from eigenstill.selection.criteria import degrees_of_freedom, evidence, gcv
from eigenstill.selection.fit import coordinates_of, seen_by_columns
from eigenstill.selection.search import float_coordinates
from eigenstill.spectrum import decompose


@pytest.fixture(scope="module")
def problem():
    rng = np.random.default_rng(3)
    inputs = rng.standard_normal((60, 3)) * [1, 30, 0.2] + [0, 2000, 5]
    targets = np.stack([np.sin(inputs[:, 0]) + inputs[:, 2], inputs[:, 1] / 10], axis=1)
    targets += 0.1 * rng.standard_normal(targets.shape)
    metric = teacher_metric(inputs)
    landmarks = choose_landmarks(inputs, metric.weights, 10)
    basis = Basis("rational-quadratic", landmarks, metric.scales("rational-quadratic"), *linear_term(inputs))
    columns = exact_columns(basis, inputs)
    spectrum = decompose(basis, columns)
    return basis, inputs, columns, spectrum, targets


def operator(basis, columns, spectrum):
    centred = np.ldexp((columns - np.array(spectrum.column_means)).astype(float), -basis.grid_bits)
    return centred @ spectrum.metric.floats()


@given(st.floats(1e-9, 1e9), st.lists(st.floats(-1e-12, 1e9), min_size=1))
def test_kept_is_a_fraction(ridge, eigenvalues):
    values = kept(np.array(eigenvalues), ridge)
    assert (values >= 0).all()
    assert (values <= 1).all()
    assert all(value == 0 for value, eigenvalue in zip(values, eigenvalues, strict=True) if eigenvalue <= 0)


def test_kept_needs_a_positive_ridge():
    with pytest.raises(SelectionError, match="ridge 0; need a positive number"):
        kept(np.ones(1), 0.0)


@pytest.mark.parametrize("ridge", [1e-3, 0.5, 30.0])
def test_gcv_is_the_dense_formula(problem, ridge):
    """n |(I - H) y|^2 / (n - g tr H)^2, the hat matrix H with the intercept, and not leave-one-out."""
    basis, _, columns, spectrum, targets = problem
    coordinates = coordinates_of(spectrum, basis, columns, targets)
    A = operator(basis, columns, spectrum)
    n = len(A)
    hat = A @ np.linalg.solve(A.T @ A + ridge * np.eye(A.shape[1]), A.T) + np.full((n, n), 1 / n)
    residual = ((targets - hat @ targets) ** 2).sum(axis=0) / ((targets - targets.mean(axis=0)) ** 2).sum(axis=0)
    assert degrees_of_freedom(spectrum.eigenvalues, ridge) == pytest.approx(np.trace(hat), rel=1e-8)
    for factor in (1.0, 1.4):
        expected = n * residual.sum() / (n - factor * np.trace(hat)) ** 2
        assert gcv(coordinates, ridge, factor) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("ridge", [1e-3, 0.5, 30.0])
def test_evidence_is_the_dense_gaussian_likelihood(problem, ridge):
    """Differences of the profiled negative log likelihood of N(0, s^2 (A A^T / ridge + I)) on the centred space."""
    basis, _, columns, spectrum, targets = problem
    coordinates = coordinates_of(spectrum, basis, columns, targets)
    A = operator(basis, columns, spectrum)
    n = len(A)
    basis_of_centred = np.linalg.qr(np.hstack([np.ones((n, 1)), np.eye(n)[:, : n - 1]]))[0][:, 1:]
    reduced, y = basis_of_centred.T @ A, basis_of_centred.T @ targets

    def dense(alpha):
        covariance = reduced @ reduced.T / alpha + np.eye(n - 1)
        quadratic = (y * np.linalg.solve(covariance, y)).sum(axis=0)
        half = 0.5 * np.linalg.slogdet(covariance)[1]
        return sum(0.5 * (n - 1) * np.log(q / (n - 1)) + half for q in quadratic)

    got = evidence(coordinates, ridge) - evidence(coordinates, 1.0)
    assert got == pytest.approx(dense(ridge) - dense(1.0), rel=1e-6, abs=1e-6)


def test_float_search_agrees_with_the_exact_operator(problem):
    basis, inputs, columns, spectrum, targets = problem
    quick, exact = float_coordinates(basis, inputs, targets), coordinates_of(spectrum, basis, columns, targets)
    for ridge in (1e-3, 1.0):
        assert evidence(quick, ridge) == pytest.approx(evidence(exact, ridge), rel=1e-5)


@pytest.mark.parametrize("criterion", ["evidence", "gcv", "robust-gcv"])
def test_the_ridge_is_the_minimum_of_a_fine_grid(problem, criterion):
    basis, _, columns, spectrum, targets = problem
    coordinates = coordinates_of(spectrum, basis, columns, targets)
    choice = choose_ridge(coordinates, criterion)
    cost = ridge_module.cost_of(coordinates, criterion)
    least = min(cost(power) for power in np.linspace(-10, 8, 3000))
    assert choice.notice is None
    if criterion == "robust-gcv":
        assert choice.value == pytest.approx(ridge_module.INDIFFERENCE * least, rel=1e-4)
        assert cost(np.log10(choice.ridge) + 0.01) > ridge_module.INDIFFERENCE * least
    else:
        assert choice.value <= least + 1e-9 * abs(least)


def test_noise_sends_the_ridge_to_the_end_and_says_so(problem):
    """scikit-learn #16398: the best value at the edge of the grid, no word to the user."""
    _, _, columns, spectrum, _ = problem
    eigenvalues = spectrum.eigenvalues
    nothing = Coordinates(eigenvalues, np.zeros((len(eigenvalues), 1)), np.ones(1), len(columns))
    choice = choose_ridge(nothing, "evidence")
    assert choice.ridge > 1e7
    assert "is the upper end of the grid (evidence)" in choice.notice
    everything = np.zeros((len(eigenvalues), 1))
    everything[0] = 1.0
    choice = choose_ridge(Coordinates(eigenvalues, everything, np.ones(1), len(columns)), "gcv")
    assert choice.notice is None or "lower end" in choice.notice


def test_criteria_and_targets_are_checked(problem):
    basis, _, columns, spectrum, targets = problem
    coordinates = coordinates_of(spectrum, basis, columns, targets)
    with pytest.raises(SelectionError, match="criterion loo: unknown; need robust-gcv, evidence, gcv"):
        choose_ridge(coordinates, "loo")
    constant = Coordinates(spectrum.eigenvalues, np.zeros((basis.columns, 1)), np.zeros(1), len(columns))
    with pytest.raises(SelectionError, match="every target is constant"):
        choose_ridge(constant, "evidence")


def test_gcv_on_few_rows_starts_from_the_ridges_that_leave_some_free():
    coordinates = Coordinates(np.array([1e6, 1e6, 1e6]), np.full((3, 1), 0.1), np.ones(1), 4)
    assert np.isfinite(choose_ridge(coordinates, "gcv").value)


def test_basis_search_prefers_what_made_the_data():
    rng = np.random.default_rng(0)
    inputs = rng.standard_normal((300, 2))
    steps = []
    metric = teacher_metric(inputs)
    landmarks = choose_landmarks(inputs, metric.weights, 30)
    rough = np.abs(inputs[:, :1]) + np.abs(inputs[:, 1:] - 0.5) + 0.01 * rng.standard_normal((300, 1))
    smooth = np.sin(inputs[:, :1]) + inputs[:, 1:] ** 2 / 5 + 0.01 * rng.standard_normal((300, 1))
    chosen = choose_basis(inputs, smooth, metric, landmarks, step=lambda done, total: steps.append((done, total)))
    assert chosen.basis.kernel == "rational-quadratic"
    assert steps == [(place, 8) for place in range(1, 9)]
    assert len(chosen.costs) == 8
    assert choose_basis(inputs, rough, metric, landmarks, linear=False).basis.columns == 30
    forced = choose_basis(inputs, smooth, metric, landmarks, kernel="rational-l1")
    assert forced.basis.kernel == "rational-l1"
    assert {name for name, _, _ in forced.costs} == {"rational-l1"}
    with pytest.raises(SelectionError, match="basis gauss: unknown; need auto"):
        choose_basis(inputs, smooth, metric, landmarks, kernel="gauss")


@pytest.mark.parametrize("ridge", [1e-3, 1.0, 1e9])
def test_fit_is_truncated_ridge_regression(problem, ridge):
    """Folded back to raw inputs it equals fbar + A V h / lambda V^T A^T (f - fbar) on the kept modes."""
    basis, inputs, columns, spectrum, targets = problem
    fitted = fit_modes(spectrum, basis, seen_by_columns(spectrum, basis, columns, targets), ridge)
    A = operator(basis, columns, spectrum)
    eigenvalues, vectors = np.linalg.eigh(A.T @ A)
    order = np.argsort(-eigenvalues)
    rank = max(1, int((eigenvalues >= ridge).sum()))
    assert fitted.rank == rank
    V, lam = vectors[:, order[:rank]], eigenvalues[order[:rank]]
    centred = targets - targets.mean(axis=0)
    expected = targets.mean(axis=0) + A @ (V @ ((V.T @ (A.T @ centred)) / (lam + ridge)[:, None]))
    phi = basis.values(inputs)[:, : len(basis.landmarks)]
    got = phi @ fitted.coefficients + inputs @ fitted.weights + fitted.intercept
    assert np.abs(got - expected).max() < 1e-6 * np.abs(targets).max()
    assert np.allclose(fitted.kept, lam / (lam + ridge), rtol=1e-6)

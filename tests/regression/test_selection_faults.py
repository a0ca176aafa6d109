"""Faults of other software in choosing the ridge: another criterion than named, a minimum at the end of the grid."""

from __future__ import annotations

import numpy as np
import pytest

from eigenstill import distill
from eigenstill.errors import EigenstillWarning
from eigenstill.selection import Coordinates, choose_ridge
from eigenstill.selection.criteria import degrees_of_freedom, gcv
from support.cases import table


def coordinates(name: str, gamma: float) -> Coordinates:
    """The case's kernel ridge without intercept, seen in the eigenvectors of its Gaussian Gram matrix."""
    x, y = table(name).values.T
    ascending, vectors = np.linalg.eigh(np.exp(-gamma * (x[:, None] - x) ** 2))
    squares = (vectors[:, ::-1].T @ y)[:, None] ** 2
    return Coordinates(ascending[::-1], squares, np.array([y @ y]), len(x))


def without_intercept(problem: Coordinates, ridge: float) -> float:
    """Ours counts the intercept as a degree of freedom and divides by the total; the case does neither."""
    dof = degrees_of_freedom(problem.eigenvalues, ridge)
    return gcv(problem, ridge) * problem.totals[0] * ((problem.rows - dof) / (problem.rows - dof + 1)) ** 2


def test_criterion_named_gcv_was_leave_one_out():
    """scikit-learn #18079: leave-one-out would choose 10 here, generalised cross-validation chooses 0.01."""
    problem, ridges = coordinates("09_data.csv", 0.25), [0.1, 1.0, 10.0]
    values = [without_intercept(problem, ridge) for ridge in ridges]
    assert values == pytest.approx([5.84227798, 4.50762046, 2.51318661], rel=1e-8)
    assert gcv(problem, 0.01) == np.inf, "4.95 of 6 degrees of freedom and the intercept: too few free rows for us"
    dof = degrees_of_freedom(problem.eigenvalues, 0.01) - 1
    lost = 1 - problem.eigenvalues / (problem.eigenvalues + 0.01)
    assert 6 * (problem.squares[:, 0] @ lost**2) / (6 - dof) ** 2 == pytest.approx(1.79658515, rel=1e-8)


@pytest.mark.parametrize("criterion", ["gcv", "robust-gcv", "evidence"])
def test_report_did_not_name_the_criterion(criterion):
    rng = np.random.default_rng(2)
    rows, labels = rng.normal(size=(30, 2)), rng.normal(size=30)
    with pytest.warns(EigenstillWarning, match=rf"end of the grid \({criterion}\)"):
        student = distill(lambda x: x[:, 0], rows, labels, landmarks=4, select=criterion)
    assert student.spectrum.criterion == criterion
    assert student.provenance.settings["select"] == criterion


def test_best_ridge_at_the_end_of_the_grid_without_a_word():
    """scikit-learn #16398: of {1, 10, 100} the least is best; ours widens its grid until the minimum is inside."""
    problem = coordinates("10_data.csv", 0.05)
    decades = {ridge: without_intercept(problem, ridge) for ridge in (0.01, 0.1, 1.0, 10.0, 100.0)}
    assert list(decades.values()) == pytest.approx(
        [0.2602586438, 0.1932690631, 0.4353475015, 3.746155066, 7.360091787], rel=1e-8
    )
    assert min(decades, key=decades.__getitem__) == 0.1
    choice = choose_ridge(problem, "gcv")
    assert choice.notice is None
    assert 0.01 < choice.ridge < 1
    assert all(choice.value <= gcv(problem, ridge) for ridge in decades)


@pytest.mark.parametrize(("scale", "end"), [(1e-14, "lower"), (1e10, "upper")])
def test_end_of_the_widest_grid_is_named(scale, end):
    """The same problem in units so small or so large that the minimum lies outside 1e-10 to 1e8."""
    problem = coordinates("10_data.csv", 0.05)
    scaled = Coordinates(problem.eigenvalues * scale, problem.squares, problem.totals, problem.rows)
    notice = choose_ridge(scaled, "gcv").notice
    assert notice is not None
    assert f"is the {end} end of the grid (gcv)" in notice

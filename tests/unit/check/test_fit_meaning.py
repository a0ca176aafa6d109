"""Claims `shrinkage` and `gcv` mean what they say: against exact minimisers, and against GCV in 50 digits."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import numpy as np
import pytest

from eigenstill_check.certificate import read
from support.drafts import Draft
from support.reference import parse_exact
from support.reference_further import FACTORS, Further
from support.reference_modes import dot
from support.shapes import SHAPES


@pytest.fixture(scope="module", params=SHAPES)
def draft(request) -> Draft:
    return SHAPES[request.param].draft(list(SHAPES).index(request.param) + 60)


def recorded(draft: Draft, folder) -> dict:
    return {claim["claim"]: claim for claim in read(draft.seal().write(folder, "base")).claims}


def exact(number: dict) -> Fraction:
    return parse_exact(number["exact"])


def in_span(further: Further, output: int, entries: list[Fraction]) -> list[Fraction]:
    kept = further.base.vectors[: len(further.base.tensors["solution"][output])]
    return [dot(entries, column) for column in zip(*kept, strict=True)]


def solved(matrix: list[list[Fraction]], right: list[Fraction]) -> list[Fraction]:
    """Gauss and Jordan in fractions, for a positive definite matrix."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for k in range(len(rows)):
        rows[k] = [value / rows[k][k] for value in rows[k]]
        rows = [
            row if i == k else [a - row[k] * b for a, b in zip(row, rows[k], strict=True)] for i, row in enumerate(rows)
        ]
    return [row[-1] for row in rows]


def minimiser(further: Further, output: int) -> list[Fraction]:
    """The exact w of least objective in the span of the kept modes."""
    count = len(further.base.tensors["solution"][output])
    matrix = [
        [further.energies[i][j] + further.ridge * further.products[i][j] for j in range(count)] for i in range(count)
    ]
    vector = further.vector("teacher", output)
    right = [dot(further.base.vectors[k], vector) / further.rows for k in range(count)]
    return in_span(further, output, solved(matrix, right))


@pytest.mark.parametrize("shift", [0, 2**30, -(2**57)])
def test_no_combination_of_the_kept_modes_is_better_by_more_than_the_gap(draft, shift, tmp_path):
    """Also for a stored solution that is off: then the gap is large, and still a bound."""
    bent = draft.copy()
    for row in bent.tensors["solution"]:
        row[0] += shift
    bent.further = {name: bent.further[name] for name in ("shrinkage",)}
    for name in ("ridge_edges", "ridge_trials"):
        bent.tensors.pop(name, None)
    further, claim = bent.further_reference(), recorded(bent, tmp_path)["shrinkage"]
    rng = np.random.default_rng(0)
    for output, entry in enumerate(claim["outputs"]):
        weights = further.solution(output)
        objective, gap = further.objective(weights, output), exact(entry["gap_at_most"])
        assert objective <= exact(entry["objective_at_most"]) <= objective * (1 + Fraction(1, 2**52))
        least = further.objective(minimiser(further, output), output)
        assert least <= objective <= least + gap
        count = len(bent.tensors["solution"][output])
        for _ in range(5):
            scale = 10.0 ** rng.uniform(-6, 1)
            moved = in_span(further, output, [Fraction(value) for value in scale * rng.standard_normal(count)])
            other = [a + b for a, b in zip(weights, moved, strict=True)]
            assert objective <= further.objective(other, output) + gap
        if shift == -(2**57):
            assert objective > least


def test_the_stored_formula_is_the_certified_fit(draft, tmp_path):
    """At every row: the student is tbar + A w, but for the two recorded distances (each column is at most 1)."""
    further, claim = draft.further_reference(), recorded(draft, tmp_path)["shrinkage"]
    reference = further.base
    for output, entry in enumerate(claim["outputs"]):
        allowed = exact(entry["coefficients_differ_at_most"]) + exact(entry["intercept_differs_at_most"])
        weights = further.solution(output)
        mean = sum(Fraction(row[output]) for row in draft.tensors["train.teacher"]) / further.rows
        for x, row in zip(draft.tensors["train.inputs"], reference.operator, strict=True):
            assert abs(reference.floored_formula(x, output) - mean - dot(row, weights)) <= allowed


def mp(value: Fraction):
    return mpmath.mpf(value.numerator) / value.denominator


class Gcv:
    """GCV of the full ridge fit to the labels, in mpmath: eigenvalues for dof, a linear system for the residual."""

    def __init__(self, further: Further) -> None:
        self.rows, self.factor = further.rows, mp(FACTORS[further.witnesses["gcv"]["criterion"]])
        self.operator = mpmath.matrix([[mp(value) for value in row] for row in further.base.operator])
        self.matrix = self.operator.T * self.operator
        self.eigenvalues = mpmath.eigsy(self.matrix, eigvals_only=True)
        self.targets = [
            mpmath.matrix([mp(value) for value in further.centred("labels", output)])
            for output in further.outputs
            if any(further.centred("labels", output))
        ]

    def __call__(self, ridge):
        size, missed = self.matrix.rows, mpmath.mpf(0)
        for target in self.targets:
            weights = mpmath.lu_solve(self.matrix + ridge * mpmath.eye(size), self.operator.T * target)
            residual = target - self.operator * weights
            missed += mpmath.fdot(residual, residual) / mpmath.fdot(target, target)
        dof = 1 + sum(value / (value + ridge) for value in self.eigenvalues)
        free = self.rows - self.factor * dof
        assert free > 0
        return self.rows * missed / free**2


LABELLED = [name for name, shape in SHAPES.items() if shape.labels]


@pytest.mark.parametrize("name", LABELLED)
def test_no_ridge_of_the_bracket_has_a_much_lower_gcv(name, tmp_path):
    draft = SHAPES[name].draft(LABELLED.index(name) + 80)
    claim = recorded(draft, tmp_path)["gcv"]
    with mpmath.workdps(50):
        gcv = Gcv(draft.further_reference())
        low, high, excess = (mp(exact(claim[key])) for key in ("from_at_most", "to_at_least", "excess_at_most"))
        chosen = gcv(mp(exact(claim["ridge"])))
        shares = np.random.default_rng(0).uniform(size=20)
        ridges = [low, high, *(low * (high / low) ** mpmath.mpf(share) for share in shares)]
        assert all(chosen <= (1 + excess) * gcv(ridge) for ridge in ridges)
        assert excess <= mpmath.mpf("0.01")


@pytest.mark.parametrize("name", LABELLED[:3])
def test_cells_and_trials_bound_what_they_are_made_for(name):
    """Each ingredient on its own: dof and RSS of the exact fit at every edge lie between their bounds."""
    further = SHAPES[name].draft(90).further_reference()
    with mpmath.workdps(50):
        gcv = Gcv(further)
        for cell, edge in enumerate(further.edges[:-1]):
            ridge = mp(edge)
            dof = 1 + sum(value / (value + ridge) for value in gcv.eigenvalues)
            assert mp(further.dof(edge, up=False)) <= dof <= mp(further.dof(edge, up=True))
            missed = gcv(ridge) * (gcv.rows - gcv.factor * dof) ** 2 / gcv.rows
            low, high = (mp(further.rss(edge, cell + 1, up=up)) for up in (False, True))
            assert low <= missed <= high
            assert high <= low * (1 + mpmath.mpf(10) ** -6)

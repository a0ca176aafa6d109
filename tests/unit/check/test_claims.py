"""Every recorded number by two routes, and what the claims mean, in 50 digits."""

from __future__ import annotations

from fractions import Fraction
from math import exp, sqrt

import mpmath
import numpy as np
import pytest

from eigenstill_check import check
from eigenstill_check.certificate import read
from eigenstill_check.claims import CLAIMS
from eigenstill_check.exact import Exact
from eigenstill_check.layout import KERNELS, PROFILES
from support.drafts import Draft
from support.files import draft_from
from support.reference import parse_exact, two
from support.small import small_certificate

SHAPES = [
    {"rows": 12, "landmarks": 4, "inputs": 2, "outputs": 1, "linear": True, "rank": 3},
    {"rows": 9, "landmarks": 5, "inputs": 3, "outputs": 2, "linear": False, "rank": 2},
    {"rows": 15, "landmarks": 3, "inputs": 1, "outputs": 3, "linear": True, "rank": 2},
    {"rows": 5, "landmarks": 5, "inputs": 4, "outputs": 1, "linear": True, "rank": 3},
]


@pytest.fixture(
    scope="module", params=[(s, k, i) for i, s in enumerate(SHAPES) for k in KERNELS], ids=lambda p: f"{p[1]}-{p[2]}"
)
def written(request, tmp_path_factory):
    options, kernel, seed = request.param
    return small_certificate(tmp_path_factory.mktemp("claims"), seed + 30, kernel=kernel, **options)


@pytest.fixture(scope="module")
def draft(written) -> Draft:
    return draft_from(written)


def mp(value: Fraction):
    return mpmath.mpf(value.numerator) / value.denominator


@pytest.mark.parametrize("name", PROFILES["distillation-1"])
def test_numbers_are_those_of_the_reference(written, draft, name):
    sealed = draft.seal().claim(name)
    exact = Exact(read(written))
    parsed = CLAIMS[name].read(sealed, f"claims[0] {name}")
    assert CLAIMS[name].compute(exact, parsed) == sealed


def test_psd_test_agrees_with_the_reference(written, draft):
    """At the recorded witnesses and around the edge where they stop to prove anything."""
    from eigenstill_check.dyadic import Dyadic
    from eigenstill_check.spectral import psd_failure

    exact = Exact(read(written))
    outcomes = set()
    for power in (-400, -30, -20, -12, -6, -3, -1, 0):
        for sign in (1, -1):
            threshold = draft.threshold + sign * draft.slack * two(power)
            mantissa, exponent = map(int, str_of(threshold).split("p"))
            slack = Dyadic(*map(int, str_of(draft.slack).split("p")))
            parts = exact.certificate.basis, exact.certificate.model, exact.operator
            held = psd_failure(*parts, Dyadic(mantissa, exponent), slack) is None
            assert held == draft.reference().psd_holds(threshold, draft.slack)
            outcomes.add(held)
    assert outcomes == {True, False}


def str_of(value: Fraction) -> str:
    from support.reference import exact_string

    return exact_string(value)


def test_eckart_young_encloses_the_true_tail(written, draft):
    """lower <= sum of the eigenvalues beyond k <= norm(A - A V_k V_k^T)^2 <= upper; eigenvalues to 50 digits."""
    reference = draft.reference()
    with mpmath.workdps(50):
        matrix = mpmath.matrix([[mp(value) for value in row] for row in reference.m])
        eigenvalues = sorted(mpmath.eigsy(matrix, eigvals_only=True), reverse=True)
        for entry in next(c for c in read(written).claims if c["claim"] == "eckart_young")["ranks"]:
            lower, upper = (parse_exact(entry[side]["exact"]) for side in ("lower", "upper"))
            tail = sum(eigenvalues[entry["rank"] :])
            residual = mp(reference.residual(entry["rank"]))
            assert mp(lower) <= tail <= residual * (1 + mpmath.mpf(10) ** -40)
            assert residual <= mp(upper)
            assert lower > 0
            assert float(upper / lower - 1) < 1e-6


def test_no_factorisation_beats_the_lower_bound(written, draft):
    """The meaning of the claim, on matrices: alternating least squares from random starts."""
    reference = draft.reference()
    operator = np.array([[float(v) for v in row] for row in reference.operator])
    rng = np.random.default_rng(0)
    for rank in draft.ranks:
        lower, _ = reference.bounds(rank, draft.threshold)
        for _ in range(3):
            left = rng.standard_normal((len(operator), rank))
            for _ in range(20):
                right = np.linalg.lstsq(left, operator, rcond=None)[0]
                left = np.linalg.lstsq(right.T, operator.T, rcond=None)[0].T
            assert ((operator - left @ right) ** 2).sum() >= float(lower) * (1 - 1e-12)


def test_metric_bounds_the_exact_kernel(draft):
    """norm(T^T K T - I) with the kernel not floored, largest row sum, is at most the recorded defect."""
    reference, m = draft.reference(), len(draft.tensors["landmarks"])
    jitter = parse_exact(draft.basis["jitter"])
    gram = [
        [value + (jitter if i == j else 0) for j, value in enumerate(reference.kernel_row(z))]
        for i, z in enumerate(draft.tensors["landmarks"])
    ]
    transform = [[v * two(draft.basis["metric_exponent"]) for v in row] for row in draft.tensors["metric"]]
    image = [
        [sum(transform[a][i] * gram[a][b] * transform[b][j] for a in range(m) for b in range(m)) for j in range(m)]
        for i in range(m)
    ]
    worst = max(sum(abs(v - (i == j)) for j, v in enumerate(row)) for i, row in enumerate(image))
    assert worst <= reference.kernel_defect()


def test_fidelity_holds_for_the_exact_formula(draft):
    """RMSE, largest error and R^2 of the formula without any floor, on the recorded rows."""
    reference = draft.reference()
    for split in reference.splits:
        for target in ("teacher", "labels"):
            for output in range(len(draft.tensors["intercept"])):
                values = [Fraction(row[output]) for row in draft.tensors[f"{split}.{target}"]]
                errors = [
                    v - reference.formula(x, output)
                    for v, x in zip(values, draft.tensors[f"{split}.inputs"], strict=True)
                ]
                entry = reference.fidelity_entry(split, target, output)
                rss, n = sum(e * e for e in errors), len(errors)
                assert max(map(abs, errors)) <= parse_exact(entry["error_at_most"]["exact"])
                assert rss <= n * parse_exact(entry["rmse_at_most"]["exact"]) ** 2
                mean = sum(values) / n
                tss = sum((v - mean) ** 2 for v in values)
                assert parse_exact(entry["r_squared_at_least"]["exact"]) <= 1 - rss / tss
                assert parse_exact(entry["r_squared_at_least"]["exact"]) > 1 - rss / tss - Fraction(1, 10**6)


def test_evaluation_bounds_hold_for_several_orders_of_summation(draft):
    """Recorded predictions and three other float64 evaluations, against the formula in fractions."""
    reference = draft.reference()
    tensors = draft.tensors
    power = 1 if draft.basis["kernel"] == "rational-l1" else 2
    kernel = {
        "gaussian": lambda q: exp(-q),
        "matern-3/2": lambda q: (1 + sqrt(3 * q)) * exp(-sqrt(3 * q)),
    }.get(draft.basis["kernel"], lambda q: 1 / (1 + q))
    for split in reference.splits:
        entry = reference.evaluation_entry(split)
        seen, allowed = (parse_exact(entry[key]["exact"]) for key in ("difference_at_most", "a_priori_at_most"))
        for x, recorded in zip(tensors[f"{split}.inputs"], tensors[f"{split}.predictions"], strict=True):
            for output in range(len(tensors["intercept"])):
                exact = reference.formula(x, output)
                assert abs(Fraction(recorded[output]) - exact) <= seen <= allowed
                terms = [tensors["intercept"][output]]
                for z, row in zip(tensors["landmarks"], tensors["coefficients"], strict=True):
                    gaps = [a - b for a, b in zip(x, z, strict=True)]
                    q = sum(s * abs(g) ** power for s, g in zip(tensors["scales"], gaps, strict=True))
                    terms.append(row[output] * kernel(q))
                if draft.basis["linear"]:
                    terms += [w[output] * v for w, v in zip(tensors["weights"], x, strict=True)]
                for order in (terms, terms[::-1], sorted(terms)):
                    assert abs(Fraction(sum(order)) - exact) <= allowed


def test_shards_change_no_number(written, draft, tmp_path):
    whole = draft.seal()
    rows, holdout = draft.shards[0]
    draft = draft.copy()
    draft.shards = [(1, 0), (rows - 3, holdout), (2, 0)]
    split = draft.seal("split")
    assert split.document["claims"] == whole.document["claims"]
    assert check(split.write(tmp_path, "split")).code == 0


def test_blocks_change_no_number(written, monkeypatch):
    monkeypatch.setattr("eigenstill_check.rows.BLOCK_ROWS", 4)
    assert check(written).code == 0

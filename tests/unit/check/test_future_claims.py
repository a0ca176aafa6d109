"""Claims about future rows: every number by a second route, exact tails, and the confidence itself by simulation."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from eigenstill_check import check
from eigenstill_check.binomial import largest_count, terms, upper_tail
from eigenstill_check.certificate import read
from eigenstill_check.claims import CLAIMS
from eigenstill_check.claims.closer import lower_limit
from eigenstill_check.claims.tolerance import part_of
from eigenstill_check.dyadic import Dyadic
from eigenstill_check.exact import Exact
from eigenstill_check.row_errors import repeated_rows
from support.files import draft_from
from support.small import small_certificate

PERCENT = Dyadic(655, -16)  # just below 1/100


def fraction(value: Dyadic) -> Fraction:
    return Fraction(*value.ratio())


@given(st.integers(1, 40), st.integers(1, 255))
def test_terms_are_the_binomial_distribution(trials, success):
    p = Fraction(success, 256)
    found = [fraction(Dyadic(*term)) for term in terms(trials, Dyadic(success, -8))]
    assert found == [comb(trials, j) * p**j * (1 - p) ** (trials - j) for j in range(trials + 1)]
    assert sum(found) == 1


@given(st.integers(1, 40), st.integers(1, 255), st.integers(1, 255))
def test_the_count_is_the_last_one_within_the_risk(trials, success, risk):
    p, limit = Fraction(success, 256), Fraction(risk, 256)
    tails = [sum(comb(trials, j) * p**j * (1 - p) ** (trials - j) for j in range(k + 1)) for k in range(trials + 1)]
    count = largest_count(trials, Dyadic(success, -8), Dyadic(risk, -8))
    assert count == max((k for k, tail in enumerate(tails) if tail <= limit), default=-1)


@given(st.integers(1, 60), st.data())
def test_upper_tails_from_either_side(trials, data):
    least = data.draw(st.integers(0, trials))
    p = Fraction(77, 256)
    expected = sum(comb(trials, j) * p**j * (1 - p) ** (trials - j) for j in range(least, trials + 1))
    assert fraction(upper_tail(trials, Dyadic(77, -8), least)) == expected


def test_the_design_s_example():
    """n = 1530, p = 0.05, risk 0.01: at most 56 rows strictly above."""
    assert largest_count(1530, Dyadic(3277, -16), Dyadic(656, -16)) == 56
    assert stats.binom.cdf(56, 1530, 0.05) <= 0.01 < stats.binom.cdf(57, 1530, 0.05)


@pytest.mark.parametrize(("rows", "count"), [(30, 30), (30, 1), (200, 120), (1530, 812)])
def test_lower_limit_is_clopper_and_pearson_s(rows, count):
    limit = float(fraction(lower_limit(rows, count, PERCENT)))
    exact = stats.beta.ppf(655 / 2**16, count, rows - count + 1)
    assert exact - 2.0**-12 <= limit <= exact


def test_no_row_nearer_is_fraction_zero():
    assert lower_limit(50, 0, PERCENT) == Dyadic(0)


def test_all_statements_share_the_risk():
    assert (
        6 * fraction(part_of(PERCENT, 6))
        <= fraction(PERCENT)
        < 6 * (fraction(part_of(PERCENT, 6)) + Fraction(1, 2**32))
    )


# on certificates


@pytest.fixture(scope="module", params=[{}, {"outputs": 3}, {"kernel": "rational-l1", "linear": False}], ids=str)
def written(request, tmp_path_factory):
    return small_certificate(tmp_path_factory.mktemp("future"), 7, rows=40, **request.param)


@pytest.mark.parametrize("name", ["tolerance", "closer", "interval", "mean_error"])
def test_numbers_are_those_of_the_reference(written, name):
    draft, exact = draft_from(written), Exact(read(written))
    sealed = draft.further_reference().claim(name)
    assert CLAIMS[name].compute(exact, CLAIMS[name].read(sealed, name)) == sealed
    assert sealed["repeated_rows"] == sealed["rows"] == 7, "the hold-out rows of this file are training rows"


def test_the_verdict_says_that_rows_repeat(written):
    (claim,) = (claim for claim in check(written).claims if claim.claim == "tolerance")
    assert claim.accepted
    assert "7 of the rows repeat others: not independent" in claim.statement


def test_repeated_rows_are_counted_once_each(written):
    certificate = read(written)
    assert repeated_rows(certificate, "holdout") == 7


# what the claims mean


def law(kind: str, rng: np.random.Generator, size: int) -> np.ndarray:
    """Errors: heavy tails, ties, or only two values; each with its true quantile function below."""
    if kind == "cauchy":
        return np.abs(rng.standard_cauchy(size))
    if kind == "ties":
        return rng.integers(0, 5, size).astype(float)
    return (rng.random(size) < 0.07).astype(float)


def exceedance(kind: str, bound: float) -> float:
    """P(error > bound)."""
    if kind == "cauchy":
        return 1 - 2 / np.pi * np.arctan(bound)
    if kind == "ties":
        return np.clip(4 - np.floor(bound), 0, 5) / 5
    return 0.07 if bound < 1 else 0.0


@pytest.mark.parametrize("kind", ["cauchy", "ties", "two values"])
def test_the_stated_confidence_holds(kind):
    """2,000 repetitions, n = 200, p = 0.1, risk 0.05: failures at most 0.05 up to Monte Carlo error."""
    rng, p, risk = np.random.default_rng(len(kind)), Dyadic(6553, -16), Dyadic(3276, -16)
    count = largest_count(200, p, risk)
    failures = 0
    for _ in range(2_000):
        bound = np.sort(law(kind, rng, 200))[::-1][count]
        failures += exceedance(kind, bound) > float(fraction(p))
    assert failures <= 0.05 * 2_000 + 3 * (2_000 * 0.05 * 0.95) ** 0.5
    if kind == "cauchy":  # continuous: the confidence is not far from the stated one
        assert failures >= 0.02 * 2_000


def test_the_stated_confidence_of_being_closer_holds():
    rng, true = np.random.default_rng(0), 0.6
    limits = {count: float(fraction(lower_limit(150, count, Dyadic(3276, -16)))) for count in range(60, 130)}
    failures = sum(limits[int(count)] > true for count in rng.binomial(150, true, 2_000))
    assert failures <= 0.05 * 2_000 + 3 * (2_000 * 0.05 * 0.95) ** 0.5

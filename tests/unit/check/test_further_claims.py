"""Every recorded number of the claims beyond the profile by two routes: the checker's, and definitions in fractions."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from eigenstill_check import check
from eigenstill_check.certificate import read
from eigenstill_check.claims import CLAIMS
from eigenstill_check.exact import Exact
from eigenstill_check.layout import PROFILES
from support.drafts import Draft
from support.files import draft_from
from support.reference import parse_exact
from support.shapes import SHAPES

FUTURE = {"tolerance", "closer", "interval", "mean_error"}  # test_future_claims


@pytest.fixture(scope="module", params=SHAPES)
def draft(request) -> Draft:
    return SHAPES[request.param].draft(list(SHAPES).index(request.param) + 40)


@pytest.fixture(scope="module")
def written(draft, tmp_path_factory):
    return draft.seal().write(tmp_path_factory.mktemp("further"), "base")


def test_all_claims_hold_in_the_checkers_order(written, draft):
    verdict = check(written)
    assert verdict.code == 0, verdict.message
    expected = [*PROFILES["distillation-1"], *draft.further]
    assert [claim.claim for claim in verdict.claims] == [name for name in CLAIMS if name in expected]
    missing = set(CLAIMS) - set(expected) - FUTURE
    assert missing == {
        "exports",
        *(() if "train.labels" in draft.tensors else ("gcv",)),
        *(("agreement",) if len(draft.tensors["intercept"]) == 1 else ()),
    }
    assert all(draft.further_reference().holds(name) for name in draft.further)


def test_numbers_are_those_of_the_reference(written, draft):
    exact = Exact(read(written))
    for sealed in draft.further_reference().claims():
        name = sealed["claim"]
        parsed = CLAIMS[name].read(sealed, f"claims[0] {name}")
        assert CLAIMS[name].compute(exact, parsed) == sealed


def test_reading_back_gives_the_same_draft(written, draft):
    again = draft_from(written)
    assert again.further == draft.further
    assert again.seal().document["claims"] == json.loads(written.read_text())["claims"]


def test_shards_change_no_number(draft, tmp_path):
    whole = draft.seal()
    rows, holdout = draft.shards[0]
    parts = draft.copy()
    parts.shards = [(1, 0), (rows - 3, holdout), (2, 0)]
    split = parts.seal("split")
    assert split.document["claims"] == whole.document["claims"]
    assert check(split.write(tmp_path, "split")).code == 0


def test_blocks_change_no_number(written, monkeypatch):
    monkeypatch.setattr("eigenstill_check.rows.BLOCK_ROWS", 4)
    assert check(written).code == 0


def test_each_gap_is_small(draft):
    """The witnesses of `support.ridges` are those of an honest producer: numbers near 0 where theory says 0."""
    for output in draft.seal().claim("shrinkage")["outputs"]:
        assert parse_exact(output["gap_at_most"]["exact"]) < Fraction(1, 10**12)
        assert parse_exact(output["coefficients_differ_at_most"]["exact"]) < Fraction(1, 10**9)
        assert parse_exact(output["intercept_differs_at_most"]["exact"]) < Fraction(1, 10**9)

"""Claim agreement: what an exact formula surely does, by a second route and by meaning."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eigenstill_check import check
from eigenstill_check.certificate import read
from eigenstill_check.claims import agreement
from eigenstill_check.errors import Rejected
from eigenstill_check.exact import Exact
from support import reference
from support.drafts import Draft
from support.files import draft_from
from support.small import small_certificate

SPLIT = {"rows": 4, "agree": 4, "disagree": 0, "teacher_ties": 0, "margin_at_least": None, "labels": None}


@pytest.fixture(scope="module")
def three(tmp_path_factory) -> Draft:
    return draft_from(small_certificate(tmp_path_factory.mktemp("three"), 8, outputs=3, rows=20))


def recorded(draft: Draft, folder):
    """The claim as the checker computes it for a draft that holds this claim alone."""
    draft.further = {"agreement": {}}
    path = draft.seal().write(folder, "base")
    found = read(path)
    return agreement.compute(Exact(found), {}), draft.seal().claim("agreement"), check(path)


@given(seed=st.integers(0, 10_000), outputs=st.integers(2, 4), linear=st.booleans(), coarse=st.booleans())
def test_checker_and_reference_count_alike(tmp_path_factory, seed, outputs, linear, coarse):
    """Also on a grid so coarse that many rows are undecided, and with teachers that often tie."""
    folder = tmp_path_factory.mktemp("random")
    draft = draft_from(small_certificate(folder, seed, outputs=outputs, rows=12, landmarks=3, linear=linear, rank=1))
    rng = np.random.default_rng(seed)
    for split in ("train", "holdout"):
        for row in draft.tensors[f"{split}.teacher"]:
            row[:] = rng.integers(0, 3, outputs).astype(float).tolist()
        draft.tensors[f"{split}.labels"] = np.eye(outputs)[
            rng.integers(0, outputs, len(draft.tensors[f"{split}.inputs"]))
        ].tolist()
    if coarse:
        draft.tensors["coefficients"] = [[value * 2.0**34 for value in row] for row in draft.tensors["coefficients"]]
    computed, expected, _ = recorded(draft, folder)
    assert computed == expected
    for entry in computed["splits"]:
        assert entry["agree"] + entry["disagree"] + entry["teacher_ties"] <= entry["rows"]
        assert entry["labels"]["right"] + entry["labels"]["wrong"] <= entry["rows"]


def test_counts_are_those_of_the_exact_formula_where_no_row_is_undecided(three, tmp_path):
    computed, _, verdict = recorded(three.copy(), tmp_path)
    base = three.reference()
    (train, _) = computed["splits"]
    wins = []
    for row, teacher in zip(three.tensors["train.inputs"], three.tensors["train.teacher"], strict=True):
        values = [base.formula(row, output) for output in range(3)]
        wins.append(values.index(max(values)) == teacher.index(max(teacher)))
    assert train["agree"] == sum(wins)
    assert train["disagree"] == len(wins) - sum(wins)
    assert verdict.accepted


def test_the_margin_is_below_that_of_the_exact_formula_on_every_row_that_agrees(three, tmp_path):
    computed, _, _ = recorded(three.copy(), tmp_path)
    margin = reference.parse_exact(computed["splits"][0]["margin_at_least"]["exact"])
    leads = []
    for row, teacher in zip(three.tensors["train.inputs"], three.tensors["train.teacher"], strict=True):
        values = [three.reference().formula(row, output) for output in range(3)]
        winner = teacher.index(max(teacher))
        lead = values[winner] - max(value for output, value in enumerate(values) if output != winner)
        leads += [lead] if lead > 0 else []
    assert 0 < margin <= min(leads)
    assert min(leads) - margin < Fraction(1, 2**30)


def test_equal_outputs_never_agree_for_sure(three, tmp_path):
    draft = three.copy()
    for name in ("coefficients", "weights"):
        draft.tensors[name] = [[row[0]] * 3 for row in draft.tensors[name]]
    draft.tensors["intercept"] = [0.5] * 3
    computed, expected, _ = recorded(draft, tmp_path)
    assert computed == expected
    assert [(entry["agree"], entry["disagree"]) for entry in computed["splits"]] == [(0, 0), (0, 0)]
    assert computed["splits"][0]["margin_at_least"] is None


def test_one_output_is_refused(tmp_path):
    with pytest.raises(Rejected, match="agreement: got one output, need at least two"):
        agreement.compute(Exact(read(small_certificate(tmp_path))), {})


@pytest.mark.parametrize("labels", [[[1.0, 0.0, 0.0]], [[0.0, 1.0, 1.0]], [[2.0, 0.0, 0.0]], [[0.5, 0.5, 0.0]]])
def test_labels_are_classes_or_nothing(three, tmp_path, labels):
    draft = three.copy()
    draft.tensors["train.labels"] = [[1.0, 0.0, 0.0]] * 19 + labels
    computed, expected, _ = recorded(draft, tmp_path)
    assert computed == expected
    assert (computed["splits"][0]["labels"] is None) == (labels != [[1.0, 0.0, 0.0]])


def test_the_producer_claims_it_for_several_outputs_only(tmp_path):
    several, one = small_certificate(tmp_path, outputs=2, name="several"), small_certificate(tmp_path, name="one")
    assert "agreement" in [claim.claim for claim in check(several).claims]
    assert "agreement" not in [claim.claim for claim in check(one).claims]


def test_sentences_say_what_is_open_and_what_the_labels_are():
    plain = {"claim": "agreement", "splits": [{"split": "train", **SPLIT}]}
    assert agreement.say(plain) == "train: formula and network choose alike on 4 of 4 rows"
    full = {
        **SPLIT,
        "agree": 2,
        "disagree": 1,
        "teacher_ties": 1,
        "labels": {"right": 1, "wrong": 2, "teacher_right": 3},
    }
    full["margin_at_least"] = reference.number(Fraction(1, 2**10), "margin_at_least")
    assert agreement.say({"claim": "agreement", "splits": [{"split": "holdout", **full}]}) == (
        "holdout: formula and network choose alike on 2 of 4 rows, by at least 0.00097 (1 undecided, of which ties of "
        "the network 1); right on at least 1, wrong on at least 2 (network right on 3)"
    )

"""Faults that the claims beyond the profile once had. Each test failed before the fault was mended."""

from __future__ import annotations

from eigenstill_check import check
from support.shapes import SHAPES


def test_outputs_that_are_all_zero_overflowed_a_slot(tmp_path):
    """The slots of C^T t took their width from the targets alone: exit code 3 for a constant teacher at 0."""
    draft = SHAPES["no_labels"].draft(0)
    draft.tensors["train.teacher"] = [[0.0]] * 10
    verdict = check(draft.seal().write(tmp_path, "base"))
    assert verdict.code == 0, verdict.message


def test_an_excess_beyond_float64_was_a_crash(tmp_path):
    """Tiny labels, a huge trial at the ridge: the excess in the message overflowed, and the verdict was exit code 3."""
    draft = SHAPES["linear"].draft(1)
    draft.tensors["train.labels"] = [[value * 2.0**-960 for value in row] for row in draft.tensors["train.labels"]]
    draft.further["gcv"]["trial_exponent"] = -256
    draft.tensors |= {"ridge": [1e6], "ridge_edges": [1e6, 1e6 + 1], "ridge_trials": [[2**62] * 6, [0] * 6]}
    verdict = check(draft.seal().write(tmp_path, "base"))
    assert verdict.code == 1
    assert [claim.where for claim in verdict.claims if claim.claim == "gcv"] == ["gcv.excess_at_most"]

"""Two verdicts compared claim by claim: a disagreement is no verdict, and nothing that differs goes unsaid."""

from __future__ import annotations

import json

import pytest

from eigenstill.cli import engines, main
from eigenstill.lean.agreement import compare
from eigenstill_check.verdict import ClaimVerdict, Verdict


def verdict(code: int, **claims: bool) -> Verdict:
    outcomes = tuple(ClaimVerdict(name, accepted, "") for name, accepted in claims.items())
    return Verdict("x.cert.json", code, f"message {code}", outcomes)


@pytest.mark.parametrize("code", [0, 1, 2])
def test_equal_verdicts_agree(code):
    claims = {"basis": True, "metric": code == 0} if code < 2 else {}
    found = compare(verdict(code, **claims), verdict(code, **claims))
    assert (found.code, found.differences) == (code, ())
    assert "agree" in found.message


@pytest.mark.parametrize(("ours", "theirs"), [(0, 1), (1, 0), (0, 2), (2, 0), (1, 2), (2, 1)])
def test_other_exit_codes_disagree(ours, theirs):
    found = compare(verdict(ours), verdict(theirs))
    assert found.code == 3
    assert found.message.startswith("the checkers disagree: ")
    assert f"message {ours}" in found.message
    assert f"message {theirs}" in found.message


def test_claims_are_compared_one_by_one():
    """Both reject, but not the same claim."""
    found = compare(verdict(1, basis=True, metric=False), verdict(1, basis=False, metric=True))
    assert found.code == 3
    assert found.differences == (
        "basis accepted by Python, rejected by Lean",
        "metric rejected by Python, accepted by Lean",
    )


def test_claim_that_python_does_not_know_is_a_difference():
    assert compare(verdict(0, basis=True), verdict(0, basis=True, other=True)).differences == (
        "other not decided by Python, accepted by Lean",
    )


def test_claims_that_lean_leaves_open_are_named():
    found = compare(verdict(0, basis=True, gcv=True), verdict(0, basis=True))
    assert (found.code, found.open) == (0, ("gcv",))
    assert found.message == "the Python and the Lean checker agree on 1 claims; decided by Python alone: gcv"


def test_open_claim_that_fails_is_a_rejection_and_no_disagreement():
    found = compare(verdict(1, basis=True, gcv=False), verdict(0, basis=True))
    assert (found.code, found.differences) == (1, ())


def test_open_claims_do_not_explain_another_rejection():
    found = compare(verdict(1, basis=True, gcv=True), verdict(0, basis=True))
    assert found.code == 3


@pytest.mark.parametrize(("ours", "theirs"), [(3, 0), (0, 3), (3, 3), (1, 3), (3, 2)])
def test_one_without_a_verdict_is_none_of_both(ours, theirs):
    found = compare(verdict(ours), verdict(theirs))
    assert (found.code, found.differences) == (3, ())
    assert found.message.startswith("no verdict of the ")


# the command


@pytest.fixture
def both(monkeypatch):
    """The command with a Lean checker that says what the test wants."""

    def set_lean(*verdicts: Verdict) -> None:
        monkeypatch.setattr(engines, "with_lean", lambda *_: list(verdicts))

    return set_lean


@pytest.fixture
def certificate(tmp_path):
    from support.small import small_certificate

    return small_certificate(tmp_path)


def test_command_says_that_both_agree(both, certificate, capsys):
    from eigenstill_check import check

    both(check(certificate))
    assert main(["check", "--engine", "both", str(certificate)]) == 0
    assert (
        capsys.readouterr()
        .out.splitlines()[-1]
        .startswith("ACCEPTED  by both: the Python and the Lean checker agree on ")
    )


def test_command_ends_with_3_where_they_disagree(both, certificate, capsys):
    both(Verdict(str(certificate), 1, "basis.trace: got 1, need 2", (ClaimVerdict("basis", False, ""),)))
    assert main(["check", "--engine", "both", str(certificate)]) == 3
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("NO VERDICT  the checkers disagree: basis accepted by Python, rejected by Lean")


def test_command_in_json(both, certificate, capsys):
    both(Verdict(str(certificate), 3, "Lean ended"))
    assert main(["check", "--engine", "both", "--json", str(certificate)]) == 3
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["exit_code"], found["python"]["exit_code"], found["lean"]["exit_code"]) == (3, 0, 3)
    assert found["message"] == "no verdict of the Lean checker: Lean ended"


def test_command_with_lean_alone(both, certificate, capsys):
    both(verdict(1, basis=False))
    assert main(["check", "--engine", "lean", str(certificate)]) == 1
    assert capsys.readouterr().out.startswith("REJECTED")


def test_files_of_the_user_are_the_python_checkers(both, certificate, capsys):
    both(verdict(0, basis=True))
    assert main(["check", "--engine", "lean", "--student", str(certificate), str(certificate)]) == 2
    assert "use --engine python or both" in capsys.readouterr().err


def test_unknown_engine_is_a_usage_error(certificate, capsys):
    assert main(["check", "--engine", "coq", str(certificate)]) == 2
    assert "coq" in capsys.readouterr().err

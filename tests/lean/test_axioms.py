"""Reports of `#print axioms` (jsboige/CoursIA #8738: a list that wraps over lines hid a forbidden axiom)."""

from __future__ import annotations

from pathlib import Path

import pytest

from eigenstill.lean.axioms import ALLOWED_AXIOMS, axiom_problems, read_axioms

REPORTS = Path(__file__).with_name("axioms")
NATIVE = "Cert.bound_ok._native.native_decide.ax_1_1"


def report(name: str) -> str:
    return (REPORTS / f"{name}.txt").read_text(encoding="utf-8")


def test_clean_report_passes():
    assert read_axioms(report("clean")) == {"Cert.bound_ok": {"propext", "Classical.choice", "Quot.sound"}}
    assert axiom_problems(report("clean"), ["Cert.bound_ok"]) == []


def test_wrapped_list_is_read_to_its_end():
    found = read_axioms(report("wrapped"))
    assert found["Cert.bound_ok"] == ALLOWED_AXIOMS | {NATIVE}
    assert found["Cert.shape_ok"] == {"propext"}
    assert found["Cert.pure_ok"] == frozenset()
    (problem,) = axiom_problems(report("wrapped"), [*found])
    assert problem.startswith(f"Cert.bound_ok: rests on {NATIVE}, need at most Classical.choice, Quot.sound, propext")


def test_gap_is_found():
    (problem,) = axiom_problems(report("sorry"), ["Cert.bound_ok"])
    assert "rests on sorryAx" in problem


@pytest.mark.parametrize("name", ["clean", "sorry", "wrapped"])
def test_theorem_without_a_report_is_a_failure(name):
    problems = axiom_problems(report(name), ["Cert.bound_ok", "Cert.other"])
    assert (
        "Cert.other: Lean said nothing of its axioms, need a report; see that it is public and in the library"
        in problems
    )


@pytest.mark.parametrize(
    "text", ["", "\n", "error: unknown constant 'Cert.bound_ok'\n", "'Cert.bound_ok' depends on\n"]
)
def test_report_on_nothing_is_a_failure(text):
    assert axiom_problems(text, ["Cert.bound_ok"])


@pytest.mark.parametrize("width", range(1, 12))
def test_no_wrapping_hides_an_axiom(width):
    """Whatever the place of the line breaks: after any comma, and after the words before the list."""
    axioms = ["propext", "Classical.choice", "sorryAx", "Quot.sound"]
    for broken in range(2**5):
        gaps = ["\n" + " " * width if broken >> place & 1 else " " for place in range(5)]
        listed = "".join(f"{axiom},{gap}" for axiom, gap in zip(axioms, gaps, strict=False)).rstrip(", \n")
        text = (
            f"info: Axioms.lean:2:0: 'A.b' depends on axioms:{gaps[4]}[{listed}]\n'A.c' does not depend on any axioms\n"
        )
        assert read_axioms(text) == {"A.b": frozenset(axioms), "A.c": frozenset()}
        assert len(axiom_problems(text, ["A.b", "A.c"])) == 1


def test_report_that_is_cut_is_a_failure():
    text = report("wrapped")
    for end in range(1, len(text.rstrip())):
        assert axiom_problems(text[:end], ["Cert.bound_ok", "Cert.shape_ok", "Cert.pure_ok"]), text[:end]


def test_theorem_that_is_reported_twice_has_the_axioms_of_both():
    text = "'A' depends on axioms: [propext]\n'A' depends on axioms: [sorryAx]\n'A' does not depend on any axioms\n"
    assert read_axioms(text) == {"A": {"propext", "sorryAx"}}


def test_names_with_primes_are_told_apart():
    text = "'A.b'' depends on axioms: [propext]\n'A.b' does not depend on any axioms\n"
    assert read_axioms(text) == {"A.b'": {"propext"}, "A.b": frozenset()}


def test_report_that_cannot_be_read_is_a_failure():
    text = "'A' does not depend on any axioms\n'B' depends on axioms: none of them\n"
    assert len(axiom_problems(text, ["A"])) == 1

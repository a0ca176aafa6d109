"""Two verdicts on one certificate: whether the Python and the Lean checker say the same, claim by claim."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from eigenstill_check.verdict import ACCEPTED, NO_VERDICT, REJECTED, WORDS, Verdict


@dataclass(frozen=True)
class Agreement:
    """Both verdicts. ``differences`` has one sentence for each place where they differ; ``open`` what Lean left open."""

    python: Verdict
    lean: Verdict
    differences: tuple[str, ...]
    open: tuple[str, ...]

    @property
    def code(self) -> int:
        """The exit code of both together: 3 where they differ, or where one of them has no verdict."""
        if self.differences or NO_VERDICT in (self.python.code, self.lean.code):
            return NO_VERDICT
        return self.python.code

    @property
    def message(self) -> str:
        """One sentence about the two."""
        if self.differences:
            return f"the checkers disagree: {'; '.join(self.differences)}; please report it"
        for name, verdict in (("Python", self.python), ("Lean", self.lean)):
            if verdict.code == NO_VERDICT:
                return f"no verdict of the {name} checker: {verdict.message}"
        if self.python.claims:
            text = f"the Python and the Lean checker agree on {len(self.lean.claims)} claims"
        else:
            text = "the Python and the Lean checker agree"
        return f"{text}; decided by Python alone: {', '.join(self.open)}" if self.open else text

    def to_json(self) -> dict[str, Any]:
        return {
            "certificate": self.python.path,
            "exit_code": self.code,
            "message": self.message,
            "differences": list(self.differences),
            "decided_by_python_alone": list(self.open),
            "python": self.python.to_json(),
            "lean": self.lean.to_json(),
        }


def compare(python: Verdict, lean: Verdict) -> Agreement:
    """Compare two verdicts on one file.

    Claims that the Lean checker does not decide are the Python checker's alone; every other one must end alike, and
    the files that are refused must be refused with the same exit code.
    """
    ours = {claim.claim: claim.accepted for claim in python.claims}
    theirs = {claim.claim: claim.accepted for claim in lean.claims}
    left_open = tuple(name for name in ours if name not in theirs) if theirs else ()
    if NO_VERDICT in (python.code, lean.code):
        return Agreement(python, lean, (), left_open)
    differences = [
        f"{name} {_outcome(ours.get(name))} by Python, {_outcome(accepted)} by Lean"
        for name, accepted in theirs.items()
        if ours.get(name) is not accepted
    ]
    explained = python.code == REJECTED and lean.code == ACCEPTED and not all(ours[name] for name in left_open)
    if python.code != lean.code and not explained and not differences:
        differences = [
            f"{WORDS[python.code]} by Python ({python.message}), {WORDS[lean.code]} by Lean ({lean.message})"
        ]
    return Agreement(python, lean, tuple(differences), left_open)


def _outcome(accepted: bool | None) -> str:
    return "not decided" if accepted is None else "accepted" if accepted else "rejected"

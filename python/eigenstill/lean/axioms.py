"""What `#print axioms` printed, read as a whole: lists wrap over lines, and a name may be missing."""

from __future__ import annotations

import re

ALLOWED_AXIOMS = frozenset({"propext", "Quot.sound", "Classical.choice"})
_REPORT = re.compile(
    r"'(?P<name>\S+?)'\s+(?:does\s+not\s+depend\s+on\s+any\s+axioms|depends\s+on\s+axioms:\s*\[(?P<axioms>[^\]]*)\])"
)
_BEGINNING = re.compile(r"depends?\s+on\s+(?:any\s+)?axioms")


def read_axioms(text: str) -> dict[str, frozenset[str]]:
    """The axioms of each theorem that the text reports on; of one that it names twice, those of both."""
    found: dict[str, frozenset[str]] = {}
    for report in _REPORT.finditer(text):
        axioms = frozenset(axiom.strip() for axiom in (report["axioms"] or "").split(",") if axiom.strip())
        found[report["name"]] = found.get(report["name"], frozenset()) | axioms
    return found


def axiom_problems(text: str, needed: list[str]) -> list[str]:
    """What is wrong with such a report about the `needed` theorems, one sentence each; nothing when all is well.

    A theorem that the text does not report on is a problem, and so is a report that cannot be read.
    """
    found = read_axioms(text)
    problems = [
        f"{name}: Lean said nothing of its axioms, need a report; see that it is public and in the library"
        for name in needed
        if name not in found
    ]
    for name, axioms in found.items():
        foreign = sorted(axioms - ALLOWED_AXIOMS)
        if foreign:
            problems.append(foreign_axioms(name, foreign))
    unread = len(_BEGINNING.findall(text)) - len(_REPORT.findall(text))
    if unread > 0:
        problems.append(f"{unread} axiom reports cannot be read, need lists in brackets; print them again in full")
    return problems


def foreign_axioms(where: str, foreign: list[str]) -> str:
    """The sentence about a constant that rests on other axioms than Lean's own three."""
    return f"{where}: rests on {', '.join(foreign)}, need at most {', '.join(sorted(ALLOWED_AXIOMS))}; prove it without"

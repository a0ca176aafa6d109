"""The library itself: it builds without a warning, and the audit finds nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from eigenstill.lean.audit import statements_file
from eigenstill.lean.statements import pinned_theorems

pytestmark = pytest.mark.lean
ROOT = Path(__file__).parents[2]


def sources() -> list[Path]:
    """Every Lean source; what builds leave in hidden folders is none."""
    folder = ROOT / "Lean"
    return [
        path
        for path in folder.rglob("[A-Z]*.lean")
        if not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]


def test_library_builds(library):
    assert library.exit_code == 0, "\n".join(map(str, [*library.messages, *library.no_verdict.values()]))
    assert not library.skipped
    assert library.modules == len(sources())


def test_audit_finds_nothing(findings):
    assert not findings.problems, "\n".join(findings.problems)


def test_audit_saw_the_library(findings):
    assert findings.modules == len(sources())
    names = pinned_theorems(statements_file(ROOT / "Lean").read_text(encoding="utf-8"))
    assert findings.pinned == len(names)
    assert {"Eigenstill.eckartYoung", "Eigenstill.eckartYoung_ranks", "Eigenstill.gcv_near_min_of_partition"} <= {
        *names
    }

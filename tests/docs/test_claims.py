"""docs/claims.md against the checker: a full section for each claim, every number it records, every line of the lists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from eigenstill_check import verdict
from eigenstill_check.claims import CLAIMS

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "claims.md").read_text(encoding="utf-8")
FORMAT = (ROOT / "python" / "eigenstill_check" / "FORMAT.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## `(\w+)`\n(.*?)(?=^## )", TEXT, re.MULTILINE | re.DOTALL))
COUNTS = {"claim", "rows", "columns", "grid_bits", "splits", "split", "targets", "target", "outputs", "ranks", "rank"}


def test_every_claim_has_its_section_in_the_checkers_order():
    assert list(SECTIONS) == list(CLAIMS)


@pytest.mark.parametrize("claim", CLAIMS)
def test_every_section_answers_the_four_questions(claim):
    parts = re.findall(r"^\*\*(Said|Checked|Cheats stopped|Not said)\.\*\*", SECTIONS[claim], re.MULTILINE)
    assert parts == ["Said", "Checked", "Cheats stopped", "Not said"]


@pytest.mark.parametrize("claim", CLAIMS)
def test_every_number_of_the_format_is_explained(claim):
    section = FORMAT.split(f"### {claim}\n")[1].split("\n### ")[0]
    keys = set(re.findall(r'"(\w+)": ', section.split("\n")[0])) | set(
        re.findall(r"^- (?:.*?)`(\w+)` =", section, re.M)
    )
    for key in keys - COUNTS:
        assert re.search(rf"\b{key}\b|{key.replace('orthogonality_defect', '`delta`')}", SECTIONS[claim]), key


def test_every_line_that_is_not_covered_is_discussed():
    closing = " ".join(TEXT.split("## The three closing lists")[1].split())
    for line in verdict.NOT_COVERED:
        assert f"- {line}" in closing, line
    for title in ("checked", "recorded only", "not covered"):
        assert f"**{title}**" in closing


def test_every_link_leads_somewhere():
    for document in (ROOT / "docs").glob("*.md"):
        for target in re.findall(r"\]\(([^)#:]+)(?:#\w+)?\)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"

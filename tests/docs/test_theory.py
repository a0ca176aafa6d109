"""docs/theory.md against Lean: each theorem it names is where it says, and none of the theory is left out."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "theory.md").read_text(encoding="utf-8")
LINKS = re.findall(r"\[`([\w.]+)`\]\(\.\./(Lean/[\w/]+\.lean)#L(\d+)\)", TEXT)
DECLARATION = re.compile(r"^(?:@\[[^\]]*\]\s*)?((?:\w+\s+)*?)(?:theorem|lemma)\s+([\w.']+)")


def public_theorems(text: str) -> dict[str, int]:
    """Name -> line of every theorem that other files can use."""
    matches = ((line, DECLARATION.match(words)) for line, words in enumerate(text.split("\n"), start=1))
    return {match[2]: line for line, match in matches if match and "private" not in match[1].split()}


def declared(path: str) -> dict[str, int]:
    return public_theorems((ROOT / path).read_text(encoding="utf-8"))


def test_declarations_are_found_in_every_form():
    lines = ["theorem a : p", "private theorem b : p", "@[simp] theorem c.d (x) : p", "protected theorem e' : p"]
    assert public_theorems("\n".join([*lines, "-- theorem f", "lemma g : p"])) == {"a": 1, "c.d": 3, "e'": 4, "g": 6}


def test_every_theorem_is_where_the_document_says():
    assert len(LINKS) > 80
    wrong = [
        f"{name}: {path} line {line}, found at {declared(path).get(name)}"
        for name, path, line in LINKS
        if declared(path).get(name) != int(line)
    ]
    assert not wrong, "\n".join(wrong)


def test_no_link_has_another_form():
    assert TEXT.count(".lean") == len(LINKS)


def test_every_public_theorem_of_the_theory_is_named():
    files = sorted((ROOT / "Lean" / "Eigenstill" / "Theory").rglob("*.lean"))
    assert files
    named = {(path, name) for name, path, _ in LINKS}
    missing = [
        f"{name} ({path.name} line {line})"
        for path in files
        for name, line in declared(str(path.relative_to(ROOT))).items()
        if (str(path.relative_to(ROOT)), name) not in named
    ]
    assert not missing, "\n".join(missing)


def test_no_theorem_is_named_twice():
    assert [name for name, count in Counter(name for name, _, _ in LINKS).items() if count > 1] == []


def test_every_row_of_the_table_is_full():
    table = TEXT.split("## The table")[1].split("\n## ")[0]
    rows = [re.split(r"(?<!\\)\|", line)[1:-1] for line in table.split("\n") if line.startswith("| **")]
    assert [int(re.match(r" \*\*(\d+)\.", row[0])[1]) for row in rows] == list(range(1, 21))
    assert all(len(row) == 5 and all(cell.strip() for cell in row) for row in rows)

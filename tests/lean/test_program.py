"""The program as one file: nothing but headers and imports differs from the sources, and lake builds the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from eigenstill.lean.errors import LeanRejectedError, LeanUsageError
from eigenstill.lean.program import MAIN, SECTION, WITHOUT_CODE, body, elaborated_only, joined, mark, without_code
from eigenstill.lean.sources import read_sources, with_imports

ROOT = Path(__file__).parents[2]
SOURCES = read_sources(ROOT / "Lean")
PROGRAM = with_imports(SOURCES, [MAIN])
PROVED_ABOUT = {"Eigenstill.Format.Float64Sound", "Eigenstill.Format.Ieee754"}
HEADER_LINE = re.compile(r"module|(public )?import \S+|")


def text(name: str) -> str:
    return SOURCES[name].path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PROGRAM)
def test_only_headers_are_taken_off(name):
    """What goes is a comment, `module` and imports; what stays is the rest, letter by letter."""
    whole = text(name)
    kept = body(whole, name)
    assert whole.endswith(kept)
    taken = whole.removesuffix(kept)
    comment = re.match(r"/-\n(?:(?!-/).)*-/\n", taken, re.DOTALL)
    assert comment
    assert "Copyright" in comment[0]
    assert all(HEADER_LINE.fullmatch(line) for line in taken[comment.end() :].splitlines())


def test_joined_program_is_the_bodies_and_nothing_else():
    rest = joined(SOURCES)
    assert rest.startswith("module\n")
    rest = rest.removeprefix("module\n")
    for name in PROGRAM:
        start = f"\n{mark(name)}{body(text(name), name).rstrip()}\n\nend\n"
        assert rest.startswith(start), name
        rest = rest.removeprefix(start)
    assert not rest


def test_imports_come_before_what_needs_them():
    order = list(PROGRAM)
    for name, source in PROGRAM.items():
        assert all(order.index(imported) < order.index(name) for imported in source.imports)


def test_program_needs_nothing_of_core_but_its_prelude():
    """A start-up with all of Lean's own modules would take longer than the check."""
    for name in PROGRAM:
        assert not re.findall(r"^(?:public )?import (?!Eigenstill)(?!Init)", text(name), re.MULTILINE)


@pytest.mark.parametrize("name", [name for name in PROGRAM if elaborated_only(name)])
def test_without_code_one_word_differs(name):
    before, after = text(name).split("\n"), without_code(text(name)).split("\n")
    changed = [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]
    assert changed == [("@[expose] public section", "@[expose] public noncomputable section")]


def test_what_is_elaborated_without_code_belongs_to_the_program():
    """Everything else that the registry's Lean builds, it compiles; what is proved about the program is not run."""
    assert {name for name in SOURCES if elaborated_only(name)} - PROGRAM.keys() <= PROVED_ABOUT
    assert all(any(name.startswith(prefix) for name in PROGRAM) for prefix in WITHOUT_CODE)


def test_lakefile_names_what_is_there():
    """`lakefile.lean` cannot be elaborated by the registry's Lean."""
    lakefile = (ROOT / "lakefile.lean").read_text(encoding="utf-8")
    assert re.search(r"lean_exe «eigenstill-check» where\n  srcDir := \"Lean\"\n  root := `Main\n", lakefile)
    assert re.search(r"lean_lib Eigenstill where\n  srcDir := \"Lean\"\n", lakefile)
    assert (ROOT / "Lean" / "Main.lean").is_file()
    assert (ROOT / "Lean" / "Eigenstill.lean").is_file()


def test_other_header_is_refused():
    with pytest.raises(LeanRejectedError, match="its header cannot be taken off"):
        body("import Foo\n", "Foo")
    with pytest.raises(LeanRejectedError, match="one line"):
        body(f"module\n{SECTION}{SECTION}", "Foo")


def test_program_without_main_is_a_usage_error(tmp_path):
    (tmp_path / "A.lean").write_text("module\n", encoding="utf-8")
    with pytest.raises(LeanUsageError, match="Main: no such module"):
        joined(read_sources(tmp_path))

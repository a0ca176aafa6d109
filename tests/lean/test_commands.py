"""`eigenstill lean`: with a stand-in for the registry's Lean, and with a lake of our own making on the PATH."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from eigenstill.cli import main
from eigenstill.lean import toolchain
from support.stand_in_lean import StandInLean

PINNED = """\
# pinned

## theorem Eigenstill.one
digest: 00
axioms: none
1 = 1

## theorem Eigenstill.two
digest: 01
axioms: none
2 = 2

## definition Eigenstill.three
digest: 02
Nat
"""
REPORT = "'Eigenstill.one' depends on axioms: [propext,\n Quot.sound]\n'Eigenstill.two' does not depend on any axioms\n"


@pytest.fixture
def checkout(tmp_path, monkeypatch) -> Path:
    """A checkout with one module, as the working directory; no variable of ours is set."""
    root = tmp_path / "checkout"
    (root / "Lean").mkdir(parents=True)
    (root / "tests/lean").mkdir(parents=True)
    (root / "lakefile.lean").touch()
    (root / "Lean/A.lean").write_text("-- pass: a\n", encoding="utf-8")
    (root / "tests/lean/statements.txt").write_text(PINNED, encoding="utf-8")
    monkeypatch.chdir(root)
    monkeypatch.delenv("EIGENSTILL_LEAN", raising=False)
    return root


@pytest.fixture
def stand_in(checkout, monkeypatch, tmp_path) -> StandInLean:
    lean = StandInLean(tmp_path / "log")
    monkeypatch.setattr(toolchain, "setup", lambda _: lean)
    return lean


class FakeLake:
    """A lake that notes its arguments, and ends as it is told to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.program = folder / "lake"
        self.answer()

    def answer(self, report: str = REPORT, **codes: int) -> None:
        """Exit codes by lake's first argument; the report is what `lake env lean` prints."""
        (self.folder / "report").write_text(report, encoding="utf-8")
        cases = "".join(f"  {name}) exit {code};;\n" for name, code in codes.items())
        place = shlex.quote(str(self.folder))
        self.program.write_text(
            f'#!/bin/sh\necho "$PWD: $*" >> {place}/log\n'
            f'if [ "$1" = env ]; then cat "$3" > {place}/asked; cat {place}/report; fi\n'
            f'case "$1" in\n{cases}  *) exit 0;;\nesac\n',
            encoding="utf-8",
        )
        self.program.chmod(0o755)

    def calls(self) -> list[str]:
        return (self.folder / "log").read_text(encoding="utf-8").splitlines()


@pytest.fixture
def lake(checkout, monkeypatch, tmp_path) -> FakeLake:
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    return FakeLake(tmp_path / "bin")


# Without lake


def test_build_says_what_it_built(stand_in, capsys):
    assert main(["lean", "build"]) == 0
    assert capsys.readouterr().out.startswith("ACCEPTED  Lean: 1 module, 1 built in ")


def test_build_rejects(stand_in, checkout, capsys):
    (checkout / "Lean/A.lean").write_text("-- say error: no\n", encoding="utf-8")
    assert main(["lean", "build", "--quiet"]) == 1
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "Lean/A.lean:3:7: error: no"
    assert out[1] == "Lean/A.lean: 1 error or warning, need none; mend the module"
    assert out[2].startswith("REJECTED  Lean: ")


def test_build_without_verdict(stand_in, checkout, capsys):
    (checkout / "Lean/A.lean").write_text("-- hang\n", encoding="utf-8")
    assert main(["lean", "build", "--time-limit", "1"]) == 3
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "Lean/A.lean: Lean did not end within 1 s; simplify the module"
    assert out[1].startswith("NO VERDICT  Lean: ")


def test_build_prints_json(stand_in, capsys):
    assert main(["lean", "build", "--json"]) == 0
    done = json.loads(capsys.readouterr().out)
    assert (done["verdict"], done["built"]) == ("accepted", ["A"])


def test_test_stops_at_a_failed_build(stand_in, checkout, capsys):
    (checkout / "Lean/A.lean").write_text("-- say warning: no\n", encoding="utf-8")
    assert main(["lean", "test", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["rejected"].keys() == {"A"}


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (["lean", "build", "Nowhere"], 2, "Nowhere: no such module below Lean/"),
        (["lean", "build", "--time-limit", "0"], 2, "--time-limit"),
        (["lean", "compile"], 2, "No such command 'compile'"),
    ],
)
def test_usage_is_one_sentence(stand_in, capsys, arguments, code, text):
    assert main(arguments) == code
    error = capsys.readouterr().err
    assert text in error
    assert error.startswith("eigenstill: ")
    assert error.count("\n") == 1


def test_commands_need_a_checkout(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["lean", "build"]) == 2
    assert "run this in a checkout" in capsys.readouterr().err


# With lake


def test_build_is_lakes(lake, checkout, capsys):
    assert main(["lean", "build", "Eigenstill.Algebra.Sum"]) == 0
    assert lake.calls() == [f"{checkout}: build --wfail Eigenstill.Algebra.Sum"]
    assert capsys.readouterr().out == "ACCEPTED  Lean: lake build\n"


def test_build_fails_with_lake(lake, capsys):
    lake.answer(build=1)
    assert main(["lean", "build"]) == 1
    out = capsys.readouterr().out
    assert out.startswith("`lake build --wfail` ended with exit code 1, need 0; its messages are above\nREJECTED")


def test_test_is_lakes_and_the_axioms(lake, checkout):
    assert main(["lean", "test"]) == 0
    commands = [call.partition(": ")[2].split(" ")[0] for call in lake.calls()]
    assert commands == ["build", "test", "env"]
    asked = (lake.folder / "asked").read_text(encoding="utf-8").splitlines()
    assert asked == ["import Eigenstill", "#print axioms Eigenstill.one", "#print axioms Eigenstill.two"]


@pytest.mark.parametrize(
    ("codes", "report", "finding"),
    [
        ({"build": 1}, REPORT, "`lake build --wfail` ended with exit code 1"),
        ({"test": 7}, REPORT, "`lake test` ended with exit code 7"),
        ({"env": 1}, "Axioms.lean:2:0: error: Unknown constant", "`lake env lean` ended with exit code 1"),
        ({}, REPORT.replace("Quot.sound", "sorryAx"), "Eigenstill.one: rests on sorryAx"),
        ({}, REPORT.partition("\n'")[0], "Eigenstill.two: Lean said nothing of its axioms"),
        ({}, "", "Eigenstill.one: Lean said nothing of its axioms"),
    ],
)
def test_test_fails_with_lake(lake, capsys, codes, report, finding):
    lake.answer(report, **codes)
    assert main(["lean", "test", "--json"]) == 1
    done = json.loads(capsys.readouterr().out)
    assert done["verdict"] == "rejected"
    assert any(problem.startswith(finding) for problem in done["problems"])


def test_test_finds_forbidden_words_with_lake(lake, checkout, capsys):
    (checkout / "Lean/A.lean").write_text("axiom a : 1 = 2\n", encoding="utf-8")
    assert main(["lean", "test"]) == 1
    assert "Lean/A.lean:1: `axiom` (an assumption of our own)" in capsys.readouterr().out


def test_test_needs_the_pins_with_lake(lake, checkout, capsys):
    (checkout / "tests/lean/statements.txt").unlink()
    assert main(["lean", "test"]) == 1
    assert "need the pinned theorems" in capsys.readouterr().out


def test_pins_are_not_written_with_lake(lake, capsys):
    assert main(["lean", "test", "--write"]) == 2
    assert "set EIGENSTILL_LEAN=registry" in capsys.readouterr().err
    assert not (lake.folder / "log").exists()


def test_lake_that_does_not_start_is_no_verdict(lake, capsys):
    lake.program.write_text("#!/no/such/shell\n", encoding="utf-8")
    assert main(["lean", "build"]) == 3
    assert "repair elan, or set EIGENSTILL_LEAN=registry" in capsys.readouterr().err


def test_lake_that_is_killed_is_no_verdict(lake, capsys):
    lake.program.write_text("#!/bin/sh\nkill -9 $$\n", encoding="utf-8")
    assert main(["lean", "build"]) == 3
    assert "was ended by signal 9" in capsys.readouterr().err


def test_setup_names_the_lake_it_found(lake, capsys):
    assert main(["lean", "setup"]) == 0
    assert capsys.readouterr().out == f"Lean is ready: {lake.program}\n"

"""The Lean engine's process: what it prints becomes verdicts, and however it ends there is one for every certificate."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from eigenstill.lean import compiled, engine
from eigenstill.lean.errors import LeanError, LeanUsageError
from support.stand_in_checker import StandInChecker

LEAN = Path(__file__).parents[3] / "Lean"


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("EIGENSTILL_CACHE", str(tmp_path / "cache"))

    def check(*names: str, refuses: bool = False, **options):
        paths = [tmp_path / f"{name}.json" for name in names]
        return engine.check(paths, toolchain=StandInChecker(tmp_path / "log", refuses), folder=LEAN, **options)

    return check


def programs(tmp_path: Path) -> list[Path]:
    """What stands in the cache."""
    return sorted((tmp_path / "cache" / "lean" / "program").iterdir(), key=lambda path: path.suffix)


def processes(tmp_path: Path) -> list[str]:
    return (tmp_path / "log").read_text().splitlines()


def test_verdicts_come_in_the_order_of_the_call(run, tmp_path):
    found = run("good1", "bad1", "good2")
    assert [verdict.code for verdict in found] == [0, 1, 0]
    assert [Path(verdict.path).stem for verdict in found] == ["good1", "bad1", "good2"]
    assert processes(tmp_path) == ["good1 bad1 good2"]
    assert found[1].message == "basis: got 1, need 2"
    assert (found[0].recorded, found[0].not_covered) == (("teacher",), ("rows",))


def test_crash_is_no_verdict_and_the_others_are_checked(run, tmp_path):
    found = run("good1", "crash1", "bad1", "crash2", "good2")
    assert [verdict.code for verdict in found] == [0, 3, 1, 3, 0]
    assert processes(tmp_path) == ["good1 crash1 bad1 crash2 good2", "bad1 crash2 good2", "good2"]
    assert "Lean ended with exit code 134 before a verdict (Aborted())" in found[1].message
    assert not found[1].claims


def test_wait_is_bounded(run):
    found = run("hang1", "good1", seconds=3.0)
    assert [verdict.code for verdict in found] == [3, 0]
    assert found[0].message == "Lean gave no verdict within 3 s"


def test_program_that_lean_refuses_is_an_error(run, tmp_path):
    with pytest.raises(LeanError, match=r"Lean does not take the program: /x.lean:3:4: error"):
        run("good1", refuses=True)
    assert [path.suffix for path in programs(tmp_path)] == [".lean", ".lock"], "no code, and nothing half-made"


def test_folder_that_is_not_there_starts_no_process(run, tmp_path):
    found = engine.check([tmp_path / "no" / "x.json", "a\0b"], toolchain=StandInChecker(tmp_path / "log"), folder=LEAN)
    assert [verdict.code for verdict in found] == [3, 3]
    assert not (tmp_path / "log").exists()


def children() -> set[int]:
    """Processes that this one has started and that are still there."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(path.read_text().rpartition(")")[2].split()[1]) == os.getpid():
                found.add(int(path.parent.name))
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc: processes cannot be listed")
def test_no_process_is_left_running(run, tmp_path):
    """Other tests' helpers, such as Python's tracker of shared memory, may be there before."""
    before = children()
    run("hang1", seconds=1.0)
    assert children() <= before


def test_children_are_seen():
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        assert process.pid in children()


def test_progress_counts_certificates(run):
    seen: list[tuple[str, int, int]] = []
    run("good1", "good2", progress=lambda *step: seen.append(step))
    assert seen == [("Lean compiles its checker, once", 0, 1), ("Lean", 0, 2), ("Lean", 1, 2), ("Lean", 2, 2)]
    seen.clear()
    run("good1", progress=lambda *step: seen.append(step))
    assert seen == [("Lean", 0, 1), ("Lean", 1, 1)]


def test_program_is_compiled_once(run, tmp_path):
    run("good1")
    files = programs(tmp_path)
    assert [path.suffix for path in files] == [".ir", ".lean", ".lock"], "nothing else is left"
    before = [path.stat().st_mtime_ns for path in files]
    run("good1")
    assert programs(tmp_path) == files
    assert [path.stat().st_mtime_ns for path in files] == before
    assert files[0].read_bytes() == b"code"
    assert files[1].read_text(encoding="utf-8").startswith("module\n")


def test_another_toolchain_compiles_for_itself(tmp_path, monkeypatch):
    """Its number stands in the name: code of one build of Lean is none for another."""
    monkeypatch.setenv("EIGENSTILL_CACHE", str(tmp_path / "cache"))
    made = {
        compiled.compiled_file(LEAN, StandInChecker(tmp_path / "log", identity=identity))
        for identity in ("first", "second")
    }
    assert len(made) == 2
    assert len([path for path in programs(tmp_path) if path.suffix == ".lean"]) == 1


def test_sources_are_found_from_the_package(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert engine.lean_sources() == LEAN


def test_without_sources_it_is_a_usage_error(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(engine, "__file__", str(tmp_path / "engine.py"))
    with pytest.raises(LeanUsageError, match=r"no lakefile\.lean"):
        engine.lean_sources()


def test_full_disk_while_the_program_is_compiled_is_one_sentence(run, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(compiled, "_compile", full)
    with pytest.raises(LeanError, match=r"\.ir: No space left on device; set EIGENSTILL_CACHE to a writable folder"):
        run("good1")

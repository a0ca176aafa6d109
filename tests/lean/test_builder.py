"""The builder: every way in which a module can fail fails the build, and only what changed is built again."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from eigenstill.lean.build import Outcome, build
from eigenstill.lean.cache import lock
from eigenstill.lean.errors import LeanError, LeanRejectedError, LeanUsageError
from eigenstill.lean.sources import BUILD_FOLDER, find_lean_folder, read_sources
from support.stand_in_lean import StandInLean


@pytest.fixture
def lean(tmp_path) -> StandInLean:
    return StandInLean(tmp_path / "log")


@pytest.fixture
def folder(tmp_path) -> Path:
    folder = tmp_path / "Lean"
    folder.mkdir()
    return folder


def write(folder: Path, **modules: str) -> None:
    """Sources by module: what the stand-in does with it, then the modules that it imports."""
    for name, text in modules.items():
        order, *imports = text.split(" <- ")
        lines = [f"-- {order}", *(f"import {imported}" for imported in " ".join(imports).split())]
        (folder / f"{name}.lean").write_text("\n".join(lines) + "\n", encoding="utf-8")


def run(folder: Path, lean: StandInLean, **options) -> Outcome:
    return build(folder, lean, **options)


# With Lean itself


@pytest.mark.lean
@pytest.mark.parametrize(
    ("module", "severity", "text"),
    [
        ("Broken.Error", "error", "Not a definitional equality"),
        ("Broken.Warning", "warning", "unused variable"),
        ("Broken.Import", "error", "NoSuchModule"),
        ("Theory.Gap", "warning", "declaration uses `sorry`"),
    ],
)
def test_build_fails_on(attacks, module, severity, text):
    path = attacks.folder / f"Eigenstill/{module.replace('.', '/')}.lean"
    found = [message for message in attacks.outcome.messages if message.file == str(path)]
    assert found[0].severity == severity
    assert text in found[0].text
    assert attacks.outcome.rejected[f"Eigenstill.{module}"].startswith(f"{path}: ")
    assert attacks.outcome.exit_code == 1


@pytest.mark.lean
def test_build_skips_what_imports_a_rejected_module(attacks):
    assert attacks.outcome.skipped == ["Eigenstill.Broken.AfterError"]


@pytest.mark.lean
def test_build_passes_the_others(attacks):
    assert set(attacks.outcome.rejected) == {
        "Eigenstill.Broken.Error",
        "Eigenstill.Broken.Import",
        "Eigenstill.Broken.Warning",
        "Eigenstill.Theory.Gap",
    }
    assert not attacks.outcome.no_verdict


# With a stand-in: outcomes


def test_build_passes_and_has_nothing_to_do_twice(folder, lean):
    write(folder, A="pass: a", B="pass: b <- A", C="pass: c <- A B")
    seen = []
    first = run(folder, lean, progress=lambda name, done, total: seen.append((name, done, total)))
    assert (first.exit_code, sorted(first.built)) == (0, ["A", "B", "C"])
    assert seen == [("A", 1, 3), ("B", 2, 3), ("C", 3, 3)]
    before = lean.lines()
    again = run(folder, lean)
    assert (again.exit_code, again.built, again.modules) == (0, [], 3)
    assert lean.lines() == before, "no process is started when there is nothing to do"


@pytest.mark.parametrize("severity", ["error", "warning", "something new"])
def test_build_rejects_message(folder, lean, severity):
    write(folder, A=f"say {severity.replace(' ', '-')}: look here", B="pass: b <- A")
    outcome = run(folder, lean)
    assert outcome.exit_code == 1
    assert outcome.rejected == {"A": f"{folder / 'A.lean'}: 1 error or warning, need none; mend the module"}
    assert outcome.skipped == ["B"]
    word = severity if severity == "warning" else "error"
    assert [str(message) for message in outcome.messages] == [f"{folder / 'A.lean'}:3:7: {word}: look here"]
    assert run(folder, lean).exit_code == 1, "what failed is built again"


def test_build_lets_information_pass(folder, lean):
    write(folder, A="say information: 42")
    outcome = run(folder, lean)
    assert outcome.exit_code == 0
    assert outcome.messages[0].text == "42"


def test_build_rejects_failure_without_message(folder, lean):
    write(folder, A="fail")
    outcome = run(folder, lean)
    assert outcome.exit_code == 1
    assert "Lean failed without a message" in outcome.rejected["A"]


def test_crash_is_no_verdict(folder, lean):
    write(folder, A="crash", B="pass: b", C="pass: c <- A")
    outcome = run(folder, lean)
    assert outcome.exit_code == 3
    assert outcome.no_verdict["A"] == (
        f"{folder / 'A.lean'}: Lean ended with exit code 134 (RuntimeError: memory access out of bounds); "
        "simplify the module"
    )
    assert outcome.skipped == ["C"]
    assert "B" in outcome.built, "the others are built all the same"


@pytest.mark.parametrize("end", ["crash", "hang"])
def test_module_that_a_worn_process_does_not_end_is_tried_again_in_a_fresh_one(folder, lean, end, monkeypatch):
    """With one process at a time: a second one would be fresh when the module comes."""
    monkeypatch.setattr("eigenstill.lean.build.WORKERS", 1)
    write(folder, A="pass: a", B=f"{end} <- A")
    assert run(folder, lean, module_seconds=3.0).exit_code == 3
    assert lean.lines().count("B") == 2


@pytest.mark.parametrize("told", [True, False])
def test_processes_that_hold_much_memory_build_no_further_module(folder, lean, monkeypatch, told):
    write(folder, A="pass: a", B="pass: b <- A", C="pass: c <- B")
    monkeypatch.setattr("eigenstill.lean.build.RETIRE_BYTES", 0)
    monkeypatch.setattr("eigenstill.lean.build.RETIRE_MODULES", 1)
    if not told:
        monkeypatch.setattr("eigenstill.lean.build.resident", lambda _process: None)
    assert run(folder, lean).exit_code == 0
    assert lean.lines().count("started") == 3


def test_hang_ends_at_the_time_limit(folder, lean):
    write(folder, A="hang", B="pass: b")
    outcome = run(folder, lean, module_seconds=1.0)
    assert outcome.exit_code == 3
    assert outcome.no_verdict["A"] == f"{folder / 'A.lean'}: Lean did not end within 1 s; simplify the module"


def test_success_without_a_compiled_file_is_no_verdict(folder, lean):
    write(folder, A="leave")
    outcome = run(folder, lean)
    assert outcome.exit_code == 3
    assert "Lean wrote no compiled file" in outcome.no_verdict["A"]


def test_rejection_weighs_more_than_a_crash(folder, lean):
    write(folder, A="crash", B="say error: no")
    assert run(folder, lean).exit_code == 1


def test_lean_that_does_not_start_is_an_error(folder, tmp_path):
    write(folder, A="pass: a")
    with pytest.raises(LeanError, match=r"while it started; remove .* and run `eigenstill lean setup`") as caught:
        run(folder, StandInLean(tmp_path / "log", start="crash"))
    assert "Aborted()" in str(caught.value)
    assert caught.value.exit_code == 3


def test_outcome_is_json(folder, lean):
    write(folder, A="say error: no", B="pass: b <- A")
    outcome = json.loads(json.dumps(run(folder, lean).as_json()))
    assert outcome["verdict"] == "rejected"
    assert outcome["messages"][0]["text"] == "no"
    assert outcome["skipped"] == ["B"]


# With a stand-in: increments


@pytest.fixture
def built(folder, lean) -> StandInLean:
    write(folder, A="pass: a", B="pass: b <- A", C="pass: c <- B", D="pass: d")
    assert run(folder, lean).exit_code == 0
    return lean


def test_changed_leaf_is_built_alone(folder, built):
    write(folder, C="pass: changed <- B")
    assert run(folder, built).built == ["C"]


def test_change_that_others_see_is_built_on(folder, built):
    write(folder, A="pass: changed")
    assert run(folder, built).built == ["A", "B", "C"]


def test_change_that_others_do_not_see_goes_no_further(folder, built):
    source = folder / "A.lean"
    source.write_text(source.read_text() + "-- another proof\n", encoding="utf-8")
    assert run(folder, built).built == ["A"]


def test_wanted_modules_are_built_with_their_imports(folder, lean):
    write(folder, A="pass: a", B="pass: b <- A", C="pass: c")
    assert run(folder, lean, wanted=["B"]).built == ["A", "B"]


def test_other_toolchain_builds_anew(folder, built):
    other = StandInLean(built.log, identity="stand-in 2")
    assert sorted(run(folder, other).built) == ["A", "B", "C", "D"]


@pytest.mark.parametrize("damage", ["record", "compiled", "record cut"])
def test_damaged_build_folder_is_mended(folder, built, damage):
    record, compiled = folder / BUILD_FOLDER / "state/D.json", folder / BUILD_FOLDER / "lib/D.olean"
    if damage == "compiled":
        compiled.unlink()
    elif damage == "record":
        record.unlink()
    else:
        record.write_bytes(record.read_bytes()[:-9])
    assert run(folder, built).built == ["D"]


def test_files_of_a_removed_module_go(folder, built):
    (folder / "D.lean").unlink()
    assert run(folder, built).built == []
    assert not (folder / BUILD_FOLDER / "lib/D.olean").exists()


def test_failed_module_leaves_nothing_that_passes_later(folder, built):
    write(folder, D="crash")
    assert run(folder, built).exit_code == 3
    write(folder, D="pass: d")
    assert run(folder, built).built == ["D"]


def test_second_build_waits_for_the_first(folder, built):
    write(folder, D="pass: changed")
    waited = threading.Event()
    outcomes = []
    with lock(folder / BUILD_FOLDER / "build.lock", wait_seconds=1.0):
        other = threading.Thread(target=lambda: outcomes.append(run(folder, built, on_wait=waited.set)))
        other.start()
        assert waited.wait(60)
        assert not outcomes
    other.join(60)
    assert outcomes[0].built == ["D"]


def test_lock_held_by_another_is_an_error_in_the_end(tmp_path):
    path = tmp_path / "some.lock"
    held = pytest.raises(LeanError, match="another process has held the lock for 0 s; wait for it to end, or end it")
    with lock(path, wait_seconds=1.0), held, lock(path, wait_seconds=0.0):
        pass


# Sources


def test_sources_refuse_a_circle_of_imports(folder):
    write(folder, A="pass: a <- B", B="pass: b <- A")
    with pytest.raises(LeanRejectedError, match=r"imports go round in a circle: . imports . imports .; break it"):
        read_sources(folder)


def test_sources_refuse_an_import_from_elsewhere(folder):
    write(folder, A="pass: a <- Mathlib.Tactic")
    with pytest.raises(LeanRejectedError, match=r"it imports Mathlib.Tactic, need a module below Lean/"):
        read_sources(folder)


def test_sources_refuse_other_encodings(folder):
    (folder / "A.lean").write_bytes(b"-- caf\xe9\n")
    with pytest.raises(LeanUsageError, match="byte 6 is not UTF-8"):
        read_sources(folder)


def test_sources_need_a_file(folder):
    with pytest.raises(LeanUsageError, match="no Lean file below it"):
        read_sources(folder)


def test_build_refuses_an_unknown_module(folder, lean):
    write(folder, A="pass: a")
    with pytest.raises(LeanUsageError, match="B: no such module below Lean/; modules are named like A"):
        run(folder, lean, wanted=["B"])


def test_header_is_read_as_lean_reads_it(folder):
    text = (
        "/- import X -/ module -- import Y\n\npublic import A\nmeta import all B\nimport «C»\n\ndef s := 1\nimport D\n"
    )
    for name in "ABC":
        (folder / f"{name}.lean").write_text("", encoding="utf-8")
    (folder / "E.lean").write_text(text, encoding="utf-8")
    assert read_sources(folder)["E"].imports == ("A", "B", "C")


def test_lean_folder_is_found_from_below(tmp_path):
    (tmp_path / "Lean/Eigenstill").mkdir(parents=True)
    (tmp_path / "lakefile.lean").touch()
    assert find_lean_folder(tmp_path / "Lean/Eigenstill") == tmp_path.resolve() / "Lean"


def test_lean_folder_is_needed(tmp_path):
    with pytest.raises(LeanUsageError, match=r"no lakefile.lean beside a Lean folder here or above"):
        find_lean_folder(tmp_path)

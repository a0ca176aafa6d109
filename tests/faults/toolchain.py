"""A Lean of a few bytes, installed as the real one is: for faults in the middle of `eigenstill lean setup`."""

from __future__ import annotations

import io
import os
import tarfile
from pathlib import Path

from eigenstill.lean import registry, toolchain
from eigenstill.lean.patch import PATCHES


def archive(path: Path, files: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as handle:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            handle.addfile(member, io.BytesIO(content))
    return path


def install_node(folder: Path) -> Path:
    node = registry.node_program(folder)
    node.parent.mkdir(parents=True)
    node.write_bytes(b"node")
    return node


def fetch_lean(folder: Path, _node: Path) -> Path:
    program = " ".join(old for old, _ in PATCHES.values()).encode()
    library = archive(folder / "lib.tgz", {"Lean.olean": b"core", "Init/Core.olean": b"core"}).read_bytes()
    (folder / "lib.tgz").unlink()
    files = {"lean.js": program, "lean.wasm": b"wasm", "lean-lib.tar.gz": library}
    return archive(folder / "lean.tgz", {f"package/{name}": content for name, content in files.items()})


def fake_setup(cache: Path) -> int:
    """Install into a cache folder; 0 where a whole toolchain stands there afterwards."""
    os.environ |= {"EIGENSTILL_CACHE": str(cache), "EIGENSTILL_LEAN": "registry"}
    registry.install_node, registry.fetch_lean = install_node, fetch_lean
    toolchain.setup()
    return 0 if toolchain.installed(toolchain.registry_folder()) else 4

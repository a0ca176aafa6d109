"""A Lean of a few bytes, installed as the real one is: for faults in the middle of `eigenstill lean setup`."""

from __future__ import annotations

import os
from pathlib import Path

from eigenstill.lean import registry, toolchain
from support.lean_package import LIBRARY, archive, package


def install_node(folder: Path) -> Path:
    node = registry.node_program(folder)
    node.parent.mkdir(parents=True)
    node.write_bytes(b"node")
    return node


def fetch_lean(folder: Path, _node: Path) -> Path:
    return package(folder / "lean.tgz", archive(folder / "lib.tgz", LIBRARY))


def fake_setup(cache: Path) -> int:
    """Install into a cache folder; 0 where a whole toolchain stands there afterwards."""
    os.environ |= {"EIGENSTILL_CACHE": str(cache), "EIGENSTILL_LEAN": "registry"}
    registry.install_node, registry.fetch_lean = install_node, fetch_lean
    toolchain.setup()
    return 0 if toolchain.installed(toolchain.registry_folder()) else 4

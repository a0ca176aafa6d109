"""The Lean toolchain, the built library and the built attacks: each made once a session."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from eigenstill.lean.audit import Findings, audit
from eigenstill.lean.build import Outcome, build
from eigenstill.lean.environment import Constant, read_environment
from eigenstill.lean.toolchain import RegistryToolchain, setup

ROOT = Path(__file__).parents[2]
READABLE = ("Honest", "Weakened", "Tainted", "Gap")


@dataclass(frozen=True)
class Attacks:
    """The modules of tests/lean/tainted after a build, and what Lean says of those that it compiled."""

    folder: Path
    outcome: Outcome
    constants: dict[str, Constant]


@pytest.fixture(scope="session")
def toolchain() -> RegistryToolchain:
    """The registry's Lean, installed in the cache folder where it is not there yet."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EIGENSTILL_LEAN", "registry")
        found = setup()
    assert isinstance(found, RegistryToolchain)
    return found


@pytest.fixture(scope="session")
def library(toolchain) -> Outcome:
    """The whole of Lean/, built in place: a second run builds only what changed."""
    return build(ROOT / "Lean", toolchain)


@pytest.fixture(scope="session")
def findings(library, toolchain) -> Findings:
    assert library.exit_code == 0, "\n".join(map(str, library.messages))
    return audit(ROOT / "Lean", toolchain)


@pytest.fixture(scope="session")
def attacks(toolchain, tmp_path_factory) -> Attacks:
    folder = tmp_path_factory.mktemp("attacks") / "Lean"
    shutil.copytree(Path(__file__).with_name("tainted"), folder)
    outcome = build(folder, toolchain)
    modules = [*(f"Eigenstill.Theory.{name}" for name in READABLE), "Eigenstill.Instances.Worked"]
    # Named again and again: as long a list as a library of a thousand modules has.
    return Attacks(folder, outcome, read_environment(folder, toolchain, modules * 200))

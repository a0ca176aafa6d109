"""Every attack of the log against the Lean checker, all in one process."""

from __future__ import annotations

from pathlib import Path

import pytest

from attacks.log import ATTACKS
from attacks.write import made
from eigenstill.lean import engine
from eigenstill.lean.agreement import compare
from eigenstill_check import check

pytestmark = pytest.mark.lean
LEAN = Path(__file__).parents[2] / "Lean"


def test_every_attack(toolchain, tmp_path):
    asked = [
        (path, attack) for (path, _), attack in zip(made(tmp_path), ATTACKS, strict=True) if attack.lean is not None
    ]
    verdicts = engine.check([path for path, _ in asked], toolchain=toolchain, folder=LEAN)
    for (path, attack), verdict in zip(asked, verdicts, strict=True):
        assert verdict.code == attack.lean, f"{attack.title}: {verdict.message}"
        assert len(verdict.message) < 1_000, attack.title
        assert not compare(check(path), verdict).differences, attack.title

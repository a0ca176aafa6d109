"""The demo's student of 24 landmarks as a theorem: from the raw data to the bound, evaluated by Lean's kernel."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from eigenstill.cli import main

pytestmark = [pytest.mark.torch, pytest.mark.lean]
ROOT = Path(__file__).parents[2]


def test_kernel_proves_the_bound_of_24_landmarks(demo, tmp_path, monkeypatch, capsys):
    """As a user does it: in a checkout, `eigenstill lean export`, then `eigenstill lean build`."""
    certificate = demo[0] / "landmarks-24/student.cert.json"
    monkeypatch.setenv("EIGENSTILL_LEAN", "registry")
    monkeypatch.chdir(ROOT)
    assert main(["lean", "build", "Certified.Example", "--quiet"]) == 0
    shutil.copytree(ROOT / "Lean", tmp_path / "Lean")
    shutil.copy(ROOT / "lakefile.lean", tmp_path)
    monkeypatch.chdir(tmp_path)
    command = ["lean", "export", str(certificate), "--out", "Lean/Certified/Ames.lean"]
    assert main(command) == 0
    assert "no operator of rank " in capsys.readouterr().out.replace("\n", " ")
    assert main([*command, "--compare"]) == 0
    capsys.readouterr()
    assert main(["lean", "build", "Certified.Ames", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["built"] == ["Certified.Ames"]

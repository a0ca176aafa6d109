"""The README against the program: its table, its verdict and its claims are the program's own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import eigenstill
from eigenstill_check.claims import CLAIMS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_claim_has_its_row():
    assert re.findall(r"^\| `(\w+)` \|", README, re.MULTILINE) == list(CLAIMS)


def test_every_link_leads_somewhere():
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target


def test_every_command_it_names_exists():
    from eigenstill.cli import app

    names = {command.name or command.callback.__name__ for command in app.registered_commands}
    names |= {group.typer_instance.info.name for group in app.registered_groups}
    for name in re.findall(r"^    eigenstill (\w+)", README, re.MULTILINE):
        assert name in names


def test_every_python_name_it_uses_is_public():
    for name in re.findall(r"eigenstill\.([a-z_]+)\(", README):
        assert name in eigenstill.__all__


def test_the_help_it_shows_is_the_programs():
    start = "from eigenstill.cli import entry; import sys; sys.argv[0] = 'eigenstill'; entry()"
    environment = {**os.environ, "COLUMNS": "80"}
    command = [sys.executable, "-c", start, "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    shown = re.search(r"`eigenstill --help`:\n\n```text\n(.*?)```", README, re.DOTALL)[1]
    assert shown == done.stdout


@pytest.mark.torch
def test_the_example_runs(tmp_path):
    pytest.importorskip("torch", reason="torch is not installed: the example was not run")
    command = [sys.executable, "-W", "error", str(ROOT / "examples" / "my_torch_model.py"), str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert "16 claims hold" in done.stdout
    assert eigenstill.check(tmp_path / "out" / "student.cert.json").accepted

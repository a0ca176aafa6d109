"""docs/own-teacher.md runs: every block, in the order of the page, and it prints what the page shows."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from support.documents import BLOCK, printed, run, steps

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "own-teacher.md").read_text(encoding="utf-8")
SECTIONS: dict[str, str] = dict(re.findall(r"^## (.*?)\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL))
RUNNABLE = [title for title, body in SECTIONS.items() if BLOCK.search(body)]
NEEDED = {
    "import torch": ["torch"],
    "--teacher network.onnx": ["onnx", "onnxruntime"],
    "import lightgbm": ["lightgbm", "pandas"],
}


@pytest.mark.parametrize("title", RUNNABLE)
def test_every_block_of_the_section_runs(title, tmp_path):
    needed = [name for words, names in NEEDED.items() if words in SECTIONS[title] for name in names]
    missing = [name for name in needed if not find_spec(name)]
    if missing:
        pytest.skip(f"{', '.join(missing)} not installed: the section was not run")
    for step in steps(SECTIONS[title]):
        done = run(step, tmp_path)
        assert done.returncode == 0, f"{step.source}\n{done.stdout}{done.stderr}"
        if step.shown:
            assert printed(step.shown, done.stdout), f"{step.source}\n{done.stdout}{done.stderr}"


def test_the_page_shows_every_kind_of_teacher():
    assert RUNNABLE == [
        "A torch module",
        "Any function",
        "An ONNX file",
        "Boosted trees",
        "Saved outputs",
        "Landmarks and the basis",
        "What a certificate contains",
        "Binding a certificate to your files",
    ]


def test_shown_output_is_compared():
    assert printed(["a ... c", "...", "z"], "a b c\nx\ny\nz\n")
    assert not printed(["a ... c"], "a b d\n")
    assert not printed(["a"], "a\nb\n")


def test_every_name_and_option_is_the_programs():
    import eigenstill

    for name in re.findall(r"eigenstill\.(\w+)\(", TEXT):
        assert name in eigenstill.__all__
    command = [sys.executable, "-m", "eigenstill"]
    text = "".join(
        subprocess.run([*command, name, "--help"], capture_output=True, text=True, check=True).stdout
        for name in ("distill", "certify", "check")
    )
    for option in re.findall(r"`(--[\w-]+)", TEXT):
        assert option in text

"""docs/own-teacher.md runs: every block, in the order of the page, and it prints what the page shows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "own-teacher.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SECTIONS: dict[str, str] = dict(re.findall(r"^## (.*?)\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL))
RUNNABLE = [title for title, body in SECTIONS.items() if BLOCK.search(body)]
NEEDED = {"import torch": ["torch"], "--teacher network.onnx": ["onnx", "onnxruntime"]}
SECONDS = 60


class Step(NamedTuple):
    """One program or command, and the output that the page shows for it."""

    kind: str
    source: str
    shown: list[str]


def steps(section: str) -> list[Step]:
    """The blocks in order. A text block is the output of the Python block before it."""
    result: list[Step] = []
    for kind, body in BLOCK.findall(section):
        if kind == "python":
            result.append(Step(kind, body, []))
        elif kind == "console":
            for line in body.splitlines():
                if line.startswith("$ "):
                    result.append(Step(kind, line[2:], []))
                else:
                    result[-1].shown.append(line)
        elif kind == "text":
            assert result[-1].kind == "python"
            result[-1].shown.extend(body.splitlines())
        else:
            raise AssertionError(f"a block of kind {kind!r} is not run")
    return result


def printed(shown: list[str], output: str) -> bool:
    """Whether the output is the shown lines; `...` stands for anything within a line, alone for any number of lines."""
    pattern = "".join(
        r"(?:.*\n)*?" if line == "..." else ".*".join(map(re.escape, line.split("..."))) + r"\n" for line in shown
    )
    return re.fullmatch(pattern, output) is not None


def run(step: Step, folder: Path) -> subprocess.CompletedProcess[str]:
    if step.kind == "console":
        command = ["bash", "-o", "pipefail", "-c", step.source]
    else:
        named = re.match(r"# (\w+\.py)\n", step.source)
        script = folder / (named[1] if named else "block.py")
        script.write_text(step.source, encoding="utf-8")
        command = [sys.executable, "-W", "error", "-W", "ignore::DeprecationWarning", script.name]
    environment = {**os.environ, "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}
    return subprocess.run(
        command, capture_output=True, text=True, cwd=folder, env=environment, timeout=SECONDS, check=False
    )


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
        "Saved outputs",
        "What a certificate contains",
    ]


def test_shown_output_is_compared():
    assert printed(["a ... c", "...", "z"], "a b c\nx\ny\nz\n")
    assert not printed(["a ... c"], "a b d\n")
    assert not printed(["a"], "a\nb\n")


def test_every_name_and_option_is_the_programs():
    import eigenstill

    for name in re.findall(r"eigenstill\.(\w+)\(", TEXT):
        assert name in eigenstill.__all__
    text = subprocess.run(
        [sys.executable, "-m", "eigenstill", "distill", "--help"], capture_output=True, text=True, check=True
    ).stdout
    for option in re.findall(r"`(--[\w-]+)", TEXT):
        assert option in text

"""Every block of the tutorial, the guides and the diagnosis page runs, in order, and prints what the page shows.

A page that has blocks and no test fails here.
"""

from __future__ import annotations

import re
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from support.documents import BLOCK, printed, run, steps
from support.folders import distilled
from support.small import small_certificate

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
RUN = ("python", "console", "bash", "sh")  # kinds of blocks that a reader would run
TESTED = {
    "audit.md": "here, and the commands that need Lean in tests/lean/test_engine.py; lake is not run by us (docs/lean.md)",
    "diagnosis.md": "here and test_diagnosis.py",
    "export.md": "here",
    "guarantees.md": "here and test_guarantees.py",
    "large-data.md": "here",
    "own-teacher.md": "test_own_teacher.py",
    "scikit-learn.md": "here",
    "svd.md": "test_svd.py",
    "tutorial.md": "here",
}


def text_of(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def need(*packages: str) -> None:
    missing = [name for name in packages if not find_spec(name)]
    if missing:
        pytest.skip(f"{', '.join(missing)} not installed: the page was not run")


def run_all(text: str, folder: Path) -> int:
    found = steps(re.sub(r"^```(?:c|yaml)\n.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL))
    for step in found:
        done = run(step, folder)
        assert done.returncode == 0, f"{step.source}\n{done.stdout}{done.stderr}"
        if step.shown:
            assert printed(step.shown, done.stdout), f"{step.source}\n{done.stdout}{done.stderr}"
    return len(found)


def test_every_page_with_blocks_is_run():
    with_blocks = {
        path.relative_to(DOCS).as_posix()
        for path in DOCS.rglob("*.md")
        if "_build" not in path.parts
        and {kind for kind, _ in BLOCK.findall(path.read_text(encoding="utf-8"))} & set(RUN)
    }
    assert with_blocks == set(TESTED)


@pytest.mark.torch
def test_tutorial_and_its_workflow(tmp_path):
    """The blocks in order; in between each `run:` of the workflow but the installation."""
    need("torch", "onnx", "onnxruntime")
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed: the workflow was not read")
    before, after = text_of("tutorial.md").split("## 4. In CI")
    assert run_all(before, tmp_path) == 6
    workflow = yaml.safe_load(re.search(r"```yaml\n(.*?)```", after, re.DOTALL)[1])
    install, *commands = [step["run"] for step in workflow["jobs"]["certificate"]["steps"] if "run" in step]
    assert install == "pip install 'eigenstill[onnx]'"
    assert commands
    for command in commands:
        (step,) = steps(f"```console\n$ {command.strip()}\n```")
        done = run(step, tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
    assert run_all(after, tmp_path) == 2
    assert run(step, tmp_path).returncode == 1, "the workflow stops at the changed network"


@pytest.mark.torch
def test_export(tmp_path):
    need("torch", "onnx", "onnxruntime")
    if not shutil.which("cc"):
        pytest.skip("no C compiler: the page was not run")
    text = text_of("export.md")
    (tmp_path / "main.c").write_text(re.search(r"```c\n(.*?)```", text, re.DOTALL)[1])
    assert run_all(text, tmp_path) == 9


@pytest.mark.torch
def test_guarantees(tmp_path):
    need("torch")
    assert run_all(text_of("guarantees.md"), tmp_path) == 1


def test_scikit_learn(tmp_path):
    need("sklearn", "pandas")
    assert run_all(text_of("scikit-learn.md"), tmp_path) == 5


def test_diagnosis_commands(tmp_path):
    distilled(tmp_path / "my_model", rows=150)
    for step in steps(text_of("diagnosis.md")):
        if step.kind == "console":
            done = run(step, tmp_path)
            assert done.returncode == 0, done.stderr
            for line in ("signal modes", "modes the network uses", "labels' rest it copies", "predicted test RMSE"):
                assert line in done.stdout, done.stdout


def test_audit_commands_that_need_no_lean(tmp_path):
    small_certificate(tmp_path, name="ames")
    lines = [
        line.partition("#")[0].strip() for _, body in BLOCK.findall(text_of("audit.md")) for line in body.splitlines()
    ]
    commands = [line for line in lines if line]
    assert len(commands) == 6
    (exporting,) = [line for line in commands if "lean export" in line]
    (step,) = steps(f"```console\n$ {exporting}\n```")
    assert run(step, tmp_path).returncode == 0
    assert "theorem Ames_eckartYoung" in (tmp_path / "Lean/Certified/Ames.lean").read_text(encoding="utf-8")
    plain = [line for line in commands if "lake" not in line and "lean" not in line and "both" not in line]
    for command in plain:
        (step,) = steps(f"```console\n$ {command}\n```")
        done = run(step, tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stdout.startswith("ACCEPTED")
    assert len(plain) == 1


def test_python_is_the_one_that_runs_the_tests(tmp_path):
    (step,) = steps("```console\n$ python -c 'import sys; print(sys.executable)'\n```")
    assert Path(run(step, tmp_path).stdout.strip()).parent == Path(sys.executable).parent


def test_large_data(tmp_path):
    assert run_all(text_of("large-data.md"), tmp_path) == 4
    assert (tmp_path / "streamed" / "student.cert.1.safetensors").is_file()

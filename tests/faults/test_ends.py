"""Killed or interrupted at any step: nothing half-written is taken for whole, and the next run works."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import eigenstill
from eigenstill.lean import toolchain
from eigenstill_check import check

DRIVER = Path(__file__).with_name("driver.py")
STRIDE = {"distill": 4, "certify": 2, "svd": 2, "lean_setup": 4}

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def driven(job: str, folder: Path, how: str) -> list[dict]:
    command = [sys.executable, str(DRIVER), job, str(folder), how, "1", str(STRIDE[job])]
    paths = [str(DRIVER.parents[1]), os.environ.get("PYTHONPATH", "")]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(paths),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Traceback" not in done.stderr, done.stderr[-3000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


def whole(folder: Path) -> None:
    """Whatever has its final name is complete: students load, certificates are accepted or their arrays are missing."""
    if (folder / "student.safetensors").exists():
        eigenstill.load_student(folder / "student.safetensors")
    if (folder / "recording.safetensors").exists():
        from eigenstill.student import Recording

        Recording.load(folder / "recording.safetensors")
    for path in folder.glob("*.cert.json"):
        assert check(path).code == 0, "the JSON is written last"


@pytest.mark.parametrize("how", ["kill", "interrupt"])
@pytest.mark.parametrize("job", ["distill", "certify", "svd"])
def test_a_run_that_ends_at_any_step(tmp_path, job, how):
    ends = driven(job, tmp_path / "out", how)
    assert ends[-1]["code"] == 0, "the last one reached its end"
    assert len(ends) > 2
    for end in ends[:-1]:
        assert end["code"] == (-signal.SIGKILL if how == "kill" else 3)
        assert end["again"] == 0, "the next run works"
        whole(tmp_path / f"after-{end['step']}")
        if how == "interrupt":
            assert not [name for name in end["names"] if name.startswith(".")], "and leaves no temporary file"
    whole(tmp_path / f"after-{ends[-1]['step']}")


@pytest.mark.parametrize("how", ["kill", "interrupt"])
def test_a_lean_setup_that_ends_at_any_step(tmp_path, how):
    """Under its final name there is a whole toolchain or none; what a killed one left is cleared away by the next."""
    ends = driven("lean_setup", tmp_path / "cache", how)
    assert ends[-1]["code"] == 0
    assert len(ends) > 3
    for end in ends[:-1]:
        assert end["code"] == (-signal.SIGKILL if how == "kill" else 3)
        assert end["again"] == 0
        final = tmp_path / f"after-{end['step']}" / "lean" / toolchain.TOOLCHAIN_ID
        assert not final.exists() or toolchain.installed(final)
        if how == "interrupt" and not final.exists():
            assert not [name for name in end["names"] if "partial-" in name]


BUILD = """
import signal
import sys
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)  # jobs in the background ignore it
from eigenstill.lean.build import build
from support.stand_in_lean import StandInLean
outcome = build(Path(sys.argv[1]), StandInLean(Path(sys.argv[2])))
print(sorted(outcome.built), outcome.exit_code)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_lean_build_that_ends_in_the_middle(tmp_path, number):
    """What passed before the end is not built again, what was being built is, and its Lean does not live on."""
    lean, log = tmp_path / "Lean", tmp_path / "log"
    lean.mkdir()
    (lean / "First.lean").write_text("-- pass: 1\n")
    (lean / "Second.lean").write_text("-- hang\nimport First\n")
    (lean / "Third.lean").write_text("-- pass: 3\nimport Second\n")
    paths = os.pathsep.join([str(DRIVER.parents[1]), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-c", BUILD, str(lean), str(log)]
    options = {
        "env": {**os.environ, "PYTHONPATH": paths},
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
        "text": True,
    }
    with subprocess.Popen(command, **options) as process:
        wait_for(lambda: log.exists() and "Second" in log.read_text())
        process.send_signal(number)
        try:
            process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode != 0
    (lean / "Second.lean").write_text("-- pass: 2\nimport First\n")
    done = subprocess.run(command, timeout=120, check=False, **options)
    assert done.stdout == "['Second', 'Third'] 0\n", done.stderr


def wait_for(condition) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)

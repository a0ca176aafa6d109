"""The kept inputs against every harness, and two seconds of fuzzing each where atheris is installed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from time import process_time

import pytest

from fuzz.harnesses import HARNESSES
from support.processes import with_its_own_peak

CORPUS = Path(__file__).parent / "corpus"
TESTS = Path(__file__).parents[1]
INPUTS = sorted(path for path in CORPUS.rglob("*") if path.is_file())


def test_every_harness_has_inputs():
    assert {path.parent.name for path in INPUTS} == set(HARNESSES)


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.relative_to(CORPUS).as_posix())
def test_kept_input(path):
    start = process_time()
    HARNESSES[path.parent.name](path.read_bytes())
    assert process_time() - start < 5


@pytest.mark.parametrize("name", HARNESSES)
def test_a_short_run(name, tmp_path):
    pytest.importorskip("atheris", reason="atheris is not installed (Linux only): no fuzzing")
    command = [
        sys.executable,
        "-m",
        "fuzz.run",
        name,
        "-max_total_time=2",
        "-runs=400",
        "-timeout=60",  # wall time: a busy machine is no hang
        str(tmp_path),
        str(CORPUS / name),
    ]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")])}
    done = subprocess.run(
        with_its_own_peak(command),
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env=environment,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    assert "Done" in done.stderr

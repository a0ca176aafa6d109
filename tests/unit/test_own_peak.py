"""A program's peak memory is its own, however large the process that starts it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from support.processes import with_its_own_peak

PEAK = "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the peak is inherited on Linux")
def test_a_small_program_started_by_a_large_one():
    """The fuzzer once called a program of 60 MiB out of memory, because pytest had reached 933 MiB."""
    ballast = b"1" * (300 << 20)
    done = subprocess.run(with_its_own_peak([sys.executable, "-c", PEAK]), capture_output=True, text=True, check=True)
    assert len(ballast) > 300_000_000
    assert int(done.stdout) < 200


def test_the_exit_status_is_passed_on():
    assert (
        subprocess.run(with_its_own_peak([sys.executable, "-c", "raise SystemExit(71)"]), check=False).returncode == 71
    )

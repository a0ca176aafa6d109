"""The examples run as they stand, warnings as errors, and print what they promise."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.skipif(not find_spec("torch"), reason="torch is not installed: the example was not run")
def test_early_stopping(tmp_path):
    done = subprocess.run(
        [sys.executable, "-W", "error", "-W", "ignore::DeprecationWarning", str(EXAMPLES / "early_stopping.py")],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    pattern = r"ended at epoch (\d+), best (\d+), .*\ntest RMSE of the best network ([\d.]+), of the last one ([\d.]+)"
    found = re.search(pattern, done.stdout)
    assert found, done.stdout
    assert int(found[2]) <= int(found[1])
    assert float(found[3]) <= 1.02 * float(found[4])

"""Measure whole checks in one run, and write the figures and their section of docs/performance.md.

usage: python -m benchmarks.checking [ROWS ...] [--landmarks M] [--arithmetic NAME ...] [--jobs N ...] [--sizes R ...]

Writes benchmarks/results/checking.json. Nothing is asserted about time.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from eigenstill_check.arithmetic import ARITHMETICS

from ..performance import ROOT, machine, record
from ..scale.rows import INPUTS
from .psd import MEANS

ROWS_OF_TESTS = 1_400
INTERVALS_UP_TO = 256
"""Columns: an interval factorisation takes minutes beyond, growing with their cube."""


def measured(*arguments: str) -> dict[str, Any]:
    """What a process of its own prints. Raises CalledProcessError where it fails."""
    command = [sys.executable, "-m", "benchmarks.checking.measure", *arguments]
    figures: dict[str, Any] = json.loads(
        subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    )
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="*", type=int, default=[1_400, 50_000])
    parser.add_argument("--landmarks", type=int, default=512)
    parser.add_argument("--arithmetic", nargs="*", default=list(ARITHMETICS))
    parser.add_argument("--jobs", nargs="*", type=int, default=[1])
    parser.add_argument("--sizes", nargs="*", type=int, default=[64, 142, 256, 526], help="columns for the psd test")
    options = parser.parse_args()
    entries = []
    with tempfile.TemporaryDirectory() as folder:
        for rows in options.rows:
            made = measured("make", str(rows), str(options.landmarks), str(Path(folder) / str(rows)))
            for name in options.arithmetic:
                for jobs in options.jobs:
                    figures = measured("check", made["certificate"], name, str(jobs))
                    known = {"rows": rows, "landmarks": options.landmarks, "arithmetic": name, "jobs": jobs}
                    entries.append({**known, **figures})
                    print(entries[-1], flush=True)
        load = machine()
        tests = psd_tests(options.sizes, Path(folder))
    record("checking", {"machine": load, "entries": entries, "tests_machine": machine(), "tests": tests})


def psd_tests(sizes: list[int], folder: Path) -> list[dict[str, Any]]:
    """The positive-semidefinite test of a certificate of each size by each means."""
    tests = []
    for size in sizes:
        made = measured("make", str(ROWS_OF_TESTS), str(size - INPUTS), str(folder / f"r{size}"))
        for means in MEANS:
            if means != "mpmath" or size <= INTERVALS_UP_TO:
                figures = measured("psd", made["certificate"], means)
                tests.append({"columns": size, "rows": ROWS_OF_TESTS, "means": means, **figures})
                print(tests[-1], flush=True)
    return tests


if __name__ == "__main__":
    main()

"""Measure all methods at all sizes in one run, and write the figures and the page that shows them.

usage: python -m benchmarks.scale [ROWS ...] [--landmarks M ...]

Writes benchmarks/results/scale.json and docs/performance.md. Nothing is asserted about time.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

from .measure import METHODS
from .page import page

ROOT = Path(__file__).parents[2]
RESULTS, PAGE = ROOT / "benchmarks" / "results" / "scale.json", ROOT / "docs" / "performance.md"
KERNEL_RIDGE_UP_TO = 10_000


def measure(method: str, rows: int, landmarks: int) -> dict[str, Any] | None:
    """The figures of one process; None where it was not tried or failed."""
    if method.startswith("KernelRidge") and rows > KERNEL_RIDGE_UP_TO:
        return None
    command = [sys.executable, "-m", "benchmarks.scale.measure", method, str(rows), str(landmarks)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        sys.stderr.write(f"{method} at {rows}: {(done.stderr.strip().splitlines() or ['killed'])[-1]}\n")
        return None
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="*", type=int, default=[2_000, 10_000, 50_000, 200_000, 1_000_000])
    parser.add_argument("--landmarks", nargs="*", type=int, default=[128, 512])
    options = parser.parse_args()
    entries = []
    for landmarks in options.landmarks:
        for rows in options.rows:
            for method in METHODS:
                figures = measure(method, rows, landmarks)
                if figures is not None:
                    entries.append({"method": method, "rows": rows, "landmarks": landmarks, **figures})
                    print(method, rows, landmarks, figures, flush=True)
    machine = {
        "processors": len(os.sched_getaffinity(0)),
        "load": [round(value, 1) for value in os.getloadavg()],
        "blas_threads": os.environ.get("OPENBLAS_NUM_THREADS", "all"),
        "python": platform.python_version(),
    }
    results = {"machine": machine, "entries": entries}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=1) + "\n")
    PAGE.write_text(page(results))


if __name__ == "__main__":
    main()

"""Measure all methods at all sizes in one run, and write the figures and the page that shows them.

usage: python -m benchmarks.scale [ROWS ...] [--landmarks M ...] [--streamed ROWS ...]

Writes benchmarks/results/scale.json, docs/images/performance.png and docs/performance.md. Nothing is asserted about time.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from typing import Any

from ..performance import ROOT, machine, record
from .measure import METHODS
from .picture import draw
from .section import STREAMED

UP_TO = {"KernelRidge, rbf": 10_000, "GPyTorch SVGP": 200_000}
ONCE = ("KernelRidge, rbf", "torch 64-64 network")  # without landmarks
STREAMED_LANDMARKS = 256


def measure(method: str, rows: int, landmarks: int) -> dict[str, Any] | None:
    """The figures of one process; None where it failed."""
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
    parser.add_argument("--streamed", nargs="*", type=int, default=[200_000, 1_000_000])
    options = parser.parse_args()
    cases = [
        (method, rows, landmarks)
        for landmarks in options.landmarks
        for rows in options.rows
        for method in METHODS
        if method != STREAMED
        and rows <= UP_TO.get(method, rows)
        and (method not in ONCE or landmarks == options.landmarks[0])
    ]
    cases += [(STREAMED, rows, STREAMED_LANDMARKS) for rows in options.streamed]
    entries = []
    for method, rows, landmarks in cases:
        figures = measure(method, rows, landmarks)
        if figures is not None:
            own = None if method in ONCE else landmarks
            entries.append({"method": method, "rows": rows, "landmarks": own, **figures})
            print(method, rows, own, figures, flush=True)
    draw(entries)
    record("scale", {"machine": machine(), "entries": entries})


if __name__ == "__main__":
    main()

"""Measure all methods at all sizes in one run, and write the figures and the page that shows them.

usage: python -m benchmarks.scale [ROWS ...] [--landmarks M ...] [--streamed ROWS ...]
       python -m benchmarks.scale --later ROUNDS [ROWS ...] [--landmarks M ...]

With --later the recorded run of all sizes is kept, and what is measured now, by eigenstill and Nystroem alone, stands
beside it with its commit: some rounds in which all methods take their turns.
Writes benchmarks/results/scale.json, docs/images/performance.png and docs/performance.md. Nothing is asserted about time.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from typing import Any

from ..performance import RESULTS, ROOT, machine, record
from .measure import METHODS
from .picture import draw
from .section import PAIRS, STREAMED

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
    parser.add_argument("--later", type=int, metavar="ROUNDS")
    options = parser.parse_args()
    if options.later:
        later(options.rows, options.landmarks, options.later)
        return
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


def later(sizes: list[int], landmarks: list[int], rounds: int) -> None:
    """Measure the pairs that ratios are given of, and record every round beside the whole run."""
    methods = [method for own, other in PAIRS for method in (f"eigenstill {own}", f"Nystroem + Ridge, {other}")]
    entries = []
    for rows, count in ((rows, count) for rows in sizes for count in landmarks):
        for number in range(rounds):
            for method in methods:
                figures = measure(method, rows, count)
                if figures is not None:
                    entries.append({"method": method, "rows": rows, "landmarks": count, "round": number, **figures})
                    print(method, rows, count, figures, flush=True)
    known = json.loads((RESULTS / "scale.json").read_text())
    asked = ["git", "log", "-1", "--format=%h", "--", "python"]  # the last one that changed what is measured
    commit = subprocess.run(asked, capture_output=True, text=True, check=True, cwd=ROOT).stdout.strip()
    run = {"machine": machine(), "commit": commit, "entries": entries}
    record("scale", {**known, "later": run})


if __name__ == "__main__":
    main()

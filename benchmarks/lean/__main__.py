"""Measure ways to the bound of a certificate at several sizes in one run, and write their section of docs/performance.md.

usage: python -m benchmarks.lean [LANDMARKS ...] [--kernel-up-to R] [--interpreted-up-to R] [--intervals-up-to R] [--later]

R counts columns: the landmarks and the 14 inputs.

Writes benchmarks/results/lean.json after every way. Nothing is asserted about time.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from ..performance import RESULTS, ROOT, machine, record
from .section import WAYS

INPUTS = 14


def measured(*arguments: str) -> dict[str, Any]:
    """What a process of its own prints. Raises CalledProcessError where it fails."""
    command = [sys.executable, "-m", "benchmarks.lean.measure", *arguments]
    process = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT)
    figures: dict[str, Any] = json.loads(process.stdout.splitlines()[-1])
    return figures


def earlier(landmarks: list[int]) -> list[dict[str, Any]]:
    """What is recorded of other sizes."""
    recorded = json.loads((RESULTS / "lean.json").read_text())["entries"]
    return [entry for entry in recorded if entry["landmarks"] not in landmarks]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("landmarks", nargs="*", type=int, default=[50, 128, 242, 512])
    parser.add_argument("--kernel-up-to", type=int, default=142)
    parser.add_argument("--interpreted-up-to", type=int, default=256)
    parser.add_argument("--intervals-up-to", type=int, default=526)
    parser.add_argument("--later", action="store_true", help="keep the figures of earlier runs at other sizes")
    options = parser.parse_args()
    limits = {
        "kernel": options.kernel_up_to,
        "interpreted": options.interpreted_up_to,
        "intervals": options.intervals_up_to,
    }
    entries = earlier(options.landmarks) if options.later else []
    with tempfile.TemporaryDirectory() as folder:
        for landmarks in options.landmarks or [50, 128, 242, 512]:
            columns = landmarks + INPUTS
            made = measured("make", str(landmarks), str(Path(folder) / str(landmarks)))
            entry = {
                "landmarks": landmarks,
                "columns": columns,
                "claims": made["claims"],
                "later": options.later,
                "ways": {},
            }
            entries.append(entry)
            for way in WAYS:
                if columns <= limits.get(way, columns):
                    entry["ways"][way] = measured(way, made["certificate"])
                    print(columns, way, entry["ways"][way], flush=True)
                    record("lean", {"machine": machine(), "entries": entries})


if __name__ == "__main__":
    main()

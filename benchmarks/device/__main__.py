"""Measure numpy and the GPU of this machine in one run; keep the figures and write the page.

usage: python -m benchmarks.device [--rows N ...] [--landmarks M ...] [--streamed N] [--out FILE.json]

Writes benchmarks/results/device.json and docs/performance.md, or only FILE.json, for a run on a machine that has a GPU and
nothing else. Nothing is asserted about time; results that are not the same bytes end it with exit code 1.
"""

from __future__ import annotations

import argparse
import json
import sys
import warnings
from pathlib import Path
from typing import Any

from eigenstill.device import Device, find_device
from eigenstill.engine import Local

from ..performance import machine, record
from .measure import exact_sums, predictions, streamed

NUMPY = "numpy"


def devices() -> dict[str, Device | None]:
    """numpy and cuda; where there is no GPU, torch's cpu in its place, which shows the bytes but no speed."""
    found = find_device("cuda")[0] or find_device("cpu")[0]
    return {NUMPY: None} if found is None else {NUMPY: None, found.name: found}


def named() -> dict[str, Any]:
    """The machine, its torch, and the name of its GPU."""
    import torch

    card = torch.cuda.get_device_name(0) if torch.cuda.is_available() else None
    return {**machine(), "threads": Local().threads, "torch": torch.__version__, "gpu": card}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", nargs="*", type=int, default=[50_000, 1_000_000])
    parser.add_argument("--landmarks", nargs="*", type=int, default=[256, 512])
    parser.add_argument("--streamed", type=int, default=1_000_000)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    tasks = [
        ("streamed", "rational-quadratic", options.streamed, options.landmarks[0]),
        ("predict", "rational-quadratic", options.rows[-1], options.landmarks[-1]),
    ]
    tasks += [
        ("sums", kernel, rows, landmarks)
        for landmarks in options.landmarks
        for rows in options.rows
        for kernel in ("rational-quadratic", "rational-l1", "gaussian")
    ]
    entries = []
    for stage, kernel, rows, landmarks in tasks:
        for name, device in devices().items():
            if stage == "sums":
                figures = exact_sums(kernel, rows, landmarks, device)
            else:
                figures = (streamed if stage == "streamed" else predictions)(rows, landmarks, device)
            entries.append(
                {"stage": stage, "kernel": kernel, "rows": rows, "landmarks": landmarks, "device": name, **figures}
            )
            print(*entries[-1].values(), flush=True)
            if options.out:
                options.out.write_text(json.dumps({"machine": named(), "entries": entries}, indent=1) + "\n")
    if not options.out:
        record("device", {"machine": named(), "entries": entries})
    digests: dict[tuple[Any, ...], set[str]] = {}
    for entry in entries:
        if "sha256" in entry:
            case = (entry["stage"], entry["kernel"], entry["rows"], entry["landmarks"])
            digests.setdefault(case, set()).add(entry["sha256"])
    return int(any(len(found) > 1 for found in digests.values()))


if __name__ == "__main__":
    sys.exit(main())

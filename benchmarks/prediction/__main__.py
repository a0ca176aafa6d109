"""Time all methods in turn, several rounds, in one process; print the ratios, keep the figures, write the page.

usage: python -m benchmarks.prediction [ROWS] [--landmarks M ...] [--kernel-ridge N] [--rounds K]

Writes benchmarks/results/prediction.json and docs/performance.md. Nothing is asserted about time.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

import numpy as np

from eigenstill.device import find_device

from ..performance import machine, record
from .methods import BEFORE, NUMPY, ONE_THREAD, Predict, kernel_ridge, methods, rows_of
from .section import lines


def measured(tasks: dict[str, Predict], rows: Any, rounds: int) -> dict[str, dict[str, float]]:
    """The least wall-clock and processor seconds of each method over the rounds; the first call is not counted."""
    best = {name: {"wall": float("inf"), "processor": float("inf")} for name in tasks}
    for predict in tasks.values():
        predict(rows[: len(rows) // 10])
    for _ in range(rounds):
        for name, predict in tasks.items():
            wall, processor = time.perf_counter(), time.process_time()
            predict(rows)
            found = {"wall": time.perf_counter() - wall, "processor": time.process_time() - processor}
            best[name] = {kind: min(best[name][kind], value) for kind, value in found.items()}
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="?", type=int, default=100_000)
    parser.add_argument("--landmarks", nargs="*", type=int, default=[128, 512])
    parser.add_argument("--kernel-ridge", type=int, default=5_000, metavar="N", help="a KernelRidge of N rows too")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    rows = rows_of(options.rows)
    devices = [device for device, _ in map(find_device, ("cpu", "cuda")) if device is not None]
    entries = []
    for landmarks in options.landmarks:
        tasks = methods(landmarks, devices)
        if landmarks == options.landmarks[-1]:
            tasks[f"KernelRidge fitted on {options.kernel_ridge} rows"] = kernel_ridge(options.kernel_ridge)
        same = [tasks[name](rows) for name in (BEFORE, ONE_THREAD, NUMPY)]
        bits = bool(np.array_equal(same[0], same[1]) and np.array_equal(same[0], same[2]))
        for method, seconds in measured(tasks, rows, options.rounds).items():
            entries.append({"method": method, "landmarks": landmarks, "same_bits": bits, **seconds})
    results = {"machine": machine(), "rows": options.rows, "rounds": options.rounds, "entries": entries}
    record("prediction", results)
    print("\n".join(lines(results)))


if __name__ == "__main__":
    main()

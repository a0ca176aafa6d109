"""The section of docs/performance.md on checking, from the figures of one run."""

from __future__ import annotations

from typing import Any

HEAD = """## Checking

`python -m benchmarks.checking`: whole checks of certificates with {landmarks} landmarks, 14 inputs and labels, no hold-out rows,
each in a process of its own. The arithmetic says who multiplies long integers; the verdict is the same. The parts: the one pass
over the rows; the operator M from the sums; that W - L L^T is positive semidefinite ("psd"); the products of the modes.

Times are processor seconds, wall-clock seconds in brackets. Machine: {processors} processors, load {load} when the run ended,
BLAS threads a process: {threads}.

"""
PARTS = ("rows", "operator", "psd", "modes", "whole")


def section(results: dict[str, Any]) -> str:
    """One table, a row a check."""
    machine, entries = results["machine"], results["entries"]
    text = HEAD.format(
        landmarks=" and ".join(str(count) for count in sorted({entry["landmarks"] for entry in entries})),
        processors=machine["processors"],
        load=machine["load"][0],
        threads=machine["blas_threads"],
    )
    columns = ("training rows", "arithmetic", "processes", *(f"{part}, s" for part in PARTS), "peak memory, MiB")
    text += f"| {' | '.join(columns)} |\n{'| --- ' * len(columns)}|\n"
    return text + "".join(map(row, entries)) + "\n"


def row(entry: dict[str, Any]) -> str:
    cells = [f"{entry['rows']:,}", entry["arithmetic"], str(entry["jobs"])]
    for part in PARTS:
        stage = entry["stages"][part]
        cells.append(f"{stage['processor']:.2f} ({stage['wall']:.2f})")
    return f"| {' | '.join(cells)} | {entry['peak_mib']:.0f} |\n"

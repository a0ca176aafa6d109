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
TESTS = """### The positive-semidefinite test alone

The same integers by several means, each in a process of its own; certificates of {rows} rows. Processor seconds,
wall-clock seconds in brackets; load {load} when the run ended, BLAS threads a process: {threads}. `eigh` finds
eigenvalues in float64 and proves nothing. The checker's test multiplies by Python's integers, gmpy2 or numpy;
python-flint forms the same product with FLINT's matrices and compares the same entries. mpmath factors W in interval
arithmetic of 53 digits, entry by entry; where its cell is empty it was not run, as its time grows with the cube of r.

"""
NAMES = {
    "eigh": "numpy eigh, s",
    "stdlib": "checker, stdlib, s",
    "gmpy2": "checker, gmpy2, s",
    "numpy": "checker, numpy, s",
    "flint": "python-flint, s",
    "mpmath": "mpmath intervals, s",
}
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
    return text + "".join(map(row, entries)) + "\n" + tests(results)


def tests(results: dict[str, Any]) -> str:
    """One row a size, a column a means."""
    entries, machine = results["tests"], results["tests_machine"]
    found = {(entry["columns"], entry["means"]): entry["stages"]["psd"] for entry in entries}
    text = TESTS.format(rows=f"{entries[0]['rows']:,}", load=machine["load"][0], threads=machine["blas_threads"])
    text += f"| r | {' | '.join(NAMES.values())} |\n{'| --- ' * (len(NAMES) + 1)}|\n"
    for size in sorted({columns for columns, _ in found}):
        cells = [
            f"{stage['processor']:.3f} ({stage['wall']:.3f})" if (stage := found.get((size, means))) else ""
            for means in NAMES
        ]
        text += f"| {size} | {' | '.join(cells)} |\n"
    return text + "\n"


def row(entry: dict[str, Any]) -> str:
    cells = [f"{entry['rows']:,}", entry["arithmetic"], str(entry["jobs"])]
    for part in PARTS:
        stage = entry["stages"][part]
        cells.append(f"{stage['processor']:.2f} ({stage['wall']:.2f})")
    return f"| {' | '.join(cells)} | {entry['peak_mib']:.0f} |\n"

"""The section of docs/performance.md on the ways to a certificate's bound, from the figures of one run."""

from __future__ import annotations

from typing import Any

HEAD = """## Proving the bound

`python -m benchmarks.lean`: students of Ames' labels (1,400 rows, 14 inputs), r columns, each way in a process of its own.
"eigh" finds the eigenvalues in float64 and proves nothing. "psd" and "intervals" decide the same question from the same
integers, that W is positive semidefinite: the Python checker in packed integers, mpmath's interval Cholesky factorisation entry
by entry. The others do more: both checkers decide all claims of the certificate, and Lean's kernel proves the bound and the
fidelity from the raw data. Lean is the registry's, its start included; its checker is compiled before (25 s, once).

Times are processor seconds, wall-clock seconds in brackets. Machine: {processors} processors, load {load} when the run ended,
BLAS threads a process: {threads}.

"""
WAYS = {
    "eigh": "numpy eigh",
    "psd": "psd, Python",
    "intervals": "intervals, mpmath",
    "python": "all claims, Python",
    "interpreted": "all claims, Lean interpreted",
    "kernel": "bound and fidelity, Lean's kernel",
}


def section(results: dict[str, Any]) -> str:
    """One table, a row a size."""
    machine, entries = results["machine"], results["entries"]
    text = HEAD.format(processors=machine["processors"], load=machine["load"][0], threads=machine["blas_threads"])
    columns = ("r", "claims", *(f"{words}, s" for words in WAYS.values()))
    text += f"| {' | '.join(columns)} |\n{'| --- ' * len(columns)}|\n"
    text += "".join(map(row, entries)) + "\n"
    later = [str(entry["columns"]) for entry in entries if entry.get("later")]
    return text + (f"r = {', '.join(later)} was measured in a run of its own, later.\n\n" if later else "")


def row(entry: dict[str, Any]) -> str:
    cells = [str(entry["columns"]), str(entry["claims"])]
    for way in WAYS:
        found = entry["ways"].get(way)
        cells.append(f"{found['processor']:.3g} ({found['wall']:.3g})" if found else "")
    return f"| {' | '.join(cells)} |\n"

"""docs/performance.md from the figures of one run."""

from __future__ import annotations

from math import log
from typing import Any

HEAD = """# Performance

Distilling and certifying beside what people would use instead, without a certificate: scikit-learn's Nystroem features with
a ridge regression, its KernelRidge where it fits, and a small torch network trained as the student. Every figure below is of
one run of `python -m benchmarks.scale`, each method in a process of its own; the numbers are in
`benchmarks/results/scale.json`, this page is written from them, and a test compares the two.

Rows have 14 inputs. The basis is fixed: landmarks, scales and kernel are given, for eigenstill as for the others. Times are
processor seconds, because the machine was not idle: {processors} processors, load {load} when the run ended, BLAS threads a
process: {threads}.

"""
CHECKING = """
## Checking

The checker multiplies packed rows in Python's own integers; `--arithmetic gmpy2` and `--arithmetic numpy` give the same
verdict on every file of the corpus, and `--jobs` shares the work among processes.
"""


def seconds(entry: dict[str, Any]) -> float:
    """All stages together, processor seconds."""
    return float(sum(stage["processor"] for stage in entry["stages"].values()))


def page(results: dict[str, Any]) -> str:
    """The text of docs/performance.md."""
    machine, entries = results["machine"], results["entries"]
    text = HEAD.format(processors=machine["processors"], load=machine["load"][0], threads=machine["blas_threads"])
    for landmarks in sorted({entry["landmarks"] for entry in entries}):
        text += f"## {landmarks} landmarks\n\n| method | rows | distil or fit, s | certify, s | peak memory, MiB |\n"
        text += "| --- | --- | --- | --- | --- |\n"
        for entry in entries:
            if entry["landmarks"] == landmarks:
                text += row(entry)
        text += "\n" + ratios([entry for entry in entries if entry["landmarks"] == landmarks])
    return text + CHECKING


def row(entry: dict[str, Any]) -> str:
    stages = entry["stages"]
    first = stages.get("distil", stages.get("fit"))
    second = f"{stages['certify']['processor']:.2f}" if "certify" in stages else ""
    return (
        f"| {entry['method']} | {entry['rows']:,} | {first['processor']:.2f} | {second} | {entry['peak_mib']:.0f} |\n"
    )


def ratios(entries: list[dict[str, Any]]) -> str:
    """Against Nystroem with the kernel of the same kind, and the growth with the rows."""
    by = {(entry["method"], entry["rows"]): entry for entry in entries}
    lines = []
    for own, other in (("rational-quadratic", "rbf"), ("rational-l1", "laplacian")):
        for rows in sorted({entry["rows"] for entry in entries}):
            mine, theirs = by.get((f"eigenstill {own}", rows)), by.get((f"Nystroem + Ridge, {other}", rows))
            if mine and theirs:
                distil = mine["stages"]["distil"]["processor"] / seconds(theirs)
                lines.append(
                    f"- {own}, {rows:,} rows: distilling takes {distil:.2f} times, with the certificate "
                    f"{seconds(mine) / seconds(theirs):.2f} times as long as Nystroem + Ridge ({other})\n"
                )
        sizes = sorted(rows for method, rows in by if method == f"eigenstill {own}")
        if len(sizes) > 1:
            few, many = (by[f"eigenstill {own}", rows] for rows in (sizes[-2], sizes[-1]))
            exponent = log(seconds(many) / seconds(few)) / log(sizes[-1] / sizes[-2])
            lines.append(
                f"- {own}: distilling and certifying grow as the power {exponent:.2f} of the rows "
                f"from {sizes[-2]:,} to {sizes[-1]:,}\n"
            )
    return "".join(lines) + "\n"

"""The section of docs/performance.md on predictions, from the figures of one run."""

from __future__ import annotations

from typing import Any

HEAD = """## Predicting

`python -m benchmarks.prediction`: the formula (rational-quadratic, linear term, 14 inputs) at {rows:,} rows beside the forward
pass of its teacher, a float32 torch network of 256 and 128 units, and scikit-learn's KernelRidge (rbf), which keeps one
landmark for each row that it was fitted on. Each figure is the least of {rounds} rounds, in which all methods took their turns;
seconds of the processor, wall-clock seconds in brackets. Machine: {processors} processors, load {load} when the run ended, BLAS
threads a process: {threads}.

"""
SAME = (
    "All numpy figures are of the same bits: blocks of 4,096 rows go to the threads, and within a block the kernel values are "
    "made in parts that stay in the cache.\n\n"
)
TEACHER, NUMPY, BEFORE = "teacher, torch 256-128 network", "formula, numpy", "formula, numpy, before threads and parts"


def section(results: dict[str, Any]) -> str:
    """A table a number of landmarks, then the ratios."""
    machine = results["machine"]
    text = HEAD.format(
        rows=results["rows"],
        rounds=results["rounds"],
        processors=machine["processors"],
        load=machine["load"][0],
        threads=machine["blas_threads"],
    )
    for landmarks, own in by_landmarks(results).items():
        text += f"### {landmarks} landmarks\n\n| method | seconds | against the teacher |\n| --- | --- | --- |\n"
        for method, entry in own.items():
            ratio = entry["processor"] / own[TEACHER]["processor"]
            text += f"| {method} | {entry['processor']:.3f} ({entry['wall']:.3f}) | {ratio:.2f} |\n"
        text += "\n"
    if all(entry["same_bits"] for entry in results["entries"]):
        text += SAME
    return text + "".join(f"- {line}\n" for line in lines(results)) + "\n"


def by_landmarks(results: dict[str, Any]) -> dict[int, dict[str, dict[str, Any]]]:
    """landmarks -> method -> entry, in the order of the run."""
    found: dict[int, dict[str, dict[str, Any]]] = {}
    for entry in results["entries"]:
        found.setdefault(entry["landmarks"], {})[entry["method"]] = entry
    return found


def lines(results: dict[str, Any]) -> list[str]:
    """The ratios in words, of processor and of wall-clock seconds."""
    told = []
    for landmarks, own in by_landmarks(results).items():
        mine = own[NUMPY]
        for method, entry in own.items():
            if method in (TEACHER, BEFORE) or method.startswith("KernelRidge"):
                told.append(
                    f"{landmarks} landmarks: the formula in numpy takes {mine['processor'] / entry['processor']:.2f} times the "
                    f"processor seconds of {method}, {mine['wall'] / entry['wall']:.2f} times the wall-clock seconds"
                )
    return told

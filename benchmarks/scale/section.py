"""The section of docs/performance.md on distilling and certifying, from the figures of one run."""

from __future__ import annotations

from math import log
from statistics import median
from typing import Any

Entry = dict[str, Any]

HEAD = """## Distilling and certifying

`python -m benchmarks.scale`: beside what people would use instead, without a certificate: scikit-learn's Nystroem features
with a ridge regression, its KernelRidge, GPyTorch's sparse variational Gaussian process (its inducing points kept, ten epochs),
and a torch network of two layers of 64 as the student (ten epochs). Each method runs in a process of its own. Rows have 14
inputs, standard normal.

The basis is fixed: landmarks, scales and kernel are given, for eigenstill as for the others. Only "streamed" starts from a file
and does everything: it reads the rows three times, chooses scales and landmarks, asks the teacher, writes the certificate.

Times are processor seconds, all processes of a method together, wall-clock seconds in brackets. Machine: {processors}
processors, load {load} when the run ended, BLAS threads a process: {threads}.

![Processor seconds against rows](images/performance.png)

"""
PAIRS = (("rational-quadratic", "rbf"), ("rational-l1", "laplacian"))
STREAMED = "eigenstill streamed"
FROM_ROWS = 10_000


def section(results: dict[str, Any]) -> str:
    """Tables a number of landmarks, then ratios and growth."""
    machine, entries = results["machine"], results["entries"]
    text = HEAD.format(processors=machine["processors"], load=machine["load"][0], threads=machine["blas_threads"])
    whole, fixed = [[e for e in entries if (e["method"] == STREAMED) is streamed] for streamed in (True, False)]
    for landmarks in sorted({entry["landmarks"] for entry in fixed if entry["landmarks"]}):
        text += table(f"{landmarks} landmarks", [entry for entry in fixed if entry["landmarks"] in (landmarks, None)])
    for landmarks in sorted({entry["landmarks"] for entry in whole}):
        text += table(f"Streamed, {landmarks} landmarks", [e for e in whole if e["landmarks"] == landmarks])
    text += bullets("Against Nystroem + Ridge", ratios(entries)) + bullets("Growth", growth(entries))
    return text + (later(results["later"]) if "later" in results else "")


def later(run: dict[str, Any]) -> str:
    """A later run of some sizes beside the one of all: rounds side by side, as the machine's load changes between them."""
    machine, entries = run["machine"], run["entries"]
    numbers = sorted({entry["round"] for entry in entries})
    text = (
        f"### Later, at commit {run['commit']}\n\n"
        f"Eigenstill and Nystroem alone, {len(numbers)} rounds in which all methods took their turns. Machine: "
        f"{machine['processors']} processors, load {machine['load'][0]} when it ended, BLAS threads a process: "
        f"{machine['blas_threads']}. Processor seconds, all rounds.\n\n"
    )
    columns = ("method", "rows", "landmarks", "distil or fit, s", "certify, s")
    text += f"| {' | '.join(columns)} |\n{'| --- ' * len(columns)}|\n"
    cases: dict[tuple[str, int, int], list[Entry]] = {}
    for entry in entries:
        cases.setdefault((entry["method"], entry["rows"], entry["landmarks"]), []).append(entry)
    for (method, rows, landmarks), own in cases.items():
        parts = [[entry["stages"].get(name) for entry in own] for name in ("distil", "fit", "certify")]
        cells = [" ".join(f"{stage['processor']:.2f}" for stage in part if stage) for part in parts]
        text += f"| {method} | {rows:,} | {landmarks} | {cells[0] or cells[1]} | {cells[2]} |\n"
    return text + "\n" + "".join(f"- {line}\n" for line in paired(cases)) + "\n"


def paired(cases: dict[tuple[str, int, int], list[Entry]]) -> list[str]:
    """The median over the rounds of the ratios within a round, and the least and the largest."""
    lines = []
    for own, other in PAIRS:
        for (method, rows, landmarks), mine in cases.items():
            theirs = {entry["round"]: entry for entry in cases.get((f"Nystroem + Ridge, {other}", rows, landmarks), [])}
            pairs = [(entry, theirs[entry["round"]]) for entry in mine if entry["round"] in theirs]
            if method == f"eigenstill {own}" and pairs:
                first = [first_stage(one) / seconds(two) for one, two in pairs]
                both = [seconds(one) / seconds(two) for one, two in pairs]
                lines.append(
                    f"{own}, {landmarks} landmarks, {rows:,} rows: distilling takes {spread(first)}, with the certificate "
                    f"{spread(both)} times as long as with the {other} kernel, median of the rounds' ratios (least to largest)"
                )
    return lines


def first_stage(entry: Entry) -> float:
    return float(entry["stages"]["distil"]["processor"])


def spread(values: list[float]) -> str:
    return f"{median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


def table(title: str, entries: list[Entry]) -> str:
    columns = ("method", "rows", "distil or fit, s", "certify, s", "peak memory, MiB")
    head = f"| {' | '.join(columns)} |\n{'| --- ' * len(columns)}|\n"
    return f"### {title}\n\n" + head + "".join(map(row, sorted(entries, key=lambda entry: entry["rows"]))) + "\n"


def seconds(entry: Entry, clock: str = "processor") -> float:
    """All stages together, processor seconds or those of the wall clock."""
    return float(sum(stage[clock] for stage in entry["stages"].values()))


def row(entry: Entry) -> str:
    stages = entry["stages"]
    first, second = stages.get("distil", stages.get("fit")), stages.get("certify")
    cells = [f"{stage['processor']:.2f} ({stage['wall']:.2f})" if stage else "" for stage in (first, second)]
    return f"| {entry['method']} | {entry['rows']:,} | {cells[0]} | {cells[1]} | {entry['peak_mib']:.0f} |\n"


def bullets(title: str, lines: list[str]) -> str:
    return f"### {title}\n\n" + "".join(f"- {line}\n" for line in lines) + "\n" if lines else ""


def ratios(entries: list[Entry]) -> list[str]:
    """Against Nystroem with the kernel of the same kind."""
    by = {(entry["method"], entry["rows"], entry["landmarks"]): entry for entry in entries}
    lines = []
    for own, other in PAIRS:
        for (method, rows, landmarks), mine in by.items():
            theirs = by.get((f"Nystroem + Ridge, {other}", rows, landmarks))
            if method == f"eigenstill {own}" and theirs:
                lines.append(
                    f"{own}, {landmarks} landmarks, {rows:,} rows: distilling takes {times(mine, theirs, distil=True)}, with "
                    f"the certificate {times(mine, theirs)} times as long as with the {other} kernel"
                )
    return lines


def times(mine: Entry, theirs: Entry, *, distil: bool = False) -> str:
    """How often as long, by processor seconds, and by the wall clock in brackets."""
    if distil:
        mine = {"stages": {"distil": mine["stages"]["distil"]}}
    first, second = (seconds(mine, clock) / seconds(theirs, clock) for clock in ("processor", "wall"))
    return f"{first:.2f} ({second:.2f})"


def growth(entries: list[Entry]) -> list[str]:
    """Exponents of least squares on logarithms: in the rows from 10,000 on, and in the landmarks at the most rows."""
    lines = []
    for method in dict.fromkeys(entry["method"] for entry in entries):
        own = [entry for entry in entries if entry["method"] == method and entry["landmarks"]]
        for landmarks in sorted({entry["landmarks"] for entry in own}):
            points = [(e["rows"], seconds(e)) for e in own if e["landmarks"] == landmarks and e["rows"] >= FROM_ROWS]
            if len(points) > 1:
                lines.append(
                    f"{method}, {landmarks} landmarks: as the power {slope(points):.2f} of the rows, from "
                    f"{points[0][0]:,} to {points[-1][0]:,}"
                )
        most = max((entry["rows"] for entry in own), default=0)
        points = [(e["landmarks"], seconds(e)) for e in own if e["rows"] == most]
        if len(points) > 1:
            lines.append(
                f"{method}, {most:,} rows: as the power {slope(points):.2f} of the landmarks, from {points[0][0]} "
                f"to {points[-1][0]}"
            )
    return lines


def slope(points: list[tuple[int, float]]) -> float:
    xs, ys = [log(x) for x, _ in points], [log(y) for _, y in points]
    x_mean, y_mean = sum(xs) / len(xs), sum(ys) / len(ys)
    covariance = sum((x - x_mean) * (y - y_mean) for x, y in zip(xs, ys, strict=True))
    return covariance / sum((x - x_mean) ** 2 for x in xs)

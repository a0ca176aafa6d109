"""The section of docs/performance.md on torch devices, from the figures of one run."""

from __future__ import annotations

from typing import Any

Entry = dict[str, Any]
NUMPY = "numpy"
STAGES = {
    "sums": "Exact columns and all exact sums over the rows, in memory (`distill` on a fixed basis, before its spectrum)",
    "streamed": "`distill --stream`: from a file of rows to student and certificate, the teacher a function of numpy",
    "predict": "`predict`: the formula at the rows",
}
HEAD = """## On a GPU

`python -m benchmarks.device`, in one run on a machine with {processors} processors and {gpu} (torch {torch}): the same work
by numpy in {threads} threads and by torch on the device; wall-clock seconds, transfers included, one run each after a small
first one, the ratio to numpy in brackets. {same}

"""


def section(results: dict[str, Any]) -> str:
    """A table a stage, each device in a column with the ratio to numpy in brackets."""
    machine, entries = results["machine"], results["entries"]
    text = HEAD.format(
        processors=machine["processors"],
        threads=machine["threads"],
        gpu=f"one {machine['gpu']}" if machine["gpu"] else "no GPU",
        torch=machine["torch"],
        same=same(entries),
    )
    for stage, title in STAGES.items():
        own = [entry for entry in entries if entry["stage"] == stage]
        if own:
            text += f"{title}:\n\n{table(own)}\n"
    return text


def same(entries: list[Entry]) -> str:
    """Whether sums, students and certificates of all devices are equal."""
    kept = [entry for entry in entries if "sha256" in entry]
    cases = {case(entry) for entry in kept}
    equal = len({(case(entry), entry["sha256"]) for entry in kept}) == len(cases)
    return (
        f"Sums, students and certificates of all {len(cases)} cases are the same bytes on every device."
        if equal
        else "Sums, students or certificates differ between devices: THIS IS A FAULT."
    )


def case(entry: Entry) -> tuple[str, str, int, int]:
    return entry["stage"], entry["kernel"], entry["rows"], entry["landmarks"]


def table(entries: list[Entry]) -> str:
    devices = list(dict.fromkeys(entry["device"] for entry in entries))
    columns = ["kernel", "landmarks", "rows", *(name if name == NUMPY else f"torch, {name}" for name in devices)]
    text = f"| {' | '.join(columns)} |\n{'| --- ' * len(columns)}|\n"
    for _, kernel, rows, landmarks in dict.fromkeys(map(case, entries)):
        walls = {entry["device"]: entry["wall"] for entry in entries if case(entry)[1:] == (kernel, rows, landmarks)}
        cells = [
            f"{walls[name]:.2f}" + ("" if name == NUMPY else f" ({walls[name] / walls[NUMPY]:.2f})") for name in devices
        ]
        text += f"| {kernel} | {landmarks} | {rows:,} | {' | '.join(cells)} |\n"
    return text

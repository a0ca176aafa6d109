"""The tables of docs/classification.md, every figure computed from the two CSV files. Standard library only."""

from __future__ import annotations

import csv
import re
from itertools import pairwise
from math import log10
from pathlib import Path
from statistics import mean
from typing import Any

RESULTS = Path(__file__).parents[1] / "results"
NETWORKS, TEMPERATURES = RESULTS / "digits.csv", RESULTS / "digits_temperature.csv"
DOCUMENT = Path(__file__).parents[2] / "docs" / "classification.md"
Row = dict[str, str]


def write(lines: list[dict[str, Any]], path: Path) -> None:
    """One CSV line a measurement; None and absent are empty."""
    columns = list(dict.fromkeys(key for line in lines for key in line))
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([[_text(line.get(column)) for column in columns] for line in lines])


def _text(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def render(text: str, networks: list[Row], temperatures: list[Row]) -> str:
    """The document with every part between `<!-- NAME -->` and `<!-- end -->` made anew."""
    parts = {
        "classifiers": classifiers(networks),
        "formulas": formulas(networks),
        "temperatures": ridges(temperatures),
        "network by network": by_network(temperatures),
    }
    for name, part in parts.items():
        text, found = re.subn(
            rf"(<!-- {name} -->\n).*?(<!-- end -->)",
            lambda match, part=part: f"{match[1]}{part}\n{match[2]}",
            text,
            flags=re.S,
        )
        if found != 1:
            raise ValueError(f"classification.md: part '{name}' is there {found} times, need once")
    return text


def classifiers(rows: list[Row]) -> str:
    """Accuracies on hold-out rows, means over the seeds."""
    body = []
    for name in dict.fromkeys(row["network"] for row in rows):
        own = [row for row in rows if row["network"] == name and row["labels"] == "True"]
        sizes = sizes_of(own)
        body.append(
            [
                name,
                own[0]["parameters"],
                _percent(own, "train_accuracy"),
                _percent(own, "test_accuracy"),
                *(_percent([row for row in own if row["landmarks"] == size], "accuracy") for size in sizes),
                *(_percent([row for row in own if row["landmarks"] == size], "control_accuracy") for size in sizes),
            ]
        )
    head = ["network", "parameters", "train", "hold-out"]
    return _table([*head, *(f"formula {size}" for size in sizes), *(f"labels alone {size}" for size in sizes)], body)


def formulas(rows: list[Row]) -> str:
    """What is certified of the formulas, over all networks and seeds; the least in parentheses."""
    body = []
    for labelled in ("True", "False"):
        for size in sizes_of([row for row in rows if row["labels"] == labelled]):
            own = [row for row in rows if row["landmarks"] == size and row["labels"] == labelled]
            body.append(
                [
                    f"{size}" if labelled == "True" else f"{size}, chosen without labels",
                    *(_counted(own, split) for split in ("train", "holdout")),
                    sum(undecided(row, split) for row in own for split in ("train", "holdout")),
                    f"{min(float(row['holdout_margin']) for row in own):.2g}",
                    f"{_mean(own, 'holdout_r_squared'):.3f} ({min(_numbers(own, 'holdout_r_squared')):.3f})",
                    f"{_mean(own, 'modes'):.0f}",
                    f"{_mean(own, 'effective_parameters'):.0f}",
                    f"{_mean(own, 'stored_numbers'):.0f}",
                    f"{sum(row['verdict'] == 'ACCEPTED' for row in own)} of {len(own)}",
                    f"{_mean(own, 'check_seconds'):.1f}",
                ]
            )
    head = [
        "landmarks", "choose alike, training rows", "hold-out rows", "undecided", "least margin, hold-out",
        "R² of the worst logit, hold-out", "modes K*", "effective parameters", "stored numbers", "accepted", "check, s",
    ]  # fmt: skip
    return _table(head, body)


def undecided(row: Row, split: str) -> int:
    """Rows on which neither agreement nor disagreement is certain."""
    return int(row[f"{split}_rows"]) - int(row[f"{split}_agree"]) - int(row[f"{split}_disagree"])


def ridges(rows: list[Row]) -> str:
    """Means over the networks at the chosen ridge and at powers of ten."""
    exact = {row["ridge"]: float(row["ridge"]) for row in rows}
    powers = [ridge for ridge in exact if abs(exact[ridge] - 10 ** round(log10(exact[ridge]))) < 1e-3 * exact[ridge]]
    lines = [("taken by robust GCV", [row for row in rows if row["chosen"] == "True"])]
    lines += [
        (f"{exact[ridge]:g}", [row for row in rows if row["ridge"] == ridge]) for ridge in sorted(powers, key=exact.get)
    ]
    body = [
        [
            label
            if label[0].isdigit()
            else f"{label}: {min(_numbers(own, 'ridge')):.2g} to {max(_numbers(own, 'ridge')):.2g}",
            f"{_mean(own, 'temperature'):.2f}",
            f"{_mean(own, 'divergence_at_one'):.3g}",
            f"{_mean(own, 'divergence'):.3g}",
            f"{100 * explained(own):.0f} %",
            f"{_mean(own, 'effective_parameters'):.1f}",
            _percent(own, "agreement"),
        ]
        for label, own in lines
    ]
    head = ["ridge α", "T", "divergence at T = 1", "at that T", "taken away by T", "effective parameters", "agreement"]
    return _table(head, body)


def explained(rows: list[Row]) -> float:
    """Share of the mean divergence that the best temperature takes away."""
    return 1 - _mean(rows, "divergence") / _mean(rows, "divergence_at_one")


def by_network(rows: list[Row]) -> str:
    """Along the ridges of each network: does softness rise, and where is agreement still whole?"""
    body = []
    for name in dict.fromkeys(row["network"] for row in rows):
        own = sorted((row for row in rows if row["network"] == name), key=lambda row: float(row["ridge"]))
        (taken,) = [row for row in own if row["chosen"] == "True"]
        above = [row for row in own if float(row["ridge"]) >= float(taken["ridge"])]
        softer = [float(b["temperature"]) > float(a["temperature"]) for a, b in pairwise(above)]
        most = max(own, key=lambda row: float(row["accuracy"]))
        body.append(
            [
                name,
                f"{float(taken['temperature']):.3f}",
                f"{float(own[0]['temperature']):.3f}",
                f"{sum(softer)} of {len(softer)}",
                f"{100 * explained([taken]):.0f} %",
                f"{float(most['accuracy']) * 100:.1f} % at {float(most['ridge']):.2g}",
                f"{float(taken['accuracy']) * 100:.1f} %",
            ]
        )
    head = [
        "network", "T at the ridge taken", "T at the least ridge", "steps above it that soften",
        "of the divergence taken away by T", "best accuracy, at ridge", "accuracy at the ridge taken",
    ]  # fmt: skip
    return _table(head, body)


def sizes_of(rows: list[Row]) -> list[str]:
    return sorted({row["landmarks"] for row in rows}, key=int)


def _counted(rows: list[Row], split: str) -> str:
    agree, of = (sum(int(row[f"{split}_{key}"]) for row in rows) for key in ("agree", "rows"))
    least = min(int(row[f"{split}_agree"]) / int(row[f"{split}_rows"]) for row in rows)
    return f"{agree} of {of}: {100 * agree / of:.2f} % ({100 * least:.1f} %)"


def _numbers(rows: list[Row], column: str) -> list[float]:
    return [float(row[column]) for row in rows]


def _mean(rows: list[Row], column: str) -> float:
    return mean(_numbers(rows, column))


def _percent(rows: list[Row], column: str) -> str:
    return f"{100 * _mean(rows, column):.1f} %"


def _table(head: list[str], body: list[list[Any]]) -> str:
    lines = [head, ["---"] * len(head), *body]
    return "\n".join("| " + " | ".join(map(str, cells)) + " |" for cells in lines)

"""The tables of docs/guarantees.md from the stored results: `python -m benchmarks.guarantees.table` writes them there."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "benchmarks" / "results" / "guarantees.json"
DOCUMENT = ROOT / "docs" / "guarantees.md"
UNIT = 10_000  # dollars


def tables(found: dict[str, Any]) -> dict[str, str]:
    """Each table by the name that stands in its marks."""
    return {
        "ames": _ames(found["ames"]),
        "simulation": _simulation(found["simulation"]),
        "boxes": _boxes(found["regions"]),
    }


def _dollars(number: dict[str, str]) -> str:
    return f"{float(number['decimal']) * UNIT:,.0f}"


def _ames(claims: dict[str, Any]) -> str:
    rows = []
    teacher, labels = (target["outputs"][0] for target in claims["tolerance"]["targets"])
    fractions = claims["tolerance"]["fractions"]
    for fraction, price, network in zip(fractions, labels["bounds"], teacher["bounds"], strict=True):
        share = 100 * (1 - float(fraction["decimal"]))
        rows.append(
            f"| {share:.0f} % of unseen rows within, all of these together with confidence 99 % | "
            f"{_dollars(price['error_at_most'])} | {_dollars(network['error_at_most'])} | `tolerance` |"
        )
    intervals = claims["interval"]
    for place, coverage in enumerate(intervals["coverages"]):
        ends = [target["outputs"][0]["intervals"][place] for target in intervals["targets"]]
        rows.append(
            f"| the next row within, with probability {100 * float(coverage['decimal']):.0f} % | "
            f"{_dollars(ends[1]['half_width_at_most'])} | {_dollars(ends[0]['half_width_at_most'])} | `interval` |"
        )
    mean = claims["mean_error"]["outputs"][0]
    clip = _dollars(mean["clip"])
    rows.append(
        f"| mean error, each cut off at {clip}, at most, confidence 99 % | {_dollars(mean['labels_at_most'])} | "
        f"{_dollars(mean['teacher_at_most'])} | `mean_error` |"
    )
    rows.append(
        f"| the network's mean error, cut off alike, is larger by at least | {_dollars(mean['gain_at_least'])} | | `mean_error` |"
    )
    nearer = claims["closer"]["outputs"][0]
    rows.append(
        f"| nearer to the price than the network, of unseen rows at least, confidence 99 % | "
        f"{100 * float(nearer['fraction_at_least']['decimal']):.2f} % | | `closer` |"
    )
    head = "| statement, in dollars | price | network's output | claim |\n| --- | --- | --- | --- |\n"
    return head + "\n".join(rows)


def _simulation(found: dict[str, Any]) -> str:
    head = (
        "| errors | `tolerance` fails | `mean_error` fails | `closer` fails | `interval` misses |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| stated, at most | 0.0500 | 0.0500 | 0.0500 | 0.1000 |\n"
    )
    return head + "\n".join(
        f"| {name} | {row['tolerance']:.4f} | {row['mean_error']:.4f} | {row['closer']:.4f} | {row['interval']:.4f} |"
        for name, row in found["failures"].items()
    )


def _boxes(found: dict[str, Any]) -> str:
    head = (
        "| radius, sd | bound, median | sampled, median | bound / sampled, worst | formula's range, median | "
        "slopes / `global` | cells | check |\n"
        "| --- | --- | --- | --- | --- | --- | --- | --- |\n"
    )
    return head + "\n".join(
        f"| {row['radius']:g} | {row['median_bound'] * UNIT:,.0f} | {row['median_sampled'] * UNIT:,.0f} | "
        f"{row['worst_ratio']:.3f} | {row['median_range'] * UNIT:,.0f} | {row['median_slope_share']:.1e} | {row['cells']} | "
        f"{row['check_seconds']:.0f} s |"
        for row in found["radii"]
    )


def written(text: str, found: dict[str, Any]) -> str:
    """The document with its tables as the results have them."""
    for name, table in tables(found).items():
        text, count = re.subn(
            rf"(<!-- {name} -->\n).*?(\n<!-- end -->)",
            lambda m, table=table: m[1] + table + m[2],
            text,
            flags=re.DOTALL,
        )
        if count != 1:
            raise ValueError(f"{DOCUMENT.name}: {count} places for the table {name}")
    return text


if __name__ == "__main__":
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    DOCUMENT.write_text(written(DOCUMENT.read_text(encoding="utf-8"), results), encoding="utf-8")

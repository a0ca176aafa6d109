"""docs/guarantees.md: its tables are the stored results, and these say what the page says of them."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path

from eigenstill_check.claims import CLAIMS

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "guarantees.md").read_text(encoding="utf-8")
FOUND = json.loads((ROOT / "benchmarks" / "results" / "guarantees.json").read_text(encoding="utf-8"))


def test_tables_are_the_results():
    spec = importlib.util.spec_from_file_location("table", ROOT / "benchmarks" / "guarantees" / "table.py")
    table = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(table)
    assert table.written(TEXT, FOUND) == TEXT


def test_the_stated_confidence_held_in_every_simulation():
    """No failure rate above the risk, no miss rate above the coverage's, by more than three standard deviations."""
    repetitions = FOUND["simulation"]["repetitions"]
    assert repetitions == 2_000
    assert len(FOUND["simulation"]["failures"]) == 5
    for row in FOUND["simulation"]["failures"].values():
        for claim in ("tolerance", "mean_error", "closer"):
            assert row[claim] <= 0.05 + 3 * (0.05 * 0.95 / repetitions) ** 0.5
        assert row["interval"] <= 0.1 + 3 * (0.1 * 0.9 / repetitions) ** 0.5


def test_region_bounds_were_accepted_and_above_the_samples():
    for row in FOUND["regions"]["radii"]:
        assert row["accepted"]
        assert row["never_below_sampled"]
        assert row["worst_ratio"] >= row["median_ratio"] >= 1
    assert FOUND["regions"]["same_network_as_the_demo"]


def test_every_claim_it_names_exists():
    table = TEXT.split("## Assumptions first")[1].split("\n\nTwo things")[0]
    for name in re.findall(r"`(\w+)`", table):
        assert name in CLAIMS or name == "region"

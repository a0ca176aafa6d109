"""docs/performance.md is written from the figures of recorded runs, and from nothing else."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import pytest

from eigenstill_check.arithmetic import ARITHMETICS

ROOT = Path(__file__).parents[2]


@pytest.fixture
def performance(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT))
    return import_module("benchmarks.performance")


def test_page_is_that_of_the_recorded_runs(performance):
    assert performance.page() == (ROOT / "docs" / "performance.md").read_text()


def test_own_figures_stand_beside_others(performance):
    entries = json.loads((ROOT / "benchmarks" / "results" / "scale.json").read_text())["entries"]
    methods = {entry["method"] for entry in entries}
    assert {"eigenstill rational-quadratic", "eigenstill rational-l1", "Nystroem + Ridge, rbf"} <= methods


def test_slope_of_a_power(performance):
    slope = import_module("benchmarks.scale.section").slope
    assert slope([(size, 3.0 * size**1.25) for size in (10, 100, 5000)]) == pytest.approx(1.25)


def test_whole_checks_of_every_arithmetic_stand_beside_each_other(performance):
    entries = json.loads((ROOT / "benchmarks" / "results" / "checking.json").read_text())["entries"]
    for rows in (1_400, 50_000):
        assert {entry["arithmetic"] for entry in entries if entry["rows"] == rows} == set(ARITHMETICS)


def test_other_means_stand_beside_the_checkers_own(performance):
    tests = json.loads((ROOT / "benchmarks" / "results" / "checking.json").read_text())["tests"]
    means = {size: {entry["means"] for entry in tests if entry["columns"] == size} for size in (64, 142, 256, 526)}
    wanted = {"eigh", "flint", *ARITHMETICS}
    assert means == {64: wanted | {"mpmath"}, 142: wanted | {"mpmath"}, 256: wanted | {"mpmath"}, 526: wanted}


def test_results_of_a_gpu_are_the_bytes_of_numpy():
    results = json.loads((ROOT / "benchmarks" / "results" / "device.json").read_text())
    assert results["machine"]["gpu"]
    digests: dict[tuple[str, str, int, int], list[str]] = {}
    for entry in results["entries"]:
        case = (entry["stage"], entry["kernel"], entry["rows"], entry["landmarks"])
        digests.setdefault(case, []).append(entry.get("sha256", ""))
    assert all(len(found) == 2 and len(set(found)) == 1 for found in digests.values())

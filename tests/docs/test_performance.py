"""docs/performance.md is written from the figures of one run, and from nothing else."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_page_is_that_of_the_recorded_run():
    spec = importlib.util.spec_from_file_location("scale_page", ROOT / "benchmarks" / "scale" / "page.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    results = json.loads((ROOT / "benchmarks" / "results" / "scale.json").read_text())
    assert module.page(results) == (ROOT / "docs" / "performance.md").read_text()
    methods = {entry["method"] for entry in results["entries"]}
    assert {"eigenstill rational-quadratic", "eigenstill rational-l1", "Nystroem + Ridge, rbf"} <= methods

"""docs/experiments.md is what its results say: rendered again from the CSV files, it is the same text."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_figure_is_that_of_the_results():
    specification = importlib.util.spec_from_file_location("paper_table", ROOT / "benchmarks" / "paper" / "table.py")
    assert specification is not None
    assert specification.loader is not None
    table = importlib.util.module_from_spec(specification)
    sys.modules["paper_table"] = table
    specification.loader.exec_module(table)
    text = table.render(table.read(table.NETWORKS), table.read(table.EPOCHS))
    assert (ROOT / "docs" / "experiments.md").read_text(encoding="utf-8") == text

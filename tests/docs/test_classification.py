"""docs/classification.md: its tables are those of the results, and its example runs as it stands."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import pytest

from support.modules import load

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "classification.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def table() -> ModuleType:
    return load("digits_table", ROOT / "benchmarks" / "digits" / "table.py")


def test_every_figure_of_the_tables_is_that_of_the_results(table):
    assert table.render(TEXT, table.read(table.NETWORKS), table.read(table.TEMPERATURES)) == TEXT


def test_all_certificates_of_the_run_were_accepted_and_agree_on_most_rows(table):
    rows = table.read(table.NETWORKS)
    assert {row["verdict"] for row in rows} == {"ACCEPTED"}
    for row in rows:
        for split in ("train", "holdout"):
            assert int(row[f"{split}_agree"]) >= 0.9 * int(row[f"{split}_rows"])


@pytest.mark.skipif(
    not (find_spec("torch") and find_spec("sklearn")),
    reason="torch or scikit-learn is not installed: the example was not run",
)
def test_the_example_runs_and_prints_what_the_page_shows(tmp_path):
    done = subprocess.run(
        [sys.executable, "-W", "error", "-W", "ignore::DeprecationWarning", str(ROOT / "examples" / "digits.py")],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    (shown,) = re.findall(r"examples/digits\.py\n(.*?)\n```", TEXT, re.S)
    printed = " ".join(done.stdout.split())
    pattern = r"formula and network choose alike on (\d+) of (\d+) rows, by at least [\d.]+"
    found, expected = re.findall(pattern, printed), re.findall(pattern, " ".join(shown.split()))
    assert [int(rows) for _, rows in found] == [1200, 597]
    for (ours, rows), (theirs, _) in zip(found, expected, strict=True):
        assert abs(int(ours) - int(theirs)) <= 0.02 * int(rows), "another network than on the page, or another formula"
    assert re.sub(r"[\d.]+", "N", printed) == re.sub(r"[\d.]+", "N", " ".join(shown.split()))
    shown = subprocess.run(
        [sys.executable, "-m", "eigenstill", "show", "digits"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        timeout=300,
    )
    assert shown.returncode == 0, shown.stderr
    for name, (alike, rows) in zip(("train", "hold-out"), found, strict=True):
        assert re.search(rf"^  {name} +{rows} +{alike} ", shown.stdout, re.MULTILINE), shown.stdout

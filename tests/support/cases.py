"""Small inputs of the regression tests: trouble that people met doing this job with other software."""

from __future__ import annotations

from pathlib import Path

from eigenstill.tables import Table, load_table

CASES = Path(__file__).parents[1] / "regression" / "cases"


def table(name: str) -> Table:
    return load_table(CASES / name)

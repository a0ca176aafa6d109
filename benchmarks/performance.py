"""docs/performance.md from the recorded figures: a section for each benchmark that has left results.

A section is ``benchmarks/NAME/section.py`` with a function ``section(results) -> str``; its results are
``benchmarks/results/NAME.json``. A benchmark calls `record` at its end.
"""

from __future__ import annotations

import json
import os
import platform
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
RESULTS, PAGE = ROOT / "benchmarks" / "results", ROOT / "docs" / "performance.md"
SECTIONS = ("scale", "checking", "lean", "prediction", "device")
HEAD = """# Performance

Every figure on this page was measured by a program in `benchmarks/`, is kept in `benchmarks/results/`, and was written here
by that program; a test compares the two. Within a section all figures are of one run, but for a part that says otherwise.

"""


def record(name: str, results: dict[str, Any]) -> None:
    """Keep the results of one benchmark and write the page again."""
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(results, indent=1) + "\n")
    PAGE.write_text(page())


def page() -> str:
    """The page's text."""
    text = HEAD
    for name in SECTIONS:
        path = RESULTS / f"{name}.json"
        if path.exists():
            text += import_module(f"benchmarks.{name}.section").section(json.loads(path.read_text()))
    return text.rstrip("\n") + "\n"


def machine() -> dict[str, Any]:
    """What figures of time depend on: processors, load when asked, BLAS threads a process, Python."""
    return {
        "processors": len(os.sched_getaffinity(0)),
        "load": [round(value, 1) for value in os.getloadavg()],
        "blas_threads": os.environ.get("OPENBLAS_NUM_THREADS", "all"),
        "python": platform.python_version(),
    }

"""The demo, run once a session."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eigenstill.cli import main


@pytest.fixture(scope="session")
def demo(tmp_path_factory) -> tuple[Path, dict[str, Any]]:
    """Its folder and its results."""
    pytest.importorskip("torch", reason="torch is not installed: the demo was not run")
    folder = tmp_path_factory.mktemp("demo")
    assert main(["demo", "--out", str(folder), "--quiet"]) == 0
    return folder, json.loads((folder / "results.json").read_text(encoding="utf-8"))

"""docs/diagnosis.md runs, and prints what it shows."""

from __future__ import annotations

from pathlib import Path

from support.documents import printed, run, steps

TEXT = (Path(__file__).parents[2] / "docs" / "diagnosis.md").read_text(encoding="utf-8")


def test_the_monitor_prints_what_is_shown(tmp_path):
    (step,) = (step for step in steps(TEXT) if step.kind == "python")
    done = run(step, tmp_path)
    assert done.returncode == 0, done.stderr
    assert printed(step.shown, done.stdout), done.stdout

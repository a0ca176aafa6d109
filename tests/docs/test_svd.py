"""docs/svd.md runs, and prints what it shows."""

from __future__ import annotations

from pathlib import Path

from support.documents import printed, run, steps

TEXT = (Path(__file__).parents[2] / "docs" / "svd.md").read_text(encoding="utf-8")


def test_every_block_runs_and_prints_what_is_shown(tmp_path):
    found = steps(TEXT)
    assert [step.kind for step in found] == ["python", "console", "console"]
    for step in found:
        done = run(step, tmp_path)
        assert done.returncode == 0, f"{step.source}\n{done.stdout}{done.stderr}"
        assert printed(step.shown, done.stdout), f"{step.source}\n{done.stdout}{done.stderr}"

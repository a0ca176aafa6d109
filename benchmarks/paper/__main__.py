"""`python -m benchmarks.paper`: train and measure what is missing, then write the table. Stop it and go on at any time."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from rich.progress import Progress

from . import monitor, table
from .data import DATA
from .measure import measure
from .networks import ARCHITECTURES, train
from .validation import stop_by_validation

CACHE = Path("build/paper")
SEEDS = 3
MAIN = ["ames", "saratoga", "concrete"]
DOCUMENT = Path(__file__).parents[2] / "docs" / "experiments.md"


def cases(seeds: int) -> Iterator[tuple[str, str, int]]:
    """Seed by seed, so that a run that was cut short has whole seeds; the paper's comparison before the further sets."""
    for names in (MAIN, [name for name in DATA if name not in MAIN]):
        for seed in range(seeds):
            for name in names:
                for architecture in ARCHITECTURES:
                    yield name, architecture, seed


def run(cache: Path, seeds: int, only: list[str]) -> None:
    cache.mkdir(parents=True, exist_ok=True)
    wanted = [case for case in cases(seeds) if not only or case[0] in only]
    with Progress() as bars:
        task = bars.add_task("networks", total=len(wanted))
        for name, architecture, seed in wanted:
            stem = cache / f"{name}-{architecture}-{seed}"
            bars.update(task, description=stem.name)
            if not stem.with_suffix(".json").exists():
                _one(stem, name, architecture, seed)
            if not stem.with_suffix(".validation").exists():
                stopped = stop_by_validation(DATA[name](seed), architecture, seed)
                _write(stem.with_suffix(".validation"), asdict(stopped))
            bars.advance(task)


def _one(stem: Path, name: str, architecture: str, seed: int) -> None:
    split = DATA[name](seed)
    trained = train(split, architecture, seed)
    np.savez_compressed(
        stem.with_suffix(".npz"), train_outputs=trained.train_outputs, test_outputs=trained.test_outputs
    )
    result = {"data": name, "architecture": architecture, "seed": seed, **measure(split, trained, seed)}
    _write(stem.with_suffix(".json"), result)


def _write(path: Path, result: dict[str, Any]) -> None:
    """In one step: a run that is stopped leaves no half of a result."""
    partial = path.with_suffix(".part")
    partial.write_text(json.dumps(result, indent=1) + "\n")
    partial.rename(path)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.paper", description=__doc__)
    parser.add_argument("--cache", type=Path, default=CACHE, help="where finished networks are kept")
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--only", nargs="*", default=[], choices=list(DATA), help="data sets; all by default")
    options = parser.parse_args()
    run(options.cache, options.seeds, options.only)
    publish(options.cache)


def publish(cache: Path) -> None:
    """Both CSV files and docs/experiments.md, from what is finished."""
    table.write(table.collect(cache))
    finished = [path for path in sorted(cache.glob("*.npz")) if path.with_suffix(".validation").exists()]
    monitor.write(monitor.readings(finished), table.EPOCHS)
    monitor.write(monitor.readings(finished, landmarks=table.OLDER_LANDMARKS), table.OLDER)
    results = map(table.read, (table.NETWORKS, table.EPOCHS, table.OLDER, table.CONFIRMATION))
    DOCUMENT.write_text(table.render(*results), encoding="utf-8")


if __name__ == "__main__":
    main()

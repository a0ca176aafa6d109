"""`python -m benchmarks.digits`: train and measure what is missing, then write the tables and the picture."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.progress import Progress

from . import picture, table
from .measure import measure
from .networks import NETWORKS, split_digits
from .temperature import sweep

CACHE = Path("build/digits")
SEEDS = 3


def main() -> None:
    CACHE.mkdir(parents=True, exist_ok=True)
    wanted: list[tuple[Callable[..., list[dict[str, Any]]], str, int]] = [(sweep, name, 0) for name in NETWORKS]
    wanted += [(measure, name, seed) for seed in range(SEEDS) for name in NETWORKS]
    found: dict[str, list[dict[str, Any]]] = {"measure": [], "sweep": []}
    with Progress() as bars:
        task = bars.add_task("networks", total=len(wanted))
        for job, name, seed in wanted:
            path = CACHE / f"{job.__name__}-{name}-{seed}.json"
            bars.update(task, description=path.stem)
            if not path.exists():
                partial = path.with_suffix(".part")
                partial.write_text(json.dumps(job(split_digits(seed), name, seed), indent=1) + "\n")
                partial.rename(path)
            found[job.__name__] += json.loads(path.read_text())
            bars.advance(task)
    table.write(found["measure"], table.NETWORKS)
    table.write(found["sweep"], table.TEMPERATURES)
    picture.draw(table.read(table.TEMPERATURES))
    text = table.DOCUMENT.read_text(encoding="utf-8")
    table.DOCUMENT.write_text(
        table.render(text, table.read(table.NETWORKS), table.read(table.TEMPERATURES)), encoding="utf-8"
    )


if __name__ == "__main__":
    main()

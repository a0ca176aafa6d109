"""`python -m benchmarks.paper.confirmation`: the monitor on splits that had no part in choosing its rule or its landmarks.

Networks of further seeds, each another split and another start, trained for this alone: no formula, no certificate.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from rich.progress import Progress

from . import monitor, table
from .data import DATA
from .networks import ARCHITECTURES, train

CACHE = Path("build/paper-confirmation")
SEEDS = (3, 4)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.paper.confirmation", description=__doc__)
    parser.add_argument("--cache", type=Path, default=CACHE, help="where finished networks are kept")
    parser.add_argument("--seeds", type=int, nargs="*", default=SEEDS)
    parser.add_argument("--only", nargs="*", default=list(DATA), choices=list(DATA), help="data sets; all by default")
    options = parser.parse_args()
    options.cache.mkdir(parents=True, exist_ok=True)
    wanted = [(name, key, seed) for seed in options.seeds for name in options.only for key in ARCHITECTURES]
    with Progress() as bars:
        task = bars.add_task("networks", total=len(wanted))
        for name, architecture, seed in wanted:
            path = options.cache / f"{name}-{architecture}-{seed}.npz"
            bars.update(task, description=path.stem)
            if not path.exists():
                trained = train(DATA[name](seed), architecture, seed)
                partial = path.with_suffix(".part.npz")
                np.savez_compressed(partial, train_outputs=trained.train_outputs, test_outputs=trained.test_outputs)
                partial.rename(path)
            bars.advance(task)
    monitor.write(monitor.readings(sorted(options.cache.glob("*.npz"))), table.CONFIRMATION)


if __name__ == "__main__":
    main()

"""The diagnosis and the monitor against the test rows, over all networks and epochs that were recorded."""

from __future__ import annotations

import csv
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from eigenstill import EigenstillWarning, OverfitMonitor
from eigenstill.demo.teacher import FloatArray

from .data import DATA, Split
from .networks import ARCHITECTURES, SNAPSHOTS

COLUMNS = (
    "data", "architecture", "seed", "epochs", "train_rmse", "test_rmse", "copied", "modes_used", "predicted_gap",
)  # fmt: skip


def readings(paths: list[Path], **options: Any) -> list[dict[str, Any]]:
    """One row a recorded network and epoch, from files of outputs named DATA-ARCHITECTURE-SEED.npz; options of the monitor."""
    rows: list[dict[str, Any]] = []
    monitors: dict[tuple[str, int], tuple[Split, OverfitMonitor]] = {}
    for path in paths:
        name, architecture, seed = _case(path)
        if (name, seed) not in monitors:
            split = DATA[name](seed)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", EigenstillWarning)
                monitors[name, seed] = (
                    split,
                    OverfitMonitor(split.inputs, split.labels, patience=len(SNAPSHOTS), **options),
                )
        split, monitor = monitors[name, seed]
        monitor.readings = ()
        with np.load(path) as outputs:
            for epochs, train, test in zip(SNAPSHOTS, outputs["train_outputs"], outputs["test_outputs"], strict=True):
                reading = monitor.update(train)
                rows.append(
                    {
                        "data": name,
                        "architecture": architecture,
                        "seed": seed,
                        "epochs": epochs,
                        "train_rmse": reading.train_rmse,
                        "test_rmse": _rmse(test, split.test_labels),
                        "copied": reading.copied,
                        "modes_used": reading.modes_used,
                        "predicted_gap": reading.predicted_gap,
                    }
                )
    return rows


def _case(path: Path) -> tuple[str, str, int]:
    stem, seed = path.stem.rsplit("-", 1)
    architecture = next(name for name in sorted(ARCHITECTURES, key=len, reverse=True) if stem.endswith(f"-{name}"))
    return stem.removesuffix(f"-{architecture}"), architecture, int(seed)


def _rmse(answers: FloatArray, labels: FloatArray) -> float:
    return float(np.sqrt(np.mean((answers - labels) ** 2)))


def write(rows: list[dict[str, Any]], path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(
            {key: f"{value:.6g}" if isinstance(value, float) else value for key, value in row.items()} for row in rows
        )

"""Folders as `distill` and `certify` leave them, small, with the names that a test wants."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

import eigenstill
from eigenstill import folder as places


def network(rows: np.ndarray) -> np.ndarray:
    """A smooth function of three columns, (n,)."""
    return np.sin(2 * rows[:, 0]) + rows[:, 1] * rows[:, 2]


def several(rows: np.ndarray) -> np.ndarray:
    """Three outputs, (n, 3)."""
    return np.column_stack([network(rows), rows[:, 0] ** 2, rows[:, 1] - rows[:, 2]])


def distilled(
    folder: Path,
    *,
    function: Any = network,
    names: Sequence[str] | None = None,
    outputs: Sequence[str] | None = None,
    provenance: dict[str, Any] | None = None,
    labels: bool = True,
    holdout: bool = True,
    certify: bool = True,
    rows: int = 90,
    seed: int = 5,
    **options: Any,
) -> Path:
    """A student of 12 landmarks with its recording and, unless told otherwise, its certificate."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows + 30, 3))
    y = function(x) + 0.3 * rng.normal(size=function(x).shape)
    held = {"holdout": x[rows:], "holdout_y": y[rows:] if labels else None} if holdout else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", eigenstill.EigenstillWarning)
        student = eigenstill.distill(
            function, x[:rows], y[:rows] if labels else None, names=names, **held, **{"landmarks": 12, **options}
        )
        if outputs is not None:
            student = replace(student, output_names=tuple(outputs))
        student = replace(student, provenance=replace(student.provenance, **(provenance or {})))
        places.save(student, folder)
        if certify:
            eigenstill.certify(student, folder)
    return folder

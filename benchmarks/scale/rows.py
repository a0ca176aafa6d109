"""The rows that all methods get, and the clock that they share."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from ..clock import processor_seconds

INPUTS = 14


def data(rows: int) -> tuple[Any, Any, Any]:
    """Standard normal inputs, a smooth function of three of them, and noisy labels."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(rows, INPUTS))
    outputs = network(x)
    return x, outputs, outputs + 0.3 * rng.normal(size=rows)


def network(x: Any) -> Any:
    return np.sin(x[:, 0]) + x[:, 1] * x[:, 2]


def timed(stages: dict[str, Callable[[], Any]]) -> dict[str, Any]:
    """Wall and processor seconds of each stage, children included, and the peak memory of the largest process."""
    found: dict[str, Any] = {}
    for name, stage in stages.items():
        wall, processor = time.perf_counter(), processor_seconds()
        stage()
        found[name] = {"wall": time.perf_counter() - wall, "processor": processor_seconds() - processor}
    peak = max(resource.getrusage(whose).ru_maxrss for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {"stages": found, "peak_mib": peak / 1024}

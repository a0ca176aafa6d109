"""One check, alone in this process: prints a JSON object. Run by `benchmarks.checking`.

usage: python -m benchmarks.checking.measure make ROWS LANDMARKS FOLDER
       python -m benchmarks.checking.measure check CERTIFICATE ARITHMETIC JOBS
       python -m benchmarks.checking.measure psd CERTIFICATE MEANS
"""

from __future__ import annotations

import json
import resource
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import eigenstill_check.exact as parts

from ..clock import processor_seconds

PARTS = {"rows": "scan", "operator": "form_operator", "psd": "psd_failure", "modes": "mode_products"}
"""What is timed on the way, by the function that decides it."""


def make(rows: str, landmarks: str, folder: str) -> dict[str, Any]:
    """A certificate of a smooth function of 14 inputs, with labels, without hold-out rows."""
    import eigenstill

    from ..scale.rows import data, network

    inputs, _, labels = data(int(rows))
    student = eigenstill.distill(network, inputs, labels, landmarks=int(landmarks), basis="rational-quadratic")
    return {"certificate": str(eigenstill.certify(student, folder))}


def check(path: str, arithmetic: str, jobs: str) -> dict[str, Any]:
    """Seconds of the whole check and of its parts; with several jobs the other processes' seconds are in the whole."""
    from eigenstill_check import check as decide

    stages: dict[str, dict[str, float]] = {}
    for stage, name in PARTS.items():
        setattr(parts, name, _timed(stages, stage, getattr(parts, name)))
    verdict: list[Any] = []
    whole: dict[str, dict[str, float]] = {}
    _timed(whole, "whole", lambda: verdict.append(decide(path, arithmetic=arithmetic, jobs=int(jobs))))()
    if not verdict[0].accepted:
        raise SystemExit(verdict[0].message)
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {"stages": {**stages, **whole}, "peak_mib": peak / 1024}


def psd(path: str, means: str) -> dict[str, Any]:
    """Seconds of the positive-semidefinite test alone, by one of `psd.MEANS`."""
    from .psd import prepared

    test = prepared(path, means)
    stages: dict[str, dict[str, float]] = {}
    if not _timed(stages, "psd", test)():
        raise SystemExit(f"{path}: {means} finds W not positive semidefinite")
    return {"stages": stages}


def _timed(found: dict[str, dict[str, float]], name: str, stage: Callable[..., Any]) -> Callable[..., Any]:
    def run(*arguments: Any, **named: Any) -> Any:
        wall, processor = time.perf_counter(), processor_seconds()
        try:
            return stage(*arguments, **named)
        finally:
            spent = {"wall": time.perf_counter() - wall, "processor": processor_seconds() - processor}
            held = found.setdefault(name, dict.fromkeys(spent, 0.0))
            for kind, seconds in spent.items():
                held[kind] += seconds

    return run


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    print(json.dumps({"make": make, "check": check, "psd": psd}[sys.argv[1]](*sys.argv[2:])))

"""Run: `python -m benchmarks.guarantees DEMO`, where DEMO is what `make demo` wrote. It trains the demo's network again.

Results go to benchmarks/results/guarantees.json; docs/guarantees.md shows them, and a test compares the two.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import numpy as np
from benchmarks.guarantees.simulation import REPETITIONS, ROWS, simulate

import eigenstill
from eigenstill import folder
from eigenstill.demo.teacher import split_ames, train_network
from eigenstill_check import check

RESULTS = Path(__file__).parents[1] / "results" / "guarantees.json"
STUDENT = "landmarks-128"
BOXES, RADII = 10, (0.01, 0.05, 0.1)


def main(demo: Path) -> None:
    found = {"simulation": {"repetitions": REPETITIONS, "rows": ROWS, "failures": simulate()}}
    print(json.dumps(found["simulation"], indent=1), flush=True)
    student, recording = folder.load(demo / STUDENT)
    with tempfile.TemporaryDirectory() as place:
        certificate = eigenstill.certify(student, place, recording=recording)
        claims = {claim["claim"]: claim for claim in json.loads(certificate.read_text())["claims"]}
        found["ames"] = {name: claims[name] for name in ("tolerance", "closer", "interval", "mean_error")}
        split = split_ames()
        network = train_network(split.inputs, split.labels)
        same = student.provenance.teacher_sha256 == eigenstill.as_teacher(network).sha256
        slopes = claims["global"]["outputs"][0]["slopes_at_most"]
        everywhere = np.array([float(slope["decimal"]) for slope in slopes])
        boxes = []
        for radius in RADII:
            widths = radius * recording.train.inputs.std(axis=0)
            centres = recording.holdout.inputs[:BOXES]
            result = eigenstill.certify_regions(student, network, centres, widths, place, cells=4)
            verdict = check(result.path)
            ratio = result.difference_at_most[:, 0] / result.sampled
            boxes.append(
                {
                    "radius": radius,
                    "accepted": verdict.accepted,
                    "check_seconds": round(verdict.seconds, 1),
                    "cells": int(result.cells.sum()),
                    "largest_bound": float(result.difference_at_most.max()),
                    "median_bound": float(np.median(result.difference_at_most)),
                    "median_sampled": float(np.median(result.sampled)),
                    "median_ratio": float(np.median(ratio)),
                    "worst_ratio": float(ratio.max()),
                    "never_below_sampled": bool((ratio >= 1).all()),
                    "median_range": float(np.median(result.formula_at_most - result.formula_at_least)),
                    "median_slope_share": _share(result.slopes_at_most[:, 0], everywhere),
                }
            )
            print(json.dumps(boxes[-1]), flush=True)
        found["regions"] = {"same_network_as_the_demo": same, "boxes": BOXES, "radii": boxes}
    RESULTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def _share(slopes: np.ndarray, everywhere: np.ndarray) -> float:
    """Slopes on a box over those of the claim global: the median over boxes and inputs."""
    return float(np.median(slopes / everywhere))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

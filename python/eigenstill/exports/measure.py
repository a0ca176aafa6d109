"""How far an export is from `predict`, and how far it may be."""

from __future__ import annotations

import numpy as np

from ..arrays import FloatArray
from ..student import Student

ROWS = 4096
MOST_RECORDED = 20_000
WIDER = 1.0  # rows reach one range of the landmarks beyond them on every side
SEED = 0
UNIT = 2.0**-53


def rows_for(student: Student, rows: FloatArray | None = None) -> FloatArray:
    """The landmarks, ROWS rows near and far of them, and the rows given, or else the recorded ones: float64 (n, d).

    Of more than MOST_RECORDED recorded rows so many are drawn.
    """
    landmarks, rng = student.formula.landmarks, np.random.default_rng(SEED)
    low, high = landmarks.min(axis=0), landmarks.max(axis=0)
    spread = np.where(high > low, high - low, 1.0)
    half = ROWS // 2
    far = low - WIDER * spread + rng.random((half, len(low))) * (1 + 2 * WIDER) * spread
    near = landmarks[rng.integers(len(landmarks), size=half)] + 0.05 * spread * rng.standard_normal((half, len(low)))
    parts = [landmarks, near, far]
    if rows is not None:
        parts.append(rows)
    elif student.recording is not None:
        held = (student.recording.train, student.recording.holdout)
        recorded = np.concatenate([split.inputs for split in held if split is not None])
        if len(recorded) > MOST_RECORDED:
            recorded = recorded[np.sort(rng.choice(len(recorded), MOST_RECORDED, replace=False))]
        parts.append(recorded)
    return np.concatenate(parts)


def allowed(student: Student, rows: FloatArray) -> float:
    """Twice the a-priori bound of the claim `evaluation` (FORMAT.md), here in float64: `predict` and export may err each."""
    formula = student.formula
    terms = len(formula.landmarks) + 2 * len(formula.scales) + 12
    size = np.abs(formula.intercept) + np.abs(formula.coefficients).sum(axis=0)
    if formula.weights is not None:
        size = size + np.abs(rows) @ np.abs(formula.weights)
    return float(2 * terms * UNIT / (1 - terms * UNIT) * size.max() * (1 + 1e-9))


def difference(student: Student, rows: FloatArray, values: FloatArray) -> tuple[float, float]:
    """Largest absolute difference of ``values`` (n, c) from `predict`, and the largest value of `predict`."""
    expected = student.formula.evaluate(rows)
    return float(np.abs(values - expected).max()), float(np.abs(expected).max())

"""Scores of classes: what a formula gives, and the probabilities and 0/1 targets that belong to it."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..arrays import FloatArray
from ..errors import TeacherError
from ..teacher import Teacher

SCORES = ("probability", "logit")
TOLERANCE = 1e-3
"""How far a probability may be outside of [0, 1], and a row's sum from 1: float32 networks round."""


def targets(places: Any, classes: int) -> FloatArray:
    """0/1 columns for classes by place (n,): one of two classes is one column, (n, 1), of three or more (n, classes)."""
    if classes == 2:
        return np.asarray(places, dtype=np.float64)[:, None]
    columns: FloatArray = np.eye(classes)[places]
    return columns


def as_scores(teacher: Teacher, classes: int, scores: str) -> Teacher:
    """The teacher's outputs as one column for two classes and one a class for more.

    Two columns of probabilities become the second; two logits their difference, so that the sigmoid of it is the
    softmax of the two.

    Raises
    ------
    TeacherError : when asked: another number of columns, or no probabilities where those are expected
    """

    def function(inputs: FloatArray) -> FloatArray:
        values = np.asarray(teacher.function(inputs), dtype=np.float64)
        values = values.reshape(len(values), -1)
        if values.shape[1] != classes and (classes > 2 or values.shape[1] != 1):
            raise TeacherError(
                f"{teacher.name}: {values.shape[1]} columns for {classes} classes; need one a class, in sorted order"
                + ("; or one for the second class" if classes == 2 else "")
            )
        if scores == "probability":
            _require_probabilities(values, teacher.name)
        if classes == 2 and values.shape[1] == 2:
            values = values[:, 1:] - (values[:, :1] if scores == "logit" else 0.0)
        return values

    return Teacher(
        teacher.name,
        function,
        parameters=teacher.parameters,
        sha256=teacher.sha256,
        rows=teacher.rows,
        names=teacher.names,
    )


def probabilities(values: FloatArray, classes: int, scores: str) -> FloatArray:
    """float64 (n, classes), rows that sum to 1, in the same order as the scores (n, 1) or (n, classes).

    Logits: softmax. Probabilities that a formula has moved a little out of place: the nearest point of the simplex
    (Duchi, Shalev-Shwartz, Singer and Chandra, ICML 2008).
    """
    if classes == 2:
        values = np.concatenate([np.zeros_like(values) if scores == "logit" else 1.0 - values, values], axis=1)
    if scores == "logit":
        powers = np.exp(values - values.max(axis=1, keepdims=True))
        found: FloatArray = powers / powers.sum(axis=1, keepdims=True)
        return found
    falling = -np.sort(-values, axis=1)
    shifts = (np.cumsum(falling, axis=1) - 1.0) / np.arange(1, classes + 1)
    count = (falling > shifts).sum(axis=1)
    nearest: FloatArray = np.maximum(values - shifts[np.arange(len(values)), count - 1][:, None], 0.0)
    return nearest


def _require_probabilities(values: FloatArray, name: str) -> None:
    low, high = float(values.min()), float(values.max())
    sums = values.sum(axis=1)
    if low < -TOLERANCE or high > 1 + TOLERANCE:
        raise TeacherError(
            f"{name}: outputs from {low:.3g} to {high:.3g}; need probabilities; say scores='logit' where they are logits"
        )
    if values.shape[1] > 1 and np.abs(sums - 1).max() > TOLERANCE:
        raise TeacherError(
            f"{name}: rows that sum to {sums.min():.3g} up to {sums.max():.3g}; need probabilities, which sum to 1"
        )

"""Means and deviations over rows that may carry weights. A row of weight w counts as w rows like it."""

from __future__ import annotations

from typing import Any

import numpy as np

from .arrays import FloatArray, float_array, require_finite
from .errors import DataError

LEAST_TOTAL = 2.0


def row_weights(values: Any, rows: int, notices: list[str] | None = None) -> FloatArray | None:
    """Checked weights, float64 (n,), or None where every row counts once.

    Weights that are all below 1 cannot be numbers of rows: they only compare rows, and are scaled to a mean of 1 over
    the rows that have any. That is said in `notices`.

    Raises
    ------
    DataError : another shape, negative or no finite numbers, or a sum below LEAST_TOTAL
    """
    if values is None:
        return None
    weights = float_array(values.to_numpy() if hasattr(values, "to_numpy") else values, "sample_weight")
    if weights.shape != (rows,):
        raise DataError(f"sample_weight: shape {weights.shape} for {rows} rows; need ({rows},)")
    require_finite(weights, "sample_weight")
    if weights.min() < 0:
        raise DataError(f"sample_weight: row {int(weights.argmin())}: got {weights.min():g}; need 0 or more")
    if not weights.any():
        raise DataError("sample_weight: every weight is zero; need rows that count")
    if weights.max() < 1:
        scaled: FloatArray = weights / weights[weights > 0].mean()
        if notices is not None:
            notices.append("sample_weight: all below 1, so no numbers of rows; scaled to a mean of 1")
        weights = scaled
    total = float(weights.sum())
    if not LEAST_TOTAL <= total < float("inf"):
        raise DataError(
            f"sample_weight: a sum of {total:g}; a row of weight w counts as w rows, so need a sum of at least "
            f"{LEAST_TOTAL:g}"
        )
    return None if (weights == 1.0).all() else weights


def mean(values: FloatArray, weights: FloatArray | None = None) -> FloatArray:
    """Of the columns of values (n, d): float64 (d,)."""
    found: FloatArray = values.mean(axis=0) if weights is None else weights @ values / weights.sum()
    return found


def deviation(values: FloatArray, weights: FloatArray | None = None) -> FloatArray:
    """Standard deviations of the columns of values (n, d), not corrected for the mean: float64 (d,)."""
    found: FloatArray = (
        values.std(axis=0)
        if weights is None
        else np.sqrt(weights @ (values - mean(values, weights)) ** 2 / weights.sum())
    )
    return found


def median(values: FloatArray, weights: FloatArray | None = None) -> float:
    """Of numbers (n,), the midpoint of the two middle ones where the weight divides so."""
    if weights is None:
        return float(np.median(values))
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    half = reached[-1] / 2
    low = values[order[int(np.searchsorted(reached, half, side="left"))]]
    high = values[order[min(int(np.searchsorted(reached, half, side="right")), len(order) - 1)]]
    return float((low + high) / 2)

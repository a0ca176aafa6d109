"""Fitted estimators as teachers: scikit-learn and what follows it, LightGBM's and XGBoost's boosters."""

from __future__ import annotations

from typing import Any

from ..arrays import FloatArray
from .teacher import Teacher


def from_estimator(estimator: Any, method: str = "predict", name: str | None = None) -> Teacher:
    """A fitted estimator: its `predict`, or another method of rows.

    Where it was fitted on named columns it is asked with the same names (a pandas data frame), so that steps that choose
    columns by name work, and rows with named columns are given to it by name, in its own order.
    """
    ask = getattr(estimator, method)
    held = getattr(estimator, "feature_names_in_", None)
    if held is None:
        return Teacher(name or type(estimator).__name__, ask)
    names = tuple(str(entry) for entry in held)

    def function(inputs: FloatArray) -> Any:
        return ask(_named(inputs, names))

    return Teacher(name or type(estimator).__name__, function, names=names)


def _named(inputs: FloatArray, names: tuple[str, ...]) -> Any:
    """The rows as a data frame. Named columns were learned from one, so pandas is there; else the array must do."""
    if inputs.shape[1] != len(names):
        return inputs  # the estimator's own message says what it needs
    try:
        import pandas
    except ImportError:
        return inputs
    return pandas.DataFrame(inputs, columns=list(names))

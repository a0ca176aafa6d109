"""OverfitMonitor: early stopping without a validation set, from the predictions on the training rows alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import FloatArray, float_array, require_finite
from ..basis import choose_landmarks, teacher_metric
from ..errors import DataError, SelectionError
from ..selection.search import choose_basis, float_operator
from ..tables import as_table, require_varying
from .smoother import LabelSpectrum, copied, modes_used

LANDMARKS = 512
"""More than of a student: signal that a small smoother misses counts as noise, and training stops too early."""


@dataclass(frozen=True)
class Reading:
    """What one update saw.

    Attributes
    ----------
    epoch : number of the update, from 0
    train_rmse : of the predictions against the labels, root mean square over outputs
    copied : rho, the share of the labels' energy beyond the first modes that the predictions reproduce; 0 when they only
        follow the signal, 1 when the noise is memorised
    modes_used : dimensions in which the predictions follow the labels; n - 1 when they repeat them
    predicted_gap : test RMSE minus training RMSE, as the noise level and `modes_used` predict
    estimate : predicted test RMSE, sqrt(train_rmse^2 + 2 sigma^2 modes_used / n)
    best_epoch : of the least estimate so far
    should_stop : the estimate has not improved for `patience` updates
    """

    epoch: int
    train_rmse: float
    copied: float
    modes_used: float
    predicted_gap: float
    estimate: float
    best_epoch: int
    should_stop: bool


class OverfitMonitor:
    """Fit once on (X, y), then `update` with the predictions on the same rows after each epoch.

    Parameters
    ----------
    X : rows (n, d); array, data frame or Table
    y : labels (n,) or (n, c)
    landmarks : of the smoother; at most half as many as there are rows
    patience : updates without a better estimate before `should_stop`
    seed : of the landmarks

    Raises
    ------
    DataError, SelectionError : rows or labels that nothing can be fitted to

    The smoother is a kernel ridge on (X, y), chosen by evidence and robust GCV; no network enters it. An update costs
    O(n r), r landmarks and columns. Its noise level is what the smoother leaves over: where that rest is signal, the
    monitor takes skill for memorisation (docs/diagnosis.md says how to tell, with a few labelled hold-out rows).
    """

    def __init__(self, X: Any, y: Any, *, landmarks: int = LANDMARKS, patience: int = 10, seed: int = 0) -> None:
        if patience < 1:
            raise SelectionError(f"patience {patience}; need at least 1")
        table = as_table(X, None, "X")
        require_varying(table)
        rows = table.values
        if len(rows) < 16:
            raise DataError(f"monitor: {len(rows)} rows; need at least 16")
        self.labels = _columns(y, len(rows), "y")
        metric = teacher_metric(rows)
        places = choose_landmarks(rows, metric.weights, min(landmarks, len(rows) // 2), seed)
        chosen = choose_basis(rows, self.labels, metric, places, seed=seed)
        self.spectrum = LabelSpectrum.fit(float_operator(chosen.basis, rows), self.labels)
        self.patience = patience
        self.readings: tuple[Reading, ...] = ()

    def update(self, predictions: Any) -> Reading:
        """Predictions (n,) or (n, c) on the training rows, in the order of X."""
        values = _columns(predictions, len(self.labels), "predictions")
        if values.shape != self.labels.shape:
            raise DataError(f"predictions of shape {values.shape}; need {self.labels.shape}, as the labels")
        products = self.spectrum.products(values)
        used = modes_used(self.spectrum, products)
        mean_square = float(((values - self.labels) ** 2).mean())
        optimism = 2 * float(self.spectrum.noise_variance.mean()) * used / len(values)
        estimate = float(np.sqrt(mean_square + optimism))
        epoch = len(self.readings)
        best = min(self.readings, key=lambda reading: reading.estimate, default=None)
        best_epoch = epoch if best is None or estimate < best.estimate else best.epoch
        reading = Reading(
            epoch=epoch,
            train_rmse=float(np.sqrt(mean_square)),
            copied=copied(self.spectrum, products),
            modes_used=used,
            predicted_gap=estimate - float(np.sqrt(mean_square)),
            estimate=estimate,
            best_epoch=best_epoch,
            should_stop=epoch - best_epoch >= self.patience,
        )
        self.readings += (reading,)
        return reading

    @property
    def best_epoch(self) -> int | None:
        """The update with the least estimate, whether or not a stop was called; None before the first one."""
        return self.readings[-1].best_epoch if self.readings else None

    def summary(self) -> str:
        """One sentence: where it ended, which update was best, whether it called for a stop."""
        if not self.readings:
            return "no update yet"
        last = self.readings[-1]
        stopped = next((reading.epoch for reading in self.readings if reading.should_stop), None)
        outcome = "not stopped" if stopped is None else f"stop called at epoch {stopped}"
        return f"ended at epoch {last.epoch}, best {last.best_epoch}, {outcome}"


def _columns(values: Any, rows: int, where: str) -> FloatArray:
    array = float_array(values.to_numpy() if hasattr(values, "to_numpy") else values, where)
    if array.ndim not in (1, 2) or len(array) != rows or array.size == 0:
        raise DataError(f"{where}: shape {array.shape} for {rows} rows; need ({rows},) or ({rows}, outputs)")
    require_finite(array, where)
    return array.reshape(rows, -1)

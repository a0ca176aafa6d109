"""diagnose: a distilled network against its labels, mode by mode, from the student's own spectrum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import FloatArray
from ..errors import DataError, StudentError
from ..selection.search import float_operator
from ..student import Recording, Split, Student
from .smoother import LabelSpectrum, Products, copied, modes_used

SIGNAL = 2.0
"""A range of modes carries signal where the labels' energy per mode exceeds this many times the noise variance."""
COPIED = 0.5
"""The network follows the labels where <t, y> / <y, y> is at least this."""
GUARD_ROWS = 20
LOGITS_BEYOND = 1.5
"""Outputs farther than this from 1/2 are no probabilities, nor a regression on 0/1 labels that overshoots a little."""


@dataclass(frozen=True)
class Band:
    """Modes start .. stop - 1 (counted from 0, by falling eigenvalue), or the dimensions that no mode reaches.

    signal : energy of the labels per mode, in units of the noise variance
    followed : <t, y> / <y, y>, t the network's outputs, y the labels
    verdict : "learned", "underlearned" (signal that the network misses), "spurious" (noise that it follows), "noise"
    """

    start: int
    stop: int
    signal: float
    followed: float
    verdict: str


@dataclass(frozen=True)
class Guard:
    """What labelled hold-out rows say of the part of the network that the formula leaves out.

    slope : <rest, y - formula> / <rest, rest> on those rows, rest = network - formula; 0 when the rest is noise, 1 when it
        is signal; rest_is_signal : slope > 1/2
    """

    rows: int
    slope: float
    rest_is_signal: bool


@dataclass(frozen=True)
class Diagnosis:
    """A network with one or more outputs against the labels of its training rows; root mean squares are over outputs.

    Attributes
    ----------
    signal_modes : K*, modes above the ridge; effective_parameters : sum of the filter over them
    modes_used : dimensions in which the network follows the labels, of rows - 1
    copied : share of the labels' energy beyond the signal modes that the network reproduces
    noise : standard deviation that the smoother leaves
    train_rmse, predicted_test_rmse, predicted_gap : of the network against labels; the latter two without hold-out rows
    test_rmse : on the labelled hold-out rows, None without any
    bands : geometric ranges of modes, then what no mode reaches
    modes : the same for single modes, whose verdicts hardly hold up on held-out labels (docs/diagnosis.md)
    guard : None without labelled hold-out rows
    """

    rows: int
    columns: int
    signal_modes: int
    effective_parameters: float
    modes_used: float
    copied: float
    noise: float
    train_rmse: float
    predicted_test_rmse: float
    predicted_gap: float
    test_rmse: float | None
    bands: tuple[Band, ...]
    modes: tuple[Band, ...]
    guard: Guard | None


def diagnose(student: Student, recording: Recording | None = None) -> Diagnosis:
    """Diagnose the network behind a student. Its spectrum and ridge are the student's.

    Parameters
    ----------
    student : from `distill` with labels, or loaded
    recording : its rows, outputs and labels; the student's own by default

    Raises
    ------
    StudentError : no recording, one without labels, or rows that carried weights
    DataError : no more rows than modes; labels that are 0/1 classes beside outputs that are logits
    """
    student.require_unweighted("diagnose")
    recording = recording or student.recording
    if recording is None:
        raise StudentError("diagnose: the student carries no recording; need the rows, load recording.safetensors too")
    train = recording.train
    if train.labels is None:
        raise StudentError("diagnose: no labels in the recording; need y, distil with labels")
    _require_one_scale(train.teacher, train.labels)
    spectrum = LabelSpectrum.fit(
        float_operator(student.formula.basis, train.inputs), train.labels, student.spectrum.ridge
    )
    products = spectrum.products(train.teacher)
    used = modes_used(spectrum, products)
    variance = float(spectrum.noise_variance.mean())
    mean_square = float(((train.teacher - train.labels) ** 2).mean())
    predicted = float(np.sqrt(mean_square + 2 * variance * used / spectrum.rows))
    return Diagnosis(
        rows=spectrum.rows,
        columns=student.formula.basis.columns,
        signal_modes=student.rank,
        effective_parameters=student.effective_parameters,
        modes_used=used,
        copied=copied(spectrum, products),
        noise=float(np.sqrt(variance)),
        train_rmse=float(np.sqrt(mean_square)),
        predicted_test_rmse=predicted,
        predicted_gap=predicted - float(np.sqrt(mean_square)),
        test_rmse=_test_rmse(recording.holdout),
        bands=_bands(spectrum, products),
        modes=_modes(spectrum, products),
        guard=_guard(recording.holdout),
    )


def _require_one_scale(outputs: FloatArray, labels: FloatArray) -> None:
    """Logits are compared with classes by their largest output (claim `agreement`), not by squared errors."""
    classes = labels.shape[1] > 1 and bool(
        (((labels == 0) | (labels == 1)).all(axis=1) & (labels.sum(axis=1) == 1)).all()
    )
    if classes and float(np.abs(outputs - 0.5).max()) > LOGITS_BEYOND:
        raise DataError(
            "diagnose: labels are 0/1 classes and the network's outputs are no probabilities; need both on one scale, "
            "let the network give probabilities"
        )


def _modes(spectrum: LabelSpectrum, products: Products) -> tuple[Band, ...]:
    return tuple(_band(spectrum, products, k, k + 1, slice(k, k + 1)) for k in range(len(spectrum.eigenvalues)))


def _bands(spectrum: LabelSpectrum, products: Products) -> tuple[Band, ...]:
    bands = [_band(spectrum, products, start, stop, slice(start, stop)) for start, stop in spectrum.bands]
    return (*bands, _band(spectrum, products, len(spectrum.eigenvalues), spectrum.rows - 1, None))


def _band(spectrum: LabelSpectrum, products: Products, start: int, stop: int, modes: slice | None) -> Band:
    """``modes`` None: what no mode reaches, as the total minus all modes."""
    squares = spectrum.coordinates**2
    if modes is None:
        own = spectrum.totals - squares.sum(axis=0)
        shared = products.total - products.with_labels.sum(axis=0)
    else:
        own, shared = squares[modes].sum(axis=0), products.with_labels[modes].sum(axis=0)
    held = spectrum.noise_variance > 0
    size = max(1, stop - start)
    signal = _mean(own[held] / (size * spectrum.noise_variance[held]))
    below = float(own.sum())
    followed = float(shared.sum()) / below if below > 0 else 0.0
    if signal > SIGNAL:
        verdict = "learned" if followed >= COPIED else "underlearned"
    else:
        verdict = "spurious" if followed >= COPIED else "noise"
    return Band(start, stop, signal, followed, verdict)


def _mean(values: FloatArray) -> float:
    return float(values.mean()) if values.size else 0.0


def _test_rmse(holdout: Split | None) -> float | None:
    if holdout is None or holdout.labels is None:
        return None
    return float(np.sqrt(((holdout.teacher - holdout.labels) ** 2).mean()))


def _guard(holdout: Split | None) -> Guard | None:
    if holdout is None or holdout.labels is None or len(holdout.inputs) < GUARD_ROWS:
        return None
    rest = holdout.teacher - holdout.predictions
    energy = float((rest**2).sum())
    slope = float((rest * (holdout.labels - holdout.predictions)).sum()) / energy if energy > 0 else 0.0
    return Guard(len(holdout.inputs), slope, slope > COPIED)

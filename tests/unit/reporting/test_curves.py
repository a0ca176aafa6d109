"""The curve of the ridge, against plain ridge regression with numpy."""

from __future__ import annotations

import numpy as np
import pytest

from eigenstill.basis import exact_columns
from eigenstill.folder import load
from eigenstill.reporting.curves import ridge_curve
from support.folders import distilled

ROBUST = 1.4


def plain_gcv(student, train, ridge: float) -> float:
    """n RSS / (n - g dof)^2 over the total, from the hat matrix."""
    basis = student.formula.basis
    columns = np.ldexp(exact_columns(basis, train.inputs).astype(float), -basis.grid_bits)
    operator = (columns - columns.mean(axis=0)) @ student.modes.metric.floats()
    labels = train.labels - train.labels.mean(axis=0)
    hat = operator @ np.linalg.solve(operator.T @ operator + ridge * np.eye(operator.shape[1]), operator.T)
    rest = ((labels - hat @ labels) ** 2).sum() / (labels**2).sum()
    return len(labels) * rest / (len(labels) - ROBUST * (1 + np.trace(hat))) ** 2


def test_the_curve_is_the_criterion_over_its_least_value(tmp_path):
    student, recording = load(distilled(tmp_path, certify=False))
    curve = ridge_curve(student, recording)
    assert curve.criterion == "robust-gcv"
    assert min(curve.excess) >= 0
    assert 0 <= curve.chosen_excess <= 0.0026
    places = [30, 60, 90]
    plain = np.array([plain_gcv(student, recording.train, curve.ridges[place]) for place in places])
    least = plain_gcv(student, recording.train, curve.chosen) / (1 + curve.chosen_excess)
    assert curve.excess[places] == pytest.approx(plain / least - 1, rel=1e-4, abs=1e-6)


def test_without_labels_the_curve_is_the_evidence_of_the_network(tmp_path):
    student, recording = load(distilled(tmp_path, labels=False, certify=False))
    curve = ridge_curve(student, recording)
    assert curve.criterion == "evidence"
    assert curve.chosen_excess == pytest.approx(0, abs=1e-3)


def test_there_is_no_curve_where_the_labels_are_lost(tmp_path):
    from dataclasses import replace

    student, recording = load(distilled(tmp_path, certify=False))
    assert ridge_curve(student, replace(recording, train=replace(recording.train, labels=None))) is None

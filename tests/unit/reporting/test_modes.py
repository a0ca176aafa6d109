"""Effects, partial dependence and energies: against functions whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from eigenstill.folder import load
from eigenstill.reporting.modes import GRID, energy_shares, influence
from support.folders import distilled


def grid_rows() -> np.ndarray:
    """Every pair of 8 values: independent inputs, the same spread, and a column that does not vary in effect."""
    side = np.arange(8.0)
    a, b = np.meshgrid(side, side)
    return np.column_stack([a.ravel(), b.ravel(), np.zeros(64)])


def test_effects_of_a_sum_are_the_variances_of_its_terms():
    rows = grid_rows()
    found = influence(lambda x: 3 * x[:, :1] + x[:, 1:2], rows)
    variance = rows[:, 0].var()
    assert found.effects[:, 0] == pytest.approx([9 * variance, variance, 0])
    assert found.strongest(0, 3) == [(0, pytest.approx(0.9)), (1, pytest.approx(0.1))]


def test_a_product_has_effects_where_its_partial_dependence_is_flat():
    rows = grid_rows() - 3.5
    found = influence(lambda x: x[:, :1] * x[:, 1:2], rows)
    assert np.abs(found.curves[:2]).max() < 1e-12
    assert found.effects[:2, 0] == pytest.approx(2 * [rows[:, 0].var() ** 2])


def test_partial_dependence_of_a_sum_is_its_term_less_its_mean():
    rows = grid_rows()
    found = influence(lambda x: x[:, :1] ** 2 + 5 * x[:, 1:2], rows)
    assert found.curves[0, :, 0] == pytest.approx(found.grids[0] ** 2 - (found.grids[0] ** 2).mean())


def test_grids_are_values_that_the_input_has_and_grow():
    rows = np.random.default_rng(0).normal(size=(50, 2))
    found = influence(lambda x: x, rows)
    assert found.grids.shape == (2, GRID)
    assert (np.diff(found.grids, axis=1) >= 0).all()
    assert np.isin(found.grids[0], rows[:, 0]).all()


def test_many_inputs_are_asked_at_fewer_rows():
    seen = []
    influence(lambda x: seen.append(len(x)) or x[:, :1], np.random.default_rng(0).normal(size=(200, 300)))
    assert sum(seen) <= 60_000


def test_energies_are_those_of_the_projection_on_all_modes(tmp_path):
    student, recording = load(distilled(tmp_path))
    train = recording.train
    modes = student.modes(train.inputs)
    centred = train.teacher - train.teacher.mean()
    fitted = modes @ np.linalg.lstsq(modes, centred, rcond=None)[0]
    shares = energy_shares(student, train, train.teacher)
    assert shares.sum() == pytest.approx(float((fitted**2).sum() / (centred**2).sum()), rel=1e-6)
    assert (shares >= 0).all()
    assert energy_shares(student, train, np.ones((90, 1))).tolist() == [0.0] * student.rank

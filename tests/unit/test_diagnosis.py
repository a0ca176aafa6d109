"""Diagnosis and OverfitMonitor: known shares come out, limits are refused, and best epochs survive the end of training."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import eigenstill
from eigenstill.cli import main
from eigenstill.diagnosis.smoother import copied, modes_used

CASES = Path(__file__).parents[1] / "regression" / "cases"


@pytest.fixture(scope="module")
def problem():
    """Smooth signal, noise of deviation 0.5."""
    rng = np.random.default_rng(0)
    rows = rng.uniform(-1, 1, (300, 2))
    signal = np.sin(3 * rows[:, 0]) + rows[:, 1] ** 2
    return rows, signal, signal + 0.5 * rng.standard_normal(300)


@pytest.fixture(scope="module")
def spectrum(problem):
    rows, _, labels = problem
    return eigenstill.OverfitMonitor(rows, labels, landmarks=40).spectrum


@pytest.fixture(scope="module")
def monitored(problem):
    """A monitor, the signal and the noise of its labels."""
    rows, signal, labels = problem
    return eigenstill.OverfitMonitor(rows, labels, landmarks=40), signal, labels - signal


def test_modes_are_orthonormal_and_beyond_means_the_total_minus_the_first(spectrum, problem):
    _, _, labels = problem
    assert np.allclose(spectrum.modes.T @ spectrum.modes, np.eye(spectrum.modes.shape[1]), atol=1e-9)
    centred = labels - labels.mean()
    first = spectrum.modes[:, : spectrum.rank]
    beyond = centred - first @ (first.T @ centred)
    predictions = 0.3 * beyond + first @ (first.T @ centred) + 7.0
    products = spectrum.products(predictions[:, None])
    assert copied(spectrum, products) == pytest.approx(0.3, abs=1e-9)


def test_labels_themselves_use_every_dimension_and_a_constant_none(spectrum, problem):
    _, _, labels = problem
    assert modes_used(spectrum, spectrum.products(labels[:, None])) == pytest.approx(len(labels) - 1)
    assert modes_used(spectrum, spectrum.products(np.full((len(labels), 1), 2.0))) == 0
    assert copied(spectrum, spectrum.products(labels[:, None])) == pytest.approx(1)


def test_the_noise_level_is_found(spectrum):
    assert spectrum.noise_variance[0] == pytest.approx(0.25, rel=0.15)


def test_signal_copies_little_and_memorised_noise_much(problem):
    rows, signal, labels = problem
    monitor = eigenstill.OverfitMonitor(rows, labels, landmarks=40)
    smooth, exact = monitor.update(signal), monitor.update(labels)
    assert abs(smooth.copied) < 0.15
    assert exact.copied == pytest.approx(1)
    assert smooth.estimate < exact.estimate
    assert smooth.estimate == pytest.approx(0.5, rel=0.15)
    assert exact.train_rmse == 0


def test_two_outputs_are_weighed_alike(problem):
    rows, signal, labels = problem
    both = np.stack([labels, 1000 * labels], axis=1)
    monitor = eigenstill.OverfitMonitor(rows, both, landmarks=40)
    reading = monitor.update(np.stack([signal, 1000 * labels], axis=1))
    assert 0.3 < reading.copied < 0.7


def val_curve():
    with (CASES / "28_val.csv").open() as stream:
        return [{key: float(value) for key, value in row.items()} for row in csv.DictReader(stream)]


def test_the_best_epoch_is_kept_when_training_ends_inside_the_patience(problem):
    """Case 28: the end of training is not a stop, and the best epoch is not the last one."""
    rows, signal, labels = problem
    noise = labels - signal
    curve = val_curve()
    monitor = eigenstill.OverfitMonitor(rows, labels, landmarks=40, patience=5)
    best = min(range(len(curve)), key=lambda epoch: curve[epoch]["val"])
    for epoch in range(len(curve)):
        # nearer to the signal up to the best epoch of the recorded curve, then noise is copied
        share = (epoch + 1) / (best + 1) if epoch <= best else 1.0
        copying = 0.0 if epoch <= best else 0.25 * (epoch - best)
        monitor.update(signal.mean() + share * (signal - signal.mean()) + copying * noise)
    assert monitor.best_epoch == best
    assert not any(reading.should_stop for reading in monitor.readings)
    assert monitor.summary() == f"ended at epoch {len(curve) - 1}, best {best}, not stopped"


@settings(max_examples=40, deadline=None)
@given(copying=st.lists(st.floats(0, 1), min_size=1, max_size=12), patience=st.integers(1, 6))
def test_wherever_training_ends_the_best_epoch_is_the_least_estimate_so_far(monitored, copying, patience):
    """The kind of case 28: whatever the patience, and whether or not a stop was called before the end."""
    monitor, signal, noise = monitored
    monitor.readings, monitor.patience = (), patience
    for share in copying:
        monitor.update(signal + share * noise)
        estimates = [reading.estimate for reading in monitor.readings]
        best = estimates.index(min(estimates))
        assert monitor.best_epoch == best
        assert monitor.readings[-1].should_stop == (len(estimates) - 1 - best >= patience)
    stopped = next((reading.epoch for reading in monitor.readings if reading.should_stop), None)
    outcome = "not stopped" if stopped is None else f"stop called at epoch {stopped}"
    assert monitor.summary() == f"ended at epoch {len(copying) - 1}, best {best}, {outcome}"


def test_a_stop_is_called_after_the_patience(problem):
    rows, signal, labels = problem
    monitor = eigenstill.OverfitMonitor(rows, labels, landmarks=40, patience=2)
    monitor.update(signal)
    readings = [monitor.update(signal + share * (labels - signal)) for share in (0.5, 1.0)]
    assert [reading.should_stop for reading in readings] == [False, True]
    assert "stop called at epoch 2" in monitor.summary()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda rows, labels: (rows[:10], labels[:10]), "need at least 16"),
        (lambda rows, labels: (rows, labels[:-1]), "for 300 rows"),
        (lambda rows, labels: (rows, np.full(300, 2.0)), "constant"),
        (lambda rows, labels: (rows, np.append(labels[:-1], np.nan)), "finite"),
        (lambda rows, labels: (np.hstack([rows, np.ones((300, 1))]), labels), "constant|vary"),
    ],
)
def test_what_cannot_be_monitored_is_refused(problem, change, reason):
    rows, _, labels = problem
    with pytest.raises(eigenstill.EigenstillError, match=reason):
        eigenstill.OverfitMonitor(*change(rows, labels))


def test_predictions_of_another_shape_are_refused(problem):
    rows, _, labels = problem
    monitor = eigenstill.OverfitMonitor(rows, labels, landmarks=40)
    with pytest.raises(eigenstill.EigenstillError, match="for 300 rows"):
        monitor.update(labels[:-1])
    with pytest.raises(eigenstill.EigenstillError, match="as the labels"):
        monitor.update(np.stack([labels, labels], axis=1))
    assert monitor.readings == ()


def test_patience_is_positive(problem):
    rows, _, labels = problem
    with pytest.raises(eigenstill.EigenstillError, match="patience 0"):
        eigenstill.OverfitMonitor(rows, labels, patience=0)


# diagnose


def memoriser(labels, rows):
    """A teacher that repeats the labels on its training rows and is the signal elsewhere."""
    table = {tuple(row): label for row, label in zip(rows.tolist(), labels.tolist(), strict=True)}

    def answer(queries):
        smooth = np.sin(3 * queries[:, 0]) + queries[:, 1] ** 2
        return np.array([table.get(tuple(row), value) for row, value in zip(queries.tolist(), smooth, strict=True)])

    return answer


@pytest.fixture(scope="module")
def students(problem):
    rows, _, labels = problem
    fresh = np.random.default_rng(1).uniform(-1, 1, (60, 2))
    truth = np.sin(3 * fresh[:, 0]) + fresh[:, 1] ** 2
    holdout = {"holdout": fresh, "holdout_y": truth + 0.5 * np.random.default_rng(2).standard_normal(60)}
    honest = eigenstill.distill(
        eigenstill.Teacher("smooth", lambda x: np.sin(3 * x[:, 0]) + x[:, 1] ** 2),
        rows,
        labels,
        landmarks=30,
        **holdout,
    )
    copying = eigenstill.distill(
        eigenstill.Teacher("memoriser", memoriser(labels, rows)), rows, labels, landmarks=30, **holdout
    )
    return honest, copying


def test_a_memoriser_and_a_smooth_network_are_told_apart(students):
    honest, copying = (eigenstill.diagnose(student) for student in students)
    assert abs(honest.copied) < 0.15
    assert copying.copied == pytest.approx(1, abs=0.01)
    assert copying.modes_used > 290 > 60 > honest.modes_used
    assert copying.bands[-1].verdict == "spurious"
    assert honest.bands[-1].verdict == "noise"
    assert honest.bands[0].verdict == copying.bands[0].verdict == "learned"
    assert honest.bands[-1].stop == honest.rows - 1
    assert [mode.start for mode in honest.modes] == list(range(honest.bands[-1].start))
    assert {mode.verdict for mode in copying.modes} <= {"learned", "spurious"}


def test_the_certified_interval_contains_the_diagnosed_share(students, tmp_path):
    for student in students:
        path = eigenstill.certify(student, tmp_path)
        claim = next(c for c in json.loads(path.read_text())["claims"] if c["claim"] == "diagnosis")
        low, high = (float(claim["copied"][0][side]["decimal"]) for side in ("at_least", "at_most"))
        assert low - 1e-6 <= eigenstill.diagnose(student).copied <= high + 1e-6


def test_signal_that_the_formula_leaves_out_is_not_called_overfitting():
    """The guard: rows where the network knows more than the smoother can."""
    rng = np.random.default_rng(3)
    rows, fresh = rng.uniform(-1, 1, (200, 1)), rng.uniform(-1, 1, (80, 1))

    def rough(x):
        return x[:, 0] + np.sign(np.sin(40 * x[:, 0]))

    student = eigenstill.distill(
        eigenstill.Teacher("rough", rough), rows, rough(rows), holdout=fresh, holdout_y=rough(fresh), landmarks=6
    )
    guard = eigenstill.diagnose(student).guard
    assert guard is not None
    assert guard.rest_is_signal
    assert guard.slope == pytest.approx(1, abs=0.05)


def test_labels_are_needed(problem):
    rows, signal, _ = problem
    student = eigenstill.distill(signal, rows, landmarks=10)
    with pytest.raises(eigenstill.StudentError, match="no labels"):
        eigenstill.diagnose(student)


@pytest.mark.parametrize(("scale", "refused"), [(10.0, True), (1.0, False)])
def test_classes_beside_logits_are_refused_beside_probabilities_not(scale, refused):
    rng = np.random.default_rng(4)
    rows = rng.uniform(-1, 1, (120, 2))
    probability = 1 / (1 + np.exp(-4 * rows[:, 0]))
    outputs = scale * np.stack([probability, 1 - probability], axis=1)
    labels = np.eye(2)[(rng.uniform(size=120) > probability).astype(int)]
    student = eigenstill.distill(outputs, rows, labels, landmarks=12)
    if refused:
        with pytest.raises(eigenstill.DataError, match="labels are 0/1 classes and the network's outputs are no prob"):
            eigenstill.diagnose(student)
    else:
        assert 0 < eigenstill.diagnose(student).train_rmse < 1


def test_the_command(students, tmp_path, capsys):
    from eigenstill import folder

    folder.save(students[1], tmp_path)
    eigenstill.certify(students[1], tmp_path)
    assert main(["diagnose", str(tmp_path)]) == 0
    text = capsys.readouterr().out
    assert "labels' rest it copies  100 %" in text
    assert "certified: " in text
    assert all(len(line) <= 80 for line in text.splitlines())
    assert main(["diagnose", str(tmp_path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["copied"] == pytest.approx(1, abs=0.01)
    assert main(["diagnose", str(tmp_path), "--modes"]) == 0
    assert "often wrong" in capsys.readouterr().out
    assert main(["diagnose", str(tmp_path / "none")]) == 3

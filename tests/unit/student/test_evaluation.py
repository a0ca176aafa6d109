"""Fast prediction: the bits of the plain formula on any number of threads; a torch device agrees within the claim's bound."""

from __future__ import annotations

import numpy as np
import pytest

import eigenstill
from eigenstill.basis import kernel_values
from eigenstill.basis.basis import linear_term
from eigenstill.cli import main
from eigenstill.device import Device, fetched
from eigenstill.errors import DeviceError, EigenstillWarning
from eigenstill.student import evaluation
from eigenstill.student.parts import Formula
from support.devices import device_names

KERNELS = ("rational-quadratic", "rational-l1", "gaussian", "matern-3/2")


def formula_of(kernel, landmarks, outputs, linear=True, inputs=5):
    rng = np.random.default_rng(landmarks)
    x = rng.normal(size=(300, inputs))
    offsets, exponents = linear_term(x) if linear else (None, ())
    weights = rng.normal(size=(inputs, outputs)) if linear else None
    return Formula(
        kernel,
        x[:landmarks].copy(),
        np.abs(rng.normal(size=inputs)) + 0.01,
        rng.normal(size=(landmarks, outputs)),
        rng.normal(size=outputs),
        weights,
        offsets,
        exponents,
        40,
    )


def plainly(formula, rows):
    """One matrix product a block of 4,096 rows, as the certificates of earlier versions were predicted."""
    parts = []
    for start in range(0, len(rows), 4096):
        block = rows[start : start + 4096]
        part = formula.basis.values(block)[:, : len(formula.landmarks)] @ formula.coefficients + formula.intercept
        parts.append(part if formula.weights is None else part + block @ formula.weights)
    return np.concatenate(parts)


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize(("landmarks", "outputs", "linear"), [(7, 1, True), (130, 1, True), (64, 3, False)])
def test_bits_do_not_depend_on_threads_and_parts(kernel, landmarks, outputs, linear, monkeypatch):
    formula = formula_of(kernel, landmarks, outputs, linear)
    rows = np.random.default_rng(1).normal(size=(9_001, 5))
    expected = plainly(formula, rows)
    for threads in (None, 1, 2, 3, 50):
        assert np.array_equal(formula.evaluate(rows, threads), expected)
    monkeypatch.setattr(evaluation, "PART", 11 * landmarks)
    assert np.array_equal(formula.evaluate(rows), expected)
    assert formula.evaluate(rows[:0]).shape == (0, outputs)
    assert np.array_equal(formula.evaluate(rows[:1]), plainly(formula, rows[:1]))


def test_memory_is_a_block_a_thread():
    """Each thread writes into one array of its own, however many rows there are."""
    formula, rows = formula_of("gaussian", 10, 1), np.zeros((3 * evaluation.BLOCK, 5))
    held = []
    original = evaluation._block

    def block(formula, part, phi):
        held.append(phi.base.shape)
        return original(formula, part, phi)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evaluation, "_block", block)
        evaluation.evaluate(formula, rows, 1)
    assert held == [(evaluation.BLOCK, 10)] * 3


def test_error_on_a_thread_reaches_the_caller(monkeypatch):
    def fails(*_):
        raise MemoryError("no room")

    monkeypatch.setattr(evaluation, "_block", fails)
    with pytest.raises(MemoryError, match="no room"):
        evaluation.evaluate(formula_of("gaussian", 5, 1), np.zeros((9_000, 5)), 2)


@pytest.mark.torch
@pytest.mark.parametrize("name", device_names())
@pytest.mark.parametrize("kernel", KERNELS)
def test_torch_device_agrees_within_the_bound_of_the_claim(kernel, name, monkeypatch):
    """(d + 6) 2^-53 of each kernel value, and the sums' own rounding; the parts on the device are of any size."""
    pytest.importorskip("torch")
    formula = formula_of(kernel, 40, 2)
    rows = np.random.default_rng(2).normal(size=(1_000, 5)) * 3
    expected = formula.evaluate(rows)
    size = np.abs(formula.coefficients).sum() + np.abs(formula.intercept).max() + np.abs(rows @ formula.weights).max()
    for values in (evaluation.CPU_VALUES, 40 * 77):
        monkeypatch.setattr(evaluation, "CPU_VALUES", values)
        monkeypatch.setattr(evaluation, "DEVICE_VALUES", values)
        found = evaluation.evaluate_on(Device(name), formula, rows)
        assert np.abs(found - expected).max() <= size * 2.0**-44
    assert evaluation.evaluate_on(Device(name), formula, rows[:0]).shape == (0, 2)


@pytest.mark.torch
@pytest.mark.parametrize("name", device_names())
def test_far_rows_are_finite_on_a_device(name):
    from eigenstill.basis.device_kernels import device_kernel_values

    rows, landmarks = np.array([[1e200, 0.0], [0.0, 0.0]]), np.zeros((1, 2))
    for kernel in KERNELS:
        send = Device(name).sent
        found = fetched(device_kernel_values(kernel, send(rows), send(landmarks), np.ones(2)))
        assert np.array_equal(found, kernel_values(kernel, rows, landmarks, np.ones(2)))
        assert found[1, 0] == 1.0


@pytest.fixture(scope="module")
def student():
    rows = np.random.default_rng(0).normal(size=(80, 2))
    return eigenstill.distill(lambda x: np.sin(x[:, 0]) + x[:, 1], rows, landmarks=12, holdout=rows[:40] / 2)


@pytest.mark.torch
@pytest.mark.parametrize("name", device_names())
def test_predict_on_a_device(student, name):
    rows = np.random.default_rng(3).normal(size=(50, 2))
    expected = student.predict(rows)
    assert np.array_equal(student.predict(rows, threads=2), expected)
    assert np.allclose(student.predict(rows, device=name), expected, rtol=1e-12, atol=1e-12)
    found = student.predict(rows, interval=0.5, device=name)
    assert np.allclose(found.lower, student.predict(rows, interval=0.5).lower, rtol=1e-12, atol=1e-12)


def test_missing_device_is_a_notice_and_numpy(student):
    rows = np.random.default_rng(3).normal(size=(50, 2))
    with pytest.warns(EigenstillWarning, match="device mps: .*numpy computes instead"):
        assert np.array_equal(student.predict(rows, device="mps"), student.predict(rows))
    with pytest.raises(DeviceError, match="device gpu: unknown; need cpu, cuda"):
        student.predict(rows, device="gpu")


def test_command_says_that_numpy_computes(student, tmp_path, capsys):
    student.save(tmp_path / "student.safetensors")
    np.save(tmp_path / "rows.npy", np.zeros((3, 2)))
    call = ["predict", str(tmp_path / "student.safetensors"), "--data", str(tmp_path / "rows.npy"), "--device"]
    assert main([*call, "mps"]) == 0
    told = capsys.readouterr()
    assert "numpy computes instead" in " ".join(told.err.split())
    assert len(told.out.splitlines()) == 4
    assert main([*call, "gpu"]) == 2
    assert "device gpu: unknown" in " ".join(capsys.readouterr().err.split())

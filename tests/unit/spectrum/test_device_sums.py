"""Columns and sums on a torch device are numpy's integers, bit for bit: the device "cpu" goes through the same code, and
each test runs on a GPU too where there is one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import eigenstill
from eigenstill.basis import Basis, exact_columns
from eigenstill.basis.basis import linear_term
from eigenstill.basis.device_columns import device_columns
from eigenstill.basis.rounding import round_bits, round_columns
from eigenstill.cli import main
from eigenstill.device import Device, as_device, find_device
from eigenstill.errors import DeviceError, EigenstillWarning, SpectrumError
from eigenstill.spectrum import device_adder
from eigenstill.spectrum.block_sums import block_sums
from eigenstill.spectrum.device_adder import DeviceAdder
from eigenstill.streaming import distill_stream, open_rows
from eigenstill_check import check
from support.devices import device_names

torch = pytest.importorskip("torch", reason="torch is not installed: no device was used")
pytestmark = pytest.mark.torch
KERNELS = ("rational-quadratic", "rational-l1", "gaussian", "matern-3/2")


@pytest.fixture(scope="module", params=device_names())
def device(request):
    return Device(request.param)


def case(kernel, seed=0, rows=300, inputs=3, shift=2000.0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, inputs)) * np.logspace(-1, 1.5, inputs) + shift
    power = 1 if kernel == "rational-l1" else 2
    scales = round_bits((0.7 / x.std(axis=0)) ** power)
    basis = Basis(kernel, round_columns(x[:9], x.std(axis=0)), scales, *linear_term(x))
    return basis, x, rng.normal(size=(rows, 2)) * 1e3


@pytest.mark.parametrize("kernel", KERNELS)
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6), inputs=st.integers(1, 9), shift=st.sampled_from([0.0, 2000.0, -1e6]))
def test_columns_are_the_exact_ones(device, kernel, seed, inputs, shift):
    basis, x, _ = case(kernel, seed, 60, inputs, shift)
    assert np.array_equal(device_columns(device, basis, x), exact_columns(basis, x))


@pytest.mark.parametrize("kernel", KERNELS)
def test_columns_at_landmarks_and_where_values_are_whole(device, kernel):
    """At a landmark 2^p phi is an integer, at a power of two from it too: nothing that float64 could decide."""
    landmarks = np.array([[0.0], [1.0]])
    x = np.array([[0.0], [1.0], [2.0], [-1.0], [3.0], [2.0**20], [-(2.0**30)]])
    basis = Basis(kernel, landmarks, np.array([1.0]), *linear_term(x))
    assert np.array_equal(device_columns(device, basis, x), exact_columns(basis, x))


@pytest.mark.parametrize("kernel", KERNELS)
def test_sums_are_those_of_numpy(device, kernel):
    basis, x, targets = case(kernel)
    here, there = (block_sums(basis, x, {"teacher": targets}, where) for where in (None, device))
    assert here.gram.tobytes() == there.gram.tobytes()
    assert here.trace.tobytes() == there.trace.tobytes()
    assert (here.rows, here.columns, here.totals) == (there.rows, there.columns, there.totals)
    for one, other in zip(here.products["teacher"], there.products["teacher"], strict=True):
        assert (one.entries, one.exponent) == (other.entries, other.exponent)
    columns = exact_columns(basis, x).astype(object)
    assert np.array_equal(there.full_gram(), columns.T.dot(columns))


def test_device_that_rounds_is_noticed(device, monkeypatch):
    """Residues modulo a prime, from products of another shape, notice a Gram matrix that was rounded."""
    basis, x, targets = case("rational-quadratic")
    fetched = device_adder.fetched
    monkeypatch.setattr(
        device_adder,
        "fetched",
        lambda tensor: fetched(tensor.float() if tensor.shape == (basis.columns,) * 2 else tensor),
    )
    sums = block_sums(basis, x, {"teacher": targets}, device)
    with pytest.raises(SpectrumError, match="not exact on integers"):
        sums.full_gram()


def test_column_outside_the_digits_is_a_fault(device):
    for outside in (2.0**41, -(2.0**20)):
        with pytest.raises(SpectrumError, match="outside"):
            DeviceAdder(device, 1, 0).add(device.sent(np.array([[outside]])), [])


def network():
    torch.manual_seed(0)
    return torch.nn.Sequential(torch.nn.Linear(3, 16), torch.nn.ReLU(), torch.nn.Linear(16, 1))


def smooth(rows):
    return np.sin(rows[:, 0]) + rows[:, 1] * rows[:, 2]


def bytes_of(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("in_blocks", [20_000, 100])
@pytest.mark.filterwarnings("ignore::eigenstill.EigenstillWarning")
def test_student_and_certificate_are_the_same_bytes(device, in_blocks, tmp_path, monkeypatch):
    monkeypatch.setattr("eigenstill.distillation.IN_BLOCKS", in_blocks)
    rows = np.random.default_rng(1).normal(size=(300, 3))
    teacher = network().double() if device.name == "cpu" else smooth  # a GPU adds a double layer up in another order
    for name, where in (("numpy", None), ("device", device.name)):
        student = eigenstill.distill(teacher, rows, rows[:, 0], landmarks=10, device=where)
        eigenstill.certify(student, tmp_path / name)
        student.save(tmp_path / name / "student.safetensors")
    assert bytes_of(tmp_path / "numpy") == bytes_of(tmp_path / "device")
    assert check(tmp_path / "device" / "student.cert.json").accepted


@pytest.mark.filterwarnings("ignore::eigenstill.EigenstillWarning")
def test_streamed_bytes_are_the_same(device, tmp_path):
    rows = np.random.default_rng(1).normal(size=(400, 3))
    teacher = network() if device.name == "cpu" else smooth
    for name, where in (("numpy", None), ("device", device.name)):
        source = open_rows(lambda: iter([rows]))
        distill_stream(teacher, source, tmp_path / name, landmarks=9, basis="gaussian", device=where)
    assert bytes_of(tmp_path / "numpy") == bytes_of(tmp_path / "device")


@pytest.mark.filterwarnings("ignore::eigenstill.EigenstillWarning")
def test_features_on_a_device_are_the_same():
    rows = np.random.default_rng(1).normal(size=(200, 3))
    found = [eigenstill.distill(network(), rows, basis="features", device=device) for device in (None, "cpu")]
    assert found[0].encode() == found[1].encode()


def test_the_callers_module_stays_where_and_as_it_is(device):
    """float64 on both sides: a layer of a handful of terms, added in another order on a GPU."""
    teacher = network().double().train()
    before = {key: value.clone() for key, value in teacher.state_dict().items()}
    asked, here = eigenstill.as_teacher(teacher, device=device), eigenstill.as_teacher(teacher)
    rows = np.random.default_rng(1).normal(size=(30, 3))
    for mine, other in ((asked.outputs, here.outputs), (asked.gradients, here.gradients)):
        assert np.allclose(mine(rows), other(rows), rtol=1e-12, atol=1e-12)
    assert teacher.training
    assert asked.sha256 == here.sha256
    assert all(torch.equal(value, before[key]) for key, value in teacher.state_dict().items())


@pytest.mark.filterwarnings("ignore::eigenstill.EigenstillWarning")
def test_a_module_that_lies_on_the_device_is_asked_there(device, tmp_path):
    teacher = network().to(device.name)
    rows = np.random.default_rng(1).normal(size=(200, 3))
    student = eigenstill.distill(teacher, rows, landmarks=10, holdout=rows[:50] / 2, device=device)
    assert eigenstill.as_teacher(teacher).sha256 == eigenstill.as_teacher(network()).sha256
    assert next(teacher.parameters()).device.type == device.name
    eigenstill.certify(student, tmp_path)
    assert check(tmp_path / "student.cert.json").accepted


@pytest.mark.parametrize(
    ("name", "reason"),
    [("mps", "has no float64"), ("cuda:99", "not there"), ("xpu:99", "not there")],
)
def test_missing_device_is_a_notice(name, reason):
    device, told = find_device(name)
    assert device is None
    assert told.startswith(f"device {name}: {reason}")
    assert "\n" not in told
    with pytest.warns(EigenstillWarning, match="numpy computes instead"):
        assert as_device(name) is None
    assert Device(name).here() is None


def test_device_without_torch(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "torch", None)
    device, told = find_device.__wrapped__("cuda")
    assert device is None
    assert "torch is not installed" in told
    assert "pip install" in told


def test_device_that_rounds_is_not_used(monkeypatch):
    full = torch.full
    monkeypatch.setattr(torch, "full", lambda *a, dtype, **k: full(*a, dtype=torch.float32, **k))
    device, told = find_device.__wrapped__("cpu")
    assert device is None
    assert "rounds where float64 is exact" in told


def test_unknown_name_is_an_error():
    for name in ("gpu", "cuda:x", "cpu\n", ""):
        with pytest.raises(DeviceError, match="unknown; need cpu, cuda"):
            find_device(name)


def test_command(tmp_path, capsys):
    rows = np.random.default_rng(1).normal(size=(200, 3))
    np.save(tmp_path / "rows.npy", rows)
    np.save(tmp_path / "outputs.npy", np.sin(rows[:, 0]) + rows[:, 1])
    call = ["distill", "--teacher", str(tmp_path / "outputs.npy"), "--data", str(tmp_path / "rows.npy")]
    call += ["--landmarks", "8", "--quiet"]
    for name, more in (("numpy", []), ("cpu", ["--device", "cpu"]), ("mps", ["--device", "mps"])):
        assert main([*call, "--out", str(tmp_path / name), *more]) == 0
        told = " ".join(capsys.readouterr().err.split())
        assert ("device mps: has no float64" in told) == (name == "mps")
    assert bytes_of(tmp_path / "numpy") == bytes_of(tmp_path / "cpu") == bytes_of(tmp_path / "mps")
    assert main([*call, "--out", str(tmp_path / "s"), "--stream", "--device", "cpu"]) == 0
    assert main([*call, "--out", str(tmp_path / "no"), "--device", "gpu"]) == 2
    assert "device gpu: unknown" in " ".join(capsys.readouterr().err.split())

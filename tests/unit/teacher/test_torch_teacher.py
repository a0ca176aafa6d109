"""torch modules: eval mode during calls, the caller's mode afterwards, autograd slopes, digest of the weights."""

from __future__ import annotations

import numpy as np
import pytest

from eigenstill.errors import TeacherError
from eigenstill.teacher import as_teacher, load_teacher
from eigenstill.teacher.teacher import finite_differences

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.torch

ROWS = np.random.default_rng(1).standard_normal((50, 4))


@pytest.fixture
def network():
    torch.manual_seed(0)
    return torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.Tanh(), torch.nn.Dropout(0.5), torch.nn.Linear(8, 2))


def test_batch_norm_and_dropout_are_evaluated_in_eval_mode():
    """microsoft/onnxruntime #3873: a network left in train mode answers with the statistics of the batch."""
    norm = torch.nn.BatchNorm1d(3).train()
    rows = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 10.0]])
    values = as_teacher(norm).outputs(rows)
    assert np.allclose(values, rows / np.sqrt(1.00001), rtol=1e-6)
    assert norm.training
    assert int(norm.num_batches_tracked) == 0


def test_modes_are_put_back_module_by_module(network):
    network.train()
    network[2].eval()
    network[0].weight.requires_grad_(False)
    teacher = as_teacher(network)
    teacher.outputs(ROWS)
    teacher.gradients(ROWS)
    assert [part.training for part in network] == [True, True, False, True]
    assert network.training
    assert all(parameter.grad is None for parameter in network.parameters())


def test_modes_are_put_back_after_a_failure(network):
    with pytest.raises(TeacherError, match=r"cannot take \(50, 3\) rows.*wrap it in a function"):
        as_teacher(network.train()).outputs(ROWS[:, :3])
    assert all(part.training for part in network.modules())


def test_outputs_and_slopes(network):
    teacher = as_teacher(network, "net")
    values, slopes = teacher.outputs(ROWS), teacher.gradients(ROWS)
    with torch.no_grad():
        expected = network.eval()(torch.tensor(ROWS, dtype=torch.float32)).numpy()
    assert values.dtype == np.float64
    assert np.allclose(values, expected, atol=1e-6)
    assert np.allclose(slopes, finite_differences(teacher.outputs, ROWS), rtol=1e-2)
    assert teacher.parameters == 4 * 8 + 8 + 8 * 2 + 2


def test_float64_modules_are_asked_in_float64(network):
    exact = as_teacher(network.double()).outputs(ROWS)
    with torch.no_grad():
        assert np.array_equal(exact, network.eval()(torch.tensor(ROWS)).numpy())


def test_digest_follows_the_weights(network):
    first = as_teacher(network).sha256
    assert as_teacher(network).sha256 == first
    with torch.no_grad():
        network[0].bias[0] += 1e-6
    assert as_teacher(network).sha256 != first


def test_odd_modules_get_one_sentence(network):
    class Pair(torch.nn.Module):
        def forward(self, x):
            return x, x

    class Cut(torch.nn.Module):
        def forward(self, x):
            return x[:, 0].detach()

    with pytest.raises(TeacherError, match="Pair: returns tuple; need one tensor"):
        as_teacher(Pair()).outputs(ROWS)
    assert np.allclose(as_teacher(Cut()).gradients(ROWS), [[1, 0, 0, 0]])  # by finite differences


def test_exported_programs_only_with_trust(network, tmp_path):
    batch = torch.export.Dim("batch", min=1, max=100_000)
    program = torch.export.export(network.eval(), (torch.zeros(5, 4),), dynamic_shapes=({0: batch},))
    torch.export.save(program, tmp_path / "net.pt2")
    with pytest.raises(TeacherError, match="--trust-code"):
        load_teacher(tmp_path / "net.pt2")
    teacher = load_teacher(tmp_path / "net.pt2", trust_code=True)
    assert np.allclose(teacher.outputs(ROWS), as_teacher(network).outputs(ROWS), atol=1e-6)
    assert teacher.parameters == as_teacher(network).parameters
    assert teacher.gradients(ROWS).shape == (2, 4)
    (tmp_path / "bad.pt2").write_bytes(b"nothing")
    with pytest.raises(TeacherError, match=r"bad\.pt2: no exported program"):
        load_teacher(tmp_path / "bad.pt2", trust_code=True)

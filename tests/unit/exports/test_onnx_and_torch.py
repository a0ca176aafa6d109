"""The two exports that networks' tools read: their metadata, gradients, scripts and archives."""

from __future__ import annotations

import json

import numpy as np
import pytest

import eigenstill
from support.kernels import ROWS

SCRIPT = pytest.mark.filterwarnings("ignore:.*torch.jit:DeprecationWarning")


def test_onnx_names_its_columns_and_divides(student, tmp_path):
    onnx = pytest.importorskip("onnx", reason="onnx is not installed: the graph was not read")
    path = eigenstill.export(student, "onnx", tmp_path / "model.onnx").path
    model = onnx.load(str(path))
    onnx.checker.check_model(model, full_check=True)
    metadata = {entry.key: entry.value for entry in model.metadata_props}
    assert tuple(json.loads(metadata["eigenstill.input_names"])) == student.input_names
    assert tuple(json.loads(metadata["eigenstill.output_names"])) == student.output_names
    assert metadata["eigenstill.kernel"] == student.formula.kernel
    operations = {node.op_type for node in model.graph.node}
    assert "Reciprocal" not in operations
    assert ("Div" in operations) == student.formula.kernel.startswith("rational")
    types = {entry.type.tensor_type.elem_type for entry in [*model.graph.input, *model.graph.output]}
    assert types == {onnx.TensorProto.DOUBLE}


def test_onnx_is_a_teacher_with_the_same_outputs(plain, tmp_path):
    pytest.importorskip("onnxruntime", reason="onnxruntime is not installed: the graph was not run")
    path = eigenstill.export(plain, "onnx", tmp_path / "model.onnx").path
    outputs = eigenstill.load_teacher(path).outputs(ROWS)
    assert outputs == pytest.approx(plain.predict(ROWS), rel=1e-12)
    assert eigenstill.load_teacher(path).parameters == plain.stored_numbers + 1  # and the one of 1 / (1 + q)


@SCRIPT
@pytest.mark.torch
def test_torch_module_scripts_exports_and_has_the_slopes_of_the_formula(student, tmp_path):
    torch = pytest.importorskip("torch", reason="torch is not installed: the module was not run")
    module = eigenstill.torch_module(student)
    rows = torch.from_numpy(ROWS[:7].copy())
    expected = student.predict(ROWS[:7])
    assert module(rows).numpy() == pytest.approx(expected, rel=1e-11)
    assert torch.jit.script(module)(rows).numpy() == pytest.approx(expected, rel=1e-11)
    program = torch.export.export(module, (rows,), dynamic_shapes=({0: torch.export.Dim("rows", min=1)},)).module()
    for count in (1, 5, 60):
        assert program(torch.from_numpy(ROWS[:count].copy())).numpy() == pytest.approx(
            student.predict(ROWS[:count]), rel=1e-11
        )
    rows.requires_grad_(True)
    module(rows).sum().backward()
    for column in range(3):
        step = np.zeros(3)
        step[column] = 1e-6
        slope = (student.predict(ROWS[:7] + step) - student.predict(ROWS[:7] - step)) / 2e-6
        assert rows.grad[:, column].numpy() == pytest.approx(slope.reshape(7, -1).sum(axis=1), rel=1e-4, abs=1e-6)


@pytest.mark.torch
def test_torch_slopes_at_a_landmark_are_numbers(student):
    torch = pytest.importorskip("torch", reason="torch is not installed: the module was not run")
    rows = torch.from_numpy(student.formula.landmarks.copy()).requires_grad_(True)
    eigenstill.torch_module(student)(rows).sum().backward()
    assert torch.isfinite(rows.grad).all()


@pytest.mark.torch
def test_torch_archive_is_read_by_torch(plain, tmp_path):
    torch = pytest.importorskip("torch", reason="torch is not installed: the archive was not written")
    done = eigenstill.export(plain, "torch", tmp_path / "model.pt2", float32=True)
    module = torch.export.load(str(done.path)).module()
    values = module(torch.from_numpy(ROWS.astype(np.float32))).numpy()
    assert values.dtype == np.float32
    assert values == pytest.approx(plain.predict(ROWS), abs=1e-3)


@SCRIPT
@pytest.mark.torch
def test_torch_source_can_be_scripted(plain, tmp_path):
    torch = pytest.importorskip("torch", reason="torch is not installed: the source was not run")
    from eigenstill.exports.numpy_source import load_source

    path = eigenstill.export(plain, "torch", tmp_path / "model.py").path
    scripted = torch.jit.script(load_source(path).load())
    assert scripted(torch.from_numpy(ROWS)).numpy() == pytest.approx(plain.predict(ROWS), rel=1e-11)

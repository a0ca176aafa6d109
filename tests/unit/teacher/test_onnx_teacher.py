"""ONNX files as teachers."""

from __future__ import annotations

import numpy as np
import pytest

import eigenstill
from eigenstill.errors import TeacherError, UnreadableError
from eigenstill.tables import as_table
from eigenstill.teacher import load_teacher

onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")

ROWS = np.random.default_rng(2).standard_normal((11, 3))
WEIGHT = np.arange(6, dtype=np.float32).reshape(3, 2) / 4 - 0.5


def save(path, batch="rows", kind=onnx.TensorProto.FLOAT, outputs=("y",), inputs=("x",)):
    """x -> tanh(x W), the same under every output name."""
    helper = onnx.helper
    numbers = WEIGHT.astype(onnx.helper.tensor_dtype_to_np_dtype(kind))
    nodes = [helper.make_node("MatMul", ["x", "w"], ["h"])]
    nodes += [helper.make_node("Tanh", ["h"], [name]) for name in outputs]
    graph = helper.make_graph(
        nodes,
        "net",
        [helper.make_tensor_value_info(name, kind, [batch, 3]) for name in inputs],
        [helper.make_tensor_value_info(name, kind, [batch, 2]) for name in outputs],
        [onnx.numpy_helper.from_array(numbers, "w"), onnx.numpy_helper.from_array(np.array([1, 2]), "spare")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, str(path))
    return path


@pytest.mark.parametrize("batch", ["rows", 4, 1, 16])
def test_any_batch_size_gives_the_same_rows(tmp_path, batch):
    teacher = load_teacher(save(tmp_path / "net.onnx", batch))
    assert np.allclose(teacher.outputs(ROWS), np.tanh(ROWS @ WEIGHT), atol=1e-6)
    assert teacher.parameters == 6
    assert len(teacher.sha256) == 64
    assert teacher.gradients(ROWS).shape == (2, 3)


def test_float64_networks_are_asked_in_float64(tmp_path):
    teacher = load_teacher(save(tmp_path / "net.onnx", kind=onnx.TensorProto.DOUBLE))
    assert np.allclose(teacher.outputs(ROWS), np.tanh(ROWS @ WEIGHT.astype(np.float64)), rtol=1e-14)


def test_faults(tmp_path):
    with pytest.raises(UnreadableError):
        load_teacher(tmp_path / "none.onnx")
    (tmp_path / "bad.onnx").write_bytes(b"nothing")
    with pytest.raises(TeacherError, match=r"bad\.onnx: not a network onnxruntime can run"):
        load_teacher(tmp_path / "bad.onnx")
    two = save(tmp_path / "two.onnx", outputs=("y", "z"))
    with pytest.raises(TeacherError, match=r"two.onnx: 2 outputs; it has y, z; name one, as in two.onnx:y"):
        load_teacher(two)
    assert load_teacher(f"{two}:z").outputs(ROWS).shape == (11, 2)
    with pytest.raises(TeacherError, match="no output q"):
        load_teacher(f"{two}:q")
    with pytest.raises(TeacherError, match="2 inputs; need one input"):
        load_teacher(save(tmp_path / "in.onnx", inputs=("x", "u")))
    with pytest.raises(TeacherError, match="4 columns; the network takes 3"):
        load_teacher(save(tmp_path / "net.onnx")).outputs(np.zeros((2, 4)))


def test_names_of_columns_are_in_the_metadata(tmp_path):
    """csinva/imodels #290, in ONNX: a formula exported with its names is asked by name."""
    student = eigenstill.distill(
        lambda rows: np.sin(rows[:, 0]) - 3 * rows[:, 1], ROWS, landmarks=5, names=("a", "b", "c")
    )
    eigenstill.export(student, "onnx", tmp_path / "formula.onnx")
    teacher = load_teacher(tmp_path / "formula.onnx")
    assert teacher.names == ("a", "b", "c")
    turned = as_table(ROWS[:, [2, 0, 1]], ["c", "a", "b"])
    again = eigenstill.distill(teacher, turned, landmarks=5)
    assert np.allclose(again.recording.train.teacher[:, 0], student.predict(ROWS), atol=1e-9)
    with pytest.raises(TeacherError, match=r"formula\.onnx: no column c; it takes a, b, c"):
        eigenstill.distill(teacher, as_table(ROWS, ["a", "b", "d"]))
    model = onnx.load(str(tmp_path / "formula.onnx"))
    next(entry for entry in model.metadata_props if entry.key == "eigenstill.input_names").value = "a, b"
    onnx.save(model, str(tmp_path / "odd.onnx"))
    with pytest.raises(TeacherError, match=r"metadata eigenstill\.input_names: got 'a, b'; need a JSON list of names"):
        load_teacher(tmp_path / "odd.onnx")


def external(path, weights="weights.bin"):
    """The same network with its tensors in a file beside it."""
    save(path)
    onnx.save_model(onnx.load(str(path)), str(path), save_as_external_data=True, location=weights, size_threshold=0)
    return path


def test_digest_covers_weights_in_other_files(tmp_path):
    """Ours: only the .onnx file was hashed, so other weights beside it were taken for the same network."""
    path = external(tmp_path / "net.onnx")
    whole, first = load_teacher(path).sha256, path.read_bytes()
    assert whole not in (None, load_teacher(save(tmp_path / "plain.onnx")).sha256)
    (tmp_path / "again").mkdir()
    assert load_teacher(external(tmp_path / "again" / "net.onnx")).sha256 == whole
    weights = tmp_path / "weights.bin"
    changed = bytearray(weights.read_bytes())
    changed[1] ^= 1
    weights.write_bytes(bytes(changed))
    assert path.read_bytes() == first
    assert load_teacher(path).sha256 != whole


def test_no_digest_where_other_files_cannot_be_told(tmp_path, monkeypatch):
    path, plain = external(tmp_path / "net.onnx"), save(tmp_path / "plain.onnx")
    expected = load_teacher(plain).sha256
    monkeypatch.setitem(__import__("sys").modules, "onnx", None)
    assert load_teacher(path).sha256 is None
    assert load_teacher(plain).sha256 == expected


def test_weights_in_a_subgraph_are_found():
    from eigenstill.teacher.onnx_teacher import _tensors

    helper, inner = onnx.helper, onnx.numpy_helper.from_array(np.ones(3, dtype=np.float32), "inner")
    branch = helper.make_graph(
        [helper.make_node("Constant", [], ["c"], value=inner)],
        "branch",
        [],
        [helper.make_tensor_value_info("c", onnx.TensorProto.FLOAT, [3])],
        [inner],
    )
    node = helper.make_node("If", ["x"], ["y"], then_branch=branch, else_branch=branch)
    graph = helper.make_graph([node], "net", [], [], [inner])
    assert [tensor.name for tensor in _tensors(helper.make_model(graph))] == ["inner"] * 5

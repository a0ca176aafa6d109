"""Faults of other software with networks as teachers: batch statistics, pickles that run code."""

from __future__ import annotations

import subprocess
import sys
import warnings
import zipfile

import numpy as np
import pytest

from eigenstill import certify, distill
from eigenstill.cli import main
from eigenstill.errors import DataError, EigenstillWarning, TeacherError
from eigenstill.tables import load_table
from eigenstill.teacher import as_teacher
from support.cases import table

OUTPUT_OF_ROW_0 = [0.9999950000374997, 1.9999900000749993, 2.999985000112499]  # x / sqrt(1 + 1e-5)


@pytest.mark.torch
@pytest.mark.parametrize("training", [True, False])
def test_network_in_train_mode_answered_with_batch_statistics(training):
    """microsoft/onnxruntime #3873."""
    torch = pytest.importorskip("torch")
    rows = table("01_X.csv").values
    norm = torch.nn.BatchNorm1d(3).double().train(training)
    teacher = as_teacher(norm)
    values = teacher.outputs(rows)
    assert np.allclose(values, rows / np.sqrt(1.00001), rtol=1e-15)
    assert np.allclose(values[0], OUTPUT_OF_ROW_0, rtol=1e-12)
    for index in range(len(rows)):
        assert np.array_equal(teacher.outputs(rows[index : index + 1])[0], values[index])
    assert norm.training == training
    assert int(norm.num_batches_tracked) == 0


@pytest.mark.torch
def test_student_was_fitted_to_outputs_of_another_mode():
    """The recording of a whole distillation holds the outputs of eval mode, and the mode is put back."""
    torch = pytest.importorskip("torch")
    rows = np.random.default_rng(0).normal(size=(40, 3))
    network = torch.nn.Sequential(torch.nn.BatchNorm1d(3), torch.nn.Dropout(0.5), torch.nn.Linear(3, 1)).double()
    student = distill(network, rows, landmarks=8, linear=False)
    assert network.training
    assert all(part.training for part in network)
    with torch.no_grad():
        expected = network.eval()(torch.tensor(rows)).numpy()
    assert np.allclose(student.recording.train.teacher, expected, rtol=1e-12)


MAKE_PICKLE = """
import pathlib, pickle, sys
class Teacher:
    def __reduce__(self):
        return (pathlib.Path.touch, (pathlib.Path(sys.argv[2]),))
pickle.dump(Teacher(), open(sys.argv[1], "wb"))
"""


@pytest.mark.parametrize("suffix", [".pkl", ".pickle", ".pt", ".pth", ".ckpt", ".joblib", ".bin"])
def test_loading_a_model_file_ran_its_code(tmp_path, capsys, suffix):
    """pytorch/pytorch #52596: a real pickle that leaves a mark when it is loaded."""
    model, marker = tmp_path / f"teacher{suffix}", tmp_path / "LOADED_MARKER"
    subprocess.run([sys.executable, "-c", MAKE_PICKLE, str(model), str(marker)], check=True)
    rows = tmp_path / "rows.csv"
    rows.write_text("a,b\n1,2\n3,5\n4,4\n")
    out = tmp_path / "out"
    for role in (["--teacher", model, "--data", rows], ["--teacher", rows, "--data", model]):
        assert main(["distill", *map(str, role), "--out", str(out)]) == 2
        message = capsys.readouterr().err
        assert "a pickle can run any code when it is loaded" in message
        assert message.count("\n") == 1
    assert not marker.exists()
    assert not out.exists()


# the whole kind of #3873: every layer that acts otherwise while training, and layers that always do


def modes_of(module):
    return [part.training for part in module.modules()]


@pytest.mark.torch
@pytest.mark.parametrize(
    "layer", ["BatchNorm1d", "Dropout", "AlphaDropout", "FeatureAlphaDropout", "RReLU", "nested", "traced"]
)
@pytest.mark.parametrize("training", [True, False, "mixed"])
def test_layers_that_act_otherwise_in_training_are_asked_in_eval_mode(layer, training):
    torch = pytest.importorskip("torch")
    rows = np.random.default_rng(0).normal(size=(9, 3))
    nested = torch.nn.Sequential(
        torch.nn.BatchNorm1d(3), torch.nn.Sequential(torch.nn.Dropout(0.9), torch.nn.Linear(3, 2))
    )
    if layer == "traced":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            module = torch.jit.trace(torch.nn.Sequential(torch.nn.Linear(3, 2)).double().train(), torch.tensor(rows))
    else:
        module = nested if layer == "nested" else getattr(torch.nn, layer)(*([3] if layer == "BatchNorm1d" else []))
    network = torch.nn.Sequential(module, torch.nn.Identity()).double()
    network.train(training is not False)
    if training == "mixed":
        network[1].eval()
    before, teacher = modes_of(network), as_teacher(network)
    values = teacher.outputs(rows)
    # a product of one row may add up in another order than that of nine: some processors' BLAS does
    assert all(np.allclose(teacher.outputs(rows[k : k + 1])[0], values[k], rtol=1e-13, atol=1e-14) for k in range(9))
    assert np.array_equal(teacher.outputs(rows), values)
    assert np.isfinite(teacher.gradients(rows)).all()
    assert modes_of(network) == before


@pytest.mark.torch
def test_layers_that_ignore_the_mode_are_refused():
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)

    class Always(torch.nn.Module):
        def forward(self, rows):
            return torch.nn.functional.dropout(rows)  # its own default is training=True

    rows = np.random.default_rng(0).normal(size=(9, 3))
    for module in (torch.nn.BatchNorm1d(3, track_running_stats=False).double(), Always()):
        with pytest.raises(
            TeacherError, match=r"more than 1 value per channel|alone gives .*switch off batch statistics"
        ):
            as_teacher(module.train()).outputs(rows)
        assert module.training


# the whole kind of #52596: a pickle in every place that takes a file, under its own name and under any other

ROLES = {
    "teacher": "distill --teacher {model} --data {rows} --out {out}",
    "rows": "distill --teacher {rows}:b --data {model} --out {out}",
    "labels": "distill --teacher {rows}:b --data {rows} --labels {model} --out {out}",
    "holdout": "distill --teacher {rows}:b --data {rows} --holdout {model} --out {out}",
    "holdout labels": "distill --teacher {rows}:b --data {rows} --holdout {rows} --holdout-labels {model} --out {out}",
    "holdout teacher": "distill --teacher {rows}:b --data {rows} --holdout {rows} --holdout-teacher {model} --out {out}",
    "features": "distill --teacher {rows}:b --data {rows} --basis features --features {model} --out {out}",
    "new rows": "predict {student} --data {model}",
    "student": "predict {model} --data {rows}",
    "matrix": "svd {model} --rank 1 --out {out}",
    "bound teacher": "check {certificate} --teacher {model}",
    "bound rows": "check {certificate} --data {model}",
    "bound student": "check {certificate} --student {model}",
    "certificate": "check {model}",
    "shown": "show {model}",
    "report": "report {model}",
}
NAMES = [
    "x.pkl",
    "x.PT",
    "x.joblib",
    "x.dill",
    "x.csv",
    "x.npy",
    "x.npz",
    "x.parquet",
    "x.arrow",
    "x.feather",
    "x.onnx",
]
NAMES += ["x.txt", "x.json", "x.ubj", "x.pt2", "x.safetensors", "x"]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pickles")
    rows = folder / "rows.csv"
    rows.write_text("a,b\n1,2\n3,5\n4,4\n5,1\n2,2\n")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", EigenstillWarning)
        student = distill(lambda held: held[:, 0] ** 2, load_table(rows), landmarks=3)
        certify(student, folder)
    student.save(folder / "student.safetensors")
    subprocess.run([sys.executable, "-c", MAKE_PICKLE, str(folder / "x"), str(folder / "LOADED_MARKER")], check=True)
    for name in NAMES[:-1]:
        (folder / name).write_bytes((folder / "x").read_bytes())
    return folder


@pytest.mark.parametrize("role", ROLES)
def test_no_place_that_takes_a_file_loads_a_pickle(made, tmp_path, capsys, role):
    for name in NAMES:
        words = {"model": made / name, "rows": made / "rows.csv", "out": tmp_path / "out"}
        words |= {"student": made / "student.safetensors", "certificate": made / "student.cert.json"}
        code = main(ROLES[role].format(**words).split())
        said = capsys.readouterr()
        assert code in (1, 2, 3), name
        assert "Traceback" not in said.out + said.err
        assert not (made / "LOADED_MARKER").exists(), name
        assert not (tmp_path / "out").exists()


def test_a_refused_pickle_says_both_ways_to_convert_it(made, capsys):
    arguments = [
        "distill",
        "--teacher",
        str(made / "x.pkl"),
        "--data",
        str(made / "rows.csv"),
        "--out",
        str(made / "out"),
    ]
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert "to ONNX (torch.onnx.export, skl2onnx), or save its outputs on your rows (numpy.save)" in said


def test_pickles_inside_of_other_files_stay_closed(made, tmp_path):
    """NumPy files of objects, and a program archive, are the formats that may hold one."""
    loaded = {"a.npy": None, "a.npz": None}
    np.save(tmp_path / "a.npy", np.array([Marked(tmp_path / "MARK")], dtype=object), allow_pickle=True)
    np.savez(tmp_path / "a.npz", np.array([Marked(tmp_path / "MARK")], dtype=object), allow_pickle=True)
    for name in loaded:
        with pytest.raises(DataError):
            load_table(tmp_path / name)
    with zipfile.ZipFile(tmp_path / "a.pt2", "w") as archive:
        archive.writestr("data.pkl", (made / "x").read_bytes())
    with pytest.raises(TeacherError, match="--trust-code"):
        as_teacher(tmp_path / "a.pt2")
    assert not (tmp_path / "MARK").exists()


class Marked:
    """Leaves a mark when it is unpickled."""

    def __init__(self, mark):
        self.mark = mark

    def __reduce__(self):
        return (type(self.mark).touch, (self.mark,))

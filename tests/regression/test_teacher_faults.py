"""Faults of other software with networks as teachers: batch statistics, pickles that run code."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from eigenstill import distill
from eigenstill.cli import main
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

"""Boosted trees: estimators, boosters and model files of LightGBM and XGBoost; damaged files end no process of ours."""

from __future__ import annotations

import pickle

import numpy as np
import pandas
import pytest

import eigenstill
from eigenstill.cli import main
from eigenstill.errors import EigenstillWarning, TeacherError, UnreadableError
from eigenstill.teacher import as_teacher, load_teacher

lightgbm = pytest.importorskip("lightgbm")
xgboost = pytest.importorskip("xgboost")

ROWS = np.random.default_rng(0).normal(size=(200, 3))
FRAME = pandas.DataFrame(ROWS, columns=["a", "b", "c"])
Y = ROWS[:, 0] + ROWS[:, 1] ** 2
LIGHT = lightgbm.LGBMRegressor(n_estimators=10, verbose=-1).fit(FRAME, Y)
EXTREME = xgboost.XGBRegressor(n_estimators=10).fit(FRAME, Y)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    LIGHT.booster_.save_model(folder / "model.txt")
    EXTREME.save_model(folder / "model.json")
    EXTREME.save_model(folder / "model.ubj")
    FRAME[["c", "a", "b"]].to_csv(folder / "rows.csv", index=False)
    return folder


@pytest.mark.parametrize("model", [LIGHT, EXTREME], ids=["lightgbm", "xgboost"])
def test_estimators_and_boosters(model):
    expected = model.predict(FRAME)
    booster = model.booster_ if model is LIGHT else model.get_booster()
    for held in (as_teacher(model), as_teacher(booster)):
        assert held.names == ("a", "b", "c")
        assert np.allclose(held.outputs(ROWS), expected, rtol=1e-6)
        assert np.allclose(held.for_columns(("c", "a", "b")).outputs(ROWS[:, [2, 0, 1]]), expected, rtol=1e-6)
        with pytest.raises(TeacherError):
            held.outputs(ROWS[:, :2])
    unnamed = type(model)(n_estimators=2).fit(ROWS, Y)
    assert as_teacher(unnamed).names is None
    assert as_teacher(unnamed.booster_ if model is LIGHT else unnamed.get_booster()).names is None


def test_parameters_are_the_nodes():
    nodes = len(LIGHT.booster_.trees_to_dataframe())
    assert as_teacher(LIGHT.booster_).parameters == nodes
    assert as_teacher(EXTREME.get_booster()).parameters == len(EXTREME.get_booster().trees_to_dataframe())


def test_classifiers_give_probabilities():
    labels = np.digitize(Y, [0, 1])
    for model in (lightgbm.LGBMClassifier(n_estimators=5, verbose=-1), xgboost.XGBClassifier(n_estimators=5)):
        model.fit(FRAME, labels)
        assert np.allclose(as_teacher(model).outputs(ROWS), model.predict_proba(FRAME), rtol=1e-6)
    student = eigenstill.distill(model, FRAME, np.eye(3)[labels], landmarks=10)
    assert student.predict(FRAME).shape == (200, 3)


@pytest.mark.parametrize("name", ["model.txt", "model.json"])
def test_model_files_from_the_command_line(files, tmp_path, capsys, name):
    """Columns stand in another order in the table; the model takes them by name, and so does the later check."""
    model, rows, out = str(files / name), str(files / "rows.csv"), str(tmp_path / "out")
    assert main(["distill", "--teacher", model, "--data", rows, "--landmarks", "8", "--out", out, "--quiet"]) == 0
    recorded = eigenstill.Recording.load(tmp_path / "out" / "recording.safetensors").train
    expected = (LIGHT if name == "model.txt" else EXTREME).predict(FRAME)
    assert np.allclose(recorded.teacher[:, 0], expected, rtol=1e-6)
    certificate = str(tmp_path / "out" / "student.cert.json")
    capsys.readouterr()
    assert main(["check", certificate, "--teacher", model, "--data", rows]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "sha256 as recorded; " in text
    assert "parameters counted; outputs recomputed" in text
    if name == "model.txt":
        assert main(["check", "--quiet", certificate, "--teacher", model]) == 1
        assert "columns by position: give their names with --data" in capsys.readouterr().out


def test_the_binary_file_is_the_same_model(files):
    held = load_teacher(files / "model.ubj")
    assert np.allclose(held.outputs(ROWS), EXTREME.predict(FRAME), rtol=1e-6)
    assert len(held.sha256) == 64


def test_damaged_files_are_refused(files, tmp_path):
    """LightGBM aborts its process at the first, XGBoost at an empty one."""
    text, data = (files / "model.txt").read_bytes(), (files / "model.ubj").read_bytes()
    for name, content in (("half.txt", text[: len(text) // 2]), ("half.ubj", data[: len(data) // 2])):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(TeacherError, match=rf"{name}: (lightgbm|xgboost) cannot read it, it is damaged"):
            load_teacher(tmp_path / name)
    for name in ("x.txt", "x.json", "x.ubj"):
        for content in (b"", pickle.dumps([1, 2]), b"nothing"):
            (tmp_path / name).write_bytes(content)
            with pytest.raises(TeacherError, match=rf"{name}: no (lightgbm|xgboost) model; .*a pickle is never loaded"):
                load_teacher(tmp_path / name)
    with pytest.raises(UnreadableError):
        load_teacher(tmp_path / "none.json")


def test_a_booster_and_its_student_go_by_name(files):
    with pytest.warns(EigenstillWarning, match="ignored columns: d"):
        student = eigenstill.distill(
            LIGHT.booster_, FRAME[["b", "c", "a"]], Y, landmarks=10, holdout=FRAME.assign(d=1.0)[["d", "a", "b", "c"]]
        )
    assert np.allclose(student.recording.holdout.teacher[:, 0], LIGHT.predict(FRAME))

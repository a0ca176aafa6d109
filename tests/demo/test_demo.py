"""The demo as `make demo` runs it, on the real data with the full training: its numbers within tolerances."""

from __future__ import annotations

import pytest

import eigenstill
from eigenstill.cli import main

pytestmark = pytest.mark.torch


def test_the_network_overfits_as_intended(demo):
    _, results = demo
    assert results["parameters"] == 139_265
    assert results["network_rmse_train"] < 0.8
    assert 2.7 < results["network_rmse"] < 3.7


def test_students_of_128_and_512_landmarks_beat_the_network_on_the_test_rows(demo):
    _, results = demo
    small, middle, large = results["rows"]
    assert middle["rmse"] < results["network_rmse"]
    assert large["rmse"] < results["network_rmse"]
    assert large["r_squared_holdout"] >= 0.88
    assert small["rmse"] / results["network_rmse"] < 1.1


def test_stored_numbers_and_compression(demo):
    _, results = demo
    assert [row["stored_numbers"] for row in results["rows"]] == [389, 1_949, 7_709]
    assert [round(row["compression_stored"], 1) for row in results["rows"]] == [358.0, 71.5, 18.1]
    for row in results["rows"]:
        assert 1 <= row["effective_parameters"] <= row["modes"] <= row["columns"]


def test_all_certificates_are_accepted_with_small_gaps(demo):
    folder, results = demo
    assert [row["verdict"] for row in results["rows"]] == ["ACCEPTED"] * 3
    assert results["rows"][1]["gap"] <= 1e-6
    for row in results["rows"]:
        assert max(row["ranks"]) == (row["modes"] if row["modes"] < row["columns"] else max(row["ranks"]))
        assert 8 in row["ranks"]
    assert eigenstill.check(folder / "landmarks-24" / "student.cert.json").accepted


def test_every_student_has_its_model_card(demo):
    folder, _ = demo
    for count in (24, 128, 512):
        card = (folder / f"landmarks-{count}" / "README.md").read_text(encoding="utf-8")
        assert "Ames 512-256 ReLU network` (139265 parameters)" in card


def test_the_report_of_the_middle_student_is_written(demo):
    pytest.importorskip("matplotlib", reason="matplotlib is not installed: the demo wrote no report")
    folder, results = demo
    assert results["report"] == str(folder / "landmarks-128" / "report.html")
    page = (folder / "landmarks-128" / "report.html").read_text(encoding="utf-8")
    assert "Gr_Liv_Area" in page
    assert "<strong>ACCEPTED</strong>" in page


def test_the_recorded_files_reproduce_a_student_by_hand(demo, capsys):
    folder, _ = demo
    command = ["distill", "--teacher", str(folder / "network-train.csv"), "--data", str(folder / "train.csv")]
    command += ["--labels", "Sale_Price_10k", "--holdout", str(folder / "holdout.csv"), "--landmarks", "24"]
    command += ["--holdout-teacher", str(folder / "network-holdout.csv"), "--out", str(folder / "mine"), "--quiet"]
    assert main(command) == 0
    assert main(["check", str(folder / "mine" / "student.cert.json")]) == 0
    assert "389 stored numbers" in capsys.readouterr().out

"""`eigenstill svd` as a user runs it."""

from __future__ import annotations

import json

import numpy as np
import pytest

from eigenstill.cli import main
from eigenstill_check import check


@pytest.fixture
def matrix(tmp_path):
    path = tmp_path / "m.npy"
    np.save(path, np.random.default_rng(0).standard_normal((20, 12)) * np.exp(-np.arange(12) / 4))
    return path


def test_a_matrix_becomes_a_certificate(matrix, tmp_path, capsys):
    assert main(["svd", str(matrix), "--rank", "9", "--out", str(tmp_path / "out" / "x.cert.json"), "--centre"]) == 0
    text = capsys.readouterr().out
    assert "no X Y has norm(A - X Y)^2 below" in text
    assert "and 1 more" in text
    assert all(len(line) <= 80 for line in text.splitlines() if str(tmp_path) not in line)
    assert check(tmp_path / "out" / "x.cert.json").accepted


def test_json_holds_every_interval(matrix, tmp_path, capsys):
    assert main(["svd", str(matrix), "-k", "3", "--out", str(tmp_path / "x"), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert len(result["intervals"]) == len(result["singular_values"]) == 3
    assert result["error_at_least"] <= result["error_at_most"] <= result["total_at_most"]
    assert check(result["certificate"]).accepted


@pytest.mark.parametrize("suffix", ["csv", "parquet", "npz"])
def test_every_kind_of_table(tmp_path, suffix, capsys):
    values = np.random.default_rng(1).standard_normal((6, 4))
    path = tmp_path / f"m.{suffix}"
    if suffix == "csv":
        np.savetxt(path, values, delimiter=",", header="a,b,c,d", comments="", fmt="%.17g")
    elif suffix == "npz":
        np.savez(path, values)
    else:
        arrow = pytest.importorskip("pyarrow")
        from pyarrow import parquet

        parquet.write_table(arrow.table({name: values[:, k] for k, name in enumerate("abcd")}), path)
    assert main(["svd", str(path), "-k", "2", "--out", str(tmp_path / "x"), "--quiet"]) == 0
    assert capsys.readouterr().out == ""
    assert check(tmp_path / "x.cert.json").accepted


def test_a_matrix_that_is_not_symmetric_is_refused_with_the_place(tmp_path, capsys):
    np.save(tmp_path / "a.npy", np.array([[2.0, 0.5, 0.0], [0.7, 2.0, 1.0], [0.0, 1.0, 2.0]]))
    assert main(["svd", str(tmp_path / "a.npy"), "-k", "1", "--out", str(tmp_path / "x"), "--symmetric"]) == 2
    assert "largest gap 0.2 at (0, 1)" in capsys.readouterr().err
    assert not (tmp_path / "x.cert.json").exists()


def test_a_rank_that_is_too_high_and_a_file_that_is_missing(matrix, tmp_path, capsys):
    assert main(["svd", str(matrix), "-k", "12", "--out", str(tmp_path / "x")]) == 2
    assert main(["svd", str(tmp_path / "none.npy"), "-k", "1", "--out", str(tmp_path / "x")]) == 3
    assert len(capsys.readouterr().err.splitlines()) == 2

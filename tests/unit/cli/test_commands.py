"""The command line as a user runs it: what is printed, what is left on disk, and the exit codes 0 to 3."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import eigenstill
from eigenstill.cli import main
from eigenstill_check.claims import CLAIMS

RNG = np.random.default_rng(3)
X = RNG.normal(size=(120, 3))
OUTPUTS = np.sin(X[:, 0]) + X[:, 1] * X[:, 2]
LABELS = OUTPUTS + 0.1 * RNG.normal(size=120)


def write_csv(path: Path, names: str, values: np.ndarray) -> Path:
    lines = [names, *(",".join(repr(float(entry)) for entry in np.atleast_1d(row)) for row in values)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def files(tmp_path):
    write_csv(tmp_path / "rows.csv", "a,b,c,price", np.column_stack([X, LABELS])[:90])
    write_csv(tmp_path / "test.csv", "a,b,c,price", np.column_stack([X, LABELS])[90:])
    write_csv(tmp_path / "outputs.csv", "f", OUTPUTS[:90])
    write_csv(tmp_path / "test_outputs.csv", "f", OUTPUTS[90:])
    return tmp_path


def distill(files: Path, *more: str, teacher: str = "outputs.csv", data: str = "rows.csv", out: str = "out") -> int:
    options = [
        "--teacher",
        str(files / teacher),
        "--data",
        str(files / data),
        "--out",
        str(files / out),
        "--landmarks",
        "20",
    ]
    return main(["distill", *options, *more])


def error_of(capsys) -> str:
    """Standard error, which must be one sentence without a traceback."""
    text = capsys.readouterr().err
    assert text.startswith("eigenstill: ")
    assert text.count("\n") == 1
    assert "Traceback" not in text
    return text


def test_distill_certify_check_show_predict(files, capsys):
    held = ["--holdout", str(files / "test.csv"), "--holdout-teacher", str(files / "test_outputs.csv")]
    assert distill(files, "--labels", "price", *held) == 0
    assert "student(x) = b + w . x + sum_j a_j phi_j(x)" in capsys.readouterr().out
    assert sorted(path.name for path in (files / "out").iterdir()) == [
        "README.md",
        "recording.safetensors",
        "student.cert.json",
        "student.cert.safetensors",
        "student.safetensors",
    ]
    certificate = str(files / "out" / "student.cert.json")
    assert main(["check", certificate]) == 0
    out = capsys.readouterr().out
    assert out.startswith("ACCEPTED")
    assert "holdout labels: RMSE <=" in out.replace("\n                    ", " ")
    for heading in ("checked:", "recorded only:", "not covered:"):
        assert heading in out
    assert main(["show", certificate]) == 0
    assert "eckart_young" in capsys.readouterr().out
    assert main(["show", str(files / "out")]) == 0
    assert "stored numbers" in capsys.readouterr().out
    assert main(["predict", str(files / "out"), "--data", str(files / "test.csv")]) == 0
    printed = capsys.readouterr()
    student = eigenstill.load_student(files / "out" / "student.safetensors")
    assert [float(line) for line in printed.out.splitlines()[1:]] == student.predict(X[90:]).tolist()
    assert "ignored columns: price" in printed.err


def test_certify_again_gives_the_same_certificate(files, capsys):
    assert distill(files, "--no-certify") == 0
    assert not (files / "out" / "student.cert.json").exists()
    assert main(["certify", str(files / "out"), "--quiet"]) == 0
    first = (files / "out" / "student.cert.json").read_bytes()
    assert main(["certify", str(files / "out"), "--json"]) == 0
    assert (files / "out" / "student.cert.json").read_bytes() == first
    assert main(["check", "--json", str(files / "out" / "student.cert.json")]) == 0
    capsys.readouterr()


def test_certify_takes_a_lower_rank(files, capsys):
    assert distill(files, "--no-certify") == 0
    assert main(["certify", str(files / "out"), "--rank", "5"]) == 0
    claims = json.loads((files / "out" / "student.cert.json").read_text())["claims"]
    assert [entry["rank"] for entry in claims[2]["ranks"]] == [5]
    capsys.readouterr()
    assert main(["certify", str(files / "out"), "--rank", "24"]) == 2
    assert "rank 24; need 1 to 23" in error_of(capsys)


def test_landmarks_by_number_of_numbers(files, capsys):
    options = ["--teacher", str(files / "outputs.csv"), "--data", str(files / "rows.csv"), "--out", str(files / "out")]
    assert main(["distill", *options, "--numbers", "60", "--landmarks-by", "pivoted-cholesky", "--json"]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert (summary["landmarks"], summary["stored_numbers"]) == (10, 59)
    assert main(["check", summary["certificate"]]) == 0
    assert main(["distill", *options, "--numbers", "60", "--landmarks", "10"]) == 2


def test_gcv_on_a_teacher_is_refused_with_the_reason(files, capsys):
    assert distill(files, "--select", "gcv") == 2
    assert "no labels, and on a noise-free teacher GCV degenerates; need y, or select evidence" in error_of(capsys)


def test_json_output_is_json(files, capsys):
    assert distill(files, "--json") == 0
    summary = json.loads(capsys.readouterr().out)
    assert summary["stored_numbers"] == 20 * (4 + 1) + 4 + 4 + 1
    assert main(["check", "--json", summary["certificate"]]) == 0
    (verdict,) = json.loads(capsys.readouterr().out)
    assert verdict["verdict"] == "accepted"
    assert verdict["exit_code"] == 0
    impossible = {
        "exports",
        "gcv",
        "agreement",
        "tolerance",
        "closer",
        "interval",
        "mean_error",
    }  # no labels or such rows
    assert set(verdict["checked"]) == set(CLAIMS) - impossible
    assert main(["show", "--json", str(files / "out")]) == 0
    assert json.loads(capsys.readouterr().out)["landmarks"] == 20
    assert main(["doctor", "--json"]) == 0
    assert any(part["part"] == "checker" for part in json.loads(capsys.readouterr().out)["parts"])
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out)["$schema"].endswith("2020-12/schema")


def test_quiet_says_one_line(files, capsys):
    assert distill(files, "--quiet") == 0
    assert capsys.readouterr() == ("", "")
    assert main(["check", "--quiet", str(files / "out" / "student.cert.json")]) == 0
    assert capsys.readouterr().out.count("\n") == 1


def test_a_changed_digit_is_rejected(files, capsys):
    assert distill(files, "--quiet") == 0
    path = files / "out" / "student.cert.json"
    document = json.loads(path.read_text())
    document["claims"][4]["stored_numbers"] += 1
    path.write_text(json.dumps(document))
    assert main(["check", str(path)]) == 1
    out = capsys.readouterr().out
    assert out.startswith("REJECTED")
    assert "got 110, need 109" in out


def test_changed_arrays_are_rejected(files, capsys):
    assert distill(files, "--quiet") == 0
    path = files / "out" / "student.cert.safetensors"
    data = bytearray(path.read_bytes())
    data[-9] ^= 1
    path.write_bytes(bytes(data))
    assert main(["check", str(files / "out" / "student.cert.json")]) == 1
    assert "sha256" in capsys.readouterr().out


def test_the_worst_of_several_codes_wins(files, capsys):
    assert distill(files, "--quiet") == 0
    (files / "bad.cert.json").write_text("{")
    good = str(files / "out" / "student.cert.json")
    assert main(["check", good, str(files / "bad.cert.json")]) == 2
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["ACCEPTED", *["MALFORMED"] * 2]
    assert main(["check", good, str(files / "missing.cert.json")]) == 3


def test_a_required_claim_that_is_missing(files, capsys):
    assert distill(files, "--quiet") == 0
    assert main(["check", "--require", "gcv", str(files / "out" / "student.cert.json")]) == 2
    assert "gcv is missing" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda rows: np.where(rows == rows[4, 1], np.nan, rows), "row 4, column b"),
        (lambda rows: np.where(rows == rows[4, 1], np.inf, rows), "row 4, column b"),
        (lambda rows: rows * [1, 0, 1, 1] + [0, 2, 0, 0], "column b is constant"),
        (lambda rows: rows[:50], "90"),
        (lambda rows: rows[:1], "1 row"),
    ],
    ids=["nan", "infinity", "constant", "fewer rows than outputs", "one row"],
)
def test_bad_rows_get_one_sentence_and_leave_nothing(files, capsys, damage, words):
    write_csv(files / "bad.csv", "a,b,c,price", damage(np.column_stack([X, LABELS])[:90]))
    assert distill(files, "--labels", "price", data="bad.csv") == 2
    assert words in error_of(capsys)
    assert not (files / "out").exists()


def test_text_in_a_column_names_it(files, capsys):
    (files / "bad.csv").write_text("a,b\n1,2\n3,blue\n")
    assert distill(files, data="bad.csv") == 2
    assert "column b" in error_of(capsys)


def test_more_landmarks_than_rows_are_reduced_with_a_notice(files, capsys):
    assert distill(files, "--landmarks", "400") == 0
    assert "400 asked, but only 90 different rows; reduced" in capsys.readouterr().err
    assert main(["check", str(files / "out" / "student.cert.json")]) == 0


@pytest.mark.parametrize("name", ["model.pt", "model.pkl", "model.joblib"])
def test_a_pickled_model_is_refused_and_never_opened(files, capsys, name):
    marker = files / "LOADED"
    (files / name).write_bytes(b"cos\nsystem\n(S'touch " + str(marker).encode() + b"'\ntR.")
    assert distill(files, teacher=name) == 2
    assert "pickle" in error_of(capsys)
    assert not marker.exists()
    assert not (files / "out").exists()


def test_an_exported_torch_program_needs_trust(files, capsys):
    (files / "model.pt2").write_bytes(b"")
    assert distill(files, teacher="model.pt2") == 2
    assert "--trust-code" in error_of(capsys)


def test_missing_files_give_no_verdict(files, capsys):
    assert distill(files, data="missing.csv") == 3
    assert "cannot be read" in error_of(capsys)
    assert main(["predict", str(files / "nothing"), "--data", str(files / "rows.csv")]) == 3
    assert main(["certify", str(files / "nothing")]) == 3


def test_a_folder_that_cannot_be_made(files, capsys):
    (files / "taken").write_text("a file")
    assert distill(files, out="taken") == 3
    assert "taken" in error_of(capsys)


@pytest.mark.parametrize(
    "arguments",
    [["distill"], ["nonsense"], ["check"], ["check", "--engine"], ["distill", "--landmarks", "x"], ["show"]],
)
def test_usage_errors_exit_with_2(arguments, capsys):
    assert main(arguments) == 2
    assert "see eigenstill --help" in error_of(capsys)


def test_predict_takes_columns_by_name(files, capsys):
    assert distill(files, "--quiet", "--labels", "price") == 0
    write_csv(files / "swapped.csv", "c,a,b", X[:5][:, [2, 0, 1]])
    assert (
        main(["predict", str(files / "out"), "--data", str(files / "swapped.csv"), "--out", str(files / "p.npy")]) == 0
    )
    assert "notice: swapped.csv: columns in another order; taken by name: a, b, c" in capsys.readouterr().err
    student = eigenstill.load_student(files / "out" / "student.safetensors")
    assert np.load(files / "p.npy").tolist() == student.predict(X[:5]).tolist()
    write_csv(files / "short.csv", "a,b", X[:5, :2])
    assert main(["predict", str(files / "out"), "--data", str(files / "short.csv")]) == 2
    assert "no column c" in error_of(capsys)
    assert main(["predict", str(files / "out"), "--data", str(files / "rows.csv"), "--out", str(files / "p.txt")]) == 2
    assert "p.txt: suffix .txt; need .csv, .parquet, .arrow, .feather, .npy, .npz" in error_of(capsys)
    assert not (files / "p.txt").exists()


def test_an_unexpected_exception_exits_with_3(monkeypatch, capsys):
    def broken(*_args, **_options):
        raise ZeroDivisionError("surprise")

    monkeypatch.setattr("eigenstill_check.check", broken)
    assert main(["check", "x.cert.json"]) == 3
    assert "ZeroDivisionError: surprise" in error_of(capsys)


def test_an_interruption_exits_with_3_and_leaves_no_certificate(files):
    (files / "slow.py").write_text(  # short sleeps: a signal just before a long one would wait for its end
        "import signal, time\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)  # jobs in the background ignore it\n"
        "def teacher(rows):\n    print('called', flush=True)\n"
        "    for _ in range(1200):\n        time.sleep(0.05)\n    return rows[:, 0]\n"
    )
    command = [sys.executable, "-m", "eigenstill", "distill", "--teacher", "slow:teacher", "--quiet"]
    command += ["--data", str(files / "rows.csv"), "--out", str(files / "out")]
    environment = {**os.environ, "PYTHONPATH": str(files)}
    with subprocess.Popen(
        command, cwd=files, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "called\n"
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 3
    assert "interrupted" in errors
    assert not (files / "out").exists()

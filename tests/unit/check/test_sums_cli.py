"""Records of sums as a user makes and gives them: `eigenstill-check` in processes of its own, and `eigenstill check`."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from eigenstill.cli import main
from eigenstill.streaming import distill_stream, open_rows

ROWS = np.round(np.random.default_rng(4).normal(size=(400, 2)), 6)


def network(rows):
    return np.stack([np.sin(2 * rows[:, 0]), rows[:, 0] * rows[:, 1]], axis=1)


@pytest.fixture(scope="module")
def streamed(tmp_path_factory) -> Path:
    """A streamed certificate with the model's file and four shards of rows."""
    folder = tmp_path_factory.mktemp("streamed")
    rows = open_rows(lambda: iter([ROWS]))
    return distill_stream(network, rows, folder, landmarks=8, basis="rational-l1", shard_rows=100).certificate


@pytest.fixture
def certificate(streamed, tmp_path) -> Path:
    shutil.copytree(streamed.parent, tmp_path / "out")
    return tmp_path / "out" / streamed.name


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "eigenstill_check", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_four_machines_and_a_root(certificate, tmp_path):
    """Each machine has the JSON, the model's file and one shard; the root has no rows at all."""
    shards = [certificate.with_name(f"student.cert.{number}.safetensors") for number in range(1, 5)]
    root = tmp_path / "root"
    root.mkdir()
    for number, shard in enumerate(shards, 1):
        machine = tmp_path / f"machine{number}"
        machine.mkdir()
        for file in (certificate, certificate.with_suffix(".safetensors"), shard):
            shutil.copy(file, machine)
        out = root / f"{number}.sums.json"
        done = run("--shard", number, "--sums-out", out, machine / certificate.name)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith(f"RECORDED  {machine / certificate.name}: the sums of shard {number} ")
        assert "no claim is decided by them alone" in done.stdout
    for file in (certificate, certificate.with_suffix(".safetensors")):
        shutil.copy(file, root)
    done = run("--sums", root, root / certificate.name)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert "with the sums of 4 shards as recorded: their rows were not gone through" in lines[0]
    assert "sums as recorded, rows not gone through:" in lines
    assert lines[-1] == f"ACCEPTED  {root / certificate.name} (sums of 4 shards as recorded)"
    quiet = run("--quiet", "--sums", root, root / certificate.name)
    assert "as recorded" in quiet.stdout, "no mode is silent about it"
    (verdict,) = json.loads(run("--json", "--sums", root, root / certificate.name).stdout)
    assert [(entry["shard"], entry["recomputed"]) for entry in verdict["sums"]] == [(k, False) for k in range(1, 5)]
    assert run(root / certificate.name).returncode == 3, "without records it needs the rows"
    assert run("--sums", root / "1.sums.json", root / certificate.name).returncode == 3


def test_verify_in_text_and_json(certificate):
    record = certificate.with_name("3.sums.json")
    assert run("--shard", 3, "--sums-out", record, certificate).returncode == 0
    done = run("--sums", record, "--verify", "--jobs", 2, certificate)
    assert done.returncode == 0
    assert "records that are the sums of their rows:" in done.stdout
    assert done.stdout.splitlines()[-1] == f"ACCEPTED  {certificate}"
    document = json.loads(record.read_text())
    number = document["products"][0]["outputs"][1]
    number[0] = ("-" if number[0][0] != "-" else "") + number[0].removeprefix("-")
    record.write_text(json.dumps(document))
    done = run("--sums", record, "--verify", certificate)
    assert done.returncode == 1
    named = "3.sums.json of shard 3 (student.cert.3.safetensors): products[0].outputs[1][0]: got"
    assert done.stdout.startswith("REJECTED")
    assert named in done.stdout


def test_the_record_as_json_and_failures(certificate):
    out = certificate.with_name("x.sums.json")
    done = run("--json", "--shard", 2, "--sums-out", out, certificate)
    (found,) = json.loads(done.stdout)
    assert (found["verdict"], found["exit_code"], found["shard"], found["record"]) == ("recorded", 0, 2, str(out))
    done = run("--shard", 7, "--sums-out", out, certificate)
    assert (done.returncode, done.stdout.startswith("MALFORMED")) == (2, True)
    certificate.with_name("student.cert.2.safetensors").unlink()
    done = run("--shard", 2, "--sums-out", out, certificate)
    assert (done.returncode, done.stdout.startswith("NO VERDICT")) == (3, True)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--shard", "1", "CERT"], "--shard and --sums-out"),
        (["--sums-out", "x", "CERT"], "--shard and --sums-out"),
        (["--shard", "1", "--sums-out", "x", "--sums", "y", "CERT"], "one of the two"),
        (["--verify", "CERT"], "--verify"),
        (["--sums", "y", "CERT", "CERT"], "one certificate"),
        (["--shard", "1", "--sums-out", "x", "CERT", "CERT"], "one certificate"),
        (["--shard", "one", "--sums-out", "x", "CERT"], "--shard"),
    ],
)
def test_wrong_calls(certificate, tmp_path, capsys, arguments, reason):
    places = {"CERT": str(certificate), "x": str(tmp_path / "x"), "y": str(tmp_path / "y")}
    words = [places.get(word, word) for word in arguments]
    done = run(*words)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert reason in done.stderr
    assert main(["check", *words]) == 2
    assert reason in " ".join(capsys.readouterr().err.split())
    assert not (tmp_path / "x").exists()


def test_the_same_with_the_producers_command(certificate, capsys):
    folder = certificate.parent
    for number in range(1, 5):
        out = str(folder / f"{number}.sums.json")
        assert main(["check", "--shard", str(number), "--sums-out", out, str(certificate)]) == 0
        assert run("--shard", number, "--sums-out", folder / "again", certificate).returncode == 0
        assert (folder / "again").read_bytes() == Path(out).read_bytes()
    capsys.readouterr()
    assert main(["check", "--sums", str(folder), str(certificate)]) == 0
    assert "(sums of 4 shards as recorded)" in capsys.readouterr().out
    assert main(["check", "--sums", str(folder), "--verify", "--jobs", "2", str(certificate)]) == 0
    assert main(["check", "--json", "--shard", "1", "--sums-out", str(folder / "again"), str(certificate)]) == 0
    for engine in ("lean", "both"):
        assert main(["check", "--engine", engine, "--sums", str(folder), str(certificate)]) == 2
    assert "--engine python" in capsys.readouterr().err


def test_what_is_compared_with_all_rows_needs_them(certificate, tmp_path, capsys):
    table = tmp_path / "rows.npy"
    np.save(table, ROWS)
    outputs = tmp_path / "outputs.npy"
    np.save(outputs, network(ROWS))
    record = str(certificate.with_name("1.sums.json"))
    assert main(["check", "--shard", "1", "--sums-out", record, str(certificate)]) == 0
    for words in (["--data", str(table)], ["--teacher", str(outputs)]):
        capsys.readouterr()
        assert main(["check", "--sums", record, *words, str(certificate)]) == 2
        assert "is compared with all rows, and those of shards 1 were not read" in " ".join(
            capsys.readouterr().out.split()
        )
    student = str(certificate.with_name("student.safetensors"))
    assert main(["check", "--sums", record, "--student", student, str(certificate)]) == 0
    teacher = ["--teacher", str(outputs), "--verify", "--tolerance", "1e-9"]
    assert main(["check", "--sums", record, *teacher, str(certificate)]) == 0

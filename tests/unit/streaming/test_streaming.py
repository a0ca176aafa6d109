"""Streaming: the same student from every kind of source, certificates that check, interruptions, hostile rows."""

from __future__ import annotations

import json
import os
import sys

import numpy as np
import pytest

from eigenstill.cli import main
from eigenstill.engine import Local
from eigenstill.errors import BasisError, DataError, UnreadableError
from eigenstill.spectrum.block_sums import block_sums
from eigenstill.streaming import distill_stream, open_rows
from eigenstill.streaming.run import WORK
from eigenstill.tables import blocks
from eigenstill_check import check
from eigenstill_check.record_shard import record_shard
from support.devices import device_names
from support.processes import with_its_own_peak

RNG = np.random.default_rng(11)
ROWS = np.round(RNG.normal(size=(700, 3)) * [1.0, 20.0, 0.1] + [0.0, 2000.0, 5.0], 6)


def network(rows):
    return np.sin(2 * rows[:, 0]) + (rows[:, 1] - 2000) / 30 * rows[:, 2]


def three_classes(rows):
    return np.stack([np.sin(2 * rows[:, 0]), network(rows), np.cos(30 * (rows[:, 2] - 5) * rows[:, 0])], axis=1)


LABELS = np.round(network(ROWS) + 0.2 * RNG.normal(size=700), 6)
SETTINGS = {"landmarks": 10, "basis": "rational-quadratic"}


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    """Blocks of 64 rows everywhere."""
    for module in ("tables.blocks", "streaming.sources", "streaming.survey", "streaming.run", "streaming.shards"):
        monkeypatch.setattr(f"eigenstill.{module}.ROWS", 64)
    monkeypatch.setattr("eigenstill.certificate.row_sums.ROWS", 64)
    monkeypatch.setattr("eigenstill.streaming.records.ROWS", 64)


def source(rows=ROWS, size=50, names=None):
    return open_rows(lambda: (rows[k : k + size] for k in range(0, len(rows), size)), names)


def test_certificate_is_accepted_and_holds_all_rows(tmp_path):
    found = distill_stream(network, source(), tmp_path, labels=source(LABELS[:, None]), shard_rows=300, **SETTINGS)
    verdict = check(found.certificate)
    assert verdict.accepted, verdict.message
    assert [claim.claim for claim in verdict.claims][:3] == ["basis", "metric", "eckart_young"]
    arrays = json.loads(found.certificate.read_text())["arrays"]
    assert [entry["rows"] for entry in arrays] == [0, 300, 300, 100]
    assert found.rows == found.student.provenance.rows == 700
    assert found.student.recording is None
    assert not (tmp_path / WORK).exists()
    gap = np.abs(found.student.predict(ROWS) - network(ROWS)).max()
    assert gap < 0.5 * np.ptp(network(ROWS))


@pytest.mark.parametrize("size", [1, 64, 65, 700])
def test_chunks_of_the_source_change_no_byte(tmp_path, size):
    distill_stream(network, source(), tmp_path / "first", **SETTINGS)
    distill_stream(network, source(size=size), tmp_path / "second", **SETTINGS)
    for path in sorted((tmp_path / "first").iterdir()):
        assert path.read_bytes() == (tmp_path / "second" / path.name).read_bytes(), path.name


@pytest.mark.parametrize("kind", ["npy", "fortran", "csv", "quoted", "parquet"])
def test_files_give_the_numbers_of_the_array(tmp_path, kind):
    names = ("a", "b c", "d")
    if kind in ("npy", "fortran"):
        path = tmp_path / "rows.npy"
        np.save(path, np.asfortranarray(ROWS) if kind == "fortran" else ROWS)
    elif kind == "parquet":
        pyarrow = pytest.importorskip("pyarrow")
        parquet = pytest.importorskip("pyarrow.parquet")
        path = tmp_path / "rows.parquet"
        table = pyarrow.table(dict(zip(names, ROWS.T, strict=True)))
        parquet.write_table(table, path, row_group_size=90)
    else:
        path = tmp_path / "rows.csv"
        mark = '"' if kind == "quoted" else ""
        lines = [",".join(f"{mark}{value!r}{mark}" for value in row) for row in ROWS.tolist()]
        path.write_text(",".join(names) + "\n" + "\n".join(lines))
    held = open_rows(path)
    assert held.named == (kind not in ("npy", "fortran"))
    assert np.array_equal(np.concatenate(list(held.chunks())), ROWS)
    assert len(held.sha256) == 64


def test_recorded_outputs_and_a_label_column(tmp_path):
    path = tmp_path / "data.csv"
    lines = [",".join(map(repr, [*row, label])) for row, label in zip(ROWS.tolist(), LABELS.tolist(), strict=True)]
    path.write_text("a,b,c,price\n" + "\n".join(lines))
    rows, labels = open_rows(path).split(["price"])
    outputs = tmp_path / "outputs.npy"
    np.save(outputs, network(ROWS))
    found = distill_stream(open_rows(outputs), rows, tmp_path / "out", labels=labels, **SETTINGS)
    assert check(found.certificate).accepted
    assert found.student.input_names == ("a", "b", "c")
    assert found.student.provenance.teacher == "outputs.npy"


@pytest.mark.parametrize("basis", ["rational-l1", "gaussian"])
def test_other_kernels(tmp_path, basis):
    found = distill_stream(network, source(ROWS[:200]), tmp_path, landmarks=6, basis=basis)
    assert check(found.certificate).accepted


def test_detached_rows_are_given_one_by_one(tmp_path):
    found = distill_stream(network, source(), tmp_path, detached=True, shard_rows=400, **SETTINGS)
    assert check(found.certificate).code == 3
    shards = [tmp_path / f"student.cert.{number}.safetensors" for number in (1, 2)]
    assert check(found.certificate, data=shards).accepted


def test_bad_shard_is_named(tmp_path):
    found = distill_stream(network, source(), tmp_path, shard_rows=100, **SETTINGS)
    shard = tmp_path / "student.cert.5.safetensors"
    data = bytearray(shard.read_bytes())
    data[-3] ^= 1
    shard.write_bytes(data)
    verdict = check(found.certificate)
    assert (verdict.code, "student.cert.5.safetensors" in verdict.message) == (1, True)


@pytest.mark.parametrize(
    ("function", "labelled", "basis"),
    [
        (network, True, "rational-quadratic"),
        (network, False, "rational-l1"),
        (three_classes, False, "rational-quadratic"),
        (network, True, "gaussian"),
    ],
)
def test_records_are_those_that_the_checker_writes(tmp_path, function, labelled, basis):
    rows, labels = ROWS[:250], source(LABELS[:250, None]) if labelled else None
    found = distill_stream(
        function, source(rows), tmp_path, labels=labels, sums=True, shard_rows=100, landmarks=8, basis=basis
    )
    records = sorted(tmp_path.glob("*.sums.json"))
    assert [path.name for path in records] == [f"student.cert.{number}.sums.json" for number in (1, 2, 3)]
    for number, record in enumerate(records, 1):
        assert record_shard(found.certificate, number, tmp_path / "own").code == 0
        assert record.read_bytes() == (tmp_path / "own").read_bytes()
    for shard in tmp_path.glob("student.cert.?.safetensors"):
        shard.unlink()
    verdict = check(found.certificate, sums=[tmp_path])
    assert (verdict.code, len(verdict.sums)) == (0, 3), verdict.message


@pytest.mark.torch
@pytest.mark.parametrize("where", device_names())
def test_records_from_a_device_are_the_same(where, tmp_path):
    for name, device in (("numpy", None), ("torch", where)):
        distill_stream(network, source(), tmp_path / name, sums=True, shard_rows=400, device=device, **SETTINGS)
    for path in (tmp_path / "numpy").glob("*.sums.json"):
        assert path.read_bytes() == (tmp_path / "torch" / path.name).read_bytes()


def test_records_by_the_command(tmp_path, capsys):
    np.save(tmp_path / "rows.npy", ROWS[:200])
    np.save(tmp_path / "outputs.npy", network(ROWS[:200]))
    words = ["distill", "--teacher", str(tmp_path / "outputs.npy"), "--data", str(tmp_path / "rows.npy")]
    words += ["--out", str(tmp_path / "out"), "--landmarks", "6", "--sums"]
    assert main([*words, "--no-stream"]) == 2
    assert "--sums goes with --stream" in " ".join(capsys.readouterr().err.split())
    assert main([*words, "--stream", "--quiet"]) == 0
    assert main(["check", "--sums", str(tmp_path / "out"), str(tmp_path / "out" / "student.cert.json")]) == 0
    assert "(sums of 1 shard as recorded)" in capsys.readouterr().out


# interruptions


class Stops(Local):
    """Ends after some blocks."""

    def __init__(self, blocks):
        super().__init__()
        self.left = blocks

    def answers(self, function, items):
        for answer in super().answers(function, items):
            if self.left == 0:
                raise KeyboardInterrupt
            self.left -= 1
            yield answer


@pytest.mark.parametrize("blocks_done", [0, 2, 5, 11])
def test_interrupted_run_goes_on_to_the_same_bytes(tmp_path, monkeypatch, blocks_done):
    monkeypatch.setattr("eigenstill.streaming.run.CHECKPOINT_BLOCKS", 2)
    distill_stream(network, source(), tmp_path / "whole", **SETTINGS)
    with pytest.raises(KeyboardInterrupt):
        distill_stream(network, source(), tmp_path / "parts", engine=Stops(blocks_done), **SETTINGS)
    summed = []
    monkeypatch.setattr("eigenstill.streaming.run.block_sums", lambda *parts: (summed.append(1), block_sums(*parts))[1])
    distill_stream(network, source(), tmp_path / "parts", **SETTINGS)
    # the blocks after the last checkpoint; the last block of all makes one too
    assert len(summed) == (0 if blocks_done == 11 else 11 - blocks_done // 2 * 2)
    for path in sorted((tmp_path / "whole").iterdir()):
        assert path.read_bytes() == (tmp_path / "parts" / path.name).read_bytes(), path.name


def test_checkpoint_of_other_settings_is_not_used(tmp_path, monkeypatch):
    monkeypatch.setattr("eigenstill.streaming.run.CHECKPOINT_BLOCKS", 1)
    with pytest.raises(KeyboardInterrupt):
        distill_stream(network, source(), tmp_path / "parts", engine=Stops(5), landmarks=6, basis="rational-l1")
    distill_stream(network, source(), tmp_path / "parts", **SETTINGS)
    distill_stream(network, source(), tmp_path / "whole", **SETTINGS)
    name = "student.cert.json"
    assert (tmp_path / "parts" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


# what is refused


def test_sources_of_unlike_lengths(tmp_path):
    with pytest.raises(DataError, match="need as many in each"):
        distill_stream(network, source(), tmp_path, labels=source(LABELS[:699, None]), **SETTINGS)


@pytest.mark.parametrize("value", [np.nan, np.inf, 2.0**201])
def test_rows_that_are_no_numbers(tmp_path, value):
    bad = ROWS.copy()
    bad[650, 1] = value
    with pytest.raises(DataError, match=r"x1|column"):
        distill_stream(network, source(bad), tmp_path, **SETTINGS)


def test_one_row_is_too_few(tmp_path):
    with pytest.raises(DataError, match="1 rows; need at least 2"):
        distill_stream(network, source(ROWS[:1]), tmp_path, **SETTINGS)


def test_empty_iterator():
    with pytest.raises(DataError, match="the iterator gives none"):
        open_rows(lambda: iter(()))


def test_features_cannot_be_streamed(tmp_path):
    with pytest.raises(BasisError, match="cannot be streamed"):
        distill_stream(network, source(), tmp_path, basis="features")


@pytest.mark.parametrize("name", ["rows.npz", "rows.feather", "rows"])
def test_other_files_are_refused(tmp_path, name):
    with pytest.raises(DataError, match=r"cannot be streamed; need \.csv, \.parquet, \.npy"):
        open_rows(tmp_path / name)


@pytest.mark.parametrize("name", ["rows.npy", "rows.csv"])
def test_missing_file(tmp_path, name):
    with pytest.raises(UnreadableError, match="cannot be read"):
        open_rows(tmp_path / name)


# the command


def test_command_streams_and_checks(tmp_path, capsys, monkeypatch):
    np.save(tmp_path / "rows.npy", ROWS)
    np.save(tmp_path / "outputs.npy", network(ROWS))
    np.save(tmp_path / "labels.npy", LABELS)
    out = tmp_path / "out"
    call = ["distill", "--stream", "--teacher", tmp_path / "outputs.npy", "--data", tmp_path / "rows.npy"]
    call += ["--labels", tmp_path / "labels.npy", "--out", out, "--landmarks", 9, "--json"]
    assert main([str(part) for part in call]) == 0
    assert json.loads(capsys.readouterr().out)["rows"] == 700
    assert main(["check", "--quiet", str(out / "student.cert.json")]) == 0
    assert {path.name for path in out.iterdir()} == {
        "README.md",
        "student.safetensors",
        "student.cert.json",
        "student.cert.safetensors",
        "student.cert.1.safetensors",
    }


def test_command_refuses_what_cannot_be_streamed(tmp_path, capsys):
    call = [
        "distill",
        "--stream",
        "--teacher",
        "t.npy",
        "--data",
        "d.npy",
        "--out",
        str(tmp_path),
        "--holdout",
        "h.npy",
    ]
    assert main(call) == 2
    assert "--stream takes no --holdout" in capsys.readouterr().err


# memory


def test_rows_are_never_in_memory_together(tmp_path):
    """Case 30: 80,000 rows and 200 landmarks. All columns would take 128 MB, the full Gram matrix 51.2 GB."""
    import subprocess

    code = (
        "import resource, sys, numpy as np\n"
        "from eigenstill.streaming import distill_stream, open_rows\n"
        "def rows():\n"
        "    rng = np.random.default_rng(30)\n"
        "    return (np.round(rng.normal(size=(8000, 3)), 4) for _ in range(10))\n"
        "def teacher(x):\n"
        "    return np.sin(x[:, 0]) + x[:, 1] * x[:, 2]\n"
        f"found = distill_stream(teacher, open_rows(rows), {str(tmp_path)!r}, landmarks=200, basis='rational-quadratic')\n"
        "print(found.rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)\n"
    )
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    command = with_its_own_peak([sys.executable, "-c", code])
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    rows, peak = map(int, done.stdout.split())
    assert rows == 80_000
    assert peak < 1024  # MiB
    assert blocks.ROWS == 64  # the settings of the other tests are not those of this process

"""What a run takes on: sizes, and time and memory estimated before they are spent."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path
from time import perf_counter

import numpy as np
import pytest

import eigenstill
from eigenstill_check import check, cost, format_text, tensors
from eigenstill_check.admission import lengths_of
from eigenstill_check.certificate import read
from eigenstill_check.errors import Malformed, NoVerdict, Rejected
from eigenstill_check.limits import STANDARD, Limits, highest, read_limits
from support.drafts import Draft, with_header
from support.files import draft_from
from support.small import small_certificate

ACCEPT = Path(__file__).parents[2] / "corpus" / "accept"
BASE = ACCEPT / "quadratic_linear.cert.json"
EVERY = ACCEPT / "every_claim.cert.json"

# the flag


def test_every_limit_is_in_the_format_with_its_number():
    section = format_text().split("## 5. ")[1]
    rows = re.findall(r"^\| (`.*?`) \| ([\d,]+)", section, re.MULTILINE)
    stated = {name: int(value.replace(",", "")) for names, value in rows for name in re.findall(r"`(\w+)`", names)}
    assert stated == {field.name: getattr(STANDARD, field.name) for field in fields(Limits)}


@pytest.mark.parametrize("name", [field.name for field in fields(Limits)])
def test_every_limit_can_be_set(name):
    assert getattr(read_limits([f"{name}=1"]), name) == 1
    assert getattr(read_limits([f"{name}={highest(name)}"]), name) == highest(name)
    with pytest.raises(Malformed, match=f"need a whole number from 1 to {highest(name)}"):
        read_limits([f"{name}={highest(name) + 1}"])


@pytest.mark.parametrize(
    "text", ["", "seconds", "seconds=", "seconds=0", "seconds=-1", "seconds=1.5", "seconds=1e3", "minutes=1", "rows=²"]
)
def test_a_wrong_limit_is_a_wrong_call(text):
    with pytest.raises(Malformed, match="--limit"):
        read_limits([text])
    command = [sys.executable, "-m", "eigenstill_check", "--limit", text, str(BASE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("json_bytes", 1_000),
        ("header_bytes", 100),
        ("file_bytes", 1_000),
        ("rows", 7),
        ("holdout_rows", 2),
        ("inputs", 1),
        ("landmarks", 2),
        ("columns", 4),
        ("memory", 1),
    ],
)
def test_a_file_above_a_limit_of_the_run_has_no_verdict(name, value):
    found = check(BASE, limits=replace(STANDARD, **{name: value}))
    assert (found.code, found.claims) == (3, ())
    needed = re.search(rf"(\d+) {name}, .*; need at most {value}; allow more with --limit {name}=(\d+)", found.message)
    assert needed, found.message
    assert check(BASE, limits=replace(STANDARD, **{name: int(needed[2])})).code == 0, "as the message says"


def test_limits_of_claims_and_shards(tmp_path):
    assert check(ACCEPT / "twelve_shards.cert.json", limits=replace(STANDARD, files=1)).code == 3
    assert check(EVERY, limits=replace(STANDARD, cells=1)).code == 3
    assert check(ACCEPT / "twelve_two_outputs.cert.json", limits=replace(STANDARD, outputs=1)).code == 3


def test_both_command_lines_take_limits(capsys):
    command = [sys.executable, "-m", "eigenstill_check", "--quiet", "--limit", "rows=7", str(BASE)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 3
    from eigenstill.cli import main

    assert main(["check", "--quiet", "--limit", "rows=7", str(BASE)]) == 3
    assert main(["check", "--quiet", "--limit", "rows=8", str(BASE)]) == 0
    assert main(["check", "--limit", "lines=8", str(BASE)]) == 2
    assert main(["check", "--engine", "lean", "--limit", "rows=8", str(BASE)]) == 2
    assert "unknown name" in capsys.readouterr().err


# before anything is allocated


def announced(folder: Path, **shapes: list[int]) -> Path:
    """The base certificate with an array file of holes, whose header announces these shapes for some tensors."""
    source = BASE.with_name("quadratic_linear.cert.safetensors").read_bytes()
    header = json.loads(source[8 : 8 + int.from_bytes(source[:8], "little")])
    offset = 0
    for name, entry in header.items():
        entry["shape"] = shapes.get(name, entry["shape"])
        size = 8 * int(np.prod(entry["shape"]))
        entry["data_offsets"] = [offset, offset + size]
        offset += size
    head = with_header(json.dumps(header), b"")
    path = folder / "holes.cert.safetensors"
    with path.open("wb") as stream:
        stream.write(head)
        stream.truncate(len(head) + offset)
    document = json.loads(BASE.read_text())
    document["arrays"][0] |= {"file": path.name, "bytes": path.stat().st_size, "sha256": "0" * 64}
    target = folder / "holes.cert.json"
    target.write_text(json.dumps(document))
    return target


@pytest.mark.parametrize(
    ("shapes", "limit"),
    [
        ({"factor": [8192, 8192]}, "seconds"),
        ({"metric": [4096, 4096], "landmarks": [4096, 2]}, "seconds"),
        ({"train.inputs": [100_000_000, 2]}, "memory"),
    ],
    ids=["columns", "landmarks", "rows"],
)
def test_what_a_header_announces_is_refused_unread(tmp_path, shapes, limit):
    """Files of up to 1.6 GB of holes: neither read nor hashed."""
    path = announced(tmp_path, **shapes)
    start = perf_counter()
    found = check(path, limits=replace(STANDARD, seconds=60, memory=1024 if limit == "memory" else 65_536))
    assert found.code == 3
    assert f"--limit {limit}=" in found.message
    assert perf_counter() - start < 1


def test_a_cut_or_damaged_header_is_still_malformed_or_rejected(tmp_path):
    """Looking at the header first changes no verdict: the digest decides before the header does."""
    data = BASE.with_name("quadratic_linear.cert.safetensors").read_bytes()
    for damaged in (b"", data[:5], data[:8], data[:40], b"\xff" * 8 + data[8:], data[:8] + b"[" + data[9:]):
        for honest in (True, False):
            document = json.loads(BASE.read_text())
            digest = hashlib.sha256(damaged).hexdigest() if honest else "0" * 64
            document["arrays"][0] |= {"file": "x", "bytes": max(8, len(damaged)), "sha256": digest}
            (tmp_path / "x").write_bytes(damaged)
            (tmp_path / "x.cert.json").write_text(json.dumps(document))
            found = check(tmp_path / "x.cert.json")
            assert found.code == (2 if honest and len(damaged) >= 8 else 1), (len(damaged), honest, found.message)


@pytest.mark.parametrize("change", ["cut", "other bytes", "longer", "gone"])
@pytest.mark.parametrize("buffered", [True, False])
def test_a_file_that_changes_while_it_is_read(tmp_path, monkeypatch, change, buffered):
    """What is hashed is what is checked: either the recorded bytes were read, or the digest says otherwise."""
    source = BASE.with_name("quadratic_linear.cert.safetensors")
    data, path = source.read_bytes(), tmp_path / "x"
    path.write_bytes(data)
    if not buffered:
        monkeypatch.setattr(os, "fdopen", lambda descriptor, mode: open(descriptor, mode, buffering=0))  # noqa: PTH123, SIM115
    content = {"cut": data[:-8], "other bytes": b"\0" * len(data), "longer": data + b"more"}

    def swap(_length: int, _shapes: object) -> None:
        path.unlink() if change == "gone" else path.write_bytes(content[change])

    try:
        found = tensors.load(path, hashlib.sha256(data).hexdigest(), len(data), admit=swap)
    except Rejected as refusal:
        assert not buffered
        assert change in ("cut", "other bytes")
        assert "as recorded" in str(refusal)  # noqa: PT017
    else:
        assert {name: bytes(tensor.data) for name, tensor in found.items()} == {
            name: bytes(tensor.data) for name, tensor in tensors.parse(memoryview(data), "x").items()
        }


# numbers of very different sizes


def wide(rows: int, landmarks: int) -> Draft:
    """Coordinates, scales, coefficients and targets from 5e-324 to 1e308 in one certificate."""
    rng = np.random.default_rng(1)
    draft = draft_from(BASE).copy()
    sizes = [5e-324, 1e308, 1.0, 3e-200, 7e250]
    t = draft.tensors

    def numbers(count: int, width: int):
        return rng.choice(sizes, size=(count, width)).tolist()

    t["train.inputs"], t["landmarks"] = numbers(rows, 2), numbers(landmarks, 2)
    for name in ("teacher", "predictions", "labels"):
        t[f"train.{name}"] = numbers(rows, 1)
        t.pop(f"holdout.{name}", None)
    t.pop("holdout.inputs", None)
    t["coefficients"], t["scales"] = numbers(landmarks, 1), [5e-324, 1e308]
    t["metric"] = np.eye(landmarks, dtype=int).tolist()
    r = landmarks + 2
    t["eigenvectors"], t["excess"] = [[1] * r], [1]
    t["factor"] = np.eye(r, dtype=int).tolist()
    draft.shards = [(rows, 0)]
    return draft


@pytest.fixture(scope="module")
def wide_certificate(tmp_path_factory) -> Path:
    """Every claim recorded for other numbers: how long the checker takes is all that matters."""
    draft, folder = wide(60, 12), tmp_path_factory.mktemp("wide")
    recorded = draft_from(BASE).seal()
    files = wide_files(draft)
    recorded.document["arrays"] = [
        {"file": "x.cert.safetensors", "sha256": "", "bytes": 0, "rows": 60, "holdout_rows": 0}
    ]
    recorded.files = files
    return recorded.write(folder, "x")


def wide_files(draft: Draft):
    from support.drafts import entry

    return {"x.cert.safetensors": {name: entry(name.split(".")[-1], values) for name, values in draft.tensors.items()}}


def test_wide_numbers_are_measured_before_they_are_computed_with(wide_certificate):
    lengths = lengths_of(read(wide_certificate))
    assert lengths.point > 2_000
    assert lengths.denominator > 5_000
    assert lengths.formula > 2_000
    narrow = cost.seconds(cost.Sizes(10**5, inputs=10, outputs=1, landmarks=500, columns=510, modes=9), cost.Lengths())
    long = cost.seconds(cost.Sizes(10**5, inputs=10, outputs=1, landmarks=500, columns=510, modes=9), lengths)
    assert long > 20 * narrow


def test_wide_numbers_are_decided_within_the_limit_and_refused_above(wide_certificate):
    start = perf_counter()
    found = check(wide_certificate)
    assert found.code == 1
    assert perf_counter() - start < 5
    tight = replace(STANDARD, seconds=1)
    certificate = read(wide_certificate)
    sizes = cost.Sizes(10**6, inputs=2, outputs=1, landmarks=12, columns=14, modes=1)
    with pytest.raises(NoVerdict, match="--limit seconds="):
        cost.require(tight, "numbers", cost.seconds(sizes, lengths_of(certificate)), 0)


# the estimate against the clock and the memory that is used


@pytest.mark.parametrize(
    "options",
    [
        {"landmarks": 60, "rows": 400, "inputs": 4},
        {"landmarks": 25, "rows": 1500, "inputs": 3, "outputs": 3},
        {"landmarks": 25, "rows": 300, "inputs": 2, "kernel": "gaussian"},
    ],
    ids=["columns", "rows", "exponential"],
)
def test_estimated_time_is_of_the_size_of_the_time_taken(tmp_path, monkeypatch, options):
    """Within a factor of 25 either way, on a busy machine: it is there to tell a second from an hour."""
    path = small_certificate(tmp_path, **options)
    seen: list[float] = []
    plain = cost.require
    monkeypatch.setattr(cost, "require", lambda *a: (seen.append(a[2]), plain(*a)))
    start = perf_counter()
    assert check(path).code == 0
    taken = perf_counter() - start
    assert seen[-1] / 25 < taken < 25 * seen[-1] + 0.1, (seen, taken)


def test_a_matrix_is_measured_too(tmp_path):
    path = eigenstill.certify_svd(np.random.default_rng(0).standard_normal((40, 12)), 3, tmp_path / "m").path
    assert check(path).code == 0
    for name in ("columns", "rows", "memory"):
        assert check(path, limits=replace(STANDARD, **{name: 1})).code == 3, name

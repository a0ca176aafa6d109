"""Files of the user's own against the recorded digests, and rows that were left out of the certificate."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from eigenstill_check import check
from eigenstill_check.binding import Bound, same_digest
from eigenstill_check.errors import Rejected
from support.drafts import Bundle
from support.files import draft_from

BASE = Path(__file__).parents[2] / "corpus" / "accept" / "quadratic_linear.cert.json"
SHARDS = BASE.with_name("two_shards.cert.json")


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "eigenstill_check", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture
def bound(tmp_path) -> Path:
    """A certificate that records the digests of three files beside it."""
    bundle = draft_from(BASE).seal()
    for role in ("student", "data", "teacher"):
        (tmp_path / f"{role}.bin").write_text(role)
        bundle.document["subject"][role]["sha256"] = hashlib.sha256(role.encode()).hexdigest()
    return bundle.write(tmp_path, "base")


def flags(folder: Path, *roles: str) -> list[str]:
    return [part for role in roles for part in (f"--{role}", str(folder / f"{role}.bin"))]


def test_files_with_the_recorded_digests_are_listed_as_bound(bound, tmp_path):
    done = run(*flags(tmp_path, "student", "data", "teacher"), bound)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    start = lines.index("bound:")
    assert sorted(lines[start + 1 : start + 4]) == [
        "  - data data.bin: sha256 as recorded",
        "  - student student.bin: sha256 as recorded",
        "  - teacher teacher.bin: sha256 as recorded",
    ]
    assert lines[start - 2] == "checked:"
    assert lines[start + 4] == "recorded only:"
    (found,) = json.loads(run("--json", *flags(tmp_path, "data"), bound).stdout)
    assert found["bound"] == ["data data.bin: sha256 as recorded"]


def test_without_files_nothing_is_bound(bound):
    assert "bound:" not in run(bound).stdout
    assert check(bound).bound == ()


@pytest.mark.parametrize("role", ["student", "data", "teacher"])
@pytest.mark.parametrize("content", [b"", b"other"])
def test_another_file_is_rejected_with_both_digests(bound, tmp_path, role, content):
    expected = hashlib.sha256(role.encode()).hexdigest()
    (tmp_path / f"{role}.bin").write_bytes(content)
    done = run("--quiet", *flags(tmp_path, role), bound)
    found = hashlib.sha256(content).hexdigest()
    assert done.returncode == 1
    assert done.stdout == (
        f"REJECTED  {bound}: {role} {role}.bin: got sha256 {found}, need sha256 {expected} as recorded\n"
    )


def test_a_file_where_no_digest_is_recorded(bound, tmp_path):
    document = json.loads(bound.read_text())
    document["subject"]["teacher"]["sha256"] = None
    bound.write_text(json.dumps(document))
    done = run(*flags(tmp_path, "teacher"), bound)
    assert done.returncode == 1
    assert "need a recorded digest; the certificate has none" in done.stdout


def test_a_missing_file_is_no_verdict(bound, tmp_path):
    (tmp_path / "data.bin").unlink()
    done = run(*flags(tmp_path, "data"), bound)
    assert done.returncode == 3
    assert "need a readable file" in done.stdout


def test_one_line_a_certificate_and_the_largest_code(bound, tmp_path):
    document = json.loads(bound.read_text())
    document["subject"]["teacher"]["sha256"] = "0" * 64
    other = tmp_path / "other.cert.json"
    other.write_text(json.dumps(document))
    done = run(*flags(tmp_path, "teacher"), bound, other)
    assert done.returncode == 1
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["ACCEPTED", "REJECTED", "REJECTED"]


def test_binders_of_the_caller_are_asked_before_any_claim_is_decided(bound):
    def refuse(certificate):
        raise Rejected("network", "another", "this one")

    found = check(bound, bind=[refuse])
    assert (found.code, found.claims, found.message) == (1, (), "network: got another, need this one")
    settled = check(bound).not_covered[0]
    accepted = check(bound, bind=[lambda certificate: Bound("a sentence", (settled,))])
    assert accepted.bound == ("a sentence",)
    assert settled not in accepted.not_covered
    assert len(accepted.not_covered) == len(check(bound).not_covered) - 1


def test_digest_of_a_large_file_is_streamed(bound, tmp_path):
    (tmp_path / "large").write_bytes(bytes(3 << 20))
    with pytest.raises(Rejected, match=hashlib.sha256(bytes(3 << 20)).hexdigest()):
        same_digest("teacher", tmp_path / "large")(draft_certificate(bound))


def draft_certificate(path: Path):
    from eigenstill_check.certificate import read

    return read(path)


# rows left out


def detach(source: Path, folder: Path, *shards: int) -> tuple[Path, list[Path]]:
    """The certificate with its rows, or its shards, in files elsewhere; their paths, in order."""
    bundle: Bundle = draft_from(source).seal()
    files, arrays = bundle.files, bundle.document["arrays"]
    if not shards:
        rows = {
            key: files["base.cert.safetensors"].pop(key) for key in list(files["base.cert.safetensors"]) if "." in key
        }
        files["base.cert.rows.safetensors"] = rows
        arrays.append({**arrays[0], "file": "base.cert.rows.safetensors", "detached": True})
        arrays[0] |= {"rows": 0, "holdout_rows": 0}
    for index in shards:
        arrays[index]["detached"] = True
    path = bundle.write(folder, "base")
    moved = []
    for number, entry in enumerate(entry for entry in arrays if "detached" in entry):
        target = folder / "elsewhere" / f"mine-{number}"
        target.parent.mkdir(exist_ok=True)
        moved.append(Path(shutil.move(folder / entry["file"], target)))
    return path, moved


@pytest.mark.parametrize(("source", "shards"), [(BASE, ()), (SHARDS, (1,))])
def test_detached_rows_are_checked_as_if_they_were_there(tmp_path, source, shards):
    path, files = detach(source, tmp_path, *shards)
    found, whole = check(path, data=files), check(source)
    assert found.accepted
    assert found.claims == whole.claims
    assert found.bound == ("data mine-0: detached rows, sha256 as recorded",)


def test_detached_rows_that_are_not_given_leave_no_verdict(tmp_path):
    path, _ = detach(BASE, tmp_path)
    done = run(path)
    assert done.returncode == 3
    assert "its rows are detached; give the file that holds them with --data" in done.stdout


def test_other_rows_than_the_detached_ones_are_rejected(tmp_path):
    path, (rows,) = detach(BASE, tmp_path)
    data = bytearray(rows.read_bytes())
    data[-1] ^= 1
    rows.write_bytes(bytes(data))
    done = run("--data", rows, path)
    assert done.returncode == 1
    assert hashlib.sha256(bytes(data)).hexdigest() in done.stdout
    assert json.loads(path.read_text())["arrays"][1]["sha256"] in done.stdout


def test_the_table_is_not_taken_for_detached_rows(tmp_path):
    """Its digest is recorded and right; but the rows themselves are still missing."""
    path, (rows,) = detach(BASE, tmp_path)
    table = tmp_path / "table.csv"
    table.write_text("a,b\n")
    document = json.loads(path.read_text())
    document["subject"]["data"]["sha256"] = hashlib.sha256(table.read_bytes()).hexdigest()
    path.write_text(json.dumps(document))
    assert check(path, data=[table]).code == 3
    assert check(path, data=[table, rows]).bound == (
        "data table.csv: sha256 as recorded",
        "data mine-0: detached rows, sha256 as recorded",
    )


def test_detached_rows_of_another_length_are_rejected(tmp_path):
    path, (rows,) = detach(BASE, tmp_path)
    document = json.loads(path.read_text())
    document["arrays"][1]["bytes"] += 8
    path.write_text(json.dumps(document))
    found = check(path, data=[rows])
    assert found.code == 1
    assert "bytes as recorded" in found.message


def test_an_honest_digest_does_not_excuse_false_rows(tmp_path):
    """Detached rows that were changed before they were sealed: the claims decide, not the digest."""
    draft = draft_from(BASE)
    honest = draft.seal()
    draft.tensors["train.teacher"][0][0] += 1.0
    bundle = draft.seal()
    bundle.document["claims"] = honest.document["claims"]
    files, arrays = bundle.files, bundle.document["arrays"]
    files["rows"] = {
        key: files["base.cert.safetensors"].pop(key) for key in list(files["base.cert.safetensors"]) if "." in key
    }
    arrays.append({**arrays[0], "file": "rows", "detached": True})
    arrays[0] |= {"rows": 0, "holdout_rows": 0}
    path = bundle.write(tmp_path, "base")
    found = check(path, data=[tmp_path / "rows"])
    assert (found.code, [claim.claim for claim in found.claims if not claim.accepted]) == (1, ["fidelity"])

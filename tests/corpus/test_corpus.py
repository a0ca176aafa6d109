"""Every file of the corpus: exit code, reason, and which claims fail. The Lean checker runs the same files."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import jsonschema
import pytest

from eigenstill_check import check, schema_text
from eigenstill_check.claims import CLAIMS
from support.drafts import encode, with_header
from support.reference import number, parse_exact

HERE = Path(__file__).parent
EXPECTED = json.loads((HERE / "expected.json").read_text())
ACCEPTED = [path for path in EXPECTED if EXPECTED[path]["code"] == 0]
REJECTED = [path for path in EXPECTED if EXPECTED[path]["code"] != 0]
BASE = HERE / "accept" / "quadratic_linear.cert.json"

# Malformed, but not in a way that a JSON Schema can say: tensors and headers; relations between values.
RELATIONS = {
    "decimal_inward",
    "decimal_of_lower_up",
    "decimal_other",
    "effective_large",
    "empty_count",
    "empty_interval",
    "effective_negative",
    "exponents_one_missing",
    "file_twice",
    "jitter_fine",
    "jitter_large",
    "jitter_negative",
    "lower_above_upper",
    "no_rows",
    "one_row",
    "path_newline",  # in Python's dialect of regular expressions `$` stands before a final newline too
}
BEFORE_JSON = re.compile(r"json_(bom|utf16|key_twice|number_float|number_exponent)")  # gone once parsed, or equal to 8


def verdict(path: Path):
    found = check(path)
    return found.code, [claim.claim for claim in found.claims if not claim.accepted], found.message


def parsed(path: str):
    try:
        return json.loads((HERE / path).read_bytes())
    except (ValueError, RecursionError):
        return None


@pytest.mark.parametrize("path", EXPECTED)
def test_verdict_reason_and_failed_claims(path):
    expected = EXPECTED[path]
    code, failed, message = verdict(HERE / path)
    assert (code, failed) == (expected["code"], expected["failed"]), message
    assert expected["reason"] in message


def test_nothing_is_left_out():
    """Every JSON is expected and every array file is named by one."""
    found = {
        path.relative_to(HERE).as_posix()
        for folder in ("accept", "reject")
        for path in HERE.rglob(f"{folder}/**/*.json")
    }
    assert found == set(EXPECTED)
    for path in HERE.rglob("*.safetensors"):
        named = [other for other in path.parent.glob("*.cert.json") if path.name.encode() in other.read_bytes()]
        assert named, path


def test_enough_of_each():
    assert len(ACCEPTED) >= 8
    assert len(REJECTED) >= 40
    for name in CLAIMS:
        assert sum(path.startswith(f"reject/{name}/") for path in REJECTED) >= 5, name


def test_reasons_are_specific():
    assert min(len(EXPECTED[path]["reason"]) for path in EXPECTED) >= 10


def test_files_are_small():
    """The certificates; Python's compiled files beside them are nobody's corpus."""
    files = [path for kind in ("accept", "reject") for path in (HERE / kind).rglob("*") if path.is_file()]
    assert max(path.stat().st_size for path in files) < 32_768


@pytest.mark.parametrize("path", ACCEPTED)
def test_accepted_numbers_are_those_of_the_reference(path, tmp_path):
    """Each recorded number twice: as the checker computes it, and in fractions, from the tensors of the file."""
    from support.files import draft_from

    document = json.loads((HERE / path).read_text())
    assert draft_from(HERE / path).seal().document["claims"] == document["claims"]


SCHEMA = jsonschema.Draft202012Validator(json.loads(schema_text()))


def test_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(json.loads(schema_text()))


@pytest.mark.parametrize("path", [path for path in EXPECTED if EXPECTED[path]["code"] < 2])
def test_schema_takes_what_is_well_formed(path):
    SCHEMA.validate(parsed(path))


@pytest.mark.parametrize("path", [path for path in EXPECTED if path.startswith("reject/arrays/")])
def test_schema_says_nothing_of_array_files(path):
    SCHEMA.validate(parsed(path))


@pytest.mark.parametrize("path", [path for path in EXPECTED if EXPECTED[path]["code"] == 2 and "/arrays/" not in path])
def test_schema_refuses_what_it_can_say(path):
    document, name = parsed(path), Path(path).name.removesuffix(".cert.json")
    if document is not None:
        assert SCHEMA.is_valid(document) == (name in RELATIONS or BEFORE_JSON.fullmatch(name) is not None)


# files too large or too strange to be committed


@pytest.fixture
def copy(tmp_path) -> Path:
    for path in (BASE, BASE.with_name("quadratic_linear.cert.safetensors")):
        shutil.copy(path, tmp_path)
    return tmp_path / BASE.name


def test_array_behind_a_link_is_not_followed(copy, tmp_path):
    arrays = tmp_path / "quadratic_linear.cert.safetensors"
    arrays.rename(tmp_path / "elsewhere")
    arrays.symlink_to(tmp_path / "elsewhere")
    code, _, message = verdict(copy)
    assert (code, "a symbolic link" in message) == (3, True)


@pytest.mark.parametrize("kind", ["folder", "fifo", "missing"])
def test_array_that_is_no_file(copy, tmp_path, kind):
    arrays = tmp_path / "quadratic_linear.cert.safetensors"
    arrays.unlink()
    if kind == "folder":
        arrays.mkdir()
    elif kind == "fifo":
        os.mkfifo(arrays)
    code, _, message = verdict(copy)
    assert code == 3
    assert "need a readable file" in message or "need one, not a folder, pipe or device" in message


@pytest.mark.parametrize("digits", [2_001, 4_301, 10**6])
def test_number_of_a_million_digits(copy, digits):
    """Refused by its length: int() of such a text takes seconds, or raises."""
    copy.write_text(re.sub(r'"trace": \{\s*"exact": "\d+', '"trace": {"exact": "' + "1" * digits, copy.read_text()))
    code, _, message = verdict(copy)
    assert (code, "write an exact string" in message) == (2, True)
    assert len(message) < 300


@pytest.mark.parametrize("digits", [16, 4_301, 10**6])
def test_count_of_a_million_digits(copy, digits):
    copy.write_text(copy.read_text().replace('"rows": 8', '"rows": ' + "8" * digits, 1))
    code, _, message = verdict(copy)
    assert (code, "need an integer of at most 15 digits" in message) == (2, True)
    assert len(message) < 300


def test_json_above_its_limit(copy):
    copy.write_bytes(copy.read_bytes() + b" " * (4 << 20))
    code, _, message = verdict(copy)
    assert (code, "need at most 4194304" in message) == (2, True)


def with_arrays(copy: Path, data: bytes) -> tuple[int, str]:
    import hashlib

    document = json.loads(copy.read_text())
    document["arrays"][0] |= {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    copy.write_text(json.dumps(document))
    copy.with_name("quadratic_linear.cert.safetensors").write_bytes(data)
    code, _, message = verdict(copy)
    return code, message


def test_header_above_its_limit(copy):
    code, message = with_arrays(copy, with_header("{" + " " * (1 << 20) + "}", b""))
    assert code == 2
    assert "need at most 1048576" in message


def test_many_tensors_of_no_bytes(copy):
    entries = {f"t{index}": ("F64", [0], b"") for index in range(10_000)}
    code, message = with_arrays(copy, encode(entries))
    assert code == 2
    assert "tensor landmarks: missing" in message


def test_size_beyond_the_file_is_not_allocated(copy):
    """A recorded length of 8 GiB for a file of 2 KB: the lengths are compared before anything is read."""
    document = json.loads(copy.read_text())
    document["arrays"][0]["bytes"] = 8 << 30
    copy.write_text(json.dumps(document))
    code, _, message = verdict(copy)
    assert (code, "8589934592 bytes as recorded" in message) == (1, True)


def recorded_numbers(node, path=()):
    if isinstance(node, dict) and node.keys() == {"exact", "decimal"}:
        yield path
    elif isinstance(node, dict | list):
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from recorded_numbers(value, (*path, key))


NUMBERS = list(recorded_numbers(json.loads(BASE.read_text())["claims"]))


@pytest.mark.parametrize("step", [2, -2])
@pytest.mark.parametrize("path", NUMBERS, ids=lambda path: "-".join(map(str, path)))
def test_no_digit_of_a_recorded_number_can_be_changed(copy, path, step):
    """The smallest change of each number, its decimal made right. The slack alone is free within the psd test."""
    document = json.loads(copy.read_text())
    place = document["claims"]
    for key in path:
        place = place[key]
    mantissa, exponent = place["exact"].split("p")
    place |= number(parse_exact(f"{int(mantissa) + step}p{exponent}"), str(path[-1]))
    copy.write_text(json.dumps(document))
    code, failed, message = verdict(copy)
    if path[-1] == "slack":
        assert code == 0 or "of W - L L^T - sigma I has an entry outside" in message
        return
    assert (code, failed) == (1, [document["claims"][path[0]]["claim"]]), message

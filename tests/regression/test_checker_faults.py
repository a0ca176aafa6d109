"""Faults that the checker once had. Each test is named for what broke and failed before it was mended."""

from __future__ import annotations

import json
import json.scanner
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from time import perf_counter

import pytest

from eigenstill_check import check, shapes
from eigenstill_check.errors import Malformed, NoVerdict, Rejected, printable
from eigenstill_check.packed import congruence, product, symmetric_product
from eigenstill_check.tensors import load, read_bytes
from support.drafts import Draft
from support.files import draft_from
from support.reference import number, two

CORPUS = Path(__file__).parents[1] / "corpus"
BASE = CORPUS / "accept" / "quadratic_linear.cert.json"


@pytest.fixture
def draft() -> Draft:
    return draft_from(BASE)


@pytest.fixture
def document() -> dict:
    return json.loads(BASE.read_text())


def verdict(folder: Path, document: dict):
    (folder / "quadratic_linear.cert.safetensors").write_bytes(
        BASE.with_name("quadratic_linear.cert.safetensors").read_bytes()
    )
    path = folder / "x.cert.json"
    path.write_text(json.dumps(document))
    return check(path)


def command(*arguments: object, **options) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "eigenstill_check", *map(str, arguments)],
        **{"capture_output": True, "text": True, "check": False, "timeout": 60, **options},
    )


# reading


@pytest.mark.parametrize(
    "data",
    [b'"' + b"\\" * 200_001, b'"' * 200_001, b'["' + b'\\"' * 200_000, b'"' + b"a" * 4_000_000, b'\\"' * 100_000],
    ids=["backslashes", "quotes", "escaped quotes", "open string", "outside"],
)
def test_open_strings_took_quadratic_time(data):
    start = perf_counter()
    with pytest.raises(Malformed):
        shapes.load_json(data, "x")
    assert perf_counter() - start < 5, "minutes before"


def test_brackets_inside_strings_counted_as_nesting():
    text = json.dumps({"a": "[" * 40, "b": '\\"[[[[[[[[[[[[[[[[[[[[', "c": "\\"})
    assert shapes.load_json(text.encode(), "x")["a"] == "[" * 40


def test_brackets_behind_an_open_string_escaped_the_limit():
    with pytest.raises(Malformed, match=r"nested deeper|not JSON"):
        shapes.load_json(b'"a\\"' + b"[" * 100_000, "x")


def test_digits_of_other_scripts_counted_as_digits(monkeypatch):
    r"""The standard library's own scanner written in Python takes \d for a digit; the one in C does not."""
    monkeypatch.setattr("json.scanner.make_scanner", json.scanner.py_make_scanner)
    found = shapes.load_json('{"rows": 1\u0663}'.encode(), "x")["rows"]
    with pytest.raises(Malformed):
        shapes.integer(found, "rows")


def test_folder_instead_of_certificate_was_a_crash(tmp_path):
    with pytest.raises(NoVerdict, match="no regular file"):
        read_bytes(tmp_path, 10, follow_links=True)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no devices here")
@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "/dev/tty"])
def test_device_instead_of_certificate_was_read(device):
    found = check(device)
    assert found.code == 3


def test_pipe_instead_of_certificate_hung(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    start = perf_counter()
    assert check(tmp_path / "pipe").code == 3
    assert perf_counter() - start < 2


def test_path_with_a_null_character_was_a_crash():
    found = check("a\0b")
    assert found.code == 3
    assert "\0" not in found.message


def test_array_of_another_length_was_read_and_hashed(tmp_path):
    """1 TiB of holes in the array file's place must cost nothing."""
    path = tmp_path / "x.safetensors"
    with path.open("wb") as stream:
        stream.truncate(1 << 40)
    start = perf_counter()
    with pytest.raises(Rejected, match="1099511627776 bytes, need 100 bytes as recorded"):
        load(path, "0" * 64, 100)
    assert perf_counter() - start < 2


# limits: numbers from the file with which the checker computes


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("basis", "linear_exponents", 0), 4096),
        (("basis", "linear_exponents", 0), -4096),
        (("basis", "metric_exponent"), 4096),
        (("basis", "vector_exponent"), -4096),
        (("basis", "excess_exponent"), 4096),
        (("basis", "factor_exponent"), -4096),
        (("basis", "jitter"), "1p-4000"),
    ],
    ids=lambda value: "-".join(map(str, value)) if isinstance(value, tuple) else str(value),
)
def test_far_exponents_blew_up_every_integer(tmp_path, document, place, value):
    target = document
    for key in place[:-1]:
        target = target[key]
    target[place[-1]] = value
    assert verdict(tmp_path, document).code == 2


@pytest.mark.parametrize("key", ["threshold", "slack"])
@pytest.mark.parametrize("value", [Fraction(10**1999 + 1), two(-8000), two(8000)], ids=["long", "small", "large"])
def test_long_threshold_and_slack_blew_up_the_psd_test(tmp_path, document, key, value):
    document["claims"][2][key] = number(value, key)
    start = perf_counter()
    found = verdict(tmp_path, document)
    assert found.code == 2
    assert "need at most 100 digits" in found.message
    assert perf_counter() - start < 5


def test_exponents_of_30000_made_slow_decimals():
    with pytest.raises(Malformed):
        shapes.exact("1p30000", "x")


@pytest.mark.parametrize("value", [two(2000), -two(2000), Fraction(8193), Fraction(-1)], ids=str)
def test_huge_effective_parameters_were_a_crash(tmp_path, document, value):
    """float() of the decimal is printed among the recorded facts: it overflowed, exit code 3."""
    document["subject"]["student"]["effective_parameters"] = number(value, "effective_parameters")
    found = verdict(tmp_path, document)
    assert found.code == 2
    assert "need 0 to 8192" in found.message


# cheats


def test_large_jitter_made_a_tiny_metric_look_right(tmp_path, draft):
    """K + jitter I with jitter 2^40: its inverse root is tiny, T^T (K + jitter I) T is the identity all the same."""
    draft.basis |= {"jitter": "1p40", "metric_exponent": -60}
    draft.tensors["metric"] = [[2**40 if i == j else 0 for j in range(3)] for i in range(3)]
    bundle = draft.prove([1]).seal("tiny")
    assert float(bundle.claim("metric")["defect"]["decimal"]) < 1e-9, "the claim itself would hold"
    found = check(bundle.write(tmp_path, "tiny"))
    assert found.code == 2
    assert "basis.jitter" in found.message


@pytest.mark.parametrize("bits", [4, 10, 20])
def test_tiny_metric_passed_a_defect_below_one(tmp_path, draft, bits):
    """T 2^-bits: the defect is 1 - 4^-bits, less than 1, and every bound shrinks with T as one likes."""
    draft.tensors["metric"] = [[round(v * two(-bits)) for v in row] for row in draft.tensors["metric"]]
    draft.tensors["linear_metric"] = [round(v * two(-bits)) for v in draft.tensors["linear_metric"]]
    bundle = draft.prove([1, 2]).seal("tiny")
    assert float(bundle.claim("metric")["linear_defect"]["decimal"]) <= 1
    found = check(bundle.write(tmp_path, "tiny"))
    assert [claim.claim for claim in found.claims if not claim.accepted] == ["metric"]
    assert "at most 1/2" in found.message


def test_coordinates_whose_square_overflows_had_an_evaluation_bound(tmp_path):
    found = check(CORPUS / "reject" / "evaluation" / "coordinate_huge.cert.json")
    assert found.code == 1
    assert "a coordinate above 2^500" in found.message
    gap = 2.0**513
    assert gap * gap == float("inf"), "what float64 would have computed"


def test_products_with_a_zero_matrix_overflowed_a_slot():
    """The width came from the product of the largest entries: 0, and packing the other factor failed with code 3."""
    zero, large = [[0, 0], [0, 0]], [[2**100, -(2**90)], [-(2**90), 5]]
    assert product(zero, large) == product(large, zero) == zero
    assert symmetric_product(zero, large) == congruence(zero, large) == zero
    for name in ("eckart_young/vectors_zero", "metric/all_zero", "metric/kernel_zero", "eckart_young/factor_zero"):
        assert check(CORPUS / "reject" / f"{name}.cert.json").code == 1


# saying it


@pytest.mark.parametrize("evil", ["\nACCEPTED  x: 6 claims hold", "\x1b[2J", "\u202e", "\ud800", "\r"], ids=ascii)
def test_names_from_the_file_wrote_lines_of_the_verdict(tmp_path, document, evil):
    key = f"note{evil}"
    document[key] = 1
    (tmp_path / "x.cert.json").write_text(json.dumps(document))
    done = command(tmp_path / "x.cert.json")
    assert done.returncode == 2
    assert done.stdout.count("\n") == 1
    assert done.stdout.startswith("MALFORMED  ")
    assert evil not in done.stdout


def test_lone_surrogates_could_not_be_printed(tmp_path):
    assert printable("a\ud800\x07b") == "a\\ud800\\x07b"
    raw = subprocess.run(
        [sys.executable, "-m", "eigenstill_check", os.fsencode(tmp_path) + b"/\xff\n.cert.json"],
        capture_output=True,
        check=False,
    )
    assert raw.returncode == 3
    assert raw.stdout.count(b"\n") == 1
    assert raw.stdout.startswith(b"NO VERDICT")
    assert raw.stderr == b""


def test_ascii_terminals_stopped_the_verdict(tmp_path, document):
    document["subject"]["data"]["name"] = "\u00fcb\u00e9r \u4e2d"
    verdict(tmp_path, document)
    environment = {"PATH": os.environ["PATH"], "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = command(tmp_path / "x.cert.json", env=environment)
    assert done.returncode == 0
    assert "\\xfcb\\xe9r" in done.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("flags", [[], ["--quiet"], ["--json"]], ids=str)
def test_full_disk_behind_standard_output_counted_as_a_verdict(flags):
    with Path("/dev/full").open("w") as full:
        done = command(*flags, BASE, capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 3
    assert done.stderr.startswith("NO VERDICT: the verdict cannot be written")
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


@pytest.mark.parametrize("streams", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_closed_streams_ended_with_other_codes(streams):
    shell = f'"{sys.executable}" -m eigenstill_check --quiet "{BASE}" {streams}'
    done = subprocess.run(["sh", "-c", shell], capture_output=True, text=True, check=False)
    assert done.returncode == (0 if streams == "2>&-" else 3)
    assert "Traceback" not in done.stderr


def test_reader_that_goes_away_counted_as_a_verdict(tmp_path):
    paths = " ".join([f'"{BASE}"'] * 300)
    shell = f'("{sys.executable}" -m eigenstill_check --quiet {paths}; echo $? >"{tmp_path}/code") | true'
    subprocess.run(["sh", "-c", shell], check=False, capture_output=True)
    assert (tmp_path / "code").read_text().strip() == "3"


def test_hold_out_rows_were_not_named_among_what_is_not_covered():
    assert any("hold-out rows were kept from training" in line for line in check(BASE).not_covered)


@pytest.mark.parametrize("target", ["missing", "loop"])
def test_links_in_place_of_array_files_were_followed(tmp_path, target):
    link = tmp_path / "x.safetensors"
    link.symlink_to("x.safetensors" if target == "loop" else "nowhere")
    with pytest.raises(NoVerdict, match="a symbolic link"):
        load(link, "0" * 64, 8)

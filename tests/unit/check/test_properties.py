"""Any honest certificate is accepted, and any change is seen.

When a change may leave the verdict ACCEPTED is defined by `support.reference`, which shares no code with the checker:
every recorded number is still the computed one and every side condition holds. Three kinds of change do that: text that
is recorded only (names, digests of the subject), low bits of the slack and of the factor L within the psd test, and
low bits of single inputs or predictions that move neither the floored basis nor a recorded maximum.
"""

from __future__ import annotations

import copy
import json
import shutil
import struct
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from attacks.same import same_or_less
from eigenstill.certificate.ridge_witness import RidgeChoice
from eigenstill.errors import SpectrumError
from eigenstill_check import check
from eigenstill_check.layout import KERNELS
from support.drafts import Draft, encode
from support.files import draft_from, read_arrays
from support.reference import parse_exact
from support.small import small_certificate

ACCEPT = Path(__file__).parents[2] / "corpus" / "accept"
SMALL = ACCEPT / "two_columns.cert.json"  # r = 2: a check takes milliseconds
BASE = ACCEPT / "quadratic_linear.cert.json"
EVERY = ACCEPT / "every_claim.cert.json"  # all claims in one file
FREE = ("producer", "subject")  # recorded only, apart from subject.teacher.parameters


# any small operator

grid = st.integers(-8, 8).map(lambda v: v / 4)
coordinates = st.one_of(grid, st.floats(-3, 3, allow_subnormal=False))
ridges = st.sampled_from([1e-6, 0.01, 0.1, 0.3, 1.0, 10.0, 1e6]) | st.floats(1e-3, 1e2)


@st.composite
def operators(draw):
    rows, inputs = draw(st.integers(3, 9)), draw(st.integers(1, 3))
    points = [draw(st.lists(coordinates, min_size=inputs, max_size=inputs)) for _ in range(rows)]
    if draw(st.booleans()):
        points += [list(points[draw(st.integers(0, rows - 1))]) for _ in range(draw(st.integers(1, 4)))]
    if inputs > 1 and draw(st.booleans()):
        for point in points:
            point[1] = 2 * point[0]
    linear = draw(st.booleans())
    landmarks = draw(st.integers(1 if linear else 2, min(5, len(points))))
    kept = st.integers(1, landmarks + (inputs if linear else 0))
    return {
        "points": np.array(points),
        "linear": linear,
        "landmarks": landmarks,
        "kernel": draw(st.sampled_from(KERNELS)),
        "outputs": draw(st.integers(1, 3)),
        "rank": draw(st.integers(1, landmarks + inputs)),
        "holdout": draw(st.booleans()),
        "seed": draw(st.integers(0, 99)),
        "ridge": draw(st.none() | st.builds(RidgeChoice, ridges, st.sampled_from(["gcv", "robust-gcv"]), kept)),
    }


@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(operators())
def test_any_small_operator_is_accepted(options):
    spread = np.ptp(options["points"], axis=0)
    assume(spread.min() > 1e-3)  # the producer refuses constant columns
    with TemporaryDirectory() as folder:
        try:
            path = small_certificate(Path(folder), **options)
        except SpectrumError as error:
            refusal = str(error)
            path = None
        if path is None:
            assert "rank one" in refusal or "constant" in refusal
            return
        verdict = check(path)
        assert verdict.code == 0, verdict.message
        draft = draft_from(path)
        assert draft.seal().document["claims"] == json.loads(path.read_text())["claims"]
        assert draft.reference().side_conditions(draft.threshold, draft.slack, draft.ranks)
        further = draft.further_reference()
        assert {"spectrum", "global"} <= further.witnesses.keys()
        assert {"shrinkage", "diagnosis"} <= further.witnesses.keys() or options["ridge"] is None
        assert all(map(further.holds, further.witnesses))


# changes of the JSON


def leaves(node, path=()):
    if isinstance(node, dict | list):
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from leaves(value, (*path, key))
        yield path, type(node).__name__
    else:
        yield path, (type(node).__name__, node)


def allowed_codes(before: bytes, after: bytes) -> set[int]:
    """The codes that a change of the JSON may have; for nearly all changes {1, 2}."""
    try:
        old, new = dict(leaves(json.loads(before))), dict(leaves(json.loads(after.decode("utf-8"))))
    except ValueError:
        return {2}
    changed = {path for path in old.keys() | new.keys() if old.get(path) != new.get(path)}
    if not changed:
        return {0, 2}  # white space, another way to write a letter; 2 for a key written twice
    if all(path[0] == "arrays" and path[-1] == "file" for path in changed):
        return {2, 3}  # no such file
    if all(path and path[0] in FREE and path[-1] != "parameters" for path in changed):
        return {0, 2}
    if all(path[:1] == ("claims",) and "slack" in path for path in changed):
        return {0, 1, 2}
    if same_or_less(json.loads(after), json.loads(before)):
        return {0, 1, 2}  # a claim beyond the profile left out; 2 where its tensors stand there still
    return {1, 2}


def folder_with(path: Path, folder: str) -> Path:
    for file in path.parent.glob(path.name.removesuffix("json") + "*"):
        shutil.copy(file, folder)
    return Path(folder) / path.name


@pytest.mark.parametrize("step", [1, 5])
def test_every_digit_of_the_json(tmp_path, step):
    path = folder_with(SMALL, str(tmp_path))
    before = path.read_bytes()
    seen = set()
    for position in range(len(before)):
        if before[position : position + 1].isdigit():
            digit = str((int(before[position : position + 1]) + step) % 10).encode()
            after = before[:position] + digit + before[position + 1 :]
            path.write_bytes(after)
            verdict = check(path)
            assert verdict.code in allowed_codes(before, after), (position, verdict.message)
            seen.add(verdict.code)
    assert {1, 2} <= seen


@settings(max_examples=400)
@given(st.integers(0, 10**6), st.integers(0, 255))
@example(0, 0xEF)
def test_any_byte_of_the_json(position, byte):
    before = EVERY.read_bytes()
    position %= len(before)
    assume(before[position] != byte)
    after = before[:position] + bytes([byte]) + before[position + 1 :]
    with TemporaryDirectory() as folder:
        path = folder_with(EVERY, folder)
        path.write_bytes(after)
        verdict = check(path)
    assert verdict.code in allowed_codes(before, after), verdict.message


@settings(max_examples=200)
@given(st.data())
def test_any_value_of_the_json(data):
    """A value replaced by another of any type, a key or an entry removed."""
    document = json.loads(EVERY.read_text())
    before = EVERY.read_bytes()
    place = document
    while True:
        key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        if not isinstance(place[key], dict | list) or not place[key] or data.draw(st.integers(0, 3)) == 0:
            break
        place = place[key]
    others = [None, True, False, 0, 1, -1, 7, 10**14, 1.5, "", "1p0", "0p0", "-1p0", [], {}, [1], {"claim": "basis"}]
    if data.draw(st.booleans()):
        place[key] = data.draw(st.sampled_from(others))
    else:
        del place[key]
    with TemporaryDirectory() as folder:
        path = folder_with(EVERY, folder)
        path.write_text(json.dumps(document))
        verdict = check(path)
        assert verdict.code in allowed_codes(before, path.read_bytes()), verdict.message


# changes of the arrays


def oracle(draft: Draft, claims: list[dict]) -> int:
    """0 where the reference finds every recorded number and every side condition again, 1 otherwise."""
    if not holds(draft):
        return 1
    return 0 if draft.seal().document["claims"] == claims else 1


def holds(draft: Draft) -> bool:
    """Every side condition of every claim."""
    if not draft.reference().side_conditions(draft.threshold, draft.slack, draft.ranks):
        return False
    further = draft.further_reference()
    return all(map(further.holds, further.witnesses))


def empty_interval(node) -> bool:
    """Whether a lower end lies above its upper one anywhere in recorded claims."""
    if isinstance(node, list):
        return any(map(empty_interval, node))
    if not isinstance(node, dict):
        return False
    for key, low in node.items():
        high = node.get("upper" if key == "lower" else f"{key.removesuffix('at_least')}at_most")
        if (key == "lower" or key.endswith("at_least")) and low is not None and high is not None:
            ends = [parse_exact(end["exact"]) if isinstance(end, dict) else end for end in (low, high)]
            if ends[0] > ends[1]:
                return True
    return any(map(empty_interval, node.values()))


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.integers(1, 255))
def test_any_byte_of_the_arrays_without_the_digest(position, change):
    with TemporaryDirectory() as folder:
        path = folder_with(SMALL, folder)
        arrays = path.with_name("two_columns.cert.safetensors")
        data = bytearray(arrays.read_bytes())
        data[position % len(data)] ^= change
        arrays.write_bytes(data)
        verdict = check(path)
    assert verdict.code == 1
    assert "got sha256" in verdict.message


def rewritten(path: Path, data: bytes) -> None:
    """The array file replaced, its length and digest recorded."""
    import hashlib

    document = json.loads(path.read_text())
    document["arrays"][0] |= {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    (path.parent / document["arrays"][0]["file"]).write_bytes(data)
    path.write_text(json.dumps(document))


def flipped(source: Path, position: int, change: int) -> tuple[int, int]:
    """(code of the checker, code of the oracle) with one byte of the tensors changed and the digest made right."""
    with TemporaryDirectory() as folder:
        path = folder_with(source, folder)
        file = path.parent / json.loads(path.read_text())["arrays"][0]["file"]
        data = bytearray(file.read_bytes())
        start = 8 + int.from_bytes(data[:8], "little")
        data[start + position % (len(data) - start)] ^= change
        rewritten(path, bytes(data))
        verdict = check(path)
        if verdict.code == 2:
            reasons = ("finite float64", "not positive", "above the diagonal", "around the ridge")
            assert any(reason in verdict.message for reason in reasons)
            return 2, 2
        draft = draft_from(path)
        return verdict.code, oracle(draft, json.loads(path.read_text())["claims"])


@pytest.mark.parametrize("bit", [0, 3])
def test_every_number_of_the_arrays_in_its_low_bits(bit):
    """Bit 0 and bit 3 of each float64 and int64: what the change of 1 unit, or of 8, does."""
    data = SMALL.with_name("two_columns.cert.safetensors").read_bytes()
    length = len(data) - 8 - int.from_bytes(data[:8], "little")
    codes = set()
    for position in range(0, length, 8):
        code, expected = flipped(SMALL, position, 1 << bit)
        assert code == expected
        codes.add(code)
    assert codes == {0, 1, 2}, "2: above the diagonal of the factor"


@settings(max_examples=250)
@given(st.integers(0, 10**6), st.integers(1, 255), st.sampled_from([SMALL, EVERY]))
@example(7, 0x80, SMALL)
def test_any_byte_of_the_arrays_with_the_digest_made_right(position, change, source):
    code, expected = flipped(source, position, change)
    assert code == expected


@settings(max_examples=120)
@given(st.integers(0, 10**6), st.integers(1, 255))
def test_any_byte_of_the_header_with_the_digest_made_right(position, change):
    with TemporaryDirectory() as folder:
        path = folder_with(SMALL, folder)
        file = path.with_name("two_columns.cert.safetensors")
        data = bytearray(file.read_bytes())
        length = 8 + int.from_bytes(data[:8], "little")
        before = bytes(data)
        data[position % length] ^= change
        rewritten(path, bytes(data))
        verdict = check(path)
        if verdict.code == 0:  # another order or shape of white space
            assert read_arrays(bytes(data)) == read_arrays(before)
        else:
            assert verdict.code in {1, 2}, verdict.message


@settings(max_examples=150)
@given(st.data())
def test_an_adversary_who_recomputes_everything(data):
    """Any entry of any tensor replaced, then every number recorded anew: accepted exactly where the reference accepts."""
    draft = draft_from(data.draw(st.sampled_from([SMALL, EVERY])))
    name = data.draw(st.sampled_from(sorted(draft.tensors)))
    values = draft.tensors[name]
    row = data.draw(st.integers(0, len(values) - 1))
    holder, key = values, row
    if isinstance(values[row], list):
        holder, key = values[row], data.draw(st.integers(0, len(values[row]) - 1))
    old = holder[key]
    if isinstance(old, int):
        holder[key] = data.draw(
            st.one_of(
                st.integers(old - 5, old + 5), st.sampled_from([0, -old, 2**62, -(2**63), old // 2, old * 3 // 2])
            )
        )
        assume(-(2**63) <= holder[key] < 2**63)
    else:
        bits = struct.unpack("<q", struct.pack("<d", old))[0]
        near = st.integers(-3, 3).map(lambda step: struct.unpack("<d", struct.pack("<q", bits + step))[0])
        holder[key] = data.draw(
            st.one_of(near, st.sampled_from([0.0, -old, 2 * old, old + 1e-9, 1e-300, 1e160, 1e300, 5e-324]))
        )
    assume(min(draft.tensors["scales"]) > 0)
    assume(not any(any(line[i + 1 :]) for i, line in enumerate(draft.tensors["factor"])))
    assume("ridge" not in draft.tensors or ridges_in_order(draft.tensors))
    bundle = copy.deepcopy(draft).seal("x")
    with TemporaryDirectory() as folder:
        verdict = check(bundle.write(Path(folder), "x"))
    expected = 2 if empty_interval(bundle.document["claims"]) else 0 if holds(draft) else 1
    assert verdict.code == expected, verdict.message


def ridges_in_order(tensors: dict) -> bool:
    """What the reader demands of the tensors about ridges."""
    edges = tensors["ridge_edges"]
    return 0 < edges[0] <= tensors["ridge"][0] <= edges[-1] and all(a < b for a, b in pairwise(edges))


def test_order_of_tensors_and_keys_does_not_matter(tmp_path):
    path = folder_with(BASE, str(tmp_path))
    draft = draft_from(path)
    files = draft.seal().files
    rewritten(path, encode(dict(reversed(files["base.cert.safetensors"].items()))))
    document = json.loads(path.read_text())
    path.write_text(json.dumps(document, sort_keys=True, indent=None))
    assert check(path).code == 0


def test_order_of_claims_does_not_matter(tmp_path):
    path = folder_with(BASE, str(tmp_path))
    document = json.loads(path.read_text())
    document["claims"].reverse()
    path.write_text(json.dumps(document))
    assert check(path).code == 0

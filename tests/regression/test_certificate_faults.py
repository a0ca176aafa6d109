"""Faults of other software in written evidence: scrambled arrays, bounds that are no numbers, empty intervals."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import numpy as np
import pytest

from eigenstill import certify, distill
from eigenstill.certificate.ridge_witness import ModeData, RidgeChoice, gcv_cells
from eigenstill.errors import StudentError
from eigenstill.files import encode_tensors
from eigenstill.storage import encode, read
from eigenstill.tables import as_table, load_table
from eigenstill_check import check
from eigenstill_check.errors import Malformed, Rejected
from eigenstill_check.tensors import load, parse
from support.cases import CASES, table

BASE = Path(__file__).parents[1] / "corpus" / "accept" / "quadratic_linear.cert.json"
ROWS = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]


def test_fortran_order_came_back_scrambled(tmp_path):
    """safetensors #825."""
    held = table("15_fortran.npy").values
    assert held.tolist() == ROWS
    turned = np.asfortranarray(held)
    assert parse(memoryview(encode_tensors({"w": turned})), "x")["w"].float_rows() == ROWS
    (tmp_path / "x.safetensors").write_bytes(encode({"w": turned.T[::-1]}, {"format": "x", "version": 1}))
    assert read(tmp_path / "x.safetensors", "x", 1)[0]["w"].tolist() == turned.T[::-1].tolist()


ORDERS = {
    "fortran": np.asfortranarray,
    "reversed": lambda rows: rows[::-1, ::-1].copy()[::-1, ::-1],
    "every other": lambda rows: np.repeat(rows, 2, axis=1)[:, ::2],
    "big-endian": lambda rows: rows.astype(">f8"),
    "float32": lambda rows: rows.astype(np.float32),
    "read-only": lambda rows: np.broadcast_to(rows, rows.shape),
}


@pytest.mark.parametrize("order", ORDERS)
def test_rows_in_any_memory_order_are_the_same_rows(order, tmp_path):
    """The whole kind: whatever the strides and the byte order, the same table, student and certificate, bit for bit."""
    rows = np.random.default_rng(0).integers(-64, 64, (30, 3)) / 16  # exact in float32 too
    turned = ORDERS[order](rows)
    assert as_table(turned).values.tolist() == rows.tolist()
    assert as_table(turned).sha256 == as_table(rows).sha256
    np.save(tmp_path / "rows.npy", turned)
    assert load_table(tmp_path / "rows.npy").values.tolist() == rows.tolist()
    (tmp_path / "x.safetensors").write_bytes(encode({"w": turned}, {"format": "x", "version": 1}))
    assert read(tmp_path / "x.safetensors", "x", 1)[0]["w"].tolist() == rows.tolist()
    students = [distill(lambda x: x[:, 0] * x[:, 1], held, landmarks=5) for held in (rows, turned)]
    assert students[0].encode() == students[1].encode()
    paths = [certify(student, tmp_path / str(place)) for place, student in enumerate(students)]
    arrays = [path.with_name("student.cert.safetensors").read_bytes() for path in paths]
    assert arrays[0] == arrays[1]
    assert check(paths[1]).accepted


def test_scrambled_bytes_have_another_digest():
    good = (CASES / "15_good.safetensors").read_bytes()
    with pytest.raises(Rejected, match="sha256"):
        load(CASES / "15_garbled.safetensors", hashlib.sha256(good).hexdigest(), len(good))


def test_spare_bytes_behind_the_last_tensor_were_ignored():
    data = (CASES / "15_trailing.safetensors").read_bytes()
    text = data.replace(b'"F32"', b'"F64"').replace(b"[2,3]", b"[1,3]")
    with pytest.raises(Malformed, match="4 bytes after the last tensor; need none"):
        parse(memoryview(text), "x")
    with pytest.raises(StudentError):
        read(CASES / "15_trailing.safetensors", "x", 1)


# bounds that are no numbers


def literal_of(name: str) -> str:
    found = re.search(r'"bound":(.*)}', (CASES / name).read_text())
    assert found
    return found[1]


def bounds(node, path=()):
    """Places of the recorded numbers of a document."""
    if isinstance(node, dict) and node.keys() == {"exact", "decimal"}:
        yield path
    elif isinstance(node, dict | list):
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from bounds(value, (*path, key))


DOCUMENT = json.loads(BASE.read_text())
PLACES = list(bounds(DOCUMENT["claims"]))


@pytest.mark.parametrize("name", sorted(path.name for path in CASES.glob("16_bound_*.json")))
@pytest.mark.parametrize("inside", ["", "exact", "decimal"])
def test_bound_that_is_no_number_passed_the_comparison(name, inside, tmp_path):
    """verivital/nnv #446: not (NaN > tolerance) is no proof. Every recorded number, whole or in part, in turn.

    null is a legal value where a number may be undefined; it is then not the one that the checker computes.
    """
    literal = literal_of(name)
    arrays = BASE.with_name("quadratic_linear.cert.safetensors")
    (tmp_path / arrays.name).write_bytes(arrays.read_bytes())
    for place in PLACES:
        document = json.loads(json.dumps(DOCUMENT))
        node = document["claims"]
        for key in place[:-1]:
            node = node[key]
        if inside:
            node = node[place[-1]]
        node[inside or place[-1]] = "@"
        path = tmp_path / "x.cert.json"
        path.write_text(json.dumps(document).replace('"@"', literal))
        found = check(path)
        undefined = literal == "null" and not inside and place[-1] in ("r_squared_at_least", "ratio_at_least")
        assert found.code == (1 if undefined else 2), f"{place}: {found.message}"
        assert undefined or not found.claims


def test_lower_end_above_the_upper_one_was_satisfiable(tmp_path):
    """Marabou #813: nothing follows from an empty interval. Named, at every rank."""
    arrays = BASE.with_name("quadratic_linear.cert.safetensors")
    (tmp_path / arrays.name).write_bytes(arrays.read_bytes())
    for index in range(len(DOCUMENT["claims"][2]["ranks"])):
        document = json.loads(json.dumps(DOCUMENT))
        entry = document["claims"][2]["ranks"][index]
        low, high = entry["lower"]["exact"], entry["upper"]["exact"]
        for side, exact in (("lower", high), ("upper", low)):
            entry[side] = numbered(exact, side)
        path = tmp_path / "x.cert.json"
        path.write_text(json.dumps(document))
        found = check(path)
        assert found.code == 2
        assert f"claims[2].ranks[{index}].lower: " in found.message
        assert "an empty interval" in found.message


def numbered(exact: str, field: str) -> dict[str, str]:
    from support.reference import number, parse_exact

    return number(parse_exact(exact), field)


@pytest.mark.parametrize("name", sorted(path.name for path in CASES.glob("19_num_*.json")))
def test_number_with_a_huge_exponent_stopped_the_program(name, tmp_path):
    """leanprover/lean4 #13987, and Fraction("1E10000000") takes seconds: refused at once wherever it stands."""
    assert check(CASES / name).code == 2
    found = re.search(r":(.*)}", (CASES / name).read_text())
    assert found
    arrays = BASE.with_name("quadratic_linear.cert.safetensors")
    (tmp_path / arrays.name).write_bytes(arrays.read_bytes())
    for pattern in (r'"rows": 8', r'"bytes": \d+', r'"exact": "[^"]*"', r'"grid_bits": 40', r'"stored_numbers": \d+'):
        text, count = re.subn(
            pattern, lambda hit: hit[0].partition(":")[0] + ": " + found[1], BASE.read_text(), count=1
        )
        assert count == 1
        path = tmp_path / "x.cert.json"
        path.write_text(text)
        verdict = check(path)
        assert (verdict.code, verdict.claims) == (2, ())
        assert len(verdict.message) < 300


def test_labels_that_the_basis_reproduces_divided_by_zero():
    """Ours: with labels in the span of the basis, GCV's least residual rounds to 0 on some machines."""
    data = ModeData(np.array([4.0, 1.0]), np.eye(2), np.array([[3.0], [4.0]]), np.array([12.0]), rows=50)
    assert data.residuals(1e-6) == 0.0
    assert gcv_cells(data, RidgeChoice(1e-6, "gcv", kept=2)) is None
    constant = ModeData(np.array([4.0, 1.0]), np.eye(2), np.zeros((2, 1)), np.zeros(1), rows=50)
    assert gcv_cells(constant, RidgeChoice(1e-6, "gcv", kept=2)) is None

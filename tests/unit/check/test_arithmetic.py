"""Every arithmetic gives the same integers and the same verdicts, on one process or on several."""

from __future__ import annotations

import json
import os
import random
import sys
from pathlib import Path

import pytest

import eigenstill_check.arithmetic
import eigenstill_check.rows
from eigenstill_check import check
from eigenstill_check.arithmetic import ARITHMETICS, arithmetic
from eigenstill_check.errors import Malformed, NoVerdict, Rejected
from eigenstill_check.packed import slot_width
from eigenstill_check.parallel import forked

CORPUS = Path(__file__).parents[2] / "corpus"
EXPECTED = json.loads((CORPUS / "expected.json").read_text())
FURTHER = [name for name in ARITHMETICS if name != "stdlib"]


@pytest.fixture(
    params=[(name, jobs) for name in ARITHMETICS for jobs in (1, 2)], ids=lambda pair: f"{pair[0]}-{pair[1]}"
)
def engine(request, monkeypatch):
    """The arithmetic, with every product shared between its processes however small."""
    name, jobs = request.param
    if name == "gmpy2":
        pytest.importorskip("gmpy2")
    monkeypatch.setattr(eigenstill_check.arithmetic, "WORTH_FORKING", 0)
    return arithmetic(name, jobs)


def plain(left, right):
    return [
        [sum(a * b for a, b in zip(row, column, strict=True)) for column in zip(*right, strict=True)] for row in left
    ]


def random_matrix(rows, columns, bits, seed):
    rng = random.Random(seed)
    return [[rng.randint(-(2**bits), 2**bits) for _ in range(columns)] for _ in range(rows)]


@pytest.mark.parametrize("bits", [(1, 1), (20, 64), (21, 63), (60, 165), (0, 300), (128, 42)])
def test_products(engine, bits):
    left, right = random_matrix(40, 70, bits[0], 1), random_matrix(70, 33, bits[1], 2)
    left[0] = [2 ** bits[0]] * 70
    right[0] = [-(2 ** bits[1])] * 33
    assert engine.product(left, right) == plain(left, right)


@pytest.mark.parametrize("bits", [(1, 1), (61, 170), (150, 20)])
def test_images_of_vectors(engine, bits):
    matrix, long = random_matrix(40, 7, bits[0], 1), random_matrix(1, 40, bits[1], 2)[0]
    for _ in range(2):  # the second time from what is kept
        assert engine.image(matrix, long[:7]) == [row[0] for row in plain(matrix, [[v] for v in long[:7]])]
        assert engine.image(matrix, long[:7], 5) == engine.image(matrix, long[:7])[:5]
        turned = [list(column) for column in zip(*matrix, strict=True)]
        assert engine.coimage(matrix, long) == [row[0] for row in plain(turned, [[v] for v in long])]


def test_images_made_ready(engine):
    root = random_matrix(9, 9, 90, 3)
    symmetric = plain(root, [list(column) for column in zip(*root, strict=True)])
    vectors = random_matrix(4, 9, 50, 4)
    image = engine.images(symmetric, vectors)
    for vector in vectors:
        assert image(vector) == [row[0] for row in plain(symmetric, [[entry] for entry in vector])]


@pytest.mark.parametrize("shift", [0, 5, 60])
def test_largest_gap_of_a_congruence_to_the_identity(engine, shift):
    transform, root = random_matrix(30, 30, 40, 3), random_matrix(30, 30, 50, 4)
    symmetric = plain(root, [list(column) for column in zip(*root, strict=True)])
    columns = [list(column) for column in zip(*transform, strict=True)]
    image, one = plain(plain(columns, symmetric), transform), 1 << 190
    expected = max(
        sum(abs((value << shift) - (one if i == j else 0)) for j, value in enumerate(row))
        for i, row in enumerate(image)
    )
    assert engine.largest_row_gap(transform, symmetric, shift, one) == expected
    assert engine.largest_row_gap([[1, 0], [0, 1]], [[1 << 90, 0], [0, 1 << 90]], 0, 1 << 90) == 0


def test_what_is_kept_belongs_to_its_matrix(engine):
    for seed in range(6):  # matrices come and go, and their places in memory are used again
        matrix = random_matrix(5, 5, 30, seed)
        assert engine.image(matrix, [1, 0, 0, 0, 2]) == [row[0] + 2 * row[4] for row in matrix]
        del matrix


def test_congruence(engine):
    transform, root = random_matrix(70, 70, 40, 3), random_matrix(70, 70, 50, 4)
    symmetric = plain(root, [list(column) for column in zip(*root, strict=True)])
    columns = [list(column) for column in zip(*transform, strict=True)]
    assert engine.congruence(transform, symmetric) == plain(plain(columns, symmetric), transform)


@pytest.mark.parametrize("place", [0, 31, 69, None])
def test_first_row_outside_the_window(engine, place):
    size, bits = 70, 9
    left = random_matrix(size, size, 30, 5)
    square = plain(left, [list(column) for column in zip(*left, strict=True)])
    turned = [list(column) for column in zip(*left, strict=True)]
    added = [[-entry for entry in row] for row in square]
    added[5][5] += 255
    added[6][6] -= 256
    if place is not None:
        added[place][place] += 256
    width = slot_width(size << 62)
    assert engine.first_outside(left, turned, added, width, bits) == place


def test_gram_is_added(engine):
    rows = [[abs(entry) for entry in row] for row in random_matrix(50, 9, 40, 6)]
    width = slot_width(100 << 80)
    gram = [0] * 9
    engine.add_gram(gram, rows[:20], width)
    engine.add_gram(gram, rows[20:], width)
    turned = [list(column) for column in zip(*rows, strict=True)]
    assert eigenstill_check.rows.full_gram(gram, width) == plain(turned, rows)


@pytest.mark.parametrize("name", FURTHER)
def test_whole_corpus_has_the_same_verdicts(name):
    pytest.importorskip(name)
    for path, expected in EXPECTED.items():
        verdict = check(CORPUS / path, arithmetic=name)
        failed = [claim.claim for claim in verdict.claims if not claim.accepted]
        assert (verdict.code, failed) == (expected["code"], expected["failed"]), path
        assert expected["reason"] in verdict.message, path


def test_two_processes_have_the_same_verdicts(monkeypatch):
    """Blocks of four rows and no product too small to share."""
    monkeypatch.setattr(eigenstill_check.arithmetic, "WORTH_FORKING", 0)
    monkeypatch.setattr(eigenstill_check.rows, "WORTH_SHARING", 0)
    monkeypatch.setattr(eigenstill_check.rows, "BLOCK_ROWS", 4)
    some = [path for number, path in enumerate(EXPECTED) if EXPECTED[path]["code"] < 2 and number % 9 == 0]
    for path in some:
        verdict = check(CORPUS / path, jobs=2)
        failed = [claim.claim for claim in verdict.claims if not claim.accepted]
        assert (verdict.code, failed) == (EXPECTED[path]["code"], EXPECTED[path]["failed"]), path


def test_unknown_arithmetic_is_malformed():
    verdict = check(CORPUS / next(iter(EXPECTED)), arithmetic="abacus")
    assert (verdict.code, verdict.message) == (2, "arithmetic abacus: unknown; need stdlib, gmpy2, numpy")


@pytest.mark.parametrize("name", FURTHER)
def test_missing_package_is_said(monkeypatch, name):
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(Malformed, match=f"arithmetic {name}: the package is not installed; need it, or"):
        arithmetic(name)


def test_inexact_matrix_product_is_no_verdict(monkeypatch):
    """A BLAS that rounds: one sum is off by one."""
    numpy = pytest.importorskip("numpy")
    engine = arithmetic("numpy")
    right = engine._slices

    def bent(matrix, width):
        slices = right(matrix, width)
        return slices.view(_Rounding)

    class _Rounding(numpy.ndarray):
        def __matmul__(self, other):
            product = numpy.asarray(self) @ numpy.asarray(other)
            if product.dtype == float:
                product[0, 0] += 1
            return product

    monkeypatch.setattr(engine, "_slices", bent)
    with pytest.raises(NoVerdict, match="not exact here; check with --arithmetic stdlib"):
        engine.product([[3, 4], [5, 6]], [[1, 2], [3, 4]])


# processes


def test_answers_come_in_the_order_of_the_tasks():
    assert forked([lambda k=k: (k, os.getpid()) for k in range(5)], 1) == [(k, os.getpid()) for k in range(5)]
    answers = forked([lambda k=k: (k, os.getpid()) for k in range(5)], 2)
    assert [k for k, _ in answers] == list(range(5))
    assert os.getpid() not in {process for _, process in answers}
    assert answers[0][1] == answers[2][1] != answers[1][1]


def refuse(where):
    raise Rejected(where, "one thing", "another")


def test_refusal_in_another_process_is_the_first_one():
    tasks = [lambda: 0, lambda: refuse("second"), lambda: refuse("third"), lambda: 0]
    with pytest.raises(Rejected, match="second: got one thing, need another") as raised:
        forked(tasks, 2)
    assert (raised.value.where, raised.value.needed) == ("second", "another")


def test_crash_in_another_process_is_a_crash():
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        forked([lambda: 1 // 0, lambda: 1], 2)


def test_process_that_ends_early_is_no_verdict():
    with pytest.raises(NoVerdict, match=r"ended early .* --jobs 1"):
        forked([lambda: os._exit(9), lambda: 1], 2)

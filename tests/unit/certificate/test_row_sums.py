"""The sums over the rows in numpy against the checker's own pass over them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import eigenstill
import eigenstill.certificate.row_sums as module
from eigenstill.basis import Basis
from eigenstill.certificate.build import Split, _certificate
from eigenstill.certificate.row_sums import row_sums
from eigenstill.certificate.split import ListedRows
from eigenstill.spectrum import block_sums
from eigenstill_check.row_values import row_values
from eigenstill_check.rows import scan
from support.small import SUBJECT, small_formula


def case(kernel="rational-quadratic", *, seed=0, rows=60, outputs=1, linear=True, inputs=3):
    rng = np.random.default_rng(seed)
    formula, train = small_formula(
        rng, kernel=kernel, rows=rows, outputs=outputs, linear=linear, inputs=inputs, landmarks=7
    )
    formula = replace(formula, scales=np.round(formula.scales * 2**12) / 2**12)
    basis = Basis(
        kernel, formula.landmarks, formula.scales, formula.offsets, formula.linear_exponents, formula.grid_bits
    )
    return formula, train, basis


def compared(formula, splits, basis, known=None):
    blank = _certificate(formula, splits, SUBJECT)
    slow, found = scan(blank, with_gram=False), row_sums(blank, basis, splits, known=known)
    assert found is not None
    fast, values = found
    assert fast.column_sums == slow.column_sums
    for name, vectors in slow.products.items():
        assert [(v - w).squared_norm.mantissa for v, w in zip(vectors, fast.products[name], strict=True)] == [0] * len(
            vectors
        )
    assert fast.splits == slow.splits  # dyadic numbers compare by value
    for split, kept in values.items():
        expected = row_values(blank, split)
        assert [(v - w).squared_norm.mantissa for v, w in zip(expected, kept, strict=True)] == [0] * len(kept)
    return fast, values


@pytest.mark.parametrize("kernel", ["rational-quadratic", "rational-l1"])
@pytest.mark.parametrize("outputs", [1, 3])
@pytest.mark.parametrize("linear", [True, False])
def test_equal_to_the_checkers_pass(kernel, outputs, linear, monkeypatch):
    monkeypatch.setattr(module, "ROWS", 16)  # several blocks
    formula, train, basis = case(kernel, outputs=outputs, linear=linear)
    rng = np.random.default_rng(1)
    exports = {
        name: train.predictions + size * rng.standard_normal(train.predictions.shape)
        for name, size in (("c", 2.0**-48), ("onnx", 1e-3))
    }
    train = replace(train, exports=exports)
    parts = (train.inputs, train.teacher, train.predictions, train.labels)
    lifted = {name: values[20:45] * 1.5 for name, values in exports.items()}
    holdout = Split(*(part[20:45] * 1.5 for part in parts), lifted)
    _, values = compared(formula, {"train": train, "holdout": holdout}, basis)
    assert set(values) == ({"train", "holdout"} if outputs > 1 else {"holdout"})


def known_of(train, basis):
    parts = [
        block_sums(basis, train.inputs[rows], {name: part[rows] for name, part in train.targets.items()})
        for rows in (slice(0, 33), slice(33, None))
    ]
    return parts[0] + parts[1]


@pytest.mark.parametrize("kernel", ["rational-quadratic", "rational-l1"])
@pytest.mark.parametrize("labelled", [True, False])
@pytest.mark.parametrize("linear", [True, False])
def test_sums_that_are_known_already_give_the_same(kernel, labelled, linear, monkeypatch):
    monkeypatch.setattr(module, "ROWS", 16)
    formula, train, basis = case(kernel, linear=linear, rows=61)
    exports = {"c": train.predictions + 2.0**-48 * np.sin(np.arange(61.0))[:, None]}
    train = replace(train, exports=exports, labels=train.labels if labelled else None)
    known = known_of(train, basis)
    scanned = []
    monkeypatch.setattr(module.RowScanner, "block", lambda *a, **k: scanned.append(a))
    compared(formula, {"train": train}, basis, known)
    assert not scanned


def test_known_sums_of_other_rows_are_not_used():
    formula, train, basis = case()
    other = replace(train, teacher=train.teacher + 2.0**-30)
    compared(formula, {"train": train}, basis, known_of(other, basis))
    compared(formula, {"train": train.part(0, 40)}, basis, known_of(train, basis))


def test_many_rows_alike_and_predictions_all_exact():
    """Every gap the same: all rows stay open, and those that are equal are decided once."""
    formula, train, basis = case()
    rows = Split(*(np.concatenate([part] * 3) for part in (train.inputs, train.teacher, train.predictions)), None)
    compared(formula, {"train": rows}, basis, known_of(rows, basis))


def test_without_labels_and_with_repeated_rows():
    formula, train, basis = case()
    twice = Split(*(np.concatenate([part, part]) for part in (train.inputs, train.teacher, train.predictions)), None)
    compared(formula, {"train": twice}, basis)


def test_exact_predictions_have_the_smallest_difference():
    """Every gap near 0: many candidates for the largest."""
    formula, train, basis = case()
    compared(formula, {"train": replace(train, predictions=np.float32(train.predictions).astype(float))}, basis)


def test_other_kernels_and_far_rows_are_left_to_the_checker():
    formula, train, basis = case("gaussian")
    assert row_sums(_certificate(formula, {"train": train}, SUBJECT), basis, {"train": train}) is None
    formula, train, basis = case()
    far = replace(train, inputs=train.inputs * 2.0**60)
    assert row_sums(_certificate(formula, {"train": train}, SUBJECT), basis, {"train": train, "holdout": far}) is None


@pytest.mark.parametrize("basis", ["rational-quadratic", "rational-l1"])
def test_certificate_is_the_same_byte_for_byte(basis, tmp_path, monkeypatch):
    rng = np.random.default_rng(3)
    x = rng.normal(size=(150, 3))
    student = eigenstill.distill(
        np.sin(x[:100]), x[:100], landmarks=9, basis=basis, holdout=x[100:], holdout_outputs=np.sin(x[100:])
    )
    fast = eigenstill.certify(student, tmp_path / "fast")
    monkeypatch.setattr("eigenstill.certificate.build.row_sums", lambda *_: None)
    slow = eigenstill.certify(student, tmp_path / "slow")
    for name in ("student.cert.json", "student.cert.safetensors"):
        assert (fast.parent / name).read_bytes() == (slow.parent / name).read_bytes()


def test_listed_rows_are_lists_when_asked():
    values = np.arange(6.0).reshape(3, 2)
    rows = ListedRows(values)
    assert (len(rows), rows[1], rows[1:], list(rows)) == (3, [2.0, 3.0], values[1:].tolist(), values.tolist())

"""How long distilling, certifying and checking take beside a plain eigendecomposition, in one run; nothing is asserted.

Run: make bench. Each group compares stages at one size; pytest-benchmark prints ratios in parentheses.
"""

from __future__ import annotations

import numpy as np
import pytest

import eigenstill
from eigenstill.demo.teacher import split_ames
from eigenstill.spectrum.limb_floats import rounded

SIZES = (24, 128, 512)


def smooth(rows):
    """A stand-in teacher, so that no network is trained here: depends on eight of the columns."""
    standard = (rows - rows.mean(axis=0)) / rows.std(axis=0)
    return np.sin(standard[:, 0]) + standard[:, 1] * standard[:, 2] + np.abs(standard[:, 3:8]).sum(axis=1)


@pytest.fixture(scope="module", params=SIZES, ids=lambda size: f"m{size}")
def case(request, tmp_path_factory):
    split = split_ames()
    outputs = smooth(split.inputs)
    student = eigenstill.distill(outputs, split.inputs, split.labels, landmarks=request.param)
    path = eigenstill.certify(student, tmp_path_factory.mktemp("bench"))
    return request.param, split, outputs, student, path


def run(benchmark, size, function, *arguments, **options):
    benchmark.group = f"{size} landmarks, 1400 rows"
    return benchmark.pedantic(function, args=arguments, kwargs=options, rounds=3, warmup_rounds=0)


def test_distill(benchmark, case):
    size, split, outputs, _, _ = case
    run(benchmark, size, eigenstill.distill, outputs, split.inputs, split.labels, landmarks=size)


def test_certify(benchmark, case, tmp_path):
    size, _, _, student, _ = case
    run(benchmark, size, eigenstill.certify, student, tmp_path)


def test_check(benchmark, case):
    size, _, _, _, path = case
    assert run(benchmark, size, eigenstill.check, path).accepted


def test_eigh_alone(benchmark, case):
    size, _, _, student, _ = case
    matrix = rounded(student.exact.limbs, student.exact.exponent)
    run(benchmark, size, np.linalg.eigh, matrix)


def test_predict(benchmark, case):
    size, split, _, student, _ = case
    run(benchmark, size, student.predict, split.test_inputs)

"""The basis in integers against fractions: every kernel, ties, subnormals, very large coordinates."""

from __future__ import annotations

from fractions import Fraction
from math import floor
from unittest.mock import patch

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import eigenstill_check.basis
from eigenstill_check.basis import Evaluator, LinearColumns
from eigenstill_check.certificate import Basis, Model
from eigenstill_check.dyadic import ZERO
from eigenstill_check.layout import KERNELS
from support.reference import phi, two

TINY, HUGE = 5e-324, 1e300
values = st.one_of(
    st.sampled_from([0.0, -0.0, 1.0, -1.0, 0.5, 0.1, TINY, -TINY, 2.0**-1022, HUGE, -HUGE, 1.7976931348623157e308]),
    st.floats(-1e3, 1e3),
    st.floats(allow_nan=False, allow_infinity=False),
)
positive = st.one_of(st.sampled_from([1.0, 0.25, TINY, 2.0**-1022, 1e-30, HUGE]), st.floats(1e-6, 1e6))


def points(inputs, low, high):
    return st.lists(st.lists(values, min_size=inputs, max_size=inputs), min_size=low, max_size=high)


cases = st.integers(1, 3).flatmap(
    lambda d: st.tuples(points(d, 1, 5), points(d, 1, 4), st.lists(positive, min_size=d, max_size=d))
)


@given(cases, st.sampled_from(KERNELS), st.sampled_from([16, 80, 128]), st.booleans())
def test_block_floors_the_exact_kernel(case, kernel, bits, few):
    rows, landmarks, scales = case
    with patch.object(eigenstill_check.basis, "FEW", 24 if few else 0):  # many rows go another way
        block = Evaluator(kernel, landmarks, scales, bits).block(rows)
    assert block.fine == [[floor(phi(kernel, x, z, scales) * 2**bits) for z in landmarks] for x in rows]
    for index, (column, shift) in enumerate(zip(block.inputs, block.input_shifts, strict=True)):
        assert [value * two(-shift) for value in column] == [Fraction(x[index]) for x in rows]


@given(cases, st.sampled_from(KERNELS))
def test_gram_of_the_landmarks_is_their_block(case, kernel):
    _, landmarks, scales = case
    evaluator = Evaluator(kernel, landmarks, scales, 80)
    with patch.object(eigenstill_check.basis, "FEW", 0):
        gram = evaluator.gram(landmarks)
    assert gram == evaluator.block(landmarks).fine


@given(cases, st.sampled_from(KERNELS))
def test_range_is_what_float64_can_do(case, kernel):
    rows, landmarks, scales = case
    block = Evaluator(kernel, landmarks, scales, 80).block(rows)
    coordinates = [abs(Fraction(v)) for point in rows + landmarks for v in point]
    rational = kernel if kernel == "rational-l1" else "rational-quadratic"  # the exponential ones have its distance
    distances = [1 / phi(rational, x, z, scales) for x in rows for z in landmarks]
    assert block.within_range == (max(coordinates) <= two(500) and max(distances) <= two(1000))


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize(
    ("x", "within"), [(2.0**500, True), (-(2.0**500), True), (2.0**501, False), (-(2.0**501), False)]
)
def test_range_at_the_coordinate_limit(kernel, x, within):
    assert Evaluator(kernel, [[0.0]], [2.0**-600], 80).block([[x], [1.0]]).within_range == within
    assert Evaluator(kernel, [[x]], [2.0**-600], 80).block([[0.0]]).within_range == within


@pytest.mark.parametrize("scale", [2.0**999, 2.0**1000])
def test_range_at_the_distance_limit(scale):
    """1 + q = 1 + 2^999 is within, 1 + 2^1000 is not."""
    assert Evaluator("rational-l1", [[0.0]], [scale], 80).block([[1.0]]).within_range == (scale < 2.0**1000)


@pytest.mark.parametrize("kernel", KERNELS)
def test_ties_of_rows_and_landmarks(kernel):
    """Equal coordinates in every order: the l1 evaluation turns signs along sorted coordinates."""
    line = [0.0, 1.0, 1.0, -1.0, 0.0, 2.0, 1.0]
    rows, landmarks = [[a, b] for a in line for b in (1.0, -1.0)], [[a, b] for a in (1.0, 0.0, 1.0) for b in (1.0, 0.0)]
    block = Evaluator(kernel, landmarks, [0.5, 0.75], 80).block(rows)
    assert block.fine == [[floor(phi(kernel, x, z, [0.5, 0.75]) * 2**80) for z in landmarks] for x in rows]
    assert any(value == 1 << 80 for row in block.fine for value in row), "a row that is a landmark"


@pytest.mark.parametrize("kernel", KERNELS)
def test_rows_alone_or_together_give_the_same(kernel):
    rows = [[0.1, 7.0], [1e10, -3.0], [TINY, 0.3]]
    evaluator = Evaluator(kernel, [[0.2, 0.1], [1e9, 2.0]], [0.3, 1e-5], 80)
    together = evaluator.block(rows).fine
    assert [evaluator.block([row]).fine[0] for row in rows] == together


def linear(offsets, exponents, bits):
    basis = Basis("rational-l1", True, bits, list(exponents), 0, ZERO, 0, 0, 0)
    d = len(offsets)
    model = Model([[0.0] * d], [1.0] * d, [[1.0]], [0.0], [[1.0]] * d, list(offsets), [[1]], [1] * d, [], [], [])
    return LinearColumns(basis, model)


@given(
    st.integers(1, 3).flatmap(
        lambda d: st.tuples(
            points(d, 1, 5),
            st.lists(values, min_size=d, max_size=d),
            st.lists(st.integers(-60, 60) | st.sampled_from([-1100, 1100]), min_size=d, max_size=d),
        )
    ),
    st.sampled_from([8, 40, 64]),
)
def test_linear_columns_floor_exactly(case, bits):
    rows, offsets, exponents = case
    assume(max(map(abs, exponents)) < 1100 or max(abs(v) for row in [*rows, offsets] for v in row) < 1e10)
    block = Evaluator("rational-l1", [[0.0] * len(offsets)], [1.0] * len(offsets), 80).block(rows)
    assert linear(offsets, exponents, bits).rows(block) == [
        [floor((Fraction(v) - Fraction(o)) * 2**bits / two(e)) for v, o, e in zip(row, offsets, exponents, strict=True)]
        for row in rows
    ]


def test_no_linear_term_has_empty_rows():
    block = Evaluator("rational-l1", [[0.0]], [1.0], 80).block([[1.0], [2.0]])
    assert linear([], [], 40).rows(block) == [[], []]

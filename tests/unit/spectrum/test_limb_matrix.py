"""Matrices of balanced digits against Python's integers."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eigenstill.errors import SpectrumError
from eigenstill.spectrum.limb_floats import rounded, to_float
from eigenstill.spectrum.limb_matrix import LimbMatrix, digit_width

WIDTHS = (20, 21, 22)


def whole(seed: int, shape: tuple[int, int], bits: int) -> np.ndarray:
    draw = random.Random(seed)
    edges = [0, 1, -1, 2**bits - 1, -(2**bits), 2 ** (bits // 2), -(2 ** (bits // 2))]
    entries = [
        [draw.choice(edges) if draw.random() < 0.3 else draw.randrange(-(2**bits), 2**bits) for _ in range(shape[1])]
        for _ in range(shape[0])
    ]
    return np.array(entries, dtype=object)


@given(st.integers(0, 10**6), st.integers(0, 260), st.sampled_from(WIDTHS), st.integers(1, 5), st.integers(1, 5))
@settings(max_examples=80, deadline=None)
def test_python_integers_and_back(seed, bits, width, rows, columns):
    matrix = whole(seed, (rows, columns), bits)
    limbs = LimbMatrix.of_integers(matrix, width)
    assert np.abs(limbs.digits).max() <= 1 << (width - 1)
    assert (limbs.integers() == matrix).all()
    assert limbs.lists() == matrix.tolist() == LimbMatrix.of_integers(matrix.tolist(), width).lists()
    assert limbs.absolute_row_sums() == [sum(map(abs, row)) for row in matrix.tolist()]
    assert (limbs.transposed.integers() == matrix.T).all()


@given(st.integers(0, 10**6), st.integers(0, 200), st.integers(0, 90), st.sampled_from(WIDTHS))
@settings(max_examples=50, deadline=None)
def test_sums_products_and_shifts(seed, bits, others, width):
    a, b, c = whole(seed, (4, 5), bits), whole(seed + 1, (5, 3), others), whole(seed + 2, (4, 5), others)
    left, right, third = (LimbMatrix.of_integers(matrix, width) for matrix in (a, b, c))
    assert ((left @ right).integers() == a.dot(b)).all()
    assert (left.gram().integers() == a.dot(a.T)).all()
    assert left.gram().diagonal() == np.diag(a.dot(a.T)).tolist()
    assert ((left + third).integers() == a + c).all()
    assert ((left - third).integers() == a - c).all()
    assert ((left << others).integers() == a << others).all()


@given(st.integers(0, 10**6), st.integers(1, 150), st.sampled_from(WIDTHS))
@settings(max_examples=50, deadline=None)
def test_bounds_are_decided_at_the_edge(seed, bits, width):
    matrix = whole(seed, (3, 4), bits)
    matrix[1, 1] = -(2**bits)
    assert LimbMatrix.of_integers(matrix, width).within(bits)
    for outside in (2**bits, -(2**bits) - 1, 2 ** (bits + 70), -(2 ** (bits + 70))):
        matrix[2, 3] = outside
        assert not LimbMatrix.of_integers(matrix, width).within(bits)


@pytest.mark.parametrize("width", WIDTHS)
def test_digits_of_another_base(width):
    rng = np.random.default_rng(width)
    digits = rng.integers(-(2**60), 2**60, (4, 3, 3))
    expected = sum(digit.astype(object) << (20 * place) for place, digit in enumerate(digits))
    assert (LimbMatrix.of_digits(list(digits), 20, width).integers() == expected).all()


def test_wrong_products_and_too_many_terms_are_noticed():
    limbs = LimbMatrix.of_integers(whole(0, (3, 3), 100), 22)
    product = limbs @ limbs
    bent = product.digits.copy()
    bent[1, 2, 0] += 1
    with pytest.raises(SpectrumError, match="not exact on integers"):
        LimbMatrix(bent, 22).verify(limbs, limbs)
    assert (digit_width(526), digit_width(2048), digit_width(2049)) == (22, 22, 21)
    long = LimbMatrix.of_int64(np.ones((1, 2049), dtype=np.int64), 22)
    with pytest.raises(SpectrumError, match="2049 terms"):
        long.gram()


@given(st.integers(0, 10**6), st.integers(0, 90), st.sampled_from((3, 150, 300)), st.booleans())
@settings(max_examples=12, deadline=None)
def test_congruence_of_a_symmetric_matrix(seed, bits, size, triangular):
    draw = np.random.default_rng(seed)
    half = draw.integers(-(2**40), 2**40, (size, size)).astype(object) << bits
    symmetric = half + half.T
    factor = draw.integers(-(2**30), 2**30, (size, 5 if size == 3 else size))
    factor = np.triu(factor) if triangular else factor
    width = digit_width(size)
    left, right = LimbMatrix.of_integers(symmetric, width), LimbMatrix.of_int64(factor, width)
    found = left.congruence(right)
    vector = draw.integers(-100, 100, factor.shape[1]).astype(object)
    wanted = factor.T.astype(object).dot(symmetric.dot(factor.astype(object).dot(vector)))
    assert (found.integers().dot(vector) == wanted).all()
    assert found.symmetric


def test_a_product_that_is_not_symmetric_is_refused():
    draw = np.random.default_rng(5)
    left, right = (LimbMatrix.of_int64(draw.integers(-9, 9, (300, 300)), 22) for _ in range(2))
    with pytest.raises(SpectrumError, match="not exact"):
        left.symmetric_product(right)


@given(st.integers(0, 10**6), st.integers(50, 1000), st.sampled_from(WIDTHS), st.integers(-200, 10))
@settings(max_examples=60, deadline=None)
def test_floats_are_rounded_once(seed, bits, width, exponent):
    draw = random.Random(seed)
    top = draw.randrange(2**52, 2**53)
    ties = [top << (bits - 53) if bits >= 53 else top, ((2 * top + 1) << bits >> 53), 2**bits, 3 * 2**bits]
    near = [sign * tie + step for tie in ties for step in (-1, 0, 1) for sign in (1, -1)]
    deep = [(2 * top + 1 << max(0, bits - 53)) + draw.choice((-1, 1)) * draw.randrange(1, 2**9) for _ in range(6)]
    matrix = np.array([near[:6], near[6:12], near[12:18], near[18:24], deep], dtype=object)
    found = rounded(LimbMatrix.of_integers(matrix, width), exponent)
    assert (found == to_float(matrix, exponent)).all()

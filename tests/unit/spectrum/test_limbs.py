"""Exact products of integer matrices through float64 BLAS, against Python's own integers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eigenstill.errors import SpectrumError
from eigenstill.spectrum import exact_gram
from eigenstill.spectrum.exact_gram import BLOCK
from eigenstill.spectrum.limbs import PRIME, exact_matmul, join, limb_width, multiply, split, verify

big = st.integers(-(2**200), 2**200)
small = st.integers(-(2**62), 2**62)


def matrix(rows, columns, entries):
    return st.lists(st.lists(entries, min_size=columns, max_size=columns), min_size=rows, max_size=rows).map(
        lambda nested: np.array(nested, dtype=object).reshape(rows, columns)
    )


def plain(left, right):
    return [[sum(a * b for a, b in zip(row, column, strict=True)) for column in right.T] for row in left]


@given(matrix(2, 3, big), st.integers(2, 26))
def test_split_and_join_are_inverse(values, width):
    limbs = split(values, width)
    assert all(limb.dtype == np.int64 for limb in limbs)
    assert all(limb.min() >= 0 and limb.max() < 2**width for limb in limbs[:-1])
    assert abs(limbs[-1]).max() < 2**width
    assert join(limbs, width).tolist() == values.tolist()


@given(matrix(2, 3, small), st.integers(2, 26))
def test_int64_splits_alike(values, width):
    assert join(split(values.astype(np.int64), width), width).tolist() == values.tolist()


@settings(deadline=None)
@given(matrix(3, 4, big), matrix(4, 2, small))
def test_multiply_is_exact(left, right):
    assert multiply(left, right).tolist() == plain(left, right)
    assert multiply(left, right.astype(np.int64)).tolist() == plain(left, right)


def test_multiply_is_exact_at_size():
    rng = np.random.default_rng(0)
    left = rng.integers(-(2**62), 2**62, (30, 150)).astype(object) * 2**60 + 12345
    right = rng.integers(-(2**40), 2**40, (150, 20))
    assert np.array_equal(multiply(left, right), left.dot(right.astype(object)))


@given(st.integers(1, 10**6))
def test_limb_width_is_safe_and_widest(inner):
    width = limb_width(inner)
    assert inner * (2**width) ** 2 <= 2**53
    assert inner * (2 ** (width + 1)) ** 2 > 2**52


def test_products_that_float64_would_round_are_refused():
    wide = np.full((1, 2), 2.0**27)
    with pytest.raises(SpectrumError, match="entries too large for float64"):
        exact_matmul(wide, wide.T)


def test_a_wrong_product_is_found_out():
    left = np.arange(12).reshape(3, 4)
    product = left @ left.T
    verify(product, left, left.T)
    product[1, 2] += 1
    with pytest.raises(SpectrumError, match="not exact on integers here"):
        verify(product, left, left.T)


def test_the_prime_is_prime():
    assert all(PRIME % divisor for divisor in range(2, 1025))


@pytest.mark.parametrize("rows", [1, 7, BLOCK + 3])
def test_gram_is_exact(rows):
    rng = np.random.default_rng(rows)
    columns = rng.integers(0, 2**40 + 1, (rows, 6))
    columns[0] = 2**40
    expected = columns.astype(object).T.dot(columns.astype(object))
    assert np.array_equal(exact_gram(columns), expected)
    means = columns.sum(axis=0) // rows
    centred = (columns - means).astype(object)
    assert np.array_equal(exact_gram(columns, means), centred.T.dot(centred))

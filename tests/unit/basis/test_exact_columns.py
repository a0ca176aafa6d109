"""Exact columns: the integers are the floors of the formula in fractions, whatever the numbers."""

from __future__ import annotations

from fractions import Fraction
from math import floor

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from eigenstill.basis import KERNELS, Basis, exact_columns
from eigenstill.basis.basis import linear_term, two_difference
from eigenstill.basis.exact_columns import common_integers, exact_floors
from eigenstill.errors import BasisError
from support.reference import phi


def floors(basis, inputs):
    """The definition, in fractions: floor(2^p phi_j(x_i)) and floor(2^p (x - o) / 2^E)."""
    rows = []
    for x in inputs:
        row = [floor(2**basis.grid_bits * phi(basis.kernel, x, z, basis.scales)) for z in basis.landmarks]
        if basis.offsets is not None:
            for a, o, e in zip(x, basis.offsets, basis.exponents, strict=True):
                row.append(floor((Fraction(float(a)) - Fraction(float(o))) * Fraction(2) ** (basis.grid_bits - e)))
        rows.append(row)
    return rows


number = st.one_of(
    st.floats(-1e3, 1e3),
    st.integers(-5, 5).map(float),
    st.floats(-1e-3, 1e-3),
    st.sampled_from([2000.1, 2000.0, 0.1, 1e9 + 0.1, -1e9, 2.0**-60]),
)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(KERNELS),
    st.integers(1, 3).flatmap(
        lambda d: st.tuples(
            st.lists(st.lists(number, min_size=d, max_size=d), min_size=2, max_size=6),
            st.lists(st.lists(number, min_size=d, max_size=d), min_size=1, max_size=4),
            st.lists(st.sampled_from([1.0, 0.5, 0.1, 3.7e-4, 250.0, 2.0**-70]), min_size=d, max_size=d),
        )
    ),
    st.sampled_from([40, 20, 8]),
)
def test_columns_are_the_exact_floors(kernel, data, bits):
    inputs, landmarks, scales = (np.array(part) for part in data)
    assume((inputs.min(axis=0) < inputs.max(axis=0)).all())
    basis = Basis(kernel, landmarks, scales, *linear_term(inputs), bits)
    columns = exact_columns(basis, inputs)
    assert columns.dtype == np.int64
    assert columns.tolist() == floors(basis, inputs)
    assert columns.min() >= 0
    assert columns.max() <= 2**bits


@pytest.mark.parametrize("kernel", KERNELS)
def test_values_on_the_grid_are_decided_in_integers(kernel):
    """phi = 1, 1/2, 1/4 ... exactly: float64 alone cannot tell the floor from its neighbour."""
    inputs = np.array([[0.0], [1.0], [3.0], [7.0], [0.1]])
    basis = Basis(kernel, np.array([[0.0], [0.1]]), np.array([1.0]))
    assert exact_columns(basis, inputs).tolist() == floors(basis, inputs)


@pytest.mark.parametrize("kernel", KERNELS)
def test_columns_agree_with_high_precision_on_many_entries(kernel):
    rng = np.random.default_rng(5)
    inputs = rng.standard_normal((300, 6)) * 10.0 ** rng.integers(-3, 4, 6)
    basis = Basis(kernel, inputs[:40], 1 / inputs.var(axis=0))
    columns = exact_columns(basis, inputs)
    every = np.array(exact_floors(basis, inputs, *(p.ravel() for p in np.indices(columns.shape))))
    assert np.array_equal(columns, every.reshape(columns.shape))
    for i, j in rng.integers(0, 40, (200, 2)):
        assert floor(2**40 * phi(kernel, inputs[i], inputs[j], basis.scales)) == columns[i, j]


def test_far_points_have_column_zero_and_other_rows_may_leave_the_interval():
    train = np.array([[0.0], [1.0]])
    basis = Basis("rational-quadratic", train, np.ones(1), *linear_term(train))
    outside = np.array([[-2.5], [1e5], [1e-320]])
    assert exact_columns(basis, outside).tolist() == floors(basis, outside)
    with pytest.raises(BasisError, match=r"row 1, column 0: 1e\+09 is too far"):
        exact_columns(basis, np.array([[0.0], [1e9]]))


def test_linear_columns_beyond_53_bits_are_exact():
    train = np.array([[0.1], [0.1 + 2.0**-20]])
    basis = Basis("rational-l1", train[:1], np.ones(1), *linear_term(train), 40)
    queries = np.array([[0.3], [-0.7], [3.3333]])
    assert exact_columns(basis, queries).tolist() == floors(basis, queries)


@given(st.floats(-1e15, 1e15), st.floats(-1e15, 1e15))
def test_two_difference_is_exact(left, right):
    first, rest = two_difference(np.float64(left), np.float64(right))
    assert Fraction(float(first)) + Fraction(float(rest)) == Fraction(left) - Fraction(right)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e200, max_value=1e200), min_size=1))
def test_common_integers_are_exact(values):
    integers, exponent = common_integers(np.array(values))
    assert [Fraction(k) * Fraction(2) ** exponent for k in integers] == [Fraction(v) for v in values]

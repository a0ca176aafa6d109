"""Scales, landmarks and kernels: what they are, in plain formulas."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eigenstill.basis import KERNELS, Basis, choose_landmarks, kernel_values, teacher_metric
from eigenstill.basis.basis import linear_term
from eigenstill.basis.kernels import error_bound
from eigenstill.basis.kmeans import kmeans
from eigenstill.basis.rounding import round_bits, round_columns
from eigenstill.errors import BasisError, DataError
from support.reference import phi, two

finite = st.floats(-1e6, 1e6, allow_nan=False)


def rows(count=60, width=3, seed=0):
    return np.random.default_rng(seed).standard_normal((count, width)) * [1.0, 20.0, 0.01][:width] + 5


@given(st.lists(st.floats(1e-200, 1e200), min_size=1, max_size=5))
def test_round_bits_keeps_24_bits_and_is_nearest(values):
    rounded = round_bits(np.array(values))
    mantissas, _ = np.frexp(rounded)
    assert np.array_equal(np.rint(mantissas * 2**24), mantissas * 2**24)
    assert np.abs(rounded / values - 1).max() <= 2.0**-24


def test_round_columns_leaves_integers_and_keeps_close_values_apart():
    assert np.array_equal(round_columns(np.array([[0.0, 2], [1, 0]]), np.ones(2)), [[0, 2], [1, 0]])
    far = 1e9 + np.array([[0.0], [0.01], [0.02]])
    rounded = round_columns(far, far.std(axis=0))
    assert len(np.unique(rounded)) == 3
    assert np.abs(rounded - far).max() <= far.std() * 2.0**-10


@pytest.mark.parametrize("kernel", KERNELS)
def test_kernel_values_are_the_formula(kernel):
    x, z, s = rows(), rows(7, seed=1), np.array([0.5, 0.002, 40.0])
    expected = [[float(phi(kernel, a, b, s)) for b in z] for a in x]
    assert np.allclose(kernel_values(kernel, x, z, s), expected, rtol=1e-13, atol=1e-300)


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("scale", [1e-6, 1.0, 30.0, 1e4])
def test_kernel_values_are_within_their_error_bound(kernel, scale):
    x, z, s = rows(), rows(7, seed=1), scale * np.array([0.5, 0.002, 40.0])
    values = kernel_values(kernel, x, z, s)
    bounds = error_bound(kernel, 3, values)
    for index in np.ndindex(values.shape):
        gap = abs(Fraction(values[index]) - phi(kernel, x[index[0]], z[index[1]], s))
        assert gap <= Fraction(bounds[index]) + two(-1070)


@pytest.mark.parametrize("kernel", KERNELS)
def test_kernels_do_not_lose_digits_far_from_the_origin(kernel):
    """Expanded squares would be off by hundreds of units here."""
    x, z, s = np.array([[2000.1]]), np.array([[2000.0]]), np.array([1.0])
    assert kernel_values(kernel, x, z, s)[0, 0] == pytest.approx(float(phi(kernel, x[0], z[0], s)), rel=2**-50)


@pytest.mark.parametrize("kernel", KERNELS)
def test_kernels_of_the_farthest_points_are_numbers(kernel):
    values = kernel_values(kernel, np.array([[1e200], [-1e200], [0.0]]), np.zeros((1, 1)), np.array([1e10]))
    assert np.isfinite(values).all()
    assert values[2, 0] == 1


@pytest.mark.parametrize("kernel", KERNELS)
def test_kernel_matrices_are_positive_definite(kernel):
    z = rows(40)
    assert np.linalg.eigvalsh(kernel_values(kernel, z, z, 1 / z.var(axis=0))).min() > 0


def test_unknown_kernels_are_named():
    with pytest.raises(BasisError, match="basis gauss: unknown; need rational-quadratic or rational-l1 or gaussian"):
        kernel_values("gauss", np.zeros((1, 1)), np.zeros((1, 1)), np.ones(1))
    with pytest.raises(BasisError, match="need 1 positive numbers"):
        Basis("rational-l1", np.zeros((1, 1)), np.zeros(1))
    with pytest.raises(BasisError, match="need 1 offsets and 1 exponents, or neither"):
        Basis("rational-l1", np.zeros((1, 1)), np.ones(1), np.zeros(1), ())


def test_isotropic_scales_are_the_median_rule():
    x = rows(30)
    metric = teacher_metric(x)
    scaled = x / x.std(axis=0)
    gaps = [scaled[i] - scaled[j] for i in range(30) for j in range(i)]
    squared = np.median([(gap**2).sum() for gap in gaps])
    absolute = np.median([np.abs(gap).sum() for gap in gaps])
    assert np.allclose(metric.scales("rational-quadratic", 2.0), 1 / (4 * squared * x.var(axis=0)), rtol=1e-6)
    assert np.allclose(metric.scales("rational-l1", 0.5), 2 / (absolute * x.std(axis=0)), rtol=1e-6)
    assert np.array_equal(metric.scales("rational-l1", 2.0) * 4, metric.scales("rational-l1", 0.5))


def test_teacher_metric_follows_relative_slopes():
    """t = (m + 0.1) / 1.1, with m the slope in standardised input and output, averaged over outputs, over its mean."""
    x = rows(200)
    outputs = np.stack([3 * x[:, 0], 1000 * (x[:, 1] + 20 * x[:, 0])], axis=1)
    gradients = np.array([[3.0, 0, 0], [20000, 1000, 0]])
    slopes = (gradients * x.std(axis=0) / outputs.std(axis=0)[:, None]).mean(axis=0)
    expected = (slopes / slopes.mean() + 0.1) / 1.1
    assert np.allclose(teacher_metric(x, outputs, gradients).weights * x.std(axis=0), expected)
    assert expected[2] == pytest.approx(0.1 / 1.1)


def test_metric_without_slopes_is_isotropic():
    x = rows(20)
    plain = teacher_metric(x).weights
    assert np.array_equal(teacher_metric(x, np.ones((20, 1)), np.zeros((1, 3))).weights, plain)
    assert np.array_equal(teacher_metric(x, x[:, :1], np.zeros((1, 3))).weights, plain)


def test_metric_samples_rows_by_seed():
    x = rows(3000)
    assert teacher_metric(x, seed=1).median_squared == teacher_metric(x, seed=1).median_squared
    assert teacher_metric(x, seed=1).median_squared == pytest.approx(teacher_metric(x, seed=2).median_squared, rel=0.1)


def test_metric_counts_only_pairs_of_different_rows():
    x = np.array([[0.0]] * 50 + [[1.0]])
    assert teacher_metric(x).median_squared > 0
    with pytest.raises(DataError, match="does not vary"):
        teacher_metric(np.ones((3, 1)))


def test_more_landmarks_than_different_rows_is_noticed():
    """scikit-learn #10059: fewer different points than clusters asked."""
    x = np.array([[0.0, 0], [0, 2], [1, 0], [0, 0], [1, 0], [0, 2]])
    notices: list[str] = []
    landmarks = choose_landmarks(x, np.ones(2), 4, notices=notices)
    assert landmarks.tolist() == [[0, 0], [0, 2], [1, 0]]
    assert notices == ["landmarks: 4 asked, but only 3 different rows; reduced to these"]
    assert len(choose_landmarks(x, np.ones(2), 3, notices=notices)) == 3
    assert len(notices) == 1


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 20), st.integers(0, 5))
def test_landmarks_are_different_and_inside_the_data(count, seed):
    x = rows(40, seed=seed)
    landmarks = choose_landmarks(x, 1 / x.std(axis=0), count, seed)
    assert landmarks.shape == (count, 3)
    assert len(np.unique(landmarks, axis=0)) == count
    slack = x.std(axis=0) * 2.0**-10
    assert (landmarks >= x.min(axis=0) - slack).all()
    assert (landmarks <= x.max(axis=0) + slack).all()


def test_landmarks_follow_the_seed():
    x = rows(200)
    first, again, other = (choose_landmarks(x, 1 / x.std(axis=0), 10, seed) for seed in (3, 3, 4))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    with pytest.raises(BasisError, match="landmarks: got 0; need 1 to 4096"):
        choose_landmarks(x, np.ones(3), 0)


def test_kmeans_finds_separate_groups_and_refills_empty_centres():
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(5.0) * 100, 20)[:, None] + rng.standard_normal((100, 1))
    centres = np.sort(kmeans(groups, 5, rng), axis=0)
    assert np.abs(centres[:, 0] - np.arange(5) * 100).max() < 1
    few = np.repeat(np.eye(3), 10, axis=0)
    assert len(kmeans(few, 6, rng)) == 6


@given(st.lists(st.tuples(finite, finite), min_size=2, max_size=10, unique_by=(lambda p: p[0], lambda p: p[1])))
def test_linear_columns_lie_in_the_unit_interval(points):
    x = np.array(points)
    offsets, exponents = linear_term(x)
    for column, low, exponent in zip(x.T, offsets, exponents, strict=True):
        widest = max(Fraction(float(v)) for v in column) - Fraction(float(low))
        assert Fraction(2) ** (exponent - 1) < widest <= Fraction(2) ** exponent


def test_basis_values_put_inputs_beside_the_kernel():
    x = rows(20)
    offsets, exponents = linear_term(x)
    basis = Basis("rational-l1", x[:4], np.ones(3), offsets, exponents)
    values = basis.values(x)
    assert values.shape == (20, 7) == (20, basis.columns)
    assert np.array_equal(values[:, 4:], (x - offsets) / 2.0 ** np.array(exponents))
    assert Basis("rational-l1", x[:4], np.ones(3)).values(x).shape == (20, 4)

"""Kernel matrices of the user's own: what is refused, with which proof, and what passes."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eigenstill import IndefiniteError, gram_features, kernel_features
from eigenstill.errors import BasisError, DataError
from eigenstill.features import require_kernel_matrix
from eigenstill.features.definite import quadratic_form

RNG = np.random.default_rng(8)
POINTS = RNG.normal(size=(30, 2))


def laplace(a, b):
    return np.exp(-np.abs(a[:, None, :] - b[None, :, :]).sum(axis=2))


def form(matrix, direction) -> Fraction:
    size = range(len(direction))
    return sum(Fraction(matrix[i, j]) * Fraction(direction[i]) * Fraction(direction[j]) for i in size for j in size)


@given(st.integers(1, 6), st.integers(0, 10**6))
def test_quadratic_form_is_exact(size, seed):
    rng = np.random.default_rng(seed)
    matrix = rng.normal(size=(size, size)) * 10.0 ** rng.integers(-30, 30, size=(size, size))
    direction = rng.normal(size=size)
    assert quadratic_form(matrix, direction) == form(matrix, direction)


@pytest.mark.parametrize("size", [2, 5, 40])
def test_an_indefinite_matrix_is_refused_with_a_direction_that_proves_it(size):
    matrix = RNG.normal(size=(size, size))
    matrix = matrix + matrix.T
    with pytest.raises(IndefiniteError) as caught:
        require_kernel_matrix(matrix, "mine")
    error = caught.value
    assert error.value == form(matrix, error.direction) < 0
    assert np.linalg.norm(error.direction) == pytest.approx(1, abs=1e-4)
    assert float(error.value) == pytest.approx(np.linalg.eigvalsh(matrix)[0], rel=1e-4)
    assert f"v^T K v = {float(error.value):.9g} < 0, exactly, for v = (" in str(error)
    assert "\n" not in str(error)


def test_a_barely_indefinite_matrix_is_refused():
    """Negative by far more than rounding, and by far less than the eye sees."""
    matrix = POINTS @ POINTS.T
    with pytest.raises(IndefiniteError):
        require_kernel_matrix(matrix - 1e-9 * np.eye(30), "mine")


def test_rounding_is_neither_asymmetry_nor_a_negative_direction():
    """A matrix of rank 2 has eigenvalues of -1e-15, and BLAS may round its two triangles apart."""
    matrix = POINTS @ POINTS.T
    matrix[0, 1] = np.nextafter(matrix[0, 1], 10)
    held = require_kernel_matrix(matrix, "mine")
    assert np.array_equal(held, held.T)
    assert np.abs(held - matrix).max() <= 2.0**-50


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        ([[1.0, 2.0]], r"shape \(1, 2\); need a square matrix"),
        ([1.0], r"shape \(1,\); need a square matrix"),
        ([[1.0, 0.5], [0.25, 1.0]], r"not symmetric: entries \(0,1\) and \(1,0\) differ by 0.25, the largest gap"),
    ],
)
def test_other_faults_are_named(matrix, message):
    with pytest.raises(BasisError, match=message):
        require_kernel_matrix(np.array(matrix), "mine")
    with pytest.raises(BasisError, match="precomputed kernel"):
        gram_features(np.array(matrix))


def test_values_that_are_no_numbers_are_refused():
    with pytest.raises(DataError, match="need finite numbers"):
        gram_features(np.array([[1.0, np.nan], [np.nan, 1.0]]))
    with pytest.raises(DataError, match="need finite numbers"):
        kernel_features(lambda a, b: np.full((len(a), len(b)), np.inf), POINTS[:3])
    with pytest.raises(BasisError, match=r"values of shape \(3,\) for 3 rows and 3 landmarks; need \(3, 3\)"):
        kernel_features(lambda a, b: np.ones(len(a)), POINTS[:3])


def test_features_of_a_kernel_have_its_inner_products():
    features = kernel_features(laplace, POINTS[:12])
    held = features(POINTS[:12])
    assert np.allclose(held @ held.T, laplace(POINTS[:12], POINTS[:12]), atol=1e-6)
    assert np.allclose(features(POINTS[5:6]), held[5:6])


def test_features_of_a_gram_matrix_explain_it():
    gram = laplace(POINTS, POINTS)
    assert np.allclose(gram_features(gram, 30) @ gram_features(gram, 30).T, gram, atol=1e-5)
    traces = [np.trace(gram - (h := gram_features(gram, count)) @ h.T) for count in (2, 5, 10, 20)]
    assert traces == sorted(traces, reverse=True)


def test_features_of_a_gram_matrix_of_low_rank_are_few():
    assert gram_features(POINTS @ POINTS.T, 30).shape == (30, 2)
    with pytest.raises(BasisError, match="need both > 0"):
        gram_features(np.zeros((3, 3)))

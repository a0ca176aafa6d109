"""The operator: exact M by definition, its metric, its eigenpairs, rank deficiency."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import numpy as np
import pytest

from eigenstill.basis import KERNELS, Basis, exact_columns, kernel_values, teacher_metric
from eigenstill.basis.basis import linear_term
from eigenstill.errors import SpectrumError
from eigenstill.spectrum import decompose
from eigenstill.spectrum.limb_floats import to_float
from eigenstill.spectrum.spectrum import eigenpairs


def example(rows=40, landmarks=6, width=3, kernel="rational-quadratic", linear=True):
    inputs = np.random.default_rng(rows).standard_normal((rows, width)) * 10 + 3
    scales = teacher_metric(inputs).scales(kernel)
    term = linear_term(inputs) if linear else (None, ())
    basis = Basis(kernel, inputs[:landmarks], scales, *term)
    return basis, exact_columns(basis, inputs)


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("linear", [True, False])
def test_operator_is_the_definition_in_fractions(kernel, linear):
    """M = T^T N T with N = G - S c^T - c S^T + n c c^T, all integers, no centring first."""
    basis, columns = example(kernel=kernel, linear=linear)
    spectrum = decompose(basis, columns)
    whole = columns.astype(object)
    sums = whole.sum(axis=0)
    means = np.array([int(total) // len(columns) for total in sums], dtype=object)
    centred = whole.T.dot(whole) - np.outer(sums, means) - np.outer(means, sums) + len(columns) * np.outer(means, means)
    transform = spectrum.metric.matrix().astype(object)
    assert np.array_equal(spectrum.operator, transform.T.dot(centred).dot(transform))
    assert spectrum.column_sums == tuple(sums)
    assert spectrum.column_means == tuple(means)
    assert spectrum.exponent == 2 * (spectrum.metric.exponent - 40)
    assert spectrum.metric.matrix().shape == (basis.columns, basis.columns)


def test_eigenpairs_solve_the_exact_operator():
    basis, columns = example()
    spectrum = decompose(basis, columns)
    with mpmath.workdps(60):
        scale = mpmath.mpf(2) ** spectrum.exponent
        exact = mpmath.matrix([[mpmath.mpf(int(v)) * scale for v in row] for row in spectrum.operator])
        values = sorted((float(v) for v in mpmath.eigsy(exact, eigvals_only=True)), reverse=True)
    assert np.abs(spectrum.eigenvalues - values).max() <= 1e-14 * values[0] * 10
    rounded = to_float(spectrum.operator, spectrum.exponent)
    residual = rounded @ spectrum.vectors - spectrum.vectors * spectrum.eigenvalues
    assert np.abs(residual).max() <= 1e-13 * values[0]
    assert np.abs(spectrum.vectors.T @ spectrum.vectors - np.eye(basis.columns)).max() <= 1e-14 * basis.columns


def test_metric_makes_the_landmarks_nearly_orthonormal():
    basis, columns = example(landmarks=20)
    metric = decompose(basis, columns).metric
    gram = kernel_values(basis.kernel, basis.landmarks, basis.landmarks, basis.scales) + 2.0**-27 * np.eye(20)
    transform = np.ldexp(metric.kernel.astype(float), metric.exponent)
    assert np.abs(transform.T @ gram @ transform - np.eye(20)).max() < 1e-8
    assert not np.tril(metric.kernel, -1).any()
    assert 39 <= int(np.abs(metric.kernel).max()).bit_length() <= 41
    spread = np.ldexp(columns[:, 20:].astype(float), -40).std(axis=0)
    assert np.allclose(np.ldexp(metric.linear.astype(float), metric.exponent) * spread, 1)


def test_fewer_rows_than_columns():
    basis, columns = example(rows=5, landmarks=5, width=4)
    spectrum = decompose(basis, columns)
    assert basis.columns == 9
    assert (np.abs(spectrum.eigenvalues[4:]) < 1e-9 * spectrum.eigenvalues[0]).all()
    assert spectrum.eigenvalues[3] > 1e-6


def test_dependent_columns_give_zero_eigenvalues():
    inputs = np.random.default_rng(1).standard_normal((50, 2))
    inputs = np.hstack([inputs, inputs[:, :1]])
    basis = Basis("rational-l1", inputs[:3], np.ones(3), *linear_term(inputs))
    spectrum = decompose(basis, exact_columns(basis, inputs))
    assert abs(spectrum.eigenvalues[-1]) < 1e-12 * spectrum.eigenvalues[0]


def test_same_columns_same_bytes_and_fixed_signs():
    basis, columns = example()
    first, again = decompose(basis, columns), decompose(basis, columns)
    assert first.vectors.tobytes() == again.vectors.tobytes()
    largest = first.vectors[np.abs(first.vectors).argmax(axis=0), range(basis.columns)]
    assert (largest > 0).all()
    assert not first.eigenvalues.flags.writeable


def test_a_given_metric_is_used():
    basis, columns = example()
    first = decompose(basis, columns)
    assert np.array_equal(decompose(basis, columns[:30], first.metric).metric.kernel, first.metric.kernel)


def test_indefinite_matrices_are_refused_never_clipped():
    """scikit-learn #8368: a negative eigenvalue is no rounding error to hide."""
    with pytest.raises(SpectrumError, match=r"eigenvalue -0.0909 is negative; need >= 0 up to rounding"):
        eigenpairs(np.tanh(np.outer([1.0, 2.0], [1.0, 2.0])))


def test_to_float_rounds_once():
    values = np.array([[2**70 + 1, -(3**60)], [2**1100 + 5, 0]], dtype=object)
    rounded = to_float(values, -90)
    expected = [[float(Fraction(int(v), 2**90)) for v in row] for row in values]
    assert rounded.tolist() == expected

"""Faults of other software with matrices that are no kernel's: one triangle read, eigenvalues clipped, roots of them NaN."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from eigenstill import IndefiniteError, distill, gram_features, kernel_features
from eigenstill.cli import main
from eigenstill.errors import BasisError
from support.cases import CASES, table


@pytest.mark.parametrize(
    ("name", "place", "gap"), [("07_gram_asym.csv", "(0,1)", 0.2), ("07_asym_big.csv", "(0,2)", 4)]
)
def test_one_triangle_of_an_asymmetric_matrix_was_read(name, place, gap):
    """pytorch #121010: either triangle has eigenvalues, and neither are those of the matrix."""
    with pytest.raises(BasisError, match="not symmetric") as caught:
        gram_features(table(name).values)
    assert f"entries {place} and " in str(caught.value)
    assert f"differ by {gap:g}, the largest gap" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "place", "gap"), [("07_gram_asym.csv", "(0, 1)", 0.2), ("07_asym_big.csv", "(0, 2)", 4)]
)
def test_asymmetric_matrix_was_decomposed_as_a_symmetric_one(name, place, gap, tmp_path, capsys):
    """The same two matrices through the command for singular values."""
    command = ["svd", str(CASES / name), "--rank", "1", "--symmetric", "--out", str(tmp_path / "m.cert.json")]
    assert main(command) == 2
    assert f"not symmetric, largest gap {gap:g} at {place}" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("power", [0, -30, 30])
@pytest.mark.parametrize("name", ["07_gram_asym.csv", "07_asym_big.csv"])
def test_asymmetry_is_found_at_every_scale_and_under_every_order(name, power):
    matrix = table(name).values * 2.0**power
    for order in ([0, 1, 2], [2, 0, 1], [1, 2, 0]):
        with pytest.raises(BasisError, match="not symmetric"):
            gram_features(matrix[np.ix_(order, order)])
        with pytest.raises(BasisError, match="not symmetric"):
            gram_features(matrix.T[np.ix_(order, order)])


def sigmoid(a, b):
    return np.tanh(a @ b.T)


def test_roots_of_negative_eigenvalues_were_no_numbers():
    """scikit-learn #8368: the sigmoid kernel on 1 and 2 has an eigenvalue of -0.09; refused with the proof."""
    points = table("08_points.csv").values
    gram = sigmoid(points, points)
    with pytest.raises(IndefiniteError, match="kernel on these landmarks: not positive semidefinite") as caught:
        kernel_features(sigmoid, points)
    direction = [Fraction(entry) for entry in caught.value.direction]
    value = sum(Fraction(gram[i, j]) * direction[i] * direction[j] for i in range(2) for j in range(2))
    assert caught.value.value == value < 0
    assert float(value) == pytest.approx(-0.0908665765834382, rel=1e-5)
    assert np.array([4, -3]) / 5 @ gram @ np.array([4, -3]) / 5 == pytest.approx(-0.0782876691550305, rel=1e-12)
    with pytest.raises(IndefiniteError, match="precomputed kernel: not positive semidefinite"):
        gram_features(gram)


def test_indefinite_kernels_were_clipped_in_silence():
    """Through the whole producer: no student, no NaN, no notice instead of an error."""
    rows = np.linspace(0.5, 3, 20)[:, None]
    with pytest.raises(IndefiniteError):
        distill(lambda x: np.sin(3 * x[:, 0]), rows, basis=sigmoid, landmarks=8)
    with pytest.raises(IndefiniteError):
        distill(lambda x: np.sin(3 * x[:, 0]), rows, basis=lambda a, b: -np.exp(-((a - b.T) ** 2)), landmarks=8)

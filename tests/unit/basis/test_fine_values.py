"""Values of the formula in float64 pairs against exact rational numbers."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from eigenstill.basis import Basis, fine_values
from eigenstill.basis.basis import linear_term
from eigenstill.basis.pairs import _near, prepare_pairs
from eigenstill.basis.rounding import round_bits, round_columns

KERNELS = ("rational-quadratic", "rational-l1")


def case(kernel: str, seed: int, *, rows: int = 70, landmarks: int = 6):
    """Unlike columns far from 0; some rows on landmarks, some so near that differences drown in float64."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, 4)) * np.array([1.0, 40.0, 1e-2, 3.0]) + np.array([0.0, 2000.0, 5.0, -1.0])
    z = round_columns(x[:landmarks], x.std(axis=0))
    x[:2] = z[:2]
    x[2:6] = np.nextafter(z[2:6], np.inf)
    x[10:30, 0] = z[0, 0] * (1 + 2.0 ** -rng.integers(20, 52, 20))
    power = 1 if kernel == "rational-l1" else 2
    return Basis(kernel, z, round_bits((0.6 / x.std(axis=0)) ** power), *linear_term(x)), x, rng


def exactly(basis, row, coefficients, intercept, weights) -> Fraction:
    total = Fraction(intercept)
    for z, a in zip(basis.landmarks.tolist(), coefficients, strict=True):
        q = Fraction(0)
        for x, centre, scale in zip(row, z, basis.scales.tolist(), strict=True):
            gap = Fraction(x) - Fraction(centre)
            q += Fraction(scale) * (abs(gap) if basis.kernel == "rational-l1" else gap * gap)
        total += Fraction(a) / (1 + q)
    return total + sum(Fraction(w) * Fraction(x) for w, x in zip(weights, row, strict=True))


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("seed", range(3))
def test_values_are_within_their_bound(kernel, seed):
    basis, x, rng = case(kernel, seed)
    a, b, w = rng.normal(size=(6, 2)) * [[1e4, 1e-3]], rng.normal(size=2), rng.normal(size=(4, 2))
    fine = fine_values(basis, x, a, b, w)
    assert fine.bound.max() < 2.0**-45 * np.abs(a).sum()
    for output in range(2):
        for row, high, low, bound, magnitude in zip(
            x.tolist(),
            *(part[:, output].tolist() for part in (fine.high, fine.low, fine.bound, fine.magnitudes)),
            strict=True,
        ):
            true = exactly(basis, row, a[:, output].tolist(), float(b[output]), w[:, output].tolist())
            assert abs(Fraction(high) + Fraction(low) - true) <= Fraction(bound)
            parts = [np.abs(part[..., output]) for part in (a, b, w)]
            size = exactly(basis, np.abs(row).tolist(), [0.0] * 6, 0.0, parts[2].tolist())
            size += exactly(basis, row, parts[0].tolist(), float(parts[1]), [0.0] * 4)
            assert abs(Fraction(magnitude) - size) <= size / 2**40 + Fraction(bound)


def test_rests_of_absolute_differences_near_a_landmark():
    """Where a coordinate nearly meets a landmark's, its sign could turn when rests are lifted: rows listed as near."""
    basis, x, _ = case("rational-l1", 1)
    pairs = prepare_pairs(basis, x)
    assert pairs.near.sum() >= 4
    assert not pairs.near[:2].any()  # on the landmark itself nothing turns
    leading, rest = np.empty((len(x), 6)), np.empty((len(x), 6))
    pairs.denominators(slice(0, len(x)), leading, rest)
    for place in range(30):
        for j in range(6):
            alone = replace(basis, landmarks=basis.landmarks[j : j + 1])
            true = 1 / exactly(alone, x[place].tolist(), [1.0], 0.0, [0.0] * 4)
            assert abs(Fraction(leading[place, j]) + Fraction(rest[place, j]) - true) <= Fraction(pairs.error)


@pytest.mark.parametrize("distance", [2.0**-23, 2.0**-9])
def test_rows_near_a_landmark_are_all_listed(distance):
    rng = np.random.default_rng(0)
    landmarks, rows = rng.normal(size=(40, 3)), rng.normal(size=(900, 3))
    rows[:40] = landmarks  # on it, which is not near it
    rows[40:80] = landmarks + distance * rng.choice([-1.0, 1.0], size=(40, 3))
    rows[80:120] = landmarks - 1.001 * distance
    rows[120:160, 1] = landmarks[:, 1] + distance * rng.uniform(-1, 1, 40)
    rows[160] = 1e6
    gaps = np.abs(rows[:, None, :] - landmarks)
    wanted = ((gaps > 0) & (gaps <= distance)).any(axis=(1, 2))
    assert wanted[40:80].any()
    assert not wanted[160]
    assert np.array_equal(_near(rows, landmarks, distance), wanted)


def test_rows_too_spread_out_have_none():
    basis, x, _ = case("rational-quadratic", 0)
    x[3] = 2.0**60
    assert fine_values(basis, x, np.ones((6, 1)), np.zeros(1), None) is None

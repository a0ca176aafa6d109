"""Float64 pairs against integers: floors are the exact columns, fractions within their bound."""

from __future__ import annotations

import numpy as np
import pytest

from eigenstill.basis import Basis, exact_columns, fine_columns, fine_floors, has_pairs
from eigenstill.basis.basis import linear_term
from eigenstill.basis.rounding import round_bits, round_columns
from eigenstill_check.basis import Evaluator

KERNELS = ("rational-quadratic", "rational-l1")


def case(kernel: str, seed: int, *, rows: int = 300, inputs: int = 5, landmarks: int = 9, length: float = 1.0):
    """Columns of unlike sizes far from 0, some rows equal to landmarks."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, inputs)) * np.exp(2 * rng.normal(size=inputs)) + 50 * rng.normal(size=inputs)
    z = round_columns(x[:landmarks], x.std(axis=0))
    x[:3] = z[:3]
    power = 1 if kernel == "rational-l1" else 2
    return Basis(kernel, z, round_bits((length / x.std(axis=0)) ** power), *linear_term(x)), x


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("length", [0.05, 1.0, 3.0])
def test_floors_are_the_exact_columns(kernel, seed, length):
    basis, x = case(kernel, seed, length=length)
    exact = exact_columns(basis, x)
    assert np.array_equal(fine_columns(basis, x).floors, exact)
    assert np.array_equal(fine_floors(basis, x), exact)


@pytest.mark.parametrize("kernel", KERNELS)
def test_fractions_are_within_their_bound(kernel):
    basis, x = case(kernel, 7)
    fine = fine_columns(basis, x)
    count, bits = len(basis.landmarks), basis.grid_bits
    exact = Evaluator(kernel, basis.landmarks.tolist(), basis.scales.tolist(), 2 * bits).block(x.tolist()).fine
    true = np.array([[(value & ((1 << bits) - 1)) / 2**bits for value in row] for row in exact])
    assert np.abs(fine.fractions[:, :count] - true).max() <= fine.bound < 1e-4
    linear = np.ldexp(x - basis.offsets, bits - np.array(basis.exponents))
    assert np.abs(fine.fractions[:, count:] - (linear - np.floor(linear))).max() < 1e-3


@pytest.mark.parametrize("kernel", KERNELS)
def test_rows_too_spread_out_are_left_to_integers(kernel):
    basis, x = case(kernel, 1)
    x[5] = 2.0**40
    assert fine_columns(basis, x) is None
    x[6] = 2.0**150
    kernel_only = Basis(kernel, basis.landmarks, basis.scales)
    assert np.array_equal(fine_floors(kernel_only, x), exact_columns(kernel_only, x))  # a floor needs no common unit
    x[7] = 2.0**210
    assert fine_floors(kernel_only, x) is None


def test_scales_of_more_bits_are_left_to_integers():
    basis, x = case("rational-quadratic", 2)
    other = Basis(basis.kernel, basis.landmarks, basis.scales * (1 + 2.0**-40), basis.offsets, basis.exponents)
    assert fine_columns(other, x) is None


def test_only_rational_kernels():
    basis, _ = case("rational-l1", 0)
    assert has_pairs(basis)
    assert not has_pairs(Basis("gaussian", basis.landmarks, basis.scales, basis.offsets, basis.exponents))


def test_doubtful_entries_are_decided_in_integers():
    """1 / (1 + q) = 1/2, 1/4, ... exactly: fractions at 0, where a rounding either way would change the floor."""
    z = np.zeros((1, 1))
    x = np.sqrt(np.array([[0.0], [1.0], [9.0], [49.0], [225.0]]))
    basis = Basis("rational-quadratic", z, np.ones(1))
    expected = [[2**40 >> shift] for shift in (0, 1, 1, 1, 1)]
    expected = [[2**40], [2**39], [2**40 // 10], [2**40 // 50], [2**40 // 226]]
    assert fine_columns(basis, x).floors.tolist() == expected == fine_floors(basis, x).tolist()

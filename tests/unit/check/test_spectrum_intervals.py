"""Claim `spectrum` means what it says: every eigenvalue to 60 digits lies in its interval, for every number of modes.

The operators have clusters, repeated and zero eigenvalues; M is given in integers, the rows of a certificate play no part.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import mpmath
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from eigenstill.certificate.witness import VECTOR_EXPONENT, Spectral, psd_witnesses, spectral
from eigenstill.spectrum.limb_matrix import LimbMatrix, digit_width
from eigenstill_check.dyadic import ONE, Dyadic
from eigenstill_check.operator import Operator
from eigenstill_check.spectral import enclosures, mode_products, psd_failure

DIGITS = 60
HADAMARD = np.array([[1, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]])


@dataclass
class Stored:
    """Units and witnesses as the checker takes them from a file."""

    eigenvectors: list[list[int]]
    excess: list[int]
    factor: list[list[int]]
    vector_exponent: int
    excess_exponent: int
    factor_exponent: int

    @property
    def columns(self) -> int:
        return len(self.factor)


def gram(rows: list[list[int]]) -> list[list[int]]:
    return [[sum(a * b for a, b in zip(left, right, strict=True)) for right in rows] for left in rows]


def diagonal(values: list[int]) -> list[list[int]]:
    """Repeated and zero eigenvalues exactly, without rotation."""
    return [[value if i == j else 0 for j in range(len(values))] for i, value in enumerate(values)]


def rotated(values: list[int]) -> list[list[int]]:
    """H diag(values) H with the Hadamard matrix: eigenvalues 4 times the four values, exactly."""
    return (HADAMARD @ np.diag(np.array(values, dtype=object)) @ HADAMARD).tolist()


small = st.integers(-9, 9)
levels = st.lists(st.sampled_from([0, 1, 2, 2**20, 2**20 + 1, 2**40, 10**12]), min_size=4, max_size=4)
matrices = st.one_of(
    st.integers(2, 6)
    .flatmap(lambda r: st.lists(st.lists(small, min_size=3, max_size=3), min_size=r, max_size=r))
    .map(gram),  # rank at most 3
    st.integers(2, 5)
    .flatmap(lambda r: st.lists(st.lists(small, min_size=r, max_size=r), min_size=r, max_size=r))
    .map(gram),
    st.lists(st.sampled_from([0, 1, 2, 2**30, 2**30 + 1]), min_size=2, max_size=6).map(diagonal),
    levels.map(rotated),
)


def stored(operator: Operator, modes: int, alter=lambda pairs: pairs) -> tuple[Stored, Dyadic] | None:
    """An honest producer's witnesses and its threshold; None where M is 0."""
    values, vectors = np.linalg.eigh(np.array([[float(v) for v in row] for row in operator.matrix]))
    scale = 2.0**operator.exponent
    if not values[-1] > 0:
        return None
    pairs: Spectral = alter(spectral(values[::-1] * scale, vectors[:, ::-1], modes))
    limbs = LimbMatrix.of_integers(operator.matrix, digit_width(len(operator.matrix)))
    for witness, held in psd_witnesses(limbs, operator.exponent, pairs):
        found = Stored(
            pairs.vectors, pairs.excess, witness.factor, VECTOR_EXPONENT, pairs.excess_exponent, witness.factor_exponent
        )
        failure = psd_failure(found, found, operator, witness.threshold, witness.slack)
        assert held == (failure is None)  # the producer decides as the checker does
        if held:
            return found, witness.threshold
    raise AssertionError("no witness found")


def eigenvalues(operator: Operator) -> list:
    matrix = mpmath.matrix(operator.matrix)
    found = sorted(mpmath.eigsy(matrix, eigvals_only=True), reverse=True)
    return [value * mpmath.mpf(2) ** operator.exponent for value in found]


def mp(value: Dyadic):
    return mpmath.mpf(value.mantissa) * mpmath.mpf(2) ** value.exponent


@settings(max_examples=150)
@given(matrices, st.integers(-40, 10))
@example(rotated([2**20, 2**20 + 1, 2**20, 0]), -20)
@example(diagonal([0, 5, 5, 0, 5]), 0)
@example(gram([[1, 0], [1, 0]]), 3)
def test_every_eigenvalue_lies_in_its_interval(matrix, exponent):
    operator, size = Operator(matrix, exponent), len(matrix)
    with mpmath.workdps(DIGITS):
        exact = eigenvalues(operator)
        room = exact[0] * mpmath.mpf(10) ** (5 - DIGITS)
        for modes in range(1, size + 1):
            found = stored(operator, modes)
            if found is None:
                assert exact[0] <= room
                return
            witness, threshold = found
            products = mode_products(witness, witness, operator)
            assert products.defect < ONE
            intervals = enclosures(products, witness.excess, witness.excess_exponent, threshold)
            assert len(intervals) == modes
            for value, (low, high) in zip(exact, intervals, strict=False):
                assert mp(low) <= value + room
                assert value <= mp(high) + room
                assert mp(high) - mp(low) <= exact[0] * mpmath.mpf(10) ** -7, "intervals that say something"
            assert all(-room <= value <= mp(threshold) + room for value in exact[modes:])


def turned(angle: float):
    """The first two modes mixed, both with the larger excess so that W stays positive semidefinite."""

    def alter(pairs: Spectral) -> Spectral:
        first, second = (np.array(vector, dtype=float) for vector in pairs.vectors[:2])
        mixed = [np.cos(angle) * first + np.sin(angle) * second, np.cos(angle) * second - np.sin(angle) * first]
        vectors = [[round(value) for value in vector.tolist()] for vector in mixed]
        return replace(pairs, vectors=[*vectors, *pairs.vectors[2:]], excess=[pairs.excess[0]] * 2 + pairs.excess[2:])

    return alter


@pytest.mark.parametrize("angle", [0.0, 1e-6, 0.1, 0.7, 1.5])
def test_modes_that_mix_widen_the_intervals_and_nothing_else(angle):
    operator = Operator(rotated([1, 3, 10, 40]), 0)
    found = stored(operator, 4, turned(angle))
    assert found is not None
    witness, threshold = found
    products = mode_products(witness, witness, operator)
    intervals = enclosures(products, witness.excess, witness.excess_exponent, threshold)
    for value, (low, high) in zip((160, 40, 12, 4), intervals, strict=True):
        assert float(low) <= value <= float(high)
    assert float(intervals[0][1]) - float(intervals[0][0]) >= 100 * min(angle, 0.5) ** 2


def test_a_missing_mode_leaves_no_proof():
    """M = diag(9, 4, 1) with the modes of 9 and 1 only and a threshold for 1: W is not positive semidefinite."""
    operator = Operator(diagonal([9, 4, 1]), 0)

    def without_the_second(pairs: Spectral) -> Spectral:
        return replace(pairs, vectors=[pairs.vectors[0], pairs.vectors[2]], excess=[pairs.excess[0], pairs.excess[2]])

    with pytest.raises(AssertionError, match="no witness found"):
        stored(operator, 3, without_the_second)

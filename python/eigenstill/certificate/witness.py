"""Witnesses: from the exact matrix M to the integers that prove the Eckart-Young bound (FORMAT.md, eckart_young).

A float64 eigensolver and a float64 Cholesky factorisation propose; the exact test of the checker disposes. Only the
slack is searched for: it starts at 1e-13 of the largest eigenvalue and doubles until the exact test accepts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import floor, frexp, ldexp, log2

import numpy as np
from numpy.typing import NDArray

from eigenstill_check.dyadic import Dyadic
from eigenstill_check.packed import Matrix

from ..spectrum.limb_floats import rounded
from ..spectrum.limb_matrix import LimbMatrix, shifted_sum
from ..spectrum.residue_product import weighted_square
from .listed_matrix import ListedMatrix

RELATIVE_SLACK = 1e-13
MAX_DOUBLINGS = 40
VECTOR_EXPONENT = -60
GUARD_BITS = 6


@dataclass(frozen=True)
class Spectral:
    """K approximate eigenpairs on integer grids.

    vectors : K rows of r integers in units 2^VECTOR_EXPONENT
    excess : K integers d_k >= 0, non-increasing, in units 2^excess_exponent; d_k is about lambda_k - level
    level : float, about max(lambda_(K+1), 0); 0 where K = r
    unit : float, RELATIVE_SLACK times the largest eigenvalue
    """

    vectors: Matrix
    excess: list[int]
    excess_exponent: int
    level: float
    unit: float


@dataclass(frozen=True)
class PsdWitness:
    """threshold mu, slack sigma and a lower triangular factor L in units 2^factor_exponent."""

    threshold: Dyadic
    slack: Dyadic
    factor: Matrix
    factor_exponent: int


def spectral(eigenvalues: NDArray[np.float64], eigenvectors: NDArray[np.float64], rank: int) -> Spectral:
    """Round the leading ``rank`` eigenpairs (descending; vectors as columns, shape (r, >= rank)) to the grids."""
    unit = RELATIVE_SLACK * float(eigenvalues[0])
    excess_exponent = floor(log2(unit)) - GUARD_BITS
    level = max(float(eigenvalues[rank]), 0.0) if rank < len(eigenvalues) else 0.0
    excess = [max(0, round(ldexp(float(value) - level, -excess_exponent))) for value in eigenvalues[:rank]]
    grid = np.rint(np.ldexp(eigenvectors[:, :rank].T, -VECTOR_EXPONENT)).astype(np.int64)
    return Spectral(ListedMatrix(grid), sorted(excess, reverse=True), excess_exponent, level, unit)


def psd_witnesses(matrix: LimbMatrix, exponent: int, pairs: Spectral) -> Iterator[tuple[PsdWitness, bool]]:
    """Propose witnesses with slack growing by doubling, for W = V D V^T + mu I - M with M = matrix 2^exponent.

    Each comes with the decision whether W - L L^T is within its slack, the same as the checker's `psd_failure`.
    V D V^T - M is formed exactly and rounded to float64 once: rounding M first would drown the small modes.
    """
    unit = 2 * VECTOR_EXPONENT + pairs.excess_exponent
    low = min(unit, exponent)
    vectors = LimbMatrix.of_int64(np.array(pairs.vectors, dtype=np.int64), matrix.width)
    spectral_part = weighted_square(vectors.transposed, np.array(pairs.excess, dtype=np.int64))
    difference = shifted_sum([(spectral_part, unit - low, 1), (matrix, exponent - low, -1)])
    size = matrix.shape[0]
    diagonal = difference.diagonal()
    floats = rounded(difference, low)
    for doubling in range(MAX_DOUBLINGS):
        epsilon = pairs.unit * 2.0**doubling
        threshold, slack = _short(pairs.level + epsilon), _short(epsilon / 2)
        shifted = floats.copy()
        for index in range(size):
            entry = Dyadic(diagonal[index], low) + threshold - slack
            shifted[index, index] = to_float(entry.mantissa, entry.exponent)
        try:
            lower = np.linalg.cholesky(shifted)
        except np.linalg.LinAlgError:
            continue
        top = float(np.abs(lower).max())
        factor_exponent = floor(log2(epsilon / (size * top))) - GUARD_BITS
        factor = np.rint(np.ldexp(lower, -factor_exponent)).astype(np.int64)
        witness = PsdWitness(threshold, slack, ListedMatrix(factor), factor_exponent)
        yield witness, _within_slack(difference, low, witness, LimbMatrix.of_int64(factor, matrix.width))


def _within_slack(difference: LimbMatrix, exponent: int, witness: PsdWitness, factor: LimbMatrix) -> bool:
    """Whether r |E_ij| <= sigma for W = L L^T + sigma I + E, as `psd_failure` decides it: E_ij in [-2^(t-1), 2^(t-1))."""
    size = len(witness.factor)
    low = min(exponent, 2 * witness.factor_exponent, witness.threshold.exponent, witness.slack.exponent)
    sigma = witness.slack.at(low)
    bits = (sigma // size).bit_length()
    if bits < 1:
        return False
    shift = LimbMatrix.of_integers([[witness.threshold.at(low) - sigma]], factor.width).digits
    identity = LimbMatrix(shift * np.eye(size, dtype=np.int64), factor.width)
    square = factor.gram()
    terms = [(difference, exponent - low, 1), (identity, 0, 1), (square, 2 * witness.factor_exponent - low, -1)]
    return shifted_sum(terms).within(bits - 1)


def _short(value: float, bits: int = 30) -> Dyadic:
    """A number near ``value`` with a short mantissa: fewer digits in the file, narrower slots in the checker."""
    mantissa, exponent = frexp(value)
    return Dyadic(round(ldexp(mantissa, bits)), exponent - bits).reduced()


def to_float(mantissa: int, exponent: int) -> float:
    """mantissa 2^exponent within one unit in the last place; no overflow on the way."""
    excess = max(0, mantissa.bit_length() - 64)
    return ldexp(float(mantissa >> excess), exponent + excess)

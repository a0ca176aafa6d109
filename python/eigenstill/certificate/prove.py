"""From M to a proved Eckart-Young claim: float64 proposes the witnesses, the checker's own test accepts them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from eigenstill_check.claims import eckart_young
from eigenstill_check.dyadic import Dyadic
from eigenstill_check.errors import Rejected
from eigenstill_check.exact import SpectralExact
from eigenstill_check.operator import Operator
from eigenstill_check.spectral import Modes, modes_from

from ..errors import SpectrumError
from ..spectrum.limb_floats import rounded
from ..spectrum.limb_matrix import LimbMatrix, digit_width
from ..spectrum.residue_product import congruence
from .digit_operator import DigitOperator
from .witness import MAX_DOUBLINGS, VECTOR_EXPONENT, PsdWitness, Spectral, psd_witnesses, spectral

Floats = NDArray[np.float64]
Attached = TypeVar("Attached", bound=SpectralExact)
SMALLEST_TAIL = 8  # a rank is claimed where the tail of the spectrum exceeds this many times rank * slack


@dataclass(frozen=True, eq=False)
class Proof:
    """A proved Eckart-Young claim, its witnesses, and the float64 eigenpairs behind them (descending, as columns)."""

    claim: dict[str, Any]
    threshold: Dyadic
    slack: Dyadic
    eigenvalues: Floats
    eigenvectors: Floats


def claimed_ranks(rank: int, columns: int) -> list[int]:
    """K* where K* < r, and 8, 16, 32 ... below it; small operators get 1, 2, 4 ... instead."""
    if columns < 2:
        raise SpectrumError(f"certificate: {columns} basis column; need at least 2, add landmarks or the linear term")
    below = [2**power for power in range(3, 13) if 2**power < min(rank, columns)]
    ranks = [*below, rank] if rank < columns else below
    return ranks or [2**power for power in range(12) if 2**power < columns]


def prove(
    operator: Operator,
    candidates: Sequence[int],
    attach: Callable[[Spectral, PsdWitness], Attached],
    count: int | None = None,
) -> tuple[Attached, Proof]:
    """The provable ranks with the smallest slack that passes the exact test.

    Parameters
    ----------
    operator : M, exact
    candidates : increasing ranks; those whose tail drowns in rounding are left out
    attach : makes the certificate's exact parts from witnesses
    count : K, how many eigenpairs are stored; all r by default

    Raises
    ------
    SpectrumError : no rank has a provable tail (an operator of rank one, or constant)
    """
    if isinstance(operator, DigitOperator):
        matrix = operator.limbs
    else:
        matrix = LimbMatrix.of_integers(operator.matrix, digit_width(len(operator.matrix)))
    ascending, vectors = np.linalg.eigh(rounded(matrix, operator.exponent))
    eigenvalues, eigenvectors = ascending[::-1], vectors[:, ::-1]
    if not eigenvalues[0] > 0:
        raise SpectrumError("certificate: the operator is zero; need rows that differ")
    ranks = _provable(candidates, eigenvalues)
    pairs = spectral(eigenvalues, eigenvectors, len(eigenvalues) if count is None else count)
    last: Rejected | None = None
    modes = limb_modes(pairs, matrix, operator.exponent)
    for witness, held in psd_witnesses(matrix, operator.exponent, pairs):
        if not held:
            last = Rejected("eckart_young", "W - L L^T - sigma I beyond the slack", "every entry within it")
            continue
        exact = attach(pairs, witness)
        exact.modes = modes
        exact.keep_psd(witness.threshold, witness.slack)
        request = {
            "threshold": witness.threshold,
            "slack": witness.slack,
            "ranks": [{"rank": entry} for entry in ranks],
        }
        try:
            claim = eckart_young.compute(exact, request)
        except Rejected as refusal:
            last = refusal
            continue
        return exact, Proof(claim, witness.threshold, witness.slack, eigenvalues, eigenvectors)
    raise SpectrumError(
        f"certificate: no slack up to 2^{MAX_DOUBLINGS} times 1e-13 lambda_1 proves rank {ranks[-1]} ({last})"
    )


def limb_modes(pairs: Spectral, matrix: LimbMatrix, exponent: int) -> Modes:
    """The checker's `mode_products` for M = matrix 2^exponent: the same integers, many times as fast."""
    vectors = LimbMatrix.of_int64(np.array(pairs.vectors, dtype=np.int64), matrix.width)
    gram, energy = vectors.gram(), congruence(vectors, matrix)
    return modes_from(_sides(gram), _sides(energy), VECTOR_EXPONENT, exponent)


def _sides(matrix: LimbMatrix) -> tuple[list[int], list[int]]:
    """Diagonal, and sums of the absolute values beside it."""
    diagonal = matrix.diagonal()
    return diagonal, [total - abs(own) for total, own in zip(matrix.absolute_row_sums(), diagonal, strict=True)]


def _provable(candidates: Sequence[int], eigenvalues: Floats) -> list[int]:
    """The candidates whose tail stands out from rounding; below them the next smaller ranks."""
    unit = 1e-13 * float(eigenvalues[0]) * SMALLEST_TAIL
    tails = np.cumsum(eigenvalues[::-1])[::-1]

    def clear(rank: int) -> bool:
        return float(tails[rank]) > unit * rank

    ranks = [rank for rank in candidates if clear(rank)]
    if not ranks:
        ranks = [rank for rank in range(candidates[0], 0, -1) if clear(rank)][:1]
    if not ranks:
        raise SpectrumError(
            "certificate: the operator has rank one, nothing is truncated; need rows that vary in more ways"
        )
    return ranks

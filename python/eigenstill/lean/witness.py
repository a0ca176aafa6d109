"""The witness of an exported bound: numbers found here, which Lean proves to be what they should be."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from eigenstill.lean.errors import LeanUsageError
from eigenstill.lean.exported_numbers import Bounds, Witness
from eigenstill.lean.packing import pack, signed_bits
from eigenstill_check.dyadic import ONE, Dyadic
from eigenstill_check.exact import Exact
from eigenstill_check.operator import Operator

Matrix = list[list[int]]


def witness_of(
    exact: Exact, claim: Mapping[str, Any], rank: int, *, largest: int, bits: int = 0, mean: int = 0
) -> tuple[Witness, Bounds, list[int]]:
    """V_k (D_k - nu) V_k^T + mu_k I - M = L L^T + sigma I + E at the rank k, with a factor L of its own, and what follows.

    The list is the diagonal of V_k (D_k - nu) V_k^T - M, in the check's unit.

    Parameters
    ----------
    largest : what the check knows of the absolute values of M's entries, in M's unit
    bits : of a slot at least
    mean : the packed means, where the check forms M itself
    """
    certificate, operator = exact.certificate, exact.operator
    basis, model = certificate.basis, certificate.model
    slack = Dyadic.parse(claim["slack"]["exact"])
    following = model.excess[rank] if rank < len(model.excess) else 0
    level = Dyadic.parse(claim["threshold"]["exact"])
    if following:
        level += (ONE + exact.modes.defect) * Dyadic(following, basis.excess_exponent)
    spectral_unit = 2 * basis.vector_exponent + basis.excess_exponent
    size = model.columns
    excess = [value - following for value in model.excess[:rank]]
    vectors = model.eigenvectors[:rank]
    factor, factor_exponent = _factor(operator, excess, vectors, spectral_unit, level, slack)
    low = min(spectral_unit, 2 * factor_exponent, operator.exponent, level.exponent, slack.exponent)
    sigma = slack.at(low)
    rest = 1 << ((sigma // size).bit_length() - 1)
    vector_bits = signed_bits(value for row in vectors for value in row)
    factor_bits = signed_bits(value for row in factor for value in row)
    modes = [
        (value << (spectral_unit - low), pack([entry + (1 << (vector_bits - 1)) for entry in vector], vector_bits))
        for value, vector in zip(excess, vectors, strict=True)
    ]
    columns = [
        (1 << (2 * factor_exponent - low), pack([row[k] + (1 << (factor_bits - 1)) for row in factor], factor_bits))
        for k in range(size)
    ]
    matrix_unit = 1 << (operator.exponent - low)
    parts = (
        sum(weight for weight, _ in modes) << (2 * (vector_bits - 1)),
        sum(weight for weight, _ in columns) << (2 * (factor_bits - 1)),
        matrix_unit * largest,
        level.at(low) + sigma + rest,
    )
    bits = max(bits, sum(parts).bit_length() + 1, vector_bits, factor_bits)
    spectral = sum(
        value * sum(entry * entry for entry in vector) for value, vector in zip(excess, vectors, strict=True)
    )
    lower = operator.trace - Dyadic(rank) * level - Dyadic(spectral, spectral_unit)
    recorded = next(entry["lower"]["exact"] for entry in claim["ranks"] if entry["rank"] == rank)
    if str(lower) != recorded:
        raise LeanUsageError(
            f"rank {rank}: the certificate records {recorded}, computed {lower}; check the certificate"
        )
    witness = Witness(
        bits=-(-bits // 8) * 8,
        mean=mean,
        vector_bits=vector_bits,
        modes=modes,
        factor_bits=factor_bits,
        factor=columns,
        matrix_shift=operator.exponent - low,
        threshold=level.at(low),
        slack=sigma,
        rest=rest,
    )
    diagonal = [
        sum(weight * vector[j] ** 2 for (weight, _), vector in zip(modes, vectors, strict=True))
        - matrix_unit * operator.matrix[j][j]
        for j in range(size)
    ]
    return witness, Bounds(rank, lower.at(low), 0, 0, -low), diagonal


def _factor(
    operator: Operator, excess: list[int], vectors: Matrix, spectral_unit: int, level: Dyadic, slack: Dyadic
) -> tuple[Matrix, int]:
    """A rounded Cholesky factor of W - sigma I, lower triangular, and the exponent of its unit."""
    from math import floor, ldexp, log2

    import numpy as np

    from eigenstill.certificate.witness import to_float
    from eigenstill_check.packed import symmetric_product, transpose

    low = min(spectral_unit, operator.exponent, level.exponent, slack.exponent)
    weighted = [[weight * value for value in vector] for weight, vector in zip(excess, vectors, strict=True)]
    spectral = symmetric_product(transpose(vectors), weighted)
    diagonal = level.at(low) - slack.at(low)
    size = len(operator.matrix)
    shifted = np.array(
        [
            [
                to_float(
                    (spectral[i][j] << (spectral_unit - low))
                    - (operator.matrix[i][j] << (operator.exponent - low))
                    + (diagonal if i == j else 0),
                    low,
                )
                for j in range(size)
            ]
            for i in range(size)
        ]
    )
    try:
        lower = np.linalg.cholesky(shifted)
    except np.linalg.LinAlgError:
        raise LeanUsageError("no factor at this rank in floating point; choose another rank") from None
    exponent = floor(log2(float(Fraction(*slack.ratio())) / (size * float(np.abs(lower).max())))) - 6
    return [[round(ldexp(value, -exponent)) for value in row] for row in lower.tolist()], exponent

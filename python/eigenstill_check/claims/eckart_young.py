"""Claim `eckart_young`: no operator of rank k comes nearer to A than `lower`; the stored modes reach `upper`.

One positive semidefinite W = V D V^T + mu I - M serves every rank (FORMAT.md section 3; Lean: `eckartYoung_ranks`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

from .. import shapes
from ..dyadic import ONE, ZERO, Dyadic
from ..errors import Rejected
from ..operator import Exact
from ..packed import (
    combine,
    entries_within,
    largest,
    pack,
    product,
    slot_width,
    symmetric_product,
    transpose,
    upper_rows,
)

MAX_RANKS = 64
_rank = shapes.fields({"rank": shapes.count(1, 8_192), "lower": shapes.number, "upper": shapes.number})
FIELDS = shapes.fields(
    {
        "claim": shapes.choice("eckart_young"),
        "threshold": shapes.short_number,
        "slack": shapes.short_number,
        "orthogonality_defect": shapes.number,
        "ranks": shapes.listing(_rank, 1, MAX_RANKS),
    }
)


@dataclass(frozen=True)
class Modes:
    """What V and M say together, all exact.

    norms : |v_k|^2 in units 2^(2 vector_exponent)
    energies : v_k^T M v_k in units 2^(2 vector_exponent + M's exponent)
    defect : delta, the largest absolute row sum of V^T V - I
    """

    norms: list[int]
    energies: list[int]
    defect: Dyadic


def compute(exact: Exact, witness: Mapping[str, Any]) -> dict[str, Any]:
    """``witness`` supplies threshold, slack and the list of ranks; the bounds are computed."""
    threshold, slack = witness["threshold"], witness["slack"]
    ranks = [entry["rank"] for entry in witness["ranks"]]
    _require_signs(exact, threshold, slack, ranks)
    require_psd(exact, threshold, slack)
    modes = mode_products(exact)
    if not modes.defect < ONE:
        raise Rejected("eckart_young.orthogonality_defect", modes.defect.decimal(up=True), "less than 1")
    encode = shapes.encode_number
    entries = []
    for index, (rank, (lower, upper)) in enumerate(zip(ranks, bounds(exact, threshold, modes, ranks), strict=True)):
        if not ZERO < lower <= upper:
            raise Rejected(
                f"eckart_young.ranks[{index}] (rank {rank})",
                f"lower {lower.decimal(up=False)}, upper {upper.decimal(up=True)}",
                "0 < lower <= upper",
            )
        entries.append({"rank": rank, "lower": encode(lower, "lower"), "upper": encode(upper, "upper")})
    return {
        "claim": "eckart_young",
        "threshold": encode(threshold, "threshold"),
        "slack": encode(slack, "slack"),
        "orthogonality_defect": encode(modes.defect, "orthogonality_defect"),
        "ranks": entries,
    }


def _require_signs(exact: Exact, threshold: Dyadic, slack: Dyadic, ranks: list[int]) -> None:
    excess = exact.certificate.model.excess
    if excess[-1] < 0 or any(a < b for a, b in pairwise(excess)):
        raise Rejected("eckart_young: tensor excess", "a negative or increasing entry", "d_1 >= d_2 >= ... >= d_K >= 0")
    if threshold < ZERO:
        raise Rejected("eckart_young.threshold", str(threshold), "at least 0")
    if not slack > ZERO:
        raise Rejected("eckart_young.slack", str(slack), "more than 0")
    if ranks != sorted(set(ranks)) or ranks[-1] != len(excess):
        raise Rejected("eckart_young.ranks", f"ranks {ranks}", f"increasing ranks that end with K = {len(excess)}")


def mode_products(exact: Exact) -> Modes:
    basis, vectors, operator = exact.certificate.basis, exact.certificate.model.eigenvectors, exact.operator
    gram = symmetric_product(vectors, transpose(vectors))
    images = product(vectors, operator.matrix)
    unit = 2 * basis.vector_exponent
    low = min(unit, 0)
    one = 1 << -low
    worst = max(
        sum(abs((value << (unit - low)) - (one if column == index else 0)) for column, value in enumerate(row))
        for index, row in enumerate(gram)
    )
    energies = [combine(vector, image) for vector, image in zip(vectors, images, strict=True)]
    return Modes([row[index] for index, row in enumerate(gram)], energies, Dyadic(worst, low))


def require_psd(exact: Exact, threshold: Dyadic, slack: Dyadic) -> None:
    """Raise `Rejected` unless W = V D V^T + mu I - M equals L L^T + sigma I + E with r |E_ij| <= sigma for all entries.

    The slot width is derived from the measured entries, so no slot of the compared rows can overflow.
    """
    basis, model, operator = exact.certificate.basis, exact.certificate.model, exact.operator
    threshold, slack = threshold.reduced(), slack.reduced()
    spectral_unit, factor_unit = 2 * basis.vector_exponent + basis.excess_exponent, 2 * basis.factor_exponent
    low = min(spectral_unit, factor_unit, operator.exponent, threshold.exponent, slack.exponent)
    spectral, factor, matrix = (1 << (unit - low) for unit in (spectral_unit, factor_unit, operator.exponent))
    diagonal, sigma = threshold.at(low) - slack.at(low), slack.at(low)
    size, modes = model.columns, len(model.excess)
    bits = (sigma // size).bit_length()  # the largest t with r 2^(t-1) <= sigma
    if bits < 1:
        raise Rejected("eckart_young.slack", str(slack), f"at least {size} units of 2^{low}")
    bound = (
        modes * largest(model.eigenvectors) ** 2 * max(model.excess) * spectral
        + size * largest(model.factor) ** 2 * factor
        + largest(operator.matrix) * matrix
        + abs(diagonal)
        + (1 << bits)
    )
    width = slot_width(bound)
    scaled = [
        pack([spectral * weight * value for value in reversed(vector)], width)
        for weight, vector in zip(model.excess, model.eigenvectors, strict=True)
    ]
    factor_columns = [pack([-factor * row[k] for row in reversed(model.factor)], width) for k in range(size)]
    left = [
        list(coordinates) + row
        for coordinates, row in zip(zip(*model.eigenvectors, strict=True), model.factor, strict=True)
    ]
    for index, part in enumerate(upper_rows(left, scaled + factor_columns, size, width)):
        count = size - index
        row = part - matrix * pack(operator.matrix[index][: index - 1 if index else None : -1], width)
        row += diagonal << ((count - 1) * width)
        if not entries_within(row, count, width, bits):
            raise Rejected(
                "eckart_young",
                f"row {index} of W - L L^T - sigma I has an entry outside [-2^{bits - 1}, 2^{bits - 1}) 2^{low}",
                "every entry inside, so that W is positive semidefinite",
            )


def bounds(exact: Exact, threshold: Dyadic, modes: Modes, ranks: list[int]) -> list[tuple[Dyadic, Dyadic]]:
    """(lower, upper) for each rank, exact."""
    basis, operator = exact.certificate.basis, exact.operator
    excess = exact.certificate.model.excess
    gram_unit = 2 * basis.vector_exponent
    trace = operator.trace
    captured = list(accumulate(modes.energies))
    result = []
    for rank in ranks:
        following = excess[rank] if rank < len(excess) else 0
        level = threshold + (ONE + modes.defect) * Dyadic(following, basis.excess_exponent)
        spectral = sum((d - following) * norm for d, norm in zip(excess[:rank], modes.norms[:rank], strict=True))
        lower = trace - Dyadic(rank) * level - Dyadic(spectral, basis.excess_exponent + gram_unit)
        upper = trace - (ONE - modes.defect) * Dyadic(captured[rank - 1], gram_unit + operator.exponent)
        result.append((lower, upper))
    return result


def say(claim: Mapping[str, Any]) -> str:
    best = claim["ranks"][-1]
    ranks = ", ".join(str(entry["rank"]) for entry in claim["ranks"])
    lower, upper = best["lower"]["decimal"], best["upper"]["decimal"]
    return f"no X Y of rank {best['rank']} has norm(A - X Y)^2 < {lower}; the modes reach {upper} (ranks {ranks})"

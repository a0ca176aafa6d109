"""Claim `eckart_young`: no operator of rank k comes nearer to A than `lower`; the stored modes reach `upper`.

One positive semidefinite W = V D V^T + mu I - M serves every rank (FORMAT.md section 3; Lean: `eckartYoung_ranks`).
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate
from typing import Any

from .. import shapes
from ..dyadic import ONE, ZERO, Dyadic
from ..errors import Rejected
from ..exact import SpectralExact
from ..spectral import Modes

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


def compute(exact: SpectralExact, witness: Mapping[str, Any]) -> dict[str, Any]:
    """``witness`` supplies threshold, slack and the list of ranks; the bounds are computed."""
    threshold, slack = witness["threshold"], witness["slack"]
    ranks = [entry["rank"] for entry in witness["ranks"]]
    model = exact.witnesses
    highest = min(len(model.excess), model.columns - 1)
    if ranks != sorted(set(ranks)) or ranks[-1] > highest:
        raise Rejected("eckart_young.ranks", f"ranks {ranks}", f"increasing ranks up to {highest}")
    exact.require_psd("eckart_young", threshold, slack)
    modes = exact.modes
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


def bounds(exact: SpectralExact, threshold: Dyadic, modes: Modes, ranks: list[int]) -> list[tuple[Dyadic, Dyadic]]:
    """(lower, upper) for each rank, exact."""
    units, excess = exact.units, exact.witnesses.excess
    trace = exact.operator.trace
    captured = list(accumulate(modes.energies))
    result = []
    for rank in ranks:
        following = excess[rank] if rank < len(excess) else 0
        level = threshold + (ONE + modes.defect) * Dyadic(following, units.excess_exponent)
        spectral = sum((d - following) * norm for d, norm in zip(excess[:rank], modes.norms[:rank], strict=True))
        lower = trace - Dyadic(rank) * level - Dyadic(spectral, units.excess_exponent + modes.gram_exponent)
        upper = trace - (ONE - modes.defect) * Dyadic(captured[rank - 1], modes.energy_exponent)
        result.append((lower, upper))
    return result


def say(claim: Mapping[str, Any]) -> str:
    best = claim["ranks"][-1]
    ranks = ", ".join(str(entry["rank"]) for entry in claim["ranks"])
    lower, upper = best["lower"]["decimal"], best["upper"]["decimal"]
    return f"no X Y of rank {best['rank']} has norm(A - X Y)^2 < {lower}; the modes reach {upper} (ranks {ranks})"

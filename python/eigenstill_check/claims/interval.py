"""Claim `interval`: half-widths of split-conformal intervals around the formula, for the NEXT row.

If the n hold-out rows and one future row are exchangeable, the future row's error is at most the r-th smallest of the
n recorded ones with probability at least r / (n + 1), over the draw of all of them (Vovk, Gammerman and Shafer 2005;
Papadopoulos et al. 2002). That is coverage on average over hold-out splits; `tolerance` says what holds for this one.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from .. import shapes
from ..dyadic import Dyadic
from ..errors import Rejected
from ..exact import Exact
from ..layout import MAX_OUTPUTS
from .fidelity import TARGETS, floor_shift
from .tolerance import MAX_FRACTIONS, MAX_HOLDOUT, holdout_rows, require_probability

_interval = shapes.fields(
    {"rank": shapes.optional(shapes.count(1, MAX_HOLDOUT)), "half_width_at_most": shapes.optional(shapes.number)}
)
_output = shapes.fields({"intervals": shapes.listing(_interval, 1, MAX_FRACTIONS)})
_target = shapes.fields({"target": shapes.choice(*TARGETS), "outputs": shapes.listing(_output, 1, MAX_OUTPUTS)})
FIELDS = shapes.fields(
    {
        "claim": shapes.choice("interval"),
        "coverages": shapes.listing(shapes.short_number, 1, MAX_FRACTIONS),
        "rows": shapes.count(1, MAX_HOLDOUT),
        "repeated_rows": shapes.count(0, MAX_HOLDOUT),
        "targets": shapes.listing(_target, 1, len(TARGETS)),
    }
)


def compute(exact: Exact, witness: Mapping[str, Any]) -> dict[str, Any]:
    """``witness`` supplies the coverages."""
    coverages = witness["coverages"]
    rows = holdout_rows(exact, "interval")
    for coverage in coverages:
        require_probability("interval.coverages", coverage)
    if any(a >= b for a, b in pairwise(coverages)):
        raise Rejected("interval.coverages", "not increasing", "different coverages, the smallest first")
    ranks = [rank_of(rows, coverage) for coverage in coverages]
    targets = []
    for name in (name for name in TARGETS if name in exact.holdout_errors):
        entries = []
        for output, vector in enumerate(exact.holdout_errors[name]):
            ordered, shift = sorted(vector.entries), floor_shift(exact.certificate, output)
            entries.append({"intervals": [_entry(ordered, vector.exponent, shift, rank) for rank in ranks]})
        targets.append({"target": name, "outputs": entries})
    return {
        "claim": "interval",
        "coverages": [shapes.encode_number(coverage, "coverages") for coverage in coverages],
        "rows": rows,
        "repeated_rows": exact.repeated_holdout_rows,
        "targets": targets,
    }


def rank_of(rows: int, coverage: Dyadic) -> int | None:
    """The least r with r / (rows + 1) >= coverage; None where that needs more rows."""
    numerator, denominator = coverage.ratio()
    rank = -(-numerator * (rows + 1) // denominator)
    return rank if rank <= rows else None


def _entry(ordered: list[int], exponent: int, shift: Dyadic, rank: int | None) -> dict[str, Any]:
    if rank is None:
        return {"rank": None, "half_width_at_most": None}
    bound = Dyadic(ordered[rank - 1], exponent) + shift
    return {"rank": rank, "half_width_at_most": shapes.encode_number(bound, "half_width_at_most")}


def say(claim: Mapping[str, Any]) -> str:
    parts = []
    for target in claim["targets"]:
        best = _widest(claim["coverages"], target["outputs"])
        if best is not None:
            parts.append(f"{target['target']}: within {best[1]} with probability at least {best[0]}")
    if not parts:
        return f"{claim['rows']} hold-out rows are too few for these coverages"
    text = f"the next row, if exchangeable with the {claim['rows']} hold-out rows, on average over their draw: "
    repeated = claim["repeated_rows"]
    return text + "; ".join(parts) + (f"; {repeated} of the rows repeat others: not independent" if repeated else "")


def _widest(coverages: list[Any], outputs: list[Any]) -> tuple[str, str] | None:
    """The largest coverage with an interval, and the widest over the outputs."""
    for place in range(len(coverages) - 1, -1, -1):
        widths = [output["intervals"][place]["half_width_at_most"] for output in outputs]
        if widths[0] is not None:
            worst = max(widths, key=lambda number: Dyadic.parse(number["exact"]))
            return shapes.brief(coverages[place], up=False, digits=2), shapes.brief(worst, up=True)
    return None

"""Claim `tolerance`: how large the error is on all but a small fraction of FUTURE rows, with stated confidence.

Distribution-free (Wilks 1941): if the n hold-out rows are independent draws, the (k+1)-th largest of their errors is
exceeded with probability more than p only in an event of probability at most P(B <= k), B binomial(n, p). k is fixed by
n, p and the confidence before any error is looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from .. import shapes
from ..binomial import PROBABILITY_BITS, largest_count
from ..dyadic import ONE, ZERO, Dyadic
from ..errors import Rejected
from ..exact import Exact
from ..layout import MAX_OUTPUTS
from .fidelity import TARGETS, floor_shift

SPLIT = "holdout"
MAX_HOLDOUT = 50_000
MAX_FRACTIONS = 8

_bound = shapes.fields(
    {"exceeded": shapes.optional(shapes.count(0, MAX_HOLDOUT)), "error_at_most": shapes.optional(shapes.number)}
)
_output = shapes.fields({"bounds": shapes.listing(_bound, 1, MAX_FRACTIONS)})
_target = shapes.fields({"target": shapes.choice(*TARGETS), "outputs": shapes.listing(_output, 1, MAX_OUTPUTS)})
FIELDS = shapes.fields(
    {
        "claim": shapes.choice("tolerance"),
        "risk_at_most": shapes.short_number,
        "fractions": shapes.listing(shapes.short_number, 1, MAX_FRACTIONS),
        "rows": shapes.count(1, MAX_HOLDOUT),
        "repeated_rows": shapes.count(0, MAX_HOLDOUT),
        "targets": shapes.listing(_target, 1, len(TARGETS)),
    }
)


def compute(exact: Exact, witness: Mapping[str, Any]) -> dict[str, Any]:
    """``witness`` supplies the risk and the fractions."""
    risk, fractions = witness["risk_at_most"], witness["fractions"]
    rows = holdout_rows(exact, "tolerance")
    for name, value in (("risk_at_most", risk), *(("fractions", fraction) for fraction in fractions)):
        require_probability(f"tolerance.{name}", value)
    if any(a <= b for a, b in pairwise(fractions)):
        raise Rejected("tolerance.fractions", "not decreasing", "different fractions, the largest first")
    errors = {name: outputs for name, outputs in exact.holdout_errors.items() if name in TARGETS}
    statements = len(fractions) * sum(map(len, errors.values()))
    share = part_of(risk, statements)
    counts = [largest_count(rows, fraction, share) for fraction in fractions]
    targets = []
    for name, outputs in errors.items():
        entries = []
        for output, vector in enumerate(outputs):
            ordered = sorted(vector.entries, reverse=True)
            shift = floor_shift(exact.certificate, output)
            entries.append({"bounds": [_entry(ordered, vector.exponent, shift, count) for count in counts]})
        targets.append({"target": name, "outputs": entries})
    encode = shapes.encode_number
    return {
        "claim": "tolerance",
        "risk_at_most": encode(risk, "risk_at_most"),
        "fractions": [encode(fraction, "fractions") for fraction in fractions],
        "rows": rows,
        "repeated_rows": exact.repeated_holdout_rows,
        "targets": targets,
    }


def holdout_rows(exact: Exact, claim: str) -> int:
    """Their number. Raises `Rejected` where there are none or too many."""
    rows = sum(len(part.inputs) for part in exact.certificate.shards[SPLIT])
    if not 1 <= rows <= MAX_HOLDOUT:
        raise Rejected(claim, f"{rows} hold-out rows", f"1 to {MAX_HOLDOUT}")
    return rows


def require_probability(where: str, value: Dyadic) -> None:
    if not (ZERO < value < ONE) or value.reduced().exponent < -PROBABILITY_BITS:
        raise Rejected(where, str(value), f"a number between 0 and 1 on the grid 2^-{PROBABILITY_BITS}")


def part_of(risk: Dyadic, statements: int) -> Dyadic:
    """risk / statements, rounded down to a grid 16 bits finer: all statements together keep the risk."""
    fine = risk.at(-PROBABILITY_BITS) << 16
    return Dyadic(fine // statements, -PROBABILITY_BITS - 16)


def _entry(ordered: list[int], exponent: int, shift: Dyadic, count: int) -> dict[str, Any]:
    if count < 0:
        return {"exceeded": None, "error_at_most": None}
    bound = Dyadic(ordered[count], exponent) + shift  # count < n, for all n rows have probability 1
    return {"exceeded": count, "error_at_most": shapes.encode_number(bound, "error_at_most")}


def say(claim: Mapping[str, Any]) -> str:
    risk = shapes.brief(claim["risk_at_most"], up=True, digits=2)
    parts = []
    for target in claim["targets"]:
        best = _strongest(claim["fractions"], target["outputs"])
        if best is not None:
            fraction, bound = best
            parts.append(f"{target['target']}: at most {fraction} of them off by more than {bound}")
    text = f"future rows, if drawn like the {claim['rows']} hold-out rows, at risk {risk}: {'; '.join(parts)}"
    if not parts:
        text = f"{claim['rows']} hold-out rows are too few for these fractions"
    repeated = claim["repeated_rows"]
    return f"{text}; {repeated} of the rows repeat others: not independent" if repeated else text


def _strongest(fractions: list[Any], outputs: list[Any]) -> tuple[str, str] | None:
    """The smallest fraction with a bound, and the largest bound over the outputs."""
    for place in range(len(fractions) - 1, -1, -1):
        bounds = [output["bounds"][place]["error_at_most"] for output in outputs]
        if bounds[0] is not None:
            worst = max(bounds, key=lambda number: Dyadic.parse(number["exact"]))
            return shapes.brief(fractions[place], up=True, digits=2), shapes.brief(worst, up=True)
    return None

"""Claim `closer`: on what fraction of FUTURE rows the formula is nearer to the label than the network, with confidence.

A row counts only where the formula is nearer for sure, whatever flooring its basis can change. If the n hold-out rows are
independent draws and w of them count, the fraction is at least the q with P(B >= w) = risk, B binomial(n, q) (Clopper
and Pearson 1934); q is rounded down to the grid 2^-12. Errors may have any distribution.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import shapes
from ..binomial import upper_tail
from ..dyadic import Dyadic
from ..errors import Rejected
from ..exact import Exact
from ..layout import MAX_OUTPUTS
from ..vectors import Vector
from .fidelity import floor_shift
from .tolerance import MAX_HOLDOUT, holdout_rows, part_of, require_probability

FRACTION_BITS = 12
_output = shapes.fields({"nearer": shapes.count(0, MAX_HOLDOUT), "fraction_at_least": shapes.number})
FIELDS = shapes.fields(
    {
        "claim": shapes.choice("closer"),
        "risk_at_most": shapes.short_number,
        "rows": shapes.count(1, MAX_HOLDOUT),
        "repeated_rows": shapes.count(0, MAX_HOLDOUT),
        "outputs": shapes.listing(_output, 1, MAX_OUTPUTS),
    }
)


def compute(exact: Exact, witness: Mapping[str, Any]) -> dict[str, Any]:
    """``witness`` supplies the risk, which all outputs share."""
    risk = witness["risk_at_most"]
    rows = holdout_rows(exact, "closer")
    require_probability("closer.risk_at_most", risk)
    errors = exact.holdout_errors
    if "labels" not in errors:
        raise Rejected("closer", "no labels on the hold-out rows", "labels")
    share = part_of(risk, len(errors["labels"]))
    outputs = []
    for output, (student, network) in enumerate(zip(errors["labels"], errors["network"], strict=True)):
        count = _nearer(student, network, floor_shift(exact.certificate, output))
        fraction = lower_limit(rows, count, share)
        outputs.append({"nearer": count, "fraction_at_least": shapes.encode_number(fraction, "fraction_at_least")})
    return {
        "claim": "closer",
        "risk_at_most": shapes.encode_number(risk, "risk_at_most"),
        "rows": rows,
        "repeated_rows": exact.repeated_holdout_rows,
        "outputs": outputs,
    }


def _nearer(student: Vector, network: Vector, shift: Dyadic) -> int:
    low = min(student.exponent, network.exponent, shift.exponent)
    margin = shift.at(low)
    return sum(a + margin < b for a, b in zip(student.at(low), network.at(low), strict=True))


def lower_limit(rows: int, count: int, risk: Dyadic) -> Dyadic:
    """The largest q on the grid with P(B >= count) <= risk, by bisection: the tail grows with q; 0 for count = 0."""
    low, high = 0, 1 << FRACTION_BITS
    if count == 0:
        return Dyadic(0)
    while high - low > 1:
        middle = (low + high) // 2
        if upper_tail(rows, Dyadic(middle, -FRACTION_BITS), count) <= risk:
            low = middle
        else:
            high = middle
    return Dyadic(low, -FRACTION_BITS)


def say(claim: Mapping[str, Any]) -> str:
    worst = min(claim["outputs"], key=lambda output: Dyadic.parse(output["fraction_at_least"]["exact"]))
    risk, least = (
        shapes.brief(claim["risk_at_most"], up=True, digits=2),
        shapes.brief(worst["fraction_at_least"], up=False),
    )
    text = (
        f"nearer to the label than the network on {worst['nearer']} of {claim['rows']} hold-out rows, and, at risk {risk}, "
        f"on at least {least} of future rows drawn like them"
    )
    return f"{text} (worst of {len(claim['outputs'])} outputs)" if len(claim["outputs"]) > 1 else text

"""Claim `evaluation`: float64 predictions lie within a stated distance of the exact formula, in any order of summation.

The a-priori bound is the standard one for sums of products, gamma_k = k u / (1 - k u) with u = 2^-53 (Higham, Accuracy
and Stability of Numerical Algorithms, section 3.1), for phi computed from coordinate differences; for the exponential
kernels with exp and sqrt to 2 units in the last place.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import shapes
from ..basis import EXPONENTIAL, OVERFLOW_BITS
from ..dyadic import FLOAT_BITS, Dyadic, quotient53
from ..errors import Rejected
from ..exact import Exact
from ..layout import SPLITS

UNDERFLOW = Dyadic(1, -1_060)
MAX_SCALE = Dyadic(1, 500)
MAX_MAGNITUDE = Dyadic(1, OVERFLOW_BITS)

_split = shapes.fields(
    {"split": shapes.choice(*SPLITS), "difference_at_most": shapes.number, "a_priori_at_most": shapes.number}
)
FIELDS = shapes.fields({"claim": shapes.choice("evaluation"), "splits": shapes.listing(_split, 1, len(SPLITS))})


def compute(exact: Exact, _witness: Mapping[str, Any]) -> dict[str, Any]:
    splits = []
    for split, sums in exact.sums.splits.items():
        bound = a_priori(exact, split, "evaluation")
        if sums.largest_difference > bound:
            raise Rejected(
                f"evaluation {split}",
                f"a recorded prediction {sums.largest_difference.decimal(up=True)} off the formula",
                f"at most the a-priori bound {bound.decimal(up=True)}",
            )
        splits.append(
            {
                "split": split,
                "difference_at_most": shapes.encode_number(sums.largest_difference, "difference_at_most"),
                "a_priori_at_most": shapes.encode_number(bound, "a_priori_at_most"),
            }
        )
    return {"claim": "evaluation", "splits": splits}


def a_priori(exact: Exact, split: str, claim: str) -> Dyadic:
    """How far any float64 evaluation can be from the formula on the rows of a split.

    Raises
    ------
    Rejected : scales, coordinates or values so large that something may overflow
    """
    model, sums = exact.certificate.model, exact.sums.splits[split]
    m, d = len(model.landmarks), model.inputs
    roundings = m + 2 * d + (12 if exact.certificate.basis.kernel in EXPONENTIAL else 7)
    if any(Dyadic.of_float(scale) > MAX_SCALE for scale in model.scales):
        raise Rejected(claim, "a scale above 2^500", "scales at most 2^500, so that no underflow is magnified")
    if not sums.within_range or sums.largest_magnitude > MAX_MAGNITUDE:
        raise Rejected(
            f"{claim} {split}",
            "a value above 2^1000 or a coordinate above 2^500",
            "values at most 2^1000 and coordinates at most 2^500, so that nothing overflows",
        )
    numerator, denominator = sums.largest_magnitude.ratio()
    return quotient53(
        *_sum_ratio(roundings * numerator, denominator * ((1 << FLOAT_BITS) - roundings), m + d + 1), up=True
    )


def _sum_ratio(numerator: int, denominator: int, terms: int) -> tuple[int, int]:
    """numerator / denominator + terms 2^-1060."""
    scale = 1 << -UNDERFLOW.exponent
    return numerator * scale + terms * denominator, denominator * scale


def say(claim: Mapping[str, Any]) -> str:
    worst, seen = (
        max((split[name] for split in claim["splits"]), key=lambda number: Dyadic.parse(number["exact"]))
        for name in ("a_priori_at_most", "difference_at_most")
    )
    bound, found = shapes.brief(worst, up=True, digits=2), shapes.brief(seen, up=True, digits=2)
    return f"float64 evaluation within {bound} of the formula in any order; recorded predictions within {found}"

"""Claim `compression`: how many numbers the formula stores, and their ratio to the network's recorded parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import shapes
from ..certificate import Model
from ..dyadic import Dyadic
from ..exact import Exact

RATIO_BITS = 20
FIELDS = shapes.fields(
    {
        "claim": shapes.choice("compression"),
        "stored_numbers": shapes.count(1, 10**15 - 1),
        "ratio_at_least": shapes.optional(shapes.number),
    }
)


def stored_numbers(model: Model) -> int:
    """m (d + c) + d c [linear] + d [kernel] + c: landmarks, coefficients, weights, scales, intercepts."""
    m, d, c = len(model.landmarks), model.inputs, model.outputs
    return m * (d + c) + (d * c if model.weights else 0) + len(model.scales) + c


def compute(exact: Exact, _witness: Mapping[str, Any]) -> dict[str, Any]:
    stored = stored_numbers(exact.certificate.model)
    parameters = exact.certificate.subject["teacher"]["parameters"]
    ratio = None
    if parameters is not None:
        ratio = shapes.encode_number(Dyadic((parameters << RATIO_BITS) // stored, -RATIO_BITS), "ratio_at_least")
    return {"claim": "compression", "stored_numbers": stored, "ratio_at_least": ratio}


def say(claim: Mapping[str, Any]) -> str:
    ratio = claim["ratio_at_least"]
    text = f"{claim['stored_numbers']} stored numbers"
    return (
        text if ratio is None else f"{text}, {shapes.brief(ratio, up=False)} times fewer than the recorded parameters"
    )

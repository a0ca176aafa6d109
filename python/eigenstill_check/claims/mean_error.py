"""Claim `mean_error`: how large the mean error is over FUTURE rows, every error cut off at a stated size.

A mean has no bound without a range: one row in a million may be off by anything. So every |error| counts as at most
`clip`, which must have been chosen without the hold-out rows. `betting.py` has the bound; the losses are rounded up to
the grid 2^-16 clip, what flooring the basis can change included, the network's down.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import shapes
from ..betting import LIMIT_BITS, upper_limit
from ..binomial import PROBABILITY_BITS
from ..dyadic import ONE, ZERO, Dyadic
from ..errors import Rejected
from ..exact import Exact
from ..layout import MAX_OUTPUTS
from ..vectors import Vector
from .fidelity import floor_shift
from .tolerance import MAX_HOLDOUT, holdout_rows, part_of, require_probability

LOSS_BITS = 16
_output = shapes.fields(
    {
        "clip": shapes.short_number,
        "teacher_at_most": shapes.number,
        "labels_at_most": shapes.optional(shapes.number),
        "gain_at_least": shapes.optional(shapes.number),
    }
)
FIELDS = shapes.fields(
    {
        "claim": shapes.choice("mean_error"),
        "risk_at_most": shapes.short_number,
        "rows": shapes.count(1, MAX_HOLDOUT),
        "repeated_rows": shapes.count(0, MAX_HOLDOUT),
        "outputs": shapes.listing(_output, 1, MAX_OUTPUTS),
    }
)


def compute(exact: Exact, witness: Mapping[str, Any]) -> dict[str, Any]:
    """``witness`` supplies the risk, which all bounds share, and where the errors of each output are cut off."""
    risk, clips = witness["risk_at_most"], [entry["clip"] for entry in witness["outputs"]]
    rows = holdout_rows(exact, "mean_error")
    require_probability("mean_error.risk_at_most", risk)
    errors, count = exact.holdout_errors, exact.certificate.model.outputs
    if len(clips) != count:
        raise Rejected("mean_error.outputs", f"a list of {len(clips)}", f"a list of {count}")
    for index, clip in enumerate(clips):
        if not clip > ZERO:
            raise Rejected(f"mean_error.outputs[{index}].clip", str(clip), "more than 0")
    share = part_of(risk, count * (3 if "labels" in errors else 1))
    outputs = []
    for output, clip in enumerate(clips):
        shift = floor_shift(exact.certificate, output)
        entry = {"clip": shapes.encode_number(clip, "clip"), "labels_at_most": None, "gain_at_least": None}
        for target in ("teacher", "labels") if "labels" in errors else ("teacher",):
            bound = clip * _limit(_up(errors[target][output], clip, shift), LOSS_BITS, share)
            entry[f"{target}_at_most"] = shapes.encode_number(bound, "at_most")
        if "labels" in errors:
            gain = _gain(errors["labels"][output], errors["network"][output], clip, shift, share)
            entry["gain_at_least"] = shapes.encode_number(gain, "gain_at_least")
        outputs.append({key: entry[key] for key in ("clip", "teacher_at_most", "labels_at_most", "gain_at_least")})
    return {
        "claim": "mean_error",
        "risk_at_most": shapes.encode_number(risk, "risk_at_most"),
        "rows": rows,
        "repeated_rows": exact.repeated_holdout_rows,
        "outputs": outputs,
    }


def _limit(losses: list[int], bits: int, share: Dyadic) -> Dyadic:
    return Dyadic(upper_limit(losses, bits, share.at(-2 * PROBABILITY_BITS), 2 * PROBABILITY_BITS), -LIMIT_BITS)


def _gain(student: Vector, network: Vector, clip: Dyadic, shift: Dyadic, share: Dyadic) -> Dyadic:
    """Lower limit of the mean of min(network, clip) - min(student, clip), from the mean of half of clip less that."""
    losses = [(1 << LOSS_BITS) + a - b for a, b in zip(_up(student, clip, shift), _down(network, clip), strict=True)]
    return clip * (ONE - Dyadic(2) * _limit(losses, LOSS_BITS + 1, share))


def _up(errors: Vector, clip: Dyadic, shift: Dyadic) -> list[int]:
    """(|error| + shift) / clip, in units 2^-16, rounded up and at most 1."""
    low = min(errors.exponent, clip.exponent, shift.exponent)
    unit, margin = clip.at(low), shift.at(low)
    return [min(1 << LOSS_BITS, -(-((entry + margin) << LOSS_BITS) // unit)) for entry in errors.at(low)]


def _down(errors: Vector, clip: Dyadic) -> list[int]:
    low = min(errors.exponent, clip.exponent)
    unit = clip.at(low)
    return [min(1 << LOSS_BITS, (entry << LOSS_BITS) // unit) for entry in errors.at(low)]


def say(claim: Mapping[str, Any]) -> str:
    worst = max(claim["outputs"], key=lambda output: Dyadic.parse(output["teacher_at_most"]["exact"]))
    risk = shapes.brief(claim["risk_at_most"], up=True, digits=2)
    bounds = [
        f"{name} {shapes.brief(worst[f'{name}_at_most'], up=True)}"
        for name in ("teacher", "labels")
        if worst[f"{name}_at_most"] is not None
    ]
    text = (
        f"future rows, if drawn like the {claim['rows']} hold-out rows, at risk {risk}: mean |error|, cut off at "
        f"{shapes.brief(worst['clip'], up=True)}, at most: {', '.join(bounds)}"
    )
    if worst["gain_at_least"] is not None:
        text += f"; the network's on the labels less the formula's is at least {shapes.brief(worst['gain_at_least'], up=False)}"
    if len(claim["outputs"]) > 1:
        text += f" (worst of {len(claim['outputs'])} outputs)"
    repeated = claim["repeated_rows"]
    return f"{text}; {repeated} of the rows repeat others: not independent" if repeated else text

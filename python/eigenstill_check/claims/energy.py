"""Claim `energy`: what share of norm(t - tbar)^2 the best modes hold, and that no other choice of as many holds more.

The energy of a set of modes is that of the projection of t - tbar on the span of their A v_k (FORMAT.md section 3;
Lean: `error_ge_of_count`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import shapes
from ..dyadic import ZERO, Dyadic
from ..errors import Rejected
from ..exact import Exact
from ..layout import MAX_COLUMNS, MAX_OUTPUTS
from ..projection import Target, along_modes, largest_sums, mode_energies, share

TARGETS = ("teacher", "labels")
MAX_COUNTS = 16
_count = shapes.fields(
    {
        "modes": shapes.count(1, MAX_COLUMNS),
        "share_at_least": shapes.optional(shapes.number),
        "share_at_most": shapes.optional(shapes.number),
    }
)
_output = shapes.fields({"best": shapes.listing(_count, 1, MAX_COUNTS)})
_target = shapes.fields({"target": shapes.choice(*TARGETS), "outputs": shapes.listing(_output, 1, MAX_OUTPUTS)})
FIELDS = shapes.fields(
    {
        "claim": shapes.choice("energy"),
        "modes": shapes.count(1, MAX_COLUMNS),
        "targets": shapes.listing(_target, 1, len(TARGETS)),
    }
)


def compute(exact: Exact, witness: Mapping[str, Any]) -> dict[str, Any]:
    """``witness`` supplies how many modes count, and for how many of them the best choice is stated."""
    counts = [entry["modes"] for entry in witness["targets"][0]["outputs"][0]["best"]]
    kept, available = witness["modes"], len(exact.certificate.model.excess)
    if kept > available or counts != sorted(set(counts)) or counts[-1] != kept:
        raise Rejected("energy.modes", f"counts {counts} of {kept}", f"increasing counts up to at most {available}")
    targets = [
        {
            "target": name,
            "outputs": [{"best": _best(exact, target, kept, counts)} for target in outputs],
        }
        for name, outputs in exact.targets.items()
    ]
    return {"claim": "energy", "modes": kept, "targets": targets}


def _best(exact: Exact, target: Target, kept: int, counts: list[int]) -> list[dict[str, Any]]:
    certificate = exact.certificate
    along = along_modes(certificate.basis, certificate.model.eigenvectors, kept, target.products, exact.arithmetic)
    try:
        parts = mode_energies(exact.modes, along)
    except ValueError:
        raise Rejected(
            "energy", "modes whose images are not nearly orthogonal", "E_kk above sum |E_kj| for every mode that counts"
        ) from None
    lows, highs = largest_sums([low for low, _ in parts], counts), largest_sums([high for _, high in parts], counts)
    whole = Dyadic(exact.sums.rows) * target.total
    entries = []
    for count, low, high in zip(counts, lows, highs, strict=True):
        entry: dict[str, Any] = {"modes": count, "share_at_least": None, "share_at_most": None}
        if whole > ZERO:
            entry["share_at_least"] = shapes.encode_number(share(low, whole, up=False), "share_at_least")
            entry["share_at_most"] = shapes.encode_number(share(high, whole, up=True), "share_at_most")
        entries.append(entry)
    return entries


def say(claim: Mapping[str, Any]) -> str:
    return "; ".join(_sentence(target, claim["modes"]) for target in claim["targets"])


def _sentence(target: Mapping[str, Any], kept: int) -> str:
    outputs = [output["best"] for output in target["outputs"] if output["best"][-1]["share_at_least"] is not None]
    if not outputs:
        return f"{target['target']}: constant, no energy"
    worst = min(outputs, key=lambda best: Dyadic.parse(best[-1]["share_at_least"]["exact"]))
    text = f"{target['target']}: the {kept} modes hold at least {shapes.brief(worst[-1]['share_at_least'], up=False)}"
    if len(worst) > 1:
        place = len(worst) // 2
        few = worst[place]
        most = max((best[place]["share_at_most"] for best in outputs), key=lambda share: Dyadic.parse(share["exact"]))
        least = min((best[place]["share_at_least"] for best in outputs), key=lambda share: Dyadic.parse(share["exact"]))
        if few is not worst[-1]:
            text += (
                f", the best {few['modes']} at least {shapes.brief(least, up=False)} "
                f"and no {few['modes']} more than {shapes.brief(most, up=True)}"
            )
    return f"{text} (worst of {len(target['outputs'])} outputs)" if len(target["outputs"]) > 1 else text

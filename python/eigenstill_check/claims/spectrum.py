"""Claim `spectrum`: every eigenvalue of M down to a level lies in its interval, counted with multiplicity, none missed.

In min-max form (Courant, Fischer; FORMAT.md section 3; Lean: `eigenvalue_mem_of_certificate`): on a k-dimensional
subspace x^T M x >= lo_k x^T x, and on a subspace of codimension k - 1 x^T M x <= hi_k x^T x.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import shapes
from ..dyadic import Dyadic
from ..exact import SpectralExact
from ..layout import MAX_COLUMNS

_interval = shapes.fields({"at_least": shapes.number, "at_most": shapes.number})
FIELDS = shapes.fields(
    {
        "claim": shapes.choice("spectrum"),
        "threshold": shapes.short_number,
        "slack": shapes.short_number,
        "eigenvalues": shapes.listing(_interval, 1, MAX_COLUMNS),
        "others_at_most": shapes.optional(shapes.number),
    }
)


def compute(exact: SpectralExact, witness: Mapping[str, Any]) -> dict[str, Any]:
    """``witness`` supplies threshold and slack; the intervals are computed, one for each of the K modes."""
    threshold, slack = witness["threshold"], witness["slack"]
    exact.require_psd("spectrum", threshold, slack)
    encode = shapes.encode_number
    complete = len(exact.witnesses.excess) == exact.witnesses.columns
    return {
        "claim": "spectrum",
        "threshold": encode(threshold, "threshold"),
        "slack": encode(slack, "slack"),
        "eigenvalues": [
            {"at_least": encode(low, "at_least"), "at_most": encode(high, "at_most")}
            for low, high in exact.enclosures(threshold)
        ],
        "others_at_most": None if complete else encode(threshold, "others_at_most"),
    }


def say(claim: Mapping[str, Any]) -> str:
    intervals = [
        (Dyadic.parse(entry["at_least"]["exact"]), Dyadic.parse(entry["at_most"]["exact"]))
        for entry in claim["eigenvalues"]
    ]
    widest = max((high - low for low, high in intervals), default=Dyadic(0)).decimal(up=True)
    first = claim["eigenvalues"][0]
    text = (
        f"{len(intervals)} eigenvalues of A^T A in intervals at most {_brief(widest)} wide, "
        f"the largest in [{first['at_least']['decimal']}, {first['at_most']['decimal']}]"
    )
    others = claim["others_at_most"]
    return f"{text}; none is missed" if others is None else f"{text}; all others <= {shapes.brief(others, up=True)}"


def _brief(decimal: str) -> str:
    return shapes.brief({"decimal": decimal}, up=True)

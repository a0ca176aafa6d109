"""What a verdict on a mutant is worth: which ACCEPTED is right, and what no verdict may be.

ACCEPTED is right only for a mutant that is

* *the same*: its canonical document and its tensors are those of the certificate it was made from (`attacks.same`), but
  for what only helps the proof: the factor with its unit, and the slack. Modes and d count by value, whatever their unit,
  and the rows of a matrix in any order, unless A is transposed: M = A^T A and the column means are sums over the rows;
* *less*: the same with claims beyond the profile, or ranks, left out;
* *proved again*: an independent reference in fractions finds every recorded number and every side condition anew from
  the mutant's own rows. Its claims are then true of what is in the file.

Everything else that is accepted is a false ACCEPTED.
"""

from __future__ import annotations

import struct
from copy import deepcopy
from pathlib import Path
from typing import Any

from attacks.same import parse, same_or_less, same_tensors, tensors_of
from support.files import draft_from
from support.reference import two

SAME, LESS, PROVED, FALSE = "the same", "less", "proved again", "FALSE ACCEPTED"
HELPERS = ("factor",)
UNITS = {"eigenvectors": "vector_exponent", "excess": "excess_exponent"}


def without_helpers(document: Any) -> Any:
    """The document without slack, the factor's unit, and the units of what is compared by value."""
    copy = deepcopy(document)
    try:
        for claim in copy["claims"]:
            claim.pop("slack", None)
        for key in ("basis", "matrix"):
            for unit in ("factor_exponent", *UNITS.values()):
                copy.get(key, {}).pop(unit, None)
    except (AttributeError, KeyError, TypeError):
        return document
    return copy


def judge(path: Path, base: Path) -> str:
    """Which of the four an accepted mutant is; both certificates are on disk."""
    after, before = parse(path.read_bytes()), parse(base.read_bytes())
    if after is not None and same_or_less(without_helpers(after), without_helpers(before)):
        claims = {claim["claim"] for claim in after["claims"]}
        tensors = [
            {
                name: value
                for name, value in by_value(tensors_of(place, document), document).items()
                if name not in HELPERS
            }
            for place, document in ((path, after), (base, before))
        ]
        if same_tensors(tensors[0], tensors[1], claims):
            return SAME if len(after["claims"]) == len(before["claims"]) and ranks(after) == ranks(before) else LESS
    return PROVED if proved_again(path, after) else FALSE


def by_value(tensors: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """The tensors, where a unit of their own or an order of rows says nothing, by what they mean."""
    found = dict(tensors)
    settings = document.get("basis", document.get("matrix", {}))
    for name, unit in UNITS.items():
        if name in found and isinstance(settings.get(unit), int):
            kind, data = found[name]
            whole = struct.unpack(f"<{len(data) // 8}q", data)
            found[name] = kind, [value * two(settings[unit]) for value in whole]
    free = not (settings.get("transposed", True) or settings.get("symmetric", True))
    if "matrix" in found and free:
        kind, data = found["matrix"]
        width = 8 * kind[1][0]
        found["matrix"] = kind, sorted(data[start : start + width] for start in range(0, len(data), width))
    return found


def ranks(document: dict[str, Any]) -> int:
    return sum(len(claim.get("ranks", ())) for claim in document["claims"])


def proved_again(path: Path, document: Any) -> bool:
    if document is None or document.get("profile") != "distillation-1":
        return False
    try:
        draft = draft_from(path)
        if not draft.reference().side_conditions(draft.threshold, draft.slack, draft.ranks):
            return False
        further = draft.further_reference()
        if not all(map(further.holds, further.witnesses)):
            return False
        computed = {claim["claim"]: claim for claim in draft.seal().document["claims"]}
    except (ArithmeticError, ValueError, TypeError, KeyError, IndexError):
        return False
    return computed == {claim["claim"]: claim for claim in document["claims"]}

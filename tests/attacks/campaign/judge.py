"""What a verdict on a mutant is worth: which ACCEPTED is right, and what no verdict may be.

ACCEPTED is right only for a mutant that is

* *the same*: its canonical document and its tensors are those of the certificate it was made from (`attacks.same`), but
  for what only helps the proof: the factor with its unit, and the slack;
* *less*: the same with claims beyond the profile, or ranks, left out;
* *proved again*: an independent reference in fractions finds every recorded number and every side condition anew from
  the mutant's own rows. Its claims are then true of what is in the file.

Everything else that is accepted is a false ACCEPTED.
"""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

from attacks.same import parse, same_or_less, same_tensors, tensors_of
from support.files import draft_from

SAME, LESS, PROVED, FALSE = "the same", "less", "proved again", "FALSE ACCEPTED"
HELPERS = ("factor",)


def without_helpers(document: Any) -> Any:
    """The document without slack and the factor's unit."""
    copy = deepcopy(document)
    try:
        for claim in copy["claims"]:
            claim.pop("slack", None)
        for key in ("basis", "matrix"):
            copy.get(key, {}).pop("factor_exponent", None)
    except (AttributeError, KeyError, TypeError):
        return document
    return copy


def judge(path: Path, base: Path) -> str:
    """Which of the four an accepted mutant is; both certificates are on disk."""
    after, before = parse(path.read_bytes()), parse(base.read_bytes())
    if after is not None and same_or_less(without_helpers(after), without_helpers(before)):
        claims = {claim["claim"] for claim in after["claims"]}
        tensors = [
            {name: value for name, value in tensors_of(place, document).items() if name not in HELPERS}
            for place, document in ((path, after), (base, before))
        ]
        if same_tensors(tensors[0], tensors[1], claims):
            return SAME if len(after["claims"]) == len(before["claims"]) and ranks(after) == ranks(before) else LESS
    return PROVED if proved_again(path, after) else FALSE


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

"""When two certificates say the same, or the second says less: what an ACCEPTED after a change is measured by.

The *canonical document* is the parsed JSON without what is recorded only, claims sorted by kind: white space, the order
of keys and of claims, and the way a character is escaped are gone. Two certificates say the same if their canonical
documents and their tensors are equal. The second says *less* if beside that it lacks claims beyond the profile, or ranks
of `eckart_young`: each claim that is left stands word for word in the first.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from support.files import PROFILE

RECORDED_ONLY = ("producer", "subject")  # but for subject.teacher.parameters, of which `compression` speaks
OF_FILES = ("file", "sha256", "bytes", "rows", "holdout_rows")  # how rows are spread over files says nothing
CLAIM_TENSORS = {
    "solution": {"shrinkage"},
    "ridge_edges": {"gcv"},
    "ridge_trials": {"gcv"},
    "ridge": {"shrinkage", "gcv", "diagnosis"},
}


def parse(data: bytes) -> Any:
    """The JSON, or None. Of a key written twice the last one counts here; the checkers refuse it."""
    try:
        return json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):
        return None


def claims_of(document: dict[str, Any]) -> dict[str, Any]:
    return {claim["claim"]: claim for claim in document["claims"]}


def canonical(document: dict[str, Any]) -> dict[str, Any]:
    """What a certificate says, less its claims."""
    kept = {key: value for key, value in document.items() if key not in (*RECORDED_ONLY, "claims", "arrays")}
    parameters = document["subject"].get("teacher", {}).get("parameters")
    return {**kept, "parameters": parameters}


def less(after: dict[str, Any], before: dict[str, Any]) -> bool:
    """Whether the claims after a change are among those before it, those of the profile all there."""
    old, new = claims_of(before), claims_of(after)
    if len(new) != len(after["claims"]) or not new.keys() <= old.keys():
        return False
    if not {name for name in PROFILE if name in old} <= new.keys():
        return False
    return all(claim == old[name] or _fewer_ranks(claim, old[name]) for name, claim in new.items())


def _fewer_ranks(claim: dict[str, Any], other: dict[str, Any]) -> bool:
    if claim["claim"] != "eckart_young" or claim | {"ranks": other["ranks"]} != other or not claim["ranks"]:
        return False
    return all(entry in other["ranks"] for entry in claim["ranks"])


def same_or_less(after: Any, before: Any) -> bool:
    """Whether one document says no more than another; their tensors are compared by `same_tensors`."""
    try:
        return bool(canonical(after) == canonical(before) and less(after, before))
    except (KeyError, TypeError, AttributeError):
        return False


def same_tensors(after: dict[str, Any], before: dict[str, Any], claims: set[str]) -> bool:
    """Whether the tensors are the same, but for those that no claim needs any more."""
    needed = {name for name in before if claims & CLAIM_TENSORS.get(name, claims)}
    return after.keys() == needed and all(after[name] == before[name] for name in needed)


def tensors_of(path: Path, document: dict[str, Any]) -> dict[str, Any]:
    """Name to (type, width, bytes), shards of rows joined."""
    found: dict[str, Any] = {}
    for listed in document["arrays"]:
        data = (path.parent / listed["file"]).read_bytes()
        start = 8 + int.from_bytes(data[:8], "little")
        for name, entry in json.loads(data[8:start]).items():
            begin, end = entry["data_offsets"]
            key = (entry["dtype"], tuple(entry["shape"][1:]))
            kind, content = found.get(name, (key, b""))
            if kind != key:
                return {}
            found[name] = (kind, content + data[start + begin : start + end])
    return found

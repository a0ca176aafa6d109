"""Reading a certificate back into a draft, with numpy and nothing of the checker."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from .drafts import Draft
from .reference import parse_exact

PROFILE = ("basis", "metric", "eckart_young", "fidelity", "compression", "evaluation")
TYPES = {"F64": "<f8", "I64": "<i8"}


def read_arrays(data: bytes) -> dict[str, Any]:
    """Tensors of an array file as nested lists, by name."""
    length = 8 + int.from_bytes(data[:8], "little")
    tensors = {}
    for name, found in json.loads(data[8:length]).items():
        begin, end = found["data_offsets"]
        values = np.frombuffer(data[length + begin : length + end], dtype=TYPES[found["dtype"]])
        tensors[name] = values.reshape(found["shape"]).tolist()
    return tensors


def draft_from(path: Path) -> Draft:
    """The draft that a certificate on disk belongs to."""
    document = json.loads(path.read_text())
    tensors: dict[str, Any] = {}
    for listed in document["arrays"]:
        for name, values in read_arrays((path.parent / listed["file"]).read_bytes()).items():
            tensors[name] = tensors.get(name, []) + values
    claims = {claim["claim"]: claim for claim in document["claims"]}
    bound = claims["eckart_young"]
    return Draft(
        basis=document["basis"],
        tensors=tensors,
        subject=document["subject"],
        shards=[(listed["rows"], listed["holdout_rows"]) for listed in document["arrays"]],
        ranks=[entry["rank"] for entry in bound["ranks"]],
        threshold=parse_exact(bound["threshold"]["exact"]),
        slack=parse_exact(bound["slack"]["exact"]),
        further={name: witness_of(claim) for name, claim in claims.items() if name not in PROFILE},
    )


def witness_of(claim: dict[str, Any]) -> dict[str, Any]:
    """What a checker takes from a recorded claim, and nothing that it computes."""
    witness = {key: parse_exact(claim[key]["exact"]) for key in ("threshold", "slack", "risk_at_most") if key in claim}
    witness |= {key: claim[key] for key in ("criterion", "solution_exponent", "trial_exponent") if key in claim}
    if "fractions" in claim:
        witness["fractions"] = [parse_exact(entry["exact"]) for entry in claim["fractions"]]
    if "coverages" in claim:
        witness["coverages"] = [parse_exact(entry["exact"]) for entry in claim["coverages"]]
    if claim["claim"] == "mean_error":
        witness["outputs"] = [{"clip": parse_exact(entry["clip"]["exact"])} for entry in claim["outputs"]]
    if claim["claim"] == "energy":
        counts = [entry["modes"] for entry in claim["targets"][0]["outputs"][0]["best"]]
        witness |= {"modes": claim["modes"], "counts": counts}
    return witness

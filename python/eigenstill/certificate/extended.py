"""What the claims beyond the profile need: witnesses in float64, and which of them to ask for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import ceil, floor, frexp
from typing import Any

import numpy as np

from eigenstill_check.certificate import Certificate
from eigenstill_check.claims.energy import MAX_COUNTS
from eigenstill_check.claims.gcv import FACTORS
from eigenstill_check.dyadic import Dyadic
from eigenstill_check.exact import Exact
from eigenstill_check.layout import RIDGE_CLAIMS

from .prove import Proof
from .ridge_witness import ModeData, RidgeChoice, gcv_cells, on_grid

MANY_OUTPUTS = 32
CLIP_QUANTILE = 0.99
MAX_CLIP_BITS = 256
RISK = Dyadic(floor(0.01 * 2**16), -16)
COVERAGES = tuple(Dyadic(ceil(coverage * 2**16), -16) for coverage in (0.8, 0.9, 0.95, 0.99))
FRACTIONS = tuple(Dyadic(floor(fraction * 2**16), -16) for fraction in (0.5, 0.1, 0.05, 0.01))


@dataclass
class Requests:
    """The witness of each claim to compute, the tensors they need, and why one is not asked for."""

    witnesses: dict[str, dict[str, Any]] = field(default_factory=dict)
    tensors: dict[str, Any] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)


def requests(exact: Exact, proof: Proof, rank: int, choice: RidgeChoice | None) -> Requests:
    """Witnesses for every claim that can be made: of several outputs, of hold-out rows, with a ridge."""
    signs = {"threshold": proof.threshold, "slack": proof.slack}
    kept = min(rank if choice is None else choice.kept, exact.certificate.model.columns)
    result = Requests({"spectrum": dict(signs), "energy": _counts(kept, exact.certificate.model.outputs), "global": {}})
    if exact.certificate.shards["train"][0].exports:
        result.witnesses["exports"] = {}
    if exact.certificate.model.outputs > 1:
        result.witnesses["agreement"] = {}
    if exact.certificate.shards["holdout"]:
        result.witnesses["tolerance"] = {"risk_at_most": RISK, "fractions": list(FRACTIONS)}
        if exact.certificate.shards["holdout"][0].labels is not None:
            result.witnesses["closer"] = {"risk_at_most": RISK}
        result.witnesses["interval"] = {"coverages": list(COVERAGES)}
        clips = _clips(exact.certificate)
        result.witnesses["mean_error"] = {"risk_at_most": RISK, "outputs": [{"clip": clip} for clip in clips]}
    if choice is None:
        return result
    rows = exact.sums.rows
    teacher = ModeData.of(proof.eigenvalues, proof.eigenvectors, exact.targets["teacher"], rows)
    solution, exponent = on_grid(teacher.solution(choice.ridge, kept))
    result.tensors |= {"ridge": choice.ridge, "solution": solution}
    result.witnesses["shrinkage"] = {"solution_exponent": exponent}
    result.witnesses["diagnosis"] = dict(signs)
    if choice.criterion in FACTORS and "labels" in exact.targets:
        labels = ModeData.of(proof.eigenvalues, proof.eigenvectors, exact.targets["labels"], rows)
        edges = gcv_cells(labels, choice)
        if edges is None:
            result.left_out["gcv"] = (
                "the labels leave no residual, the ridge is not near the least value, or the cells would be too many"
            )
            return result
        trials = [labels.weights(ridge) for ridge in (choice.ridge, *edges[:-1])]
        grid, exponent = on_grid(np.concatenate(trials))
        outputs = len(labels.totals)
        result.tensors |= {
            "ridge_edges": edges,
            "ridge_trials": [grid[k : k + outputs] for k in range(0, len(grid), outputs)],
        }
        result.witnesses["gcv"] = {"criterion": choice.criterion, "trial_exponent": exponent, **signs}
    return result


def _counts(kept: int, outputs: int) -> dict[str, Any]:
    """1, 2, 4 ... and all of the kept modes; the last alone where there are many outputs."""
    counts = [2**power for power in range(MAX_COUNTS - 1) if 2**power < kept] if outputs <= MANY_OUTPUTS else []
    best = [{"modes": count} for count in (*counts, kept)]
    return {"modes": kept, "targets": [{"outputs": [{"best": best}]}]}


def _clips(certificate: Certificate) -> list[Dyadic]:
    """Where errors are cut off, an output each: the power of two above nearly all errors on the TRAINING rows."""
    parts = certificate.shards["train"]
    clips = []
    for output in range(certificate.model.outputs):
        errors = [
            abs(target[output] - predicted[output])
            for part in parts
            for target, predicted in zip(part.labels or part.teacher, part.predictions, strict=True)
        ]
        clips.append(Dyadic(1, max(-MAX_CLIP_BITS, frexp(float(np.quantile(errors, CLIP_QUANTILE)))[1])))
    return clips


def without_unused(certificate: Certificate, claims: Iterable[Mapping[str, Any]]) -> Certificate:
    """The certificate without the tensors that no claim needs: a reader refuses them."""
    names = {claim["claim"] for claim in claims}
    blank: dict[str, Any] = {}
    if not names.intersection(RIDGE_CLAIMS):
        blank["ridge"] = None
    if "shrinkage" not in names:
        blank["solution"] = []
    if "gcv" not in names:
        blank |= {"ridge_edges": [], "ridge_trials": []}
    return replace(certificate, model=replace(certificate.model, **blank))

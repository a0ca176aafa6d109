"""Assembling a certificate: formula, rows and witnesses in; JSON and array file out.

The claims are computed by the checker's own code, so what is written is what any checker will compute.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eigenstill_check import shapes
from eigenstill_check.certificate import FORMAT, PROFILES, VERSION, Basis, Certificate, Model, Rows
from eigenstill_check.claims import CLAIMS, eckart_young
from eigenstill_check.dyadic import Dyadic
from eigenstill_check.errors import Rejected
from eigenstill_check.exact import Exact
from eigenstill_check.operator import Operator
from eigenstill_check.rows import scan
from eigenstill_check.version import __version__

from ..errors import SpectrumError
from ..files import encode_tensors, write_atomically
from .extended import Proof, requests, without_unused
from .ridge_witness import RidgeChoice
from .witness import MAX_DOUBLINGS, VECTOR_EXPONENT, psd_witnesses, spectral, to_float

Floats = NDArray[np.float64]
Progress = Callable[[str, int, int], None]
SMALLEST_TAIL = 8  # a rank is claimed where the tail of the spectrum exceeds this many times rank * slack
PROFILE = "distillation-1"


@dataclass(frozen=True)
class Split:
    """Rows of one split: inputs (n, d), teacher, predictions and labels (n, c) float64."""

    inputs: Floats
    teacher: Floats
    predictions: Floats
    labels: Floats | None = None


@dataclass(frozen=True)
class Formula:
    """The student as stored (FORMAT.md section 2); weights and offsets are None without linear term."""

    kernel: str
    grid_bits: int
    landmarks: Floats
    scales: Floats
    coefficients: Floats
    intercept: Floats
    weights: Floats | None
    offsets: Floats | None
    linear_exponents: tuple[int, ...]
    metric: NDArray[np.int64]
    linear_metric: NDArray[np.int64] | None
    metric_exponent: int
    jitter: Dyadic

    @property
    def columns(self) -> int:
        return len(self.landmarks) + len(self.linear_exponents)


@dataclass(frozen=True)
class Built:
    """A certificate without its claims, the claims as JSON objects, and claims left out with the reason."""

    certificate: Certificate
    claims: list[dict[str, Any]]
    left_out: Mapping[str, str]


def build(
    formula: Formula,
    splits: Mapping[str, Split],
    subject: Mapping[str, Any],
    rank: int,
    *,
    ridge: RidgeChoice | None = None,
    operator: Operator | None = None,
    progress: Progress | None = None,
) -> Built:
    """Find the witnesses and compute every claim that holds.

    Parameters
    ----------
    formula, splits : what is certified; "train" must be among the splits
    subject : the JSON object of FORMAT.md section 1, recorded only
    rank : the student's number of modes K*; the claimed ranks are 8, 16, 32 ... below it, and K* itself where K* < r
    ridge : how the student was fitted; without it nothing is claimed of the fit (shrinkage, gcv, diagnosis)
    operator : M where it is known exactly already; formed here from the rows otherwise

    Returns
    -------
    Certificate, claims, and why a claim beyond the profile was left out, where one was.

    Raises
    ------
    Rejected : a claim of the profile does not hold
    SpectrumError : no rank has a provable tail (fewer than two columns, or an operator of rank one)
    """
    say = progress or (lambda stage, done, total: None)
    say("rows", 0, len(CLAIMS) + 1)
    blank = _certificate(formula, splits, subject)
    start = Exact(blank) if operator is None else Exact(blank, scan(blank, with_gram=False), operator)
    candidates = claimed_ranks(rank, formula.columns)
    say("eckart_young", 1, len(CLAIMS) + 1)
    proof = _prove(blank, start, candidates)
    extended = requests(start, proof, rank, ridge)
    certificate = replace(proof.certificate, model=replace(proof.certificate.model, **extended.tensors))
    exact = Exact(certificate, start.sums, start.operator)
    claims, left_out = [], dict(extended.left_out)
    for done, (name, claim) in enumerate(CLAIMS.items()):
        say(name, done + 2, len(CLAIMS) + 1)
        if name == "eckart_young":
            claims.append(proof.claim)
        elif name in PROFILES[PROFILE]:
            claims.append(claim.compute(exact, {}))
        elif name in extended.witnesses:
            try:
                claims.append(claim.compute(exact, extended.witnesses[name]))
            except Rejected as refusal:
                left_out[name] = str(refusal)
    return Built(without_unused(certificate, claims), claims, left_out)


def claimed_ranks(rank: int, columns: int) -> list[int]:
    """K* where K* < r, and 8, 16, 32 ... below it; small operators get 1, 2, 4 ... instead."""
    if columns < 2:
        raise SpectrumError(f"certificate: {columns} basis column; need at least 2, add landmarks or the linear term")
    below = [2**power for power in range(3, 13) if 2**power < min(rank, columns)]
    ranks = [*below, rank] if rank < columns else below
    return ranks or [2**power for power in range(12) if 2**power < columns]


def _prove(blank: Certificate, start: Exact, candidates: Sequence[int]) -> Proof:
    """Attach all modes, excess and factor: the provable ranks, the smallest slack that passes the exact test."""
    operator = start.operator
    rounded = np.array([[to_float(value, operator.exponent) for value in row] for row in operator.matrix])
    ascending, vectors = np.linalg.eigh(rounded)
    eigenvalues, eigenvectors = ascending[::-1], vectors[:, ::-1]
    if not eigenvalues[0] > 0:
        raise SpectrumError("certificate: the basis is constant on the rows; need rows that differ")
    ranks = _provable(candidates, eigenvalues)
    pairs = spectral(eigenvalues, eigenvectors, len(eigenvalues))
    model = replace(blank.model, eigenvectors=pairs.vectors, excess=pairs.excess)
    last: Rejected | None = None
    for witness in psd_witnesses(operator.matrix, operator.exponent, pairs):
        certificate = replace(
            blank,
            basis=replace(blank.basis, excess_exponent=pairs.excess_exponent, factor_exponent=witness.factor_exponent),
            model=replace(model, factor=witness.factor),
        )
        request = {
            "threshold": witness.threshold,
            "slack": witness.slack,
            "ranks": [{"rank": entry} for entry in ranks],
        }
        try:
            claim = eckart_young.compute(Exact(certificate, start.sums, operator), request)
        except Rejected as refusal:
            last = refusal
            continue
        return Proof(certificate, claim, witness.threshold, witness.slack, eigenvalues, eigenvectors)
    raise SpectrumError(
        f"certificate: no slack up to 2^{MAX_DOUBLINGS} times 1e-13 lambda_1 proves rank {ranks[-1]} ({last})"
    )


def _provable(candidates: Sequence[int], eigenvalues: Floats) -> list[int]:
    """The candidates whose tail stands out from rounding; below them the next smaller ranks."""
    unit = 1e-13 * float(eigenvalues[0]) * SMALLEST_TAIL
    tails = np.cumsum(eigenvalues[::-1])[::-1]

    def clear(rank: int) -> bool:
        return float(tails[rank]) > unit * rank

    ranks = [rank for rank in candidates if clear(rank)]
    if not ranks:
        ranks = [rank for rank in range(candidates[0], 0, -1) if clear(rank)][:1]
    if not ranks:
        raise SpectrumError(
            "certificate: the operator has rank one, nothing is truncated; need rows that vary in more ways"
        )
    return ranks


def _certificate(formula: Formula, splits: Mapping[str, Split], subject: Mapping[str, Any]) -> Certificate:
    linear = formula.weights is not None
    basis = Basis(
        kernel=formula.kernel,
        linear=linear,
        grid_bits=formula.grid_bits,
        linear_exponents=list(formula.linear_exponents),
        metric_exponent=formula.metric_exponent,
        jitter=formula.jitter,
        vector_exponent=VECTOR_EXPONENT,
        excess_exponent=0,
        factor_exponent=0,
    )
    model = Model(
        landmarks=formula.landmarks.tolist(),
        scales=formula.scales.tolist(),
        coefficients=formula.coefficients.tolist(),
        intercept=formula.intercept.tolist(),
        weights=_list(formula.weights),
        offsets=_list(formula.offsets),
        metric=formula.metric.tolist(),
        linear_metric=_list(formula.linear_metric),
        eigenvectors=[],
        excess=[],
        factor=[],
    )
    shards = {
        name: (Rows(part.inputs.tolist(), part.teacher.tolist(), part.predictions.tolist(), _labels(part)),)
        for name, part in splits.items()
    }
    return Certificate(subject, basis, model, {"train": (), "holdout": (), **shards}, ())


def _list(values: NDArray[Any] | None) -> list[Any]:
    return [] if values is None else list(values.tolist())


def _labels(part: Split) -> list[list[float]] | None:
    return None if part.labels is None else _list(part.labels)


def tensors_of(certificate: Certificate) -> dict[str, NDArray[Any]]:
    """The tensors of the certificate's first array file, in the order of FORMAT.md."""
    model = certificate.model
    tensors: dict[str, NDArray[Any]] = {}
    for split, parts in certificate.shards.items():
        for part in parts:
            tensors[f"{split}.inputs"] = np.array(part.inputs, dtype=np.float64)
            tensors[f"{split}.teacher"] = np.array(part.teacher, dtype=np.float64)
            tensors[f"{split}.predictions"] = np.array(part.predictions, dtype=np.float64)
            if part.labels is not None:
                tensors[f"{split}.labels"] = np.array(part.labels, dtype=np.float64)
    for name in ("landmarks", "scales", "coefficients", "intercept", "weights", "offsets"):
        if values := getattr(model, name):
            tensors[name] = np.array(values, dtype=np.float64)
    for name in ("metric", "linear_metric", "eigenvectors", "excess", "factor", "solution"):
        if values := getattr(model, name):
            tensors[name] = np.array(values, dtype=np.int64)
    if model.ridge is not None:
        tensors["ridge"] = np.array([model.ridge])
    if model.ridge_edges:
        tensors["ridge_edges"] = np.array(model.ridge_edges)
        tensors["ridge_trials"] = np.concatenate([np.array(trial, dtype=np.int64) for trial in model.ridge_trials])
    return tensors


def write(folder: Path, name: str, certificate: Certificate, claims: Sequence[Mapping[str, Any]]) -> Path:
    """Write ``name``.cert.safetensors and then ``name``.cert.json into ``folder``; returns the path of the JSON."""
    data = encode_tensors(tensors_of(certificate))
    arrays = f"{name}.cert.safetensors"
    rows = {split: sum(len(part.inputs) for part in parts) for split, parts in certificate.shards.items()}
    basis = {**vars(certificate.basis), "jitter": str(certificate.basis.jitter)}
    document = {
        "format": FORMAT,
        "version": VERSION,
        "profile": PROFILE,
        "producer": {"name": "eigenstill", "version": __version__},
        "arrays": [
            {
                "file": arrays,
                "sha256": hashlib.sha256(data).hexdigest(),
                "bytes": len(data),
                "rows": rows["train"],
                "holdout_rows": rows["holdout"],
            }
        ],
        "subject": _encode_subject(certificate.subject),
        "basis": basis,
        "claims": list(claims),
    }
    path = folder / f"{name}.cert.json"
    write_atomically(folder / arrays, data)
    write_atomically(path, (json.dumps(document, indent=1, ensure_ascii=True) + "\n").encode())
    return path


def _encode_subject(subject: Mapping[str, Any]) -> dict[str, Any]:
    student = dict(subject["student"])
    student["effective_parameters"] = shapes.encode_number(student["effective_parameters"], "effective_parameters")
    return {**subject, "student": student}

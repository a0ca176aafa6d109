"""Assembling a certificate: formula, rows and witnesses in; JSON and array file out.

The claims are computed by the checker's own code, so what is written is what any checker will compute.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eigenstill_check import shapes
from eigenstill_check.arithmetic import arithmetic
from eigenstill_check.certificate import Basis, Certificate, Model, Rows
from eigenstill_check.claims import CLAIMS
from eigenstill_check.dyadic import Dyadic
from eigenstill_check.errors import Rejected
from eigenstill_check.exact import Exact
from eigenstill_check.layout import PROFILES
from eigenstill_check.operator import Operator
from eigenstill_check.rows import RowSums, scan

from ..basis import Basis as FloatBasis
from ..engine import Engine, Local
from ..spectrum import BlockSums
from .extended import requests, without_unused
from .files import write_files
from .listed_matrix import ListedMatrix
from .prove import Proof, claimed_ranks, prove
from .ridge_witness import RidgeChoice
from .row_sums import Values, row_sums
from .split import ListedRows, Split
from .witness import VECTOR_EXPONENT, PsdWitness, Spectral

Floats = NDArray[np.float64]
Progress = Callable[[str, int, int], None]
PROFILE = "distillation-1"


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
    basis: FloatBasis | None = None,
    known: BlockSums | None = None,
    engine: Engine | None = None,
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
    basis : the formula's basis in float64: the rows are then gone through in numpy
    known : the exact sums over the training rows, where they are known: the rows are then not floored again
    engine : where blocks of rows are gone through, this process by default

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
    sums, values = _sums(blank, splits, operator, basis, known, engine or Local())
    start = Exact(blank, sums, operator, arithmetic("numpy"))
    candidates = claimed_ranks(rank, formula.columns)
    say("eckart_young", 1, len(CLAIMS) + 1)
    proved, proof = _prove(blank, start, candidates)
    extended = requests(start, proof, rank, ridge)
    certificate = replace(proved.certificate, model=replace(proved.certificate.model, **extended.tensors))
    exact = Exact(certificate, start.sums, start.operator, start.arithmetic)
    exact.inherit(proved)
    exact.targets = start.targets
    exact.keep_row_values(values)
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


def _sums(
    blank: Certificate,
    splits: Mapping[str, Split],
    operator: Operator | None,
    basis: FloatBasis | None,
    known: BlockSums | None,
    engine: Engine,
) -> tuple[RowSums | None, Values]:
    """The sums over the rows: in numpy where that reaches, else by the checker's own code, with G where M needs it."""
    if operator is None:
        return None, {}
    found = None if basis is None else row_sums(blank, basis, splits, engine, known)
    return (scan(blank, with_gram=False), {}) if found is None else found


def _prove(blank: Certificate, start: Exact, candidates: Sequence[int]) -> tuple[Exact, Proof]:
    """Attach all modes, excess and factor to the certificate."""

    def attach(pairs: Spectral, witness: PsdWitness) -> Exact:
        model = replace(blank.model, eigenvectors=pairs.vectors, excess=pairs.excess, factor=witness.factor)
        basis = replace(blank.basis, excess_exponent=pairs.excess_exponent, factor_exponent=witness.factor_exponent)
        return Exact(replace(blank, basis=basis, model=model), start.sums, start.operator, start.arithmetic)

    return prove(start.operator, candidates, attach)


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
        metric=ListedMatrix(formula.metric),
        linear_metric=_list(formula.linear_metric),
        eigenvectors=[],
        excess=[],
        factor=[],
    )
    shards = {
        name: (
            Rows(
                ListedRows(part.inputs),
                ListedRows(part.teacher),
                ListedRows(part.predictions),
                _labels(part),
                {export: ListedRows(part.exports[export]) for export in sorted(part.exports)},
            ),
        )
        for name, part in splits.items()
    }
    return Certificate(subject, basis, model, {"train": (), "holdout": (), **shards}, ())


def _list(values: NDArray[Any] | None) -> list[Any]:
    return [] if values is None else list(values.tolist())


def _labels(part: Split) -> ListedRows | None:
    return None if part.labels is None else ListedRows(part.labels)


def _array(rows: Sequence[list[float]]) -> Floats:
    return rows.values if isinstance(rows, ListedRows) else np.array(rows, dtype=np.float64)


def tensors_of(certificate: Certificate) -> dict[str, NDArray[Any]]:
    """The tensors of the certificate's first array file, in the order of FORMAT.md."""
    model = certificate.model
    tensors: dict[str, NDArray[Any]] = {}
    for split, parts in certificate.shards.items():
        for part in parts:
            tensors[f"{split}.inputs"] = _array(part.inputs)
            tensors[f"{split}.teacher"] = _array(part.teacher)
            tensors[f"{split}.predictions"] = _array(part.predictions)
            if part.labels is not None:
                tensors[f"{split}.labels"] = _array(part.labels)
            for export, values in part.exports.items():
                tensors[f"{split}.predictions.{export}"] = _array(values)
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


def write(
    folder: Path, name: str, certificate: Certificate, claims: Sequence[Mapping[str, Any]], *, detached: bool = False
) -> Path:
    """Write ``name``.cert.safetensors and then ``name``.cert.json into ``folder``; returns the path of the JSON.

    With ``detached`` the rows go to a file of their own, ``name``.cert.rows.safetensors, which is not to be handed on.
    """
    tensors = tensors_of(certificate)
    apart = {key: tensors.pop(key) for key in list(tensors) if detached and "." in key}
    rows = {split: sum(len(part.inputs) for part in parts) for split, parts in certificate.shards.items()}
    return write_files(
        folder,
        name,
        tensors,
        {"rows": rows["train"], "holdout_rows": rows["holdout"]},
        _body(certificate, claims),
        detached=apart,
    )


def write_sharded(
    folder: Path,
    name: str,
    certificate: Certificate,
    claims: Sequence[Mapping[str, Any]],
    shards: Sequence[Mapping[str, Any]],
) -> Path:
    """As `write`, for rows that lie in array files already: the first file holds the model alone."""
    tensors = tensors_of(replace(certificate, shards={"train": (), "holdout": ()}))
    return write_files(folder, name, tensors, {"rows": 0, "holdout_rows": 0}, _body(certificate, claims), shards=shards)


def _body(certificate: Certificate, claims: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "profile": PROFILE,
        "subject": _encode_subject(certificate.subject),
        "basis": {**vars(certificate.basis), "jitter": str(certificate.basis.jitter)},
        "claims": list(claims),
    }


def _encode_subject(subject: Mapping[str, Any]) -> dict[str, Any]:
    student = dict(subject["student"])
    student["effective_parameters"] = shapes.encode_number(student["effective_parameters"], "effective_parameters")
    return {**subject, "student": student}

"""Certify: a student with its recording -> a certificate on disk."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from eigenstill_check.dyadic import Dyadic
from eigenstill_check.layout import EVALUATORS

from ..basis import exact_columns
from ..engine import Engine, Local
from ..errors import EigenstillWarning, StudentError, UnreadableError
from ..exports import evaluate_export
from ..spectrum import Spectrum, decompose
from ..spectrum.metric import JITTER_EXPONENT
from ..student import Recording, Student
from ..student import Split as Recorded
from .build import Built, Formula, Progress, build, write, write_sharded
from .digit_operator import DigitOperator
from .ridge_witness import RidgeChoice
from .split import Split


def certify(
    student: Student,
    folder: str | Path = ".",
    *,
    name: str = "student",
    recording: Recording | None = None,
    rank: int | None = None,
    detached: bool = False,
    exports: Sequence[str] = (),
    progress: Progress | None = None,
) -> Path:
    """Write ``name``.cert.json and ``name``.cert.safetensors into ``folder``. They hold the recorded rows and outputs.

    With ``detached`` they do not: ``name``.cert.rows.safetensors does, and whoever checks must be given it.

    Parameters
    ----------
    student : from `distill`, or loaded from its file together with ``recording``
    folder : made where it is missing
    recording : rows, outputs, predictions; the student's own by default
    rank : the highest rank to claim; the student's number of modes K* by default
    detached : keep rows and outputs in a file of their own, of which the certificate holds the digest only
    exports : "c", "onnx", "numpy", "torch": run these exports of the formula on every recorded row, record what they
        compute, and claim how near to the formula it is (claim `exports`)
    progress : called with (stage, done, total)

    Returns
    -------
    The path of the JSON, which `eigenstill check` takes.

    Raises
    ------
    StudentError : no recording, rows that carried weights, a rank outside 1 .. r - 1, an export that cannot be run here
        or does not hold
    SpectrumError : no rank can be proved
    UnreadableError : the folder cannot be written

    Warns
    -----
    EigenstillWarning : for each claim beyond the profile that does not hold and is left out
    """
    student.require_unweighted("certify")
    recording = recording or student.recording
    if recording is None:
        raise StudentError("certify: the student carries no recording; need the rows, load recording.safetensors too")
    columns = student.formula.basis.columns
    if rank is not None and not 1 <= rank < columns:
        raise StudentError(f"certify: rank {rank}; need 1 to {columns - 1}, fewer than the {columns} basis columns")
    for export in exports:
        if export not in EVALUATORS:
            raise StudentError(f"certify: export {export}: unknown; need {', '.join(EVALUATORS)}")
    spectrum = student.exact or _spectrum(student, recording)
    splits = {"train": _split(student, recording.train, exports)}
    if recording.holdout is not None:
        splits["holdout"] = _split(student, recording.holdout, exports)
    built = _built(student, splits, spectrum, rank or student.rank, None, progress)
    if "exports" in built.left_out:
        raise StudentError(f"certify: {built.left_out['exports']}; record another export, and please report this")
    _say_left_out(built)
    target = Path(folder)
    try:
        target.mkdir(parents=True, exist_ok=True)
        return write(target, name, built.certificate, built.claims, detached=detached)
    except OSError as error:
        raise UnreadableError(
            f"{target}: cannot be written ({error.strerror or error}); need a folder that can be"
        ) from None


def certify_rows(
    student: Student,
    splits: Mapping[str, Split],
    shards: Sequence[Mapping[str, Any]],
    folder: Path,
    *,
    name: str = "student",
    engine: Engine | None = None,
    progress: Progress | None = None,
) -> Path:
    """The certificate of a student whose rows lie in array files already; ``splits`` reads them slice by slice.

    ``shards`` are the entries of `arrays` for those files. Raises and warns as `certify`.
    """
    if student.exact is None:
        raise StudentError("certify: the student does not carry its operator; distil it again")
    built = _built(student, splits, student.exact, student.rank, engine, progress)
    _say_left_out(built)
    return write_sharded(folder, name, built.certificate, built.claims, shards)


def _built(
    student: Student,
    splits: Mapping[str, Split],
    spectrum: Spectrum,
    rank: int,
    engine: Engine | None,
    progress: Progress | None,
) -> Built:
    summary = student.spectrum
    return build(
        _formula(student),
        splits,
        _subject(student),
        rank,
        ridge=RidgeChoice(summary.ridge, summary.criterion, student.rank),
        operator=DigitOperator(spectrum.limbs, spectrum.exponent),
        basis=student.formula.basis,
        known=spectrum.sums,
        engine=engine or Local(),
        progress=progress,
    )


def _say_left_out(built: Built) -> None:
    for claim, reason in built.left_out.items():
        warnings.warn(f"certify: claim {claim} left out: {reason}", EigenstillWarning, stacklevel=3)


def _spectrum(student: Student, recording: Recording) -> Spectrum:
    """The exact operator again, from the recorded rows and the student's own metric."""
    basis = student.formula.basis
    return decompose(basis, exact_columns(basis, recording.train.inputs), student.modes.metric)


def _split(student: Student, part: Recorded, exports: Sequence[str]) -> Split:
    others = {name: evaluate_export(student, name, part.inputs) for name in exports}
    return Split(part.inputs, part.teacher, part.predictions, part.labels, others)


def _formula(student: Student) -> Formula:
    formula, metric = student.formula, student.modes.metric
    return Formula(
        kernel=formula.kernel,
        grid_bits=formula.grid_bits,
        landmarks=formula.landmarks,
        scales=formula.scales,
        coefficients=formula.coefficients,
        intercept=formula.intercept,
        weights=formula.weights,
        offsets=formula.offsets,
        linear_exponents=formula.exponents,
        metric=metric.kernel,
        linear_metric=metric.linear,
        metric_exponent=metric.exponent,
        jitter=Dyadic(1, JITTER_EXPONENT),
    )


def _subject(student: Student) -> dict[str, Any]:
    """What is recorded only: names, digests and counts."""
    origin = student.provenance
    return {
        "student": {
            "name": "student.safetensors",
            "sha256": hashlib.sha256(student.encode()).hexdigest(),
            "modes": student.rank,
            "effective_parameters": Dyadic.of_float(student.effective_parameters).reduced(),
        },
        "data": {"name": _printable(origin.data), "sha256": origin.data_sha256},
        "teacher": {
            "name": _printable(origin.teacher),
            "sha256": origin.teacher_sha256,
            "parameters": origin.teacher_parameters,
        },
    }


def _printable(text: str) -> str:
    """The text as the format allows it: at most 200 printable characters."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)[:200]

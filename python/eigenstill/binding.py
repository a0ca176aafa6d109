"""Binding a certificate to what it is about: the student's formula, the table's rows, the network's own outputs.

The checker compares digests; here the files are opened, and the network is run.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ldexp
from pathlib import Path
from typing import Any

import numpy as np

from eigenstill_check.binding import OUTPUTS_OF_THE_NETWORK, Binder, Bound, require_digest, require_student, same_digest
from eigenstill_check.certificate import Certificate
from eigenstill_check.dyadic import Dyadic
from eigenstill_check.errors import Rejected
from eigenstill_check.matrix_certificate import MatrixCertificate

from .arrays import FloatArray
from .student import load_student
from .tables import load_table
from .teacher import Teacher, as_teacher, load_teacher

TOLERANCE = 1e-5
"""Of recomputed outputs, relative to the largest: float32 networks answer a little differently on other machines."""


def binders(
    *,
    student: str | Path | None = None,
    data: Sequence[str | Path] = (),
    teacher: Any = None,
    tolerance: float = TOLERANCE,
    trust_code: bool = False,
) -> tuple[Binder, ...]:
    """What `check(path, bind=...)` needs to compare a certificate with the user's own files.

    Parameters
    ----------
    student : its file; digest, and formula equal to the certified one
    data : tables; each holds the training rows, with the recorded digest, or the hold-out rows
    teacher : a path or name as on the command line, or anything `distill` takes; its outputs on the certified rows
    tolerance : how far they may differ, relative to the largest recorded output of the split
    trust_code : allow model.pt2, which can run code

    Raises
    ------
    EigenstillError : a file that cannot be read or used; what does not fit makes the verdict a rejection instead
    """
    found: list[Binder] = []
    if student is not None:
        found += [same_digest("student", Path(student)), same_formula(Path(student))]
    found += [same_rows(Path(table)) for table in data]
    if teacher is not None:
        subject = load_teacher(teacher, trust_code) if isinstance(teacher, (str, Path)) else as_teacher(teacher)
        found.append(same_outputs(subject, tolerance))
    return tuple(found)


def same_formula(path: Path) -> Binder:
    """The student's formula is the certified one, number by number."""
    formula = load_student(path).formula

    def bind(found: Certificate | MatrixCertificate) -> Bound:
        certificate = require_student(found, "student")
        model, basis = certificate.model, certificate.basis
        if formula.kernel != basis.kernel:
            raise Rejected(f"student {path.name}: kernel", formula.kernel, basis.kernel)
        for name in ("landmarks", "scales", "coefficients", "intercept", "weights"):
            own = getattr(formula, name)
            if ([] if own is None else own.tolist()) != getattr(model, name):
                raise Rejected(f"student {path.name}: {name}", "other numbers", "those of the certified formula")
        return Bound(f"student {path.name}: its formula is the certified one")

    return bind


def same_rows(path: Path) -> Binder:
    """Every certified input is a column of the table: of the training rows, whose digest counts, or of the hold-out."""
    table = load_table(path)
    columns = {column.tobytes() for column in table.values.T + 0.0}  # -0 is 0

    def holds(certificate: Certificate, split: str) -> bool:
        inputs = _joined(certificate, split, "inputs")
        return len(inputs) == len(table.values) and all(column.tobytes() in columns for column in inputs.T + 0.0)

    def bind(certificate: Certificate | MatrixCertificate) -> Bound:
        recorded = certificate.subject["data"]["sha256"]
        if isinstance(certificate, MatrixCertificate):
            require_digest("data", path.name, str(table.sha256), recorded)
            if table.values.tolist() != [[ldexp(v, certificate.exponent) for v in row] for row in certificate.entries]:
                raise Rejected(f"data {path.name}", "another matrix", "the certified one, entry by entry")
            return Bound(f"data {path.name}: sha256 as recorded; holds the certified matrix")
        if table.sha256 != recorded and holds(certificate, "holdout"):
            return Bound(f"data {path.name}: holds the {len(table.values)} hold-out rows")
        require_digest("data", path.name, str(table.sha256), recorded)
        if not holds(certificate, "train"):
            raise Rejected(f"data {path.name}", "other rows", "a column for each input, equal to the certified rows")
        return Bound(f"data {path.name}: sha256 as recorded; holds the {len(table.values)} training rows")

    return bind


def same_outputs(teacher: Teacher, tolerance: float = TOLERANCE) -> Binder:
    """The recorded outputs are the teacher's, asked again; its digest and its parameter count where both are known."""

    def bind(found: Certificate | MatrixCertificate) -> Bound:
        certificate = require_student(found, "teacher")
        subject, facts = certificate.subject["teacher"], []
        if None not in (subject["sha256"], teacher.sha256):
            require_digest("teacher", teacher.name, str(teacher.sha256), subject["sha256"])
            facts.append("sha256 as recorded")
        if None not in (subject["parameters"], teacher.parameters):
            if subject["parameters"] != teacher.parameters:
                raise Rejected(
                    f"teacher {teacher.name}: parameters",
                    str(teacher.parameters),
                    f"{subject['parameters']} as recorded",
                )
            facts.append(f"{teacher.parameters} parameters counted")
        worst = max(_difference(certificate, split, teacher, tolerance) for split in _splits(certificate, teacher))
        asked = "recorded outputs read" if teacher.rows is not None else "outputs recomputed"
        difference = Dyadic.of_float(worst).decimal(up=True)
        facts.append(f"{asked}, within {difference} of the largest (tolerance {tolerance:g})")
        return Bound(f"teacher {teacher.name}: {'; '.join(facts)}", OUTPUTS_OF_THE_NETWORK)

    return bind


def _splits(certificate: Certificate, teacher: Teacher) -> list[str]:
    """Outputs that were recorded beforehand belong to the training rows only."""
    return ["train"] if teacher.rows is not None else list(certificate.splits())


def _difference(certificate: Certificate, split: str, teacher: Teacher, tolerance: float) -> float:
    """Largest difference from the recorded outputs, relative to the largest of them."""
    inputs, recorded = (_joined(certificate, split, kind) for kind in ("inputs", "teacher"))
    outputs = teacher.outputs(inputs).reshape(len(inputs), -1)
    if outputs.shape != recorded.shape:
        raise Rejected(f"teacher {teacher.name}", f"{outputs.shape[1]} outputs", f"{recorded.shape[1]} as recorded")
    size = float(np.abs(recorded).max()) or 1.0
    gaps = np.abs(outputs - recorded) / size
    row, output = np.unravel_index(int(gaps.argmax()), gaps.shape)
    if not gaps[row, output] <= tolerance:
        raise Rejected(
            f"teacher {teacher.name}: {split} row {row}, output {output}",
            f"{outputs[row, output]:.9g}",
            f"{recorded[row, output]:.9g} within {tolerance:g} of the largest recorded output",
        )
    return float(gaps[row, output])


def _joined(certificate: Certificate, split: str, kind: str) -> FloatArray:
    """One kind of row of a split, all shards together; shape (0, 0) where there are none."""
    rows: list[list[float]] = [row for part in certificate.shards[split] for row in getattr(part, kind)]
    return np.array(rows, dtype=np.float64) if rows else np.zeros((0, 0))

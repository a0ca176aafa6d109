"""Binding a certificate to what it is about: the student's formula, the table's rows, the network's own outputs.

The checker compares digests; here the files are opened, and the network is run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import ldexp
from pathlib import Path
from typing import Any

import numpy as np

from eigenstill_check.binding import (
    FEATURES_OF_THE_NETWORK,
    OUTPUTS_OF_THE_NETWORK,
    Binder,
    Bound,
    Document,
    require_digest,
    require_rows,
    require_student,
    same_digest,
)
from eigenstill_check.certificate import Certificate
from eigenstill_check.dyadic import Dyadic
from eigenstill_check.errors import Malformed, Rejected
from eigenstill_check.layout import FEATURES
from eigenstill_check.matrix_certificate import MatrixCertificate

from .arrays import FloatArray
from .student import load_student
from .tables import Table, load_table
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
    tables = [load_table(path) for path in data]
    found: list[Binder] = []
    if student is not None:
        found += [same_digest("student", Path(student)), same_formula(Path(student))]
    subject = None
    if teacher is not None:
        subject = load_teacher(teacher, trust_code) if isinstance(teacher, (str, Path)) else as_teacher(teacher)
    found += [same_rows(table, subject) for table in tables]
    if subject is not None:
        found.append(same_outputs(subject, tolerance, tables))
    return tuple(found)


def same_formula(path: Path) -> Binder:
    """The student's formula is the certified one, number by number."""
    formula = load_student(path).formula

    def bind(found: Document) -> Bound:
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


def same_rows(table: Table, teacher: Teacher | None = None) -> Binder:
    """Every certified input is a column of the table: of the training rows, whose digest counts, or of the hold-out.

    Features are no columns of the table: there its digest alone is compared, and hold-out rows, whose digest is not
    recorded, are taken where a teacher is asked that shows its hidden layer (`same_outputs`).
    """
    columns = {column.tobytes() for column in table.values.T + 0.0}  # -0 is 0
    where = f"data {table.source}"

    def holds(certificate: Certificate, split: str) -> bool:
        inputs = _joined(certificate, split, "inputs")
        return len(inputs) == len(table.values) and all(column.tobytes() in columns for column in inputs.T + 0.0)

    def bind(found: Document) -> Bound:
        certificate = found if isinstance(found, MatrixCertificate) else require_student(found, "data")
        recorded = certificate.subject["data"]["sha256"]
        if isinstance(certificate, MatrixCertificate):
            require_digest("data", table.source, str(table.sha256), recorded)
            if table.values.tolist() != [[ldexp(v, certificate.exponent) for v in row] for row in certificate.entries]:
                raise Rejected(where, "another matrix", "the certified one, entry by entry")
            return Bound(f"{where}: sha256 as recorded; holds the certified matrix")
        require_rows(certificate, "data")
        features = certificate.basis.kernel == FEATURES
        if not features and table.sha256 != recorded and holds(certificate, "holdout"):
            return Bound(f"{where}: holds the {len(table.values)} hold-out rows")
        by_layer = features and teacher is not None and teacher.hidden is not None
        if by_layer and table.sha256 != recorded and len(table.values) == _rows(certificate, "holdout"):
            return Bound(f"{where}: as many rows as the hold-out, compared with it by the teacher's layer")
        require_digest("data", table.source, str(table.sha256), recorded)
        if features:
            return Bound(f"{where}: sha256 as recorded")
        if not holds(certificate, "train"):
            raise Rejected(where, "other rows", "a column for each input, equal to the certified rows")
        return Bound(f"{where}: sha256 as recorded; holds the {len(table.values)} training rows")

    return bind


def same_outputs(teacher: Teacher, tolerance: float = TOLERANCE, tables: Sequence[Table] = ()) -> Binder:
    """The recorded outputs are the teacher's, asked again; its digest and its parameter count where both are known.

    With features the rows come from the tables, that of the training rows with the recorded digest, that of the hold-out
    with as many rows; the features themselves are computed again where the teacher shows its hidden layer. What the
    verdict says of the network is settled only where every recorded row was compared.
    """

    def bind(found: Document) -> Bound:
        certificate = require_rows(require_student(found, "teacher"), "teacher")
        subject, facts, settled = certificate.subject["teacher"], [], []
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
        if certificate.basis.kernel == FEATURES:
            rows = _raw_rows(certificate, tables, with_holdout=teacher.hidden is not None)
            splits = list(rows)
        else:
            splits = ["train"] if teacher.rows is not None else list(certificate.splits())
            rows = {split: _joined(certificate, split, "inputs") for split in splits}
        asker = _by_name(teacher, certificate, tables)
        asked = "recorded outputs read" if teacher.rows is not None else "outputs recomputed"
        pairs = [(split, asker.outputs(rows[split]), _joined(certificate, split, "teacher")) for split in splits]
        facts.append(f"{asked}, {_within(f'teacher {asker.name}', pairs, tolerance)}")
        whole = splits == list(certificate.splits())
        if whole:
            settled.append(OUTPUTS_OF_THE_NETWORK)
        else:
            facts.append("on the training rows only")
        if certificate.basis.kernel == FEATURES and teacher.hidden is not None:
            hidden = [
                (f"{split} feature", teacher.hidden(rows[split]), _joined(certificate, split, "inputs"))
                for split in splits
            ]
            facts.append(f"last hidden layer recomputed, {_within(f'teacher {teacher.name}', hidden, tolerance)}")
            if whole:
                settled.append(FEATURES_OF_THE_NETWORK)
        return Bound(f"teacher {teacher.name}: {'; '.join(facts)}", tuple(settled))

    return bind


def _by_name(teacher: Teacher, certificate: Certificate, tables: Sequence[Table]) -> Teacher:
    """The teacher for the certified order of columns, which has no names: a named table that holds them tells."""
    if teacher.names is None or certificate.basis.kernel == FEATURES:
        return teacher
    inputs = [column.tobytes() for column in _joined(certificate, "train", "inputs").T + 0.0]
    for table in tables:
        free = dict(zip(table.names, (column.tobytes() for column in table.values.T + 0.0), strict=True))
        names = []
        for column in inputs:
            name = next((name for name, held in free.items() if held == column), None)
            if not table.named or name is None:
                break
            names.append(name)
            del free[name]
        if len(names) == len(inputs):
            return teacher.for_columns(tuple(names))
    return replace(teacher, name=f"{teacher.name} (columns by position: give their names with --data)")


def _raw_rows(certificate: Certificate, tables: Sequence[Table], with_holdout: bool) -> dict[str, FloatArray]:
    """The rows behind recorded features, by split: their table without the columns that are the recorded labels.

    Raises `Malformed` where the training rows were not given; the hold-out's are left out where they were not.
    """
    found = {}
    for table in tables:
        training = table.sha256 == certificate.subject["data"]["sha256"]
        if not training and not (with_holdout and len(table.values) == _rows(certificate, "holdout")):
            continue
        split = "train" if training else "holdout"
        parts = certificate.shards[split]
        labels = _joined(certificate, split, "labels") if all(part.labels for part in parts) else np.zeros((0, 0))
        known = {column.tobytes() for column in labels.T}
        found[split] = table.values[:, [column.tobytes() not in known for column in table.values.T]]
    if "train" not in found:
        raise Malformed(
            "teacher: features are recorded, not the rows that the network takes; give those with --data too"
        )
    return {split: found[split] for split in certificate.splits() if split in found}


def _within(where: str, pairs: Sequence[tuple[str, FloatArray, FloatArray]], tolerance: float) -> str:
    """How near the values are to the recorded ones, in words. Raises `Rejected` beyond the tolerance."""
    worst = max(_difference(where, *pair, tolerance) for pair in pairs)
    return f"within {Dyadic.of_float(worst).decimal(up=True)} of the largest (tolerance {tolerance:g})"


def _difference(where: str, split: str, values: FloatArray, recorded: FloatArray, tolerance: float) -> float:
    """Largest difference from the recorded values, relative to the largest of them."""
    outputs = values.reshape(len(values), -1)
    if outputs.shape != recorded.shape:
        raise Rejected(where, f"{outputs.shape[1]} outputs", f"{recorded.shape[1]} as recorded")
    size = float(np.abs(recorded).max()) or 1.0
    gaps = np.abs(outputs - recorded) / size
    row, output = np.unravel_index(int(gaps.argmax()), gaps.shape)
    if not gaps[row, output] <= tolerance:
        raise Rejected(
            f"{where}: {split} row {row}, output {output}",
            f"{outputs[row, output]:.9g}",
            f"{recorded[row, output]:.9g} within {tolerance:g} of the largest recorded one",
        )
    return float(gaps[row, output])


def _rows(certificate: Certificate, split: str) -> int:
    """How many rows a split has, all shards together."""
    return sum(len(part.inputs) for part in certificate.shards[split])


def _joined(certificate: Certificate, split: str, kind: str) -> FloatArray:
    """One kind of row of a split, all shards together; shape (0, 0) where there are none."""
    rows: list[list[float]] = [row for part in certificate.shards[split] for row in getattr(part, kind)]
    return np.array(rows, dtype=np.float64) if rows else np.zeros((0, 0))

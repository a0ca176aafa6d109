"""The input of a distillation, checked: settings, rows, outputs, labels; and the recording of a finished one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from .arrays import FloatArray, float_array, require_finite
from .basis import FEATURES, LANDMARKS, Metric, affordable_landmarks, teacher_metric
from .device import Device
from .errors import BasisError, DataError, SelectionError, TeacherError
from .features import feature_mapping, feature_table
from .moments import row_weights
from .selection import CRITERIA
from .student import Recording, Split, Student
from .tables import Table, as_table, frame_columns, is_frame, require_moderate, require_varying
from .teacher import Teacher, as_teacher

Progress = Callable[[str, int, int], None]
SELECTIONS = ("auto", *CRITERIA)


@dataclass(frozen=True)
class Settings:
    """What may be asked of the producer; see `distill`."""

    basis: str = "auto"
    landmarks: int | None = None
    linear: bool = True
    select: str = "auto"
    seed: int = 0
    landmarks_by: str = "k-means"
    numbers: int | None = None

    def landmark_count(self, inputs: int, outputs: int) -> int:
        """m: as asked, or the most that `numbers` stored numbers pay for; 128 where nothing was asked."""
        if self.numbers is None:
            return LANDMARKS if self.landmarks is None else self.landmarks
        if self.landmarks is not None:
            raise BasisError("landmarks and numbers: got both; need one, the other follows from it")
        return affordable_landmarks(self.numbers, inputs, outputs, linear=self.linear)

    def require_feature_settings(self) -> None:
        """Raise `BasisError` for what features leave no room for."""
        if not self.linear:
            raise BasisError("basis features: its columns are the linear term; need linear")
        if self.numbers is not None:
            raise BasisError("basis features: the stored numbers follow from the features; need numbers left out")


@dataclass(frozen=True, eq=False)
class Problem:
    """The checked input of one distillation.

    Attributes
    ----------
    teacher, table : what is imitated, and on which rows; with features the table holds those
    raw : the rows that the teacher is asked about
    features : rows -> features, where the basis is made of them
    outputs : float64 (n, c), the teacher's; `flat` where it gave (n,)
    labels : float64 (n, c), or None
    metric : the teacher's metric; None with features, which have none
    criterion : what chooses the ridge
    sample_weight : float64 (n,), > 0, or None; rows of weight 0 are left out of everything above
    notices : what was changed or limited so far
    """

    teacher: Teacher
    table: Table
    raw: Table
    features: Teacher | None
    outputs: FloatArray
    flat: bool
    labels: FloatArray | None
    metric: Metric | None
    criterion: str
    sample_weight: FloatArray | None
    notices: tuple[str, ...]


def prepare(
    teacher: Any,
    inputs: Any,
    labels: Any,
    names: Sequence[str] | None,
    settings: Settings,
    say: Progress,
    features: Any = None,
    sample_weight: Any = None,
    device: Device | None = None,
) -> Problem:
    """Check the input, call the teacher, measure its metric; with features compute those."""
    whole = as_table(inputs, names, "X")
    said: list[str] = []
    weights = row_weights(sample_weight, len(whole.values), said)
    kept = np.ones(len(whole.values), dtype=bool) if weights is None else weights > 0
    raw = whole if kept.all() else whole.taken(kept)
    if len(raw.values) < 2:
        raise DataError(f"{raw.source}: {len(raw.values)} row; need at least 2")
    if settings.basis != FEATURES:
        require_varying(raw)
        if features is not None:
            raise BasisError(f"features: given with basis {settings.basis}; need basis {FEATURES}")
    elif weights is not None:
        raise BasisError("basis features: sample_weight is not known there; need a kernel, or rows repeated")
    held = None if labels is None else _columns(labels, len(whole.values), "y")[kept]
    weights = None if weights is None else weights[kept]
    criterion, notices = _criterion(settings.select, held is not None)
    subject = as_teacher(teacher, device=device)
    if raw.named:
        subject = subject.for_columns(raw.names)
    say("asking the teacher", 0, 2)
    answers = subject.outputs(whole.values)[kept]
    outputs = answers.reshape(len(answers), -1)
    require_moderate(outputs, subject.name)
    if not (outputs.min(axis=0) < outputs.max(axis=0)).any():
        raise TeacherError(f"{subject.name}: the same output on every row; need a teacher whose output varies")
    if held is not None and held.shape != outputs.shape:
        raise DataError(
            f"y: {held.shape[1]} columns for {outputs.shape[1]} outputs of {subject.name}; need as many; "
            "write classes as one 0/1 column each"
        )
    say("asking the teacher", 1, 2)
    mapping, table, metric, notes = None, raw, None, [*said, *notices]
    if settings.basis == FEATURES:
        settings.require_feature_settings()
        mapping = feature_mapping(
            features,
            subject,
            raw.values,
            landmarks=LANDMARKS if settings.landmarks is None else settings.landmarks,
            method=settings.landmarks_by,
            seed=settings.seed,
            notices=notes,
        )
        table = feature_table(mapping, raw)
    else:
        slopes = subject.gradients(raw.values, weights)
        metric = teacher_metric(raw.values, outputs, slopes, settings.seed, weights)
    say("asking the teacher", 2, 2)
    return Problem(
        subject, table, raw, mapping, outputs, answers.ndim == 1, held, metric, criterion, weights, tuple(notes)
    )


def record(student: Student, problem: Problem, rows: Any, labels: Any, outputs: Any) -> Student:
    """The student with its recording: training rows, and hold-out rows where they are given."""
    inputs = problem.table.values
    train = Split(inputs, problem.outputs, student.formula.evaluate(inputs), problem.labels)
    if rows is None:
        if labels is not None or outputs is not None:
            raise DataError("holdout: labels or outputs without rows; need holdout")
        return replace(student, recording=Recording(train))
    values, asked = _holdout(student, problem, rows)
    if outputs is not None:
        answers = _columns(outputs, len(values), "holdout_outputs")
    elif problem.teacher.rows is not None:
        raise TeacherError(
            f"{problem.teacher.name}: recorded outputs belong to the training rows; need holdout_outputs for the others"
        )
    else:
        answers = problem.teacher.outputs(asked).reshape(len(values), -1)
    held = None if labels is None else _columns(labels, len(values), "holdout_y")
    width = problem.outputs.shape[1]
    for name, array in (("holdout_outputs", answers), ("holdout_y", held)):
        if array is not None and array.shape[1] != width:
            raise DataError(f"{name}: {array.shape[1]} columns; need {width}, as on the training rows")
    aside = Split(values, answers, student.formula.evaluate(values), held)
    return replace(student, recording=Recording(train, aside))


def _holdout(student: Student, problem: Problem, rows: Any) -> tuple[FloatArray, FloatArray]:
    """The student's inputs on other rows, and the rows as the teacher takes them."""
    if problem.features is None:
        values = student.rows(rows)
        return values, values
    table, raw = as_table(rows, where="holdout"), problem.raw
    if raw.named and table.named:
        table = table.columns(raw.names)
    elif table.shape[1] != raw.shape[1]:
        raise DataError(f"{table.source}: {table.shape[1]} columns; need {raw.shape[1]}, as in the training rows")
    return problem.features.outputs(table.values), table.values


def _criterion(select: str, labelled: bool) -> tuple[str, tuple[str, ...]]:
    """What chooses the ridge. Noise-free targets make GCV ask for ever more modes: evidence judges teachers."""
    if select not in SELECTIONS:
        raise SelectionError(f"select {select}: unknown; need {', '.join(SELECTIONS)}")
    if select == "gcv" and not labelled:
        raise SelectionError(
            "select gcv: no labels, and on a noise-free teacher GCV degenerates; need y, or select evidence"
        )
    if select == "robust-gcv" and not labelled:
        reason = "select robust-gcv: no labels, and on a noise-free teacher GCV degenerates; evidence used instead"
        return "evidence", (reason,)
    if select == "auto":
        return ("robust-gcv" if labelled else "evidence"), ()
    return select, ()


def _columns(values: Any, rows: int, where: str) -> FloatArray:
    """Labels or outputs as finite float64 (n, c), one row a row of the data."""
    if isinstance(values, Table):
        values = values.values
    elif is_frame(values):
        values = frame_columns(values, where)[1]
    array = float_array(values.to_numpy() if hasattr(values, "to_numpy") else values, where)
    if array.ndim not in (1, 2) or len(array) != rows or array.size == 0:
        raise DataError(f"{where}: shape {array.shape} for {rows} rows; need ({rows},) or ({rows}, outputs)")
    require_finite(array, where)
    require_moderate(array, where)
    return array.reshape(rows, -1)

"""From teacher and rows to student: the whole producer in one call."""

from __future__ import annotations

import platform
import warnings
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from .arrays import FloatArray, float_array, require_finite
from .basis import Basis, Metric, choose_landmarks, exact_columns, teacher_metric
from .errors import DataError, EigenstillWarning, SelectionError, TeacherError
from .selection import CRITERIA, BasisChoice, Fit, RidgeChoice, choose_basis, choose_ridge, fit_modes
from .selection.fit import coordinates_of
from .spectrum import Spectrum, decompose
from .student import Formula, Modes, Provenance, Recording, SpectrumSummary, Split, Student
from .tables import Table, as_table, require_varying
from .teacher import Teacher, as_teacher

Progress = Callable[[str, int, int], None]
SELECTIONS = ("auto", *CRITERIA)


@dataclass(frozen=True)
class Settings:
    """What may be asked of the producer; see `distill`."""

    basis: str = "auto"
    landmarks: int = 128
    linear: bool = True
    select: str = "auto"
    seed: int = 0


@dataclass(frozen=True)
class Problem:
    """The checked input of one distillation.

    Attributes
    ----------
    teacher, table : what is imitated, and on which rows
    outputs : float64 (n, c), the teacher's; `flat` where it gave (n,)
    labels : float64 (n, c), or None
    metric : the teacher's metric
    criterion : what chooses the ridge
    notices : what was changed or limited so far
    """

    teacher: Teacher
    table: Table
    outputs: FloatArray
    flat: bool
    labels: FloatArray | None
    metric: Metric
    criterion: str
    notices: tuple[str, ...]


def distill(
    teacher: Any,
    X: Any,
    y: Any = None,
    *,
    holdout: Any = None,
    holdout_y: Any = None,
    holdout_outputs: Any = None,
    basis: str = "auto",
    landmarks: int = 128,
    linear: bool = True,
    select: str = "auto",
    seed: int = 0,
    names: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> Student:
    """Distil a teacher into an explicit formula.

    Parameters
    ----------
    teacher : a torch module, a function of rows, a fitted estimator, an array of recorded outputs, a Teacher, or a path
    X : rows (n, d): array, Table or data frame; raw columns, none constant
    y : labels (n,) or (n, c), used to choose basis and ridge; the student imitates the teacher all the same
    holdout, holdout_y : rows and labels kept aside, recorded for the certificate
    holdout_outputs : the teacher's outputs on them, needed where the teacher is a recording
    basis : "auto", "rational-quadratic" or "rational-l1"
    landmarks : m; reduced, with a notice, to the number of different rows
    linear : let the inputs stand beside the kernel columns
    select : "robust-gcv", "evidence" or "gcv" for the ridge; "auto" is robust-gcv with labels and evidence without
    seed : of landmarks and samples; the same seed gives the same student
    names : of the columns of X
    progress : called with (stage, done, total)

    Returns
    -------
    Student : with `recording` and `exact` for a certificate

    Raises
    ------
    EigenstillError : DataError, TeacherError, BasisError, SpectrumError or SelectionError, by stage

    Warns
    -----
    EigenstillWarning : for each of the student's notices
    """
    say = progress or _silent
    settings = Settings(basis, landmarks, linear, select, seed)
    problem = prepare(teacher, X, y, names, settings, say)
    student = fit(problem, settings, say)
    return record(student, problem, holdout, holdout_y, holdout_outputs)


def labels_only(
    teacher: Any,
    X: Any,
    y: Any,
    *,
    holdout: Any = None,
    holdout_y: Any = None,
    basis: str = "auto",
    landmarks: int = 128,
    linear: bool = True,
    select: str = "auto",
    seed: int = 0,
    names: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> Student:
    """The control: the teacher's metric, and the same landmarks and selection, but fitted to the labels.

    What it reaches, the kernel smoother reaches without imitating anything. Parameters as `distill`; its `recording`
    holds the labels in the teacher's place.
    """
    if y is None:
        raise SelectionError("labels_only: no labels; need y")
    say = progress or _silent
    settings = Settings(basis, landmarks, linear, select, seed)
    problem = prepare(teacher, X, y, names, settings, say)
    if problem.labels is None:
        raise SelectionError("labels_only: no labels; need y")
    control = replace(problem, teacher=Teacher("labels, not a network", _no_function, rows=0), outputs=problem.labels)
    return record(fit(control, settings, say), control, holdout, holdout_y, holdout_y)


def prepare(
    teacher: Any, inputs: Any, labels: Any, names: Sequence[str] | None, settings: Settings, say: Progress
) -> Problem:
    """Check the input, call the teacher, measure its metric."""
    table = as_table(inputs, names, "X")
    if len(table.values) < 2:
        raise DataError(f"{table.source}: {len(table.values)} row; need at least 2")
    require_varying(table)
    held = None if labels is None else _columns(labels, len(table.values), "y")
    criterion, notices = _criterion(settings.select, held is not None)
    subject = as_teacher(teacher)
    say("asking the teacher", 0, 2)
    raw = subject.outputs(table.values)
    outputs = raw.reshape(len(raw), -1)
    if not (outputs.min(axis=0) < outputs.max(axis=0)).any():
        raise TeacherError(f"{subject.name}: the same output on every row; need a teacher whose output varies")
    if held is not None and held.shape != outputs.shape:
        raise DataError(
            f"y: {held.shape[1]} columns for {outputs.shape[1]} outputs of {subject.name}; need as many; "
            "write classes as one 0/1 column each"
        )
    say("asking the teacher", 1, 2)
    metric = teacher_metric(table.values, outputs, subject.gradients(table.values), settings.seed)
    say("asking the teacher", 2, 2)
    return Problem(subject, table, outputs, raw.ndim == 1, held, metric, criterion, notices)


def fit(problem: Problem, settings: Settings, say: Progress) -> Student:
    """Landmarks, basis, exact spectrum, ridge, projection: the student without its recording."""
    inputs = problem.table.values
    wanted = problem.outputs if problem.labels is None else problem.labels
    notices = list(problem.notices)
    say("choosing landmarks", 0, 1)
    places = choose_landmarks(inputs, problem.metric.weights, settings.landmarks, settings.seed, notices)
    say("choosing landmarks", 1, 1)
    chosen = choose_basis(
        inputs,
        wanted,
        problem.metric,
        places,
        kernel=settings.basis,
        linear=settings.linear,
        seed=settings.seed,
        step=lambda done, total: say("choosing the basis", done, total),
    )
    say("exact spectrum", 0, 2)
    columns = exact_columns(chosen.basis, inputs)
    say("exact spectrum", 1, 2)
    spectrum = decompose(chosen.basis, columns)
    say("exact spectrum", 2, 2)
    choice = choose_ridge(coordinates_of(spectrum, chosen.basis, columns, wanted), problem.criterion)
    if choice.notice:
        notices.append(choice.notice)
    fitted = fit_modes(spectrum, chosen.basis, columns, problem.outputs, choice.ridge)
    for notice in notices:
        warnings.warn(notice, EigenstillWarning, stacklevel=3)
    provenance = _provenance(problem, settings, chosen, tuple(notices))
    return _student(problem, spectrum, chosen.basis, choice, fitted, provenance)


def record(student: Student, problem: Problem, rows: Any, labels: Any, outputs: Any) -> Student:
    """The student with its recording: training rows, and hold-out rows where they are given."""
    inputs = problem.table.values
    train = Split(inputs, problem.outputs, student.formula.evaluate(inputs), problem.labels)
    if rows is None:
        if labels is not None or outputs is not None:
            raise DataError("holdout: labels or outputs without rows; need holdout")
        return replace(student, recording=Recording(train))
    values = student.rows(rows)
    if outputs is not None:
        answers = _columns(outputs, len(values), "holdout_outputs")
    elif problem.teacher.rows is not None:
        raise TeacherError(
            f"{problem.teacher.name}: recorded outputs belong to the training rows; need holdout_outputs for the others"
        )
    else:
        answers = problem.teacher.outputs(values).reshape(len(values), -1)
    held = None if labels is None else _columns(labels, len(values), "holdout_y")
    width = problem.outputs.shape[1]
    for name, array in (("holdout_outputs", answers), ("holdout_y", held)):
        if array is not None and array.shape[1] != width:
            raise DataError(f"{name}: {array.shape[1]} columns; need {width}, as on the training rows")
    aside = Split(values, answers, student.formula.evaluate(values), held)
    return replace(student, recording=Recording(train, aside))


def _student(
    problem: Problem, spectrum: Spectrum, basis: Basis, choice: RidgeChoice, fitted: Fit, provenance: Provenance
) -> Student:
    formula = Formula(
        kernel=basis.kernel,
        landmarks=basis.landmarks,
        scales=basis.scales,
        coefficients=fitted.coefficients,
        intercept=fitted.intercept,
        weights=fitted.weights,
        offsets=basis.offsets,
        exponents=basis.exponents,
        grid_bits=basis.grid_bits,
    )
    rank, width = fitted.rank, problem.outputs.shape[1]
    modes = Modes(
        formula.basis,
        spectrum.column_means,
        spectrum.metric,
        spectrum.vectors[:, :rank],
        spectrum.eigenvalues[:rank],
    )
    return Student(
        formula=formula,
        spectrum=SpectrumSummary(spectrum.eigenvalues, choice.ridge, choice.criterion, fitted.kept),
        modes=modes,
        provenance=provenance,
        input_names=problem.table.names,
        output_names=("output",) if width == 1 else tuple(f"output{place}" for place in range(width)),
        named=problem.table.named,
        flat=problem.flat,
        exact=spectrum,
    )


def _provenance(problem: Problem, settings: Settings, chosen: BasisChoice, notices: tuple[str, ...]) -> Provenance:
    import scipy

    from eigenstill_check.version import __version__

    return Provenance(
        versions={
            "eigenstill": __version__,
            "numpy": np.__version__,
            "scipy": scipy.__version__,
            "python": platform.python_version(),
        },
        seed=settings.seed,
        settings={
            **asdict(settings),
            "length_factor": chosen.factor,
            "evidence": [list(entry) for entry in chosen.costs],
        },
        data=problem.table.source,
        data_sha256=problem.table.sha256,
        rows=len(problem.table.values),
        teacher=problem.teacher.name,
        teacher_sha256=problem.teacher.sha256,
        teacher_parameters=problem.teacher.parameters,
        labels=problem.labels is not None,
        notices=notices,
    )


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
    array = values.values if isinstance(values, Table) else values
    array = float_array(array.to_numpy() if hasattr(array, "to_numpy") else array, where)
    if array.ndim not in (1, 2) or len(array) != rows or array.size == 0:
        raise DataError(f"{where}: shape {array.shape} for {rows} rows; need ({rows},) or ({rows}, outputs)")
    require_finite(array, where)
    return array.reshape(rows, -1)


def _no_function(_: FloatArray) -> FloatArray:
    raise TeacherError("labels are no function; need a teacher for other rows")


def _silent(stage: str, done: int, total: int) -> None:
    """Progress that nobody asked for."""

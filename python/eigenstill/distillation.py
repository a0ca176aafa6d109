"""From teacher and rows to student: the whole producer in one call."""

from __future__ import annotations

import platform
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from functools import partial
from typing import Any

import numpy as np

from .arrays import FloatArray, IntArray
from .basis import FEATURES, Basis, choose_landmarks, exact_columns, feature_basis
from .basis.device_columns import device_columns
from .basis.mini_batch import AllRows
from .device import Device, as_device
from .engine import Local, total
from .errors import EigenstillWarning, SelectionError, TeacherError
from .features import UserKernel
from .features.kernel import Kernel
from .problem import Problem, Progress, Settings, prepare, record
from .selection import BasisChoice, Fit, RidgeChoice, choose_basis, choose_ridge, fit_modes
from .selection.fit import Seen, coordinates, seen_by_columns, seen_in_sums
from .spectrum import Spectrum, WeightedSpectrum, decompose, decompose_sums, decompose_weighted
from .spectrum.block_sums import sums_of_block
from .student import TOTAL_WEIGHT, Formula, Modes, Provenance, SpectrumSummary, Student
from .tables import Table
from .tables.blocks import ArrayBlocks
from .teacher import Teacher, from_outputs

LABELS = "labels, not a network"

IN_BLOCKS = 20_000
"""Rows above which the columns are summed block by block; the sums are exact either way."""


def distill(
    teacher: Any,
    X: Any,
    y: Any = None,
    *,
    holdout: Any = None,
    holdout_y: Any = None,
    holdout_outputs: Any = None,
    basis: str | Kernel = "auto",
    features: Any = None,
    landmarks: int | None = None,
    landmarks_by: str = "k-means",
    numbers: int | None = None,
    linear: bool = True,
    select: str = "auto",
    seed: int = 0,
    names: Sequence[str] | None = None,
    sample_weight: Any = None,
    device: str | Device | None = None,
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
    basis : "rational-quadratic", "rational-l1", "gaussian" or "matern-3/2"; "auto" is the better of the first two;
        "features" for a representation; or a kernel of your own, rows (n, d) and landmarks (m, d) -> values (n, m)
    features : with basis "features": a function rows -> (n, h), or recorded features (n, h); by default the last hidden
        layer of a torch module. The student is then a formula of the features
    landmarks : m, 128 by default; reduced, with a notice, to the number of different rows
    landmarks_by : "k-means" of a sample of 20,000 rows, "mini-batch-k-means" to move these centres by a pass over all rows,
        or "pivoted-cholesky" for landmarks that are rows
    numbers : instead of `landmarks`: as many of them as a formula of so many stored numbers has
    linear : let the inputs stand beside the kernel columns
    select : "robust-gcv", "evidence" or "gcv" for the ridge; "auto" is robust-gcv with labels and evidence without
    seed : of landmarks and samples; the same seed gives the same student
    names : of the columns of X
    sample_weight : (n,), 0 or more: a row of weight w counts as w rows like it, in the ridge fit, its choice, the scales
        and the landmarks; weights all below 1 are scaled to a mean of 1, with a notice. A student so fitted cannot be
        certified (repeat the rows instead)
    device : a torch device such as "cuda", on which exact columns and sums, and a torch module as the teacher, are
        computed; numpy where it is not there. Sums and columns do not depend on it; a float32 teacher's outputs may, in
        last bits
    progress : called with (stage, done, total)

    Returns
    -------
    Student : with `recording` and `exact` for a certificate

    Raises
    ------
    EigenstillError : DataError, TeacherError, BasisError, SpectrumError, SelectionError or DeviceError, by stage

    Warns
    -----
    EigenstillWarning : for each of the student's notices, and where the device is not there
    """
    say, placed = progress or _silent, as_device(device)
    if not isinstance(basis, str):
        features = UserKernel(basis)
    settings = Settings(
        basis if isinstance(basis, str) else FEATURES, landmarks, linear, select, seed, landmarks_by, numbers
    )
    problem = prepare(teacher, X, y, names, settings, say, features, sample_weight, placed)
    student = fit(problem, settings, say, placed)
    return record(student, problem, holdout, holdout_y, holdout_outputs)


def labels_only(
    teacher: Any,
    X: Any,
    y: Any,
    *,
    holdout: Any = None,
    holdout_y: Any = None,
    basis: str = "auto",
    landmarks: int | None = None,
    landmarks_by: str = "k-means",
    numbers: int | None = None,
    linear: bool = True,
    select: str = "auto",
    seed: int = 0,
    names: Sequence[str] | None = None,
    sample_weight: Any = None,
    progress: Progress | None = None,
) -> Student:
    """The control: the teacher's metric, and the same landmarks and selection, but fitted to the labels.

    What it reaches, the kernel smoother reaches without imitating anything. Parameters as `distill`; its `recording`
    holds the labels in the teacher's place. Without a teacher (None) every input counts alike, by its spread.
    """
    if y is None:
        raise SelectionError("labels_only: no labels; need y")
    say = progress or _silent
    settings = Settings(basis, landmarks, linear, select, seed, landmarks_by, numbers)
    if teacher is None:
        teacher = from_outputs(y.values if isinstance(y, Table) else y, LABELS)
    problem = prepare(teacher, X, y, names, settings, say, sample_weight=sample_weight)
    if problem.labels is None:
        raise SelectionError("labels_only: no labels; need y")
    control = replace(problem, teacher=Teacher(LABELS, _no_function, rows=0), outputs=problem.labels)
    return record(fit(control, settings, say), control, holdout, holdout_y, holdout_y)


def fit(problem: Problem, settings: Settings, say: Progress, device: Device | None = None) -> Student:
    """Landmarks, basis, exact spectrum, ridge, projection: the student without its recording."""
    inputs = problem.table.values
    wanted = problem.outputs if problem.labels is None else problem.labels
    notices = list(problem.notices)
    chosen = choose(problem, settings, wanted, notices, say)
    say("exact spectrum", 0, 2)
    weights = problem.sample_weight
    spectrum: Spectrum | WeightedSpectrum
    if len(inputs) > IN_BLOCKS and weights is None:
        spectrum, seen = _in_blocks(problem, chosen.basis, device)
    else:
        columns = exact_columns(chosen.basis, inputs) if device is None else _on(device, chosen.basis, inputs)
        say("exact spectrum", 1, 2)
        spectrum = (
            decompose(chosen.basis, columns) if weights is None else decompose_weighted(chosen.basis, columns, weights)
        )
        targets = {"teacher": problem.outputs, "wanted": wanted}
        seen = {name: seen_by_columns(spectrum, chosen.basis, columns, values) for name, values in targets.items()}
    say("exact spectrum", 2, 2)
    return finished(problem, settings, chosen, spectrum, seen, notices)


def finished(
    problem: Problem,
    settings: Settings,
    chosen: BasisChoice,
    spectrum: Spectrum | WeightedSpectrum,
    seen: Mapping[str, Seen],
    notices: list[str],
) -> Student:
    """From the spectrum and the targets seen by it ("teacher", and "wanted" for the ridge) to the student."""
    choice = choose_ridge(coordinates(spectrum, seen["wanted"]), problem.criterion)
    if choice.notice:
        notices.append(choice.notice)
    fitted = fit_modes(spectrum, chosen.basis, seen["teacher"], choice.ridge)
    for notice in notices:
        warnings.warn(notice, EigenstillWarning, stacklevel=4)
    provenance = _provenance(problem, settings, chosen, tuple(notices))
    return _student(problem, spectrum, chosen.basis, choice, fitted, provenance)


def _on(device: Device, basis: Basis, inputs: FloatArray) -> IntArray:
    """The exact columns; those of features may have more bits than float64, and there is nothing to compute."""
    return exact_columns(basis, inputs) if basis.kernel == FEATURES else device_columns(device, basis, inputs)


def _in_blocks(problem: Problem, basis: Basis, device: Device | None = None) -> tuple[Spectrum, dict[str, Seen]]:
    """Spectrum and targets from exact sums over blocks of rows, so that the columns never stand in memory together."""
    targets = {"teacher": problem.outputs}
    if problem.labels is not None:
        targets["labels"] = problem.labels
    sums = total(Local(), partial(sums_of_block, basis, device), ArrayBlocks(problem.table.values, targets).read())
    seen = {name: seen_in_sums(basis, sums, name) for name in targets}
    return decompose_sums(basis, sums), {**seen, "wanted": seen["labels" if "labels" in seen else "teacher"]}


def choose(
    problem: Problem,
    settings: Settings,
    wanted: FloatArray,
    notices: list[str],
    say: Progress,
    all_rows: AllRows | None = None,
) -> BasisChoice:
    """Landmarks, kernel and length; with features there is nothing to choose.

    ``all_rows`` are those of which the problem holds a sample.
    """
    inputs = problem.table.values
    if problem.metric is None:
        return BasisChoice(feature_basis(inputs), 1.0, ())
    say("choosing landmarks", 0, 1)
    places = choose_landmarks(
        inputs,
        problem.metric.weights,
        settings.landmark_count(inputs.shape[1], problem.outputs.shape[1]),
        settings.seed,
        notices,
        method=settings.landmarks_by,
        sample_weight=problem.sample_weight,
        all_rows=all_rows,
    )
    say("choosing landmarks", 1, 1)
    return choose_basis(
        inputs,
        wanted,
        problem.metric,
        places,
        kernel=settings.basis,
        linear=settings.linear,
        seed=settings.seed,
        step=lambda done, total: say("choosing the basis", done, total),
        sample_weight=problem.sample_weight,
    )


def _student(
    problem: Problem,
    spectrum: Spectrum | WeightedSpectrum,
    basis: Basis,
    choice: RidgeChoice,
    fitted: Fit,
    provenance: Provenance,
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
        exact=spectrum if isinstance(spectrum, Spectrum) else None,
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
            "features": None if problem.features is None else problem.features.name,
            "length_factor": chosen.factor,
            "evidence": [list(entry) for entry in chosen.costs],
            **({} if problem.sample_weight is None else {TOTAL_WEIGHT: float(problem.sample_weight.sum())}),
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


def _no_function(_: FloatArray) -> FloatArray:
    raise TeacherError("labels are no function; need a teacher for other rows")


def _silent(stage: str, done: int, total: int) -> None:
    """Progress that nobody asked for."""

"""What turns rows into features: a function, recorded features, a kernel, or the teacher's last hidden layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from eigenstill_check.layout import MAX_COLUMNS

from ..arrays import FloatArray
from ..basis import choose_landmarks
from ..errors import DataError, TeacherError
from ..tables import Table
from ..teacher import Teacher, as_teacher
from .kernel import Kernel, kernel_features


@dataclass(frozen=True)
class UserKernel:
    """A kernel of the user's own in the place of features: its landmarks are still to be chosen."""

    function: Kernel


def feature_mapping(
    features: Any,
    teacher: Teacher,
    rows: FloatArray,
    *,
    landmarks: int,
    method: str,
    seed: int,
    notices: list[str],
) -> Teacher:
    """The mapping as something that can be asked like a teacher, whose every answer is checked.

    Parameters
    ----------
    features : anything that `as_teacher` takes, a UserKernel, or None for the teacher's last hidden layer
    rows : float64 (n, d), the training rows, among which a kernel's landmarks are chosen
    landmarks, method, seed, notices : as `choose_landmarks`; columns count by their deviation

    Raises
    ------
    TeacherError : nothing given, and the teacher shows no hidden layer
    BasisError : a kernel that is none
    """
    if isinstance(features, UserKernel):
        deviations = rows.std(axis=0)
        weights = 1.0 / np.where(deviations > 0, deviations, 1.0)
        places = choose_landmarks(rows, weights, landmarks, seed, notices, method=method)
        return as_teacher(kernel_features(features.function, places), "kernel features")
    if features is not None:
        return as_teacher(features)
    if teacher.hidden is None:
        raise TeacherError(
            f"{teacher.name}: shows no hidden layer; need a torch module, or the features as a function of rows"
        )
    return Teacher(f"last hidden layer of {teacher.name}", teacher.hidden)


def feature_table(mapping: Teacher, rows: Table) -> Table:
    """The features of the rows, (n, h), named by number; their source and digest are those of the rows.

    Raises
    ------
    DataError : one feature, too many, or none that varies
    TeacherError : no finite numbers, another number of rows, or features that depend on other rows
    """
    values = mapping.outputs(rows.values)
    if values.ndim != 2 or not 2 <= values.shape[1] <= MAX_COLUMNS:
        raise DataError(f"{mapping.name}: features of shape {values.shape}; need 2 to {MAX_COLUMNS} columns")
    if not (values.min(axis=0) < values.max(axis=0)).any():
        raise DataError(f"{mapping.name}: every feature is constant on these rows; need some that vary")
    names = tuple(f"feature{place}" for place in range(values.shape[1]))
    return Table(values, names, rows.source, rows.sha256, named=False)

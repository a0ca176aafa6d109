"""The criterion that chose the ridge, along the ridges it was compared with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import FloatArray
from ..basis import exact_columns
from ..errors import SelectionError
from ..selection.fit import coordinates_of
from ..selection.ridge import cost_of
from ..spectrum import decompose
from ..student import Recording, Student

POINTS = 120
LOWEST, HIGHEST = 1e-6, 10**2.5


@dataclass(frozen=True, eq=False)
class RidgeCurve:
    """Float64 values of a criterion.

    Attributes
    ----------
    criterion : "robust-gcv", "gcv" or "evidence"
    ridges : float64 (POINTS,), logarithmic
    excess : float64 (POINTS,), over the least of them: the quotient less 1 for GCV, the difference for evidence;
        infinite where the criterion is not defined
    chosen : the ridge taken, and `chosen_excess` there
    """

    criterion: str
    ridges: FloatArray
    excess: FloatArray
    chosen: float
    chosen_excess: float


def ridge_curve(student: Student, recording: Recording) -> RidgeCurve | None:
    """The criterion on labels or, where they took no part, on the teacher's outputs; None where it is undefined.

    The exact operator is formed again from the recorded rows, with the student's own metric.
    """
    basis, train = student.formula.basis, recording.train
    wanted = train.labels if student.provenance.labels else train.teacher
    if wanted is None:
        return None
    columns = exact_columns(basis, train.inputs)
    spectrum = decompose(basis, columns, student.modes.metric)
    criterion, chosen = student.spectrum.criterion, student.spectrum.ridge
    try:
        cost = cost_of(coordinates_of(spectrum, basis, columns, wanted), criterion)
    except SelectionError:
        return None
    ridges = np.geomspace(min(LOWEST, chosen), max(HIGHEST, chosen), POINTS)
    values = np.array([cost(float(np.log10(ridge))) for ridge in ridges])
    at_chosen = cost(float(np.log10(chosen)))
    least = min(float(values.min()), at_chosen)
    if not np.isfinite(least):
        return None

    def over(value: FloatArray | float) -> FloatArray | float:
        return value - least if criterion == "evidence" else value / least - 1

    return RidgeCurve(criterion, ridges, np.asarray(over(values)), chosen, float(over(at_chosen)))

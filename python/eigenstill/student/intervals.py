"""Prediction intervals around the formula, split-conformal: the recorded hold-out rows say how wide they must be.

Two guarantees with two names, both for rows drawn like the hold-out rows, which must not have taken part in the fit:

* marginal: the next row is inside with probability at least the coverage, on average over hold-out splits;
* conditional: with the stated confidence, this hold-out split's intervals hold at least the coverage of future rows.

The certificate has the same order statistics, exact, as claims `interval` and `tolerance`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor
from typing import TYPE_CHECKING

import numpy as np

from eigenstill_check.binomial import PROBABILITY_BITS, largest_count
from eigenstill_check.claims.interval import rank_of
from eigenstill_check.dyadic import Dyadic

from ..arrays import FloatArray
from ..errors import StudentError

if TYPE_CHECKING:
    from .recording import Split

CONFIDENCE = 0.99
TARGETS = ("teacher", "labels")


@dataclass(frozen=True, eq=False)
class Intervals:
    """Predictions with intervals: float64 arrays of the predictions' shape, and how they came about.

    Attributes
    ----------
    prediction, lower, upper : the formula's values, and the ends of the intervals
    half_width : float64 (c,), one an output
    coverage : the stated fraction
    target : what lies inside: "teacher", the network's output, or "labels"
    confidence : None for the marginal guarantee, else that of the conditional one
    rows : how many hold-out rows decided
    """

    prediction: FloatArray
    lower: FloatArray
    upper: FloatArray
    half_width: FloatArray
    coverage: float
    target: str
    confidence: float | None
    rows: int


def half_widths(
    holdout: Split | None, coverage: float, target: str | None, confidence: float | None
) -> tuple[FloatArray, str, int]:
    """Half-width of each output (c,), the target, and the number of hold-out rows.

    Parameters
    ----------
    target : labels where there are any, by default
    confidence : None for the marginal order statistic; else the conditional one

    Raises
    ------
    StudentError : no hold-out rows, no labels, a level outside (0, 1), or too few rows for the level
    """
    for name, level in (("interval", coverage), ("confidence", CONFIDENCE if confidence is None else confidence)):
        if not 2.0**-PROBABILITY_BITS <= level <= 1 - 2.0**-PROBABILITY_BITS:
            raise StudentError(f"predict: {name} {level:g}; need a number between 0 and 1")
    if holdout is None or not len(holdout.teacher):
        raise StudentError(
            "predict: no hold-out rows to measure intervals on; distill with holdout=..., or load the recording too"
        )
    target = target or ("teacher" if holdout.labels is None else "labels")
    values = {"teacher": holdout.teacher, "labels": holdout.labels}.get(target)
    if values is None:
        raise StudentError(f"predict: target {target}; need one of {', '.join(TARGETS)} that the hold-out rows have")
    errors = np.sort(np.abs(values - holdout.predictions), axis=0)
    place = _place(len(errors), coverage, confidence)
    if place is None:
        kind = "" if confidence is None else f" with confidence {confidence:g}"
        raise StudentError(
            f"predict: {len(errors)} hold-out rows are too few for interval {coverage:g}{kind}; "
            "need more rows, or a smaller interval"
        )
    return errors[place], target, len(errors)


def _place(rows: int, coverage: float, confidence: float | None) -> int | None:
    """The index of the order statistic, the errors in increasing order."""
    if confidence is None:
        rank = rank_of(rows, Dyadic(ceil(coverage * 2**PROBABILITY_BITS), -PROBABILITY_BITS))
        return None if rank is None else rank - 1
    missed = Dyadic(floor((1 - coverage) * 2**PROBABILITY_BITS), -PROBABILITY_BITS)
    risk = Dyadic(floor((1 - confidence) * 2**PROBABILITY_BITS), -PROBABILITY_BITS)
    if missed.mantissa < 1 or risk.mantissa < 1:
        return None
    exceeded = largest_count(rows, missed, risk)
    return None if exceeded < 0 else rows - 1 - exceeded

"""Scales: how far apart two rows are in the teacher's eyes.

Standardised input i is multiplied by t_i = (m_i + 0.1) / 1.1, m_i the mean absolute slope of the teacher along it
divided by the mean over inputs: inputs that the teacher ignores shrink to a tenth. Recorded outputs have no slopes:
t = 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import FloatArray
from ..errors import BasisError, DataError
from ..moments import deviation, median
from .rounding import round_bits

FLOOR = 0.1
SAMPLE = 2048
LARGEST = 2.0**500


@dataclass(frozen=True, eq=False)
class Metric:
    """Per-column weights of the distance, and the medians that set its length.

    Attributes
    ----------
    weights : float64 (d,), t_d / std_d: a row's scaled inputs are x * weights
    median_squared, median_absolute : medians, over pairs of different rows, of the squared Euclidean and of the L1
        distance in scaled inputs
    """

    weights: FloatArray
    median_squared: float
    median_absolute: float

    def scales(self, kernel: str, factor: float = 1.0) -> FloatArray:
        """s (d,): weights^2 / (q^2 med2), or weights / (q med1) for rational-l1; 24 significant bits.

        `factor` is q, a power of two, so that every q uses the same rounded numbers.
        """
        if kernel == "rational-l1":
            values = round_bits(self.weights / self.median_absolute) / factor
        else:
            values = round_bits(self.weights**2 / self.median_squared) / factor**2
        if not (np.isfinite(values).all() and values.min() > 1 / LARGEST and values.max() < LARGEST):
            raise BasisError(
                f"scales from {values.min():.3g} to {values.max():.3g}; need 2^-500 to 2^500; rescale the columns"
            )
        return values


def teacher_metric(
    inputs: FloatArray,
    outputs: FloatArray | None = None,
    gradients: FloatArray | None = None,
    seed: int = 0,
    sample_weight: FloatArray | None = None,
) -> Metric:
    """The teacher's metric on these rows.

    Parameters
    ----------
    inputs : float64 (n, d), no constant column
    outputs : float64 (n, c), the teacher's
    gradients : float64 (c, d), mean absolute slopes; None for the isotropic metric
    seed : of the sample of SAMPLE rows whose pairs give the medians, where there are more rows
    sample_weight : float64 (n,), > 0; the gradients' mean is taken with it already

    Several outputs: the mean over the outputs that vary, each divided by its standard deviation.
    """
    deviations = deviation(inputs, sample_weight)
    if not deviations.min() > 0:
        raise DataError(f"column {int(deviations.argmin())} does not vary in float64; need columns that vary; drop it")
    weights = slope_weights(deviations, outputs, gradients, sample_weight) / deviations
    rows, counts = inputs, sample_weight
    if len(rows) > SAMPLE:
        places = np.sort(np.random.default_rng(seed).choice(len(rows), SAMPLE, replace=False))
        rows, counts = rows[places], None if counts is None else counts[places]
    scaled = (rows - rows[0]) * weights
    return Metric(weights, _median(scaled, "sqeuclidean", counts), _median(scaled, "cityblock", counts))


def slope_weights(
    deviations: FloatArray,
    outputs: FloatArray | None,
    gradients: FloatArray | None,
    sample_weight: FloatArray | None = None,
) -> FloatArray:
    """t (d,): (m + 0.1) / 1.1 with m the relative slope in standardised inputs; ones without slopes or with none."""
    if gradients is None or outputs is None:
        return np.ones_like(deviations)
    spread = deviation(outputs, sample_weight)
    varying = spread > 0
    if not varying.any():
        return np.ones_like(deviations)
    slopes = (gradients[varying] * deviations / spread[varying, None]).mean(axis=0)
    mean = slopes.mean()
    if not mean > 0:
        return np.ones_like(deviations)
    weights: FloatArray = (slopes / mean + FLOOR) / (1 + FLOOR)
    return weights


def _median(scaled: FloatArray, metric: str, sample_weight: FloatArray | None) -> float:
    """Median distance between different rows; repeated rows do not count. A pair weighs the product of its rows."""
    from scipy.spatial.distance import pdist

    values = pdist(scaled, metric)
    held = values > 0
    if not held.any():
        raise DataError("all rows are equal; need at least two different rows")
    if sample_weight is None:
        return median(values[held])
    first, second = np.triu_indices(len(scaled), 1)
    return median(values[held], (sample_weight[first] * sample_weight[second])[held])

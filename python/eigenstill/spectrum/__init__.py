"""The spectrum: the operator's Gram matrix, exactly, and its eigenpairs in float64."""

from .exact_gram import exact_gram
from .metric import JITTER_EXPONENT, OperatorMetric, operator_metric
from .spectrum import Spectrum, decompose
from .weighted import WeightedSpectrum, decompose_weighted

__all__ = [
    "JITTER_EXPONENT",
    "OperatorMetric",
    "Spectrum",
    "WeightedSpectrum",
    "decompose",
    "decompose_weighted",
    "exact_gram",
    "operator_metric",
]

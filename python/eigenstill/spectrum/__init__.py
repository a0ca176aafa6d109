"""The spectrum: the operator's Gram matrix, exactly, and its eigenpairs in float64."""

from .exact_gram import exact_gram
from .metric import JITTER_EXPONENT, OperatorMetric, operator_metric
from .spectrum import Spectrum, decompose

__all__ = ["JITTER_EXPONENT", "OperatorMetric", "Spectrum", "decompose", "exact_gram", "operator_metric"]

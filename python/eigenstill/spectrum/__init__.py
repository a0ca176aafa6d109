"""The spectrum: the operator's Gram matrix, exactly, and its eigenpairs in float64."""

from .block_sums import BlockSums, block_sums
from .exact_gram import exact_gram
from .metric import JITTER_EXPONENT, OperatorMetric, operator_metric
from .spectrum import Spectrum, decompose, decompose_sums
from .weighted import WeightedSpectrum, decompose_weighted

__all__ = [
    "JITTER_EXPONENT",
    "BlockSums",
    "OperatorMetric",
    "Spectrum",
    "WeightedSpectrum",
    "block_sums",
    "decompose",
    "decompose_sums",
    "decompose_weighted",
    "exact_gram",
    "operator_metric",
]

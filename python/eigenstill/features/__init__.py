"""Features: rows -> columns that stand for themselves: a hidden layer, a kernel of the user's own, a Gram matrix."""

from .definite import IndefiniteError, require_kernel_matrix
from .kernel import KernelFeatures, gram_features, kernel_features
from .mapping import UserKernel, feature_mapping, feature_table

__all__ = [
    "IndefiniteError",
    "KernelFeatures",
    "UserKernel",
    "feature_mapping",
    "feature_table",
    "gram_features",
    "kernel_features",
    "require_kernel_matrix",
]

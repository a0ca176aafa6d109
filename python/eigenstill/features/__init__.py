"""Features: rows -> columns that stand for themselves: a hidden layer, a kernel of the user's own, a Gram matrix."""

from .definite import IndefiniteError, require_kernel_matrix
from .kernel import KernelFeatures, gram_features, kernel_features

__all__ = ["IndefiniteError", "KernelFeatures", "gram_features", "kernel_features", "require_kernel_matrix"]

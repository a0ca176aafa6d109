"""The basis: landmarks, scales and kernel; its values in float64 and, exactly, in integers."""

from .basis import GRID_BITS, Basis, feature_basis
from .exact_columns import exact_columns
from .fine_columns import FineColumns, fine_columns, fine_floors, has_fine_columns
from .kernels import FEATURES, KERNELS, RATIONAL_KERNELS, kernel_values
from .landmarks import LANDMARKS, affordable_landmarks, choose_landmarks
from .scales import Metric, teacher_metric

__all__ = [
    "FEATURES",
    "GRID_BITS",
    "KERNELS",
    "LANDMARKS",
    "RATIONAL_KERNELS",
    "Basis",
    "FineColumns",
    "Metric",
    "affordable_landmarks",
    "choose_landmarks",
    "exact_columns",
    "feature_basis",
    "fine_columns",
    "fine_floors",
    "has_fine_columns",
    "kernel_values",
    "teacher_metric",
]

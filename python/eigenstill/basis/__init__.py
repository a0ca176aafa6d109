"""The basis: landmarks, scales and kernel; its values in float64 and, exactly, in integers."""

from .basis import GRID_BITS, Basis, feature_basis
from .exact_columns import exact_columns
from .fine_columns import FineColumns, fine_columns
from .fine_floors import fine_floors
from .fine_values import FineValues, fine_values
from .kernels import FEATURES, KERNELS, RATIONAL_KERNELS, kernel_values
from .landmarks import LANDMARKS, affordable_landmarks, choose_landmarks
from .pairs import has_pairs
from .scales import Metric, teacher_metric

__all__ = [
    "FEATURES",
    "GRID_BITS",
    "KERNELS",
    "LANDMARKS",
    "RATIONAL_KERNELS",
    "Basis",
    "FineColumns",
    "FineValues",
    "Metric",
    "affordable_landmarks",
    "choose_landmarks",
    "exact_columns",
    "feature_basis",
    "fine_columns",
    "fine_floors",
    "fine_values",
    "has_pairs",
    "kernel_values",
    "teacher_metric",
]

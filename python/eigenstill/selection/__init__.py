"""Selection: which basis, how much ridge, how many modes."""

from .criteria import Coordinates, kept
from .fit import Fit, fit_modes
from .ridge import CRITERIA, RidgeChoice, choose_ridge
from .search import BasisChoice, choose_basis

__all__ = [
    "CRITERIA",
    "BasisChoice",
    "Coordinates",
    "Fit",
    "RidgeChoice",
    "choose_basis",
    "choose_ridge",
    "fit_modes",
    "kept",
]

"""The student: an explicit formula with its spectrum, its modes and where it came from."""

from .intervals import Intervals
from .load import load_student
from .parts import TOTAL_WEIGHT, Formula, Modes, Provenance, SpectrumSummary
from .recording import Recording, Split
from .student import Student

__all__ = [
    "TOTAL_WEIGHT",
    "Formula",
    "Intervals",
    "Modes",
    "Provenance",
    "Recording",
    "SpectrumSummary",
    "Split",
    "Student",
    "load_student",
]

"""The student: an explicit formula with its spectrum, its modes and where it came from."""

from .load import load_student
from .parts import Formula, Modes, Provenance, SpectrumSummary
from .recording import Recording, Split
from .student import Student

__all__ = ["Formula", "Modes", "Provenance", "Recording", "SpectrumSummary", "Split", "Student", "load_student"]

"""Teachers: anything that maps rows to numbers, behind one interface. Heavy imports happen when one is used."""

from .estimator import from_estimator
from .resolve import as_teacher, load_relu_subject, load_teacher
from .teacher import Teacher, from_callable, from_outputs

__all__ = [
    "Teacher",
    "as_teacher",
    "from_callable",
    "from_estimator",
    "from_outputs",
    "load_relu_subject",
    "load_teacher",
]

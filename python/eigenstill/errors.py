"""What can go wrong, one class a stage. A message is one sentence: where, got, needed, remedy.

`exit_code` is what the command line returns: 2 for input that can be mended, 3 where nothing could be decided (I/O).
"""

from __future__ import annotations


class EigenstillError(Exception):
    """Base of every error raised on purpose by this package."""

    exit_code = 2


class DataError(EigenstillError):
    """A table that cannot be used: missing values, text, constant columns, wrong shapes."""


class TeacherError(EigenstillError):
    """A teacher that cannot be called, or whose answers cannot be used."""


class BasisError(EigenstillError):
    """No basis can be built from these rows and settings."""


class SpectrumError(EigenstillError):
    """The operator's exact arithmetic or its eigensolver failed."""


class SelectionError(EigenstillError):
    """The ridge, rank or basis cannot be chosen as asked."""


class StudentError(EigenstillError):
    """A student that cannot be applied, written or read as asked."""


class UnreadableError(EigenstillError):
    """A file that is missing or cannot be read or written."""

    exit_code = 3


class EstimatorError(EigenstillError, ValueError):
    """What a scikit-learn estimator of this package refuses: a ValueError, as scikit-learn expects it."""


class EigenstillWarning(UserWarning):
    """Something was changed or limited, and the result says so too (`student.provenance.notices`)."""


class EngineError(EigenstillError):
    """A scheduler cannot be reached, or its workers could not finish. Exit code 3."""

    exit_code = 3


class DeviceError(EigenstillError):
    """The name of a torch device that there is not."""

"""eigenstill: a trained network becomes an explicit formula with a certificate.

Public names are loaded when first used, so that importing the package is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from eigenstill_check.version import __version__

if TYPE_CHECKING:
    from eigenstill_check import check

    from .binding import binders
    from .certificate import CertifiedSvd, certify, certify_svd
    from .diagnosis import Diagnosis, OverfitMonitor, diagnose
    from .distillation import distill, labels_only
    from .errors import (
        BasisError,
        DataError,
        EigenstillError,
        EigenstillWarning,
        EstimatorError,
        SelectionError,
        SpectrumError,
        StudentError,
        TeacherError,
        UnreadableError,
    )
    from .estimators import SpectralDistiller, SpectralDistillerClassifier
    from .exports import Export, export, sympy_formula, torch_module
    from .features import IndefiniteError, gram_features, kernel_features
    from .regions import CertifiedRegions, ReluNetwork, certify_regions
    from .reporting import Report, model_card, report
    from .student import Recording, Student, load_student
    from .tables import Table, load_labels, load_table
    from .teacher import Teacher, as_teacher, load_teacher

_HOMES = {
    "binders": "binding",
    "certify": "certificate",
    "certify_svd": "certificate",
    "CertifiedSvd": "certificate",
    "diagnose": "diagnosis",
    "Diagnosis": "diagnosis",
    "OverfitMonitor": "diagnosis",
    "distill": "distillation",
    "labels_only": "distillation",
    "SpectralDistiller": "estimators",
    "SpectralDistillerClassifier": "estimators",
    "gram_features": "features",
    "kernel_features": "features",
    "IndefiniteError": "features",
    "Recording": "student",
    "Student": "student",
    "load_student": "student",
    "Export": "exports",
    "export": "exports",
    "sympy_formula": "exports",
    "torch_module": "exports",
    "certify_regions": "regions",
    "CertifiedRegions": "regions",
    "ReluNetwork": "regions",
    "model_card": "reporting",
    "report": "reporting",
    "Report": "reporting",
    "Table": "tables",
    "load_labels": "tables",
    "load_table": "tables",
    "Teacher": "teacher",
    "as_teacher": "teacher",
    "load_teacher": "teacher",
    "BasisError": "errors",
    "DataError": "errors",
    "EigenstillError": "errors",
    "EigenstillWarning": "errors",
    "EstimatorError": "errors",
    "SelectionError": "errors",
    "SpectrumError": "errors",
    "StudentError": "errors",
    "TeacherError": "errors",
    "UnreadableError": "errors",
}

__all__ = [  # noqa: RUF022  by stage, as a reader meets them, not by letter
    "__version__",
    "distill",
    "labels_only",
    "SpectralDistiller",
    "SpectralDistillerClassifier",
    "certify",
    "certify_svd",
    "certify_regions",
    "diagnose",
    "OverfitMonitor",
    "check",
    "binders",
    "kernel_features",
    "gram_features",
    "report",
    "Report",
    "model_card",
    "export",
    "Export",
    "torch_module",
    "sympy_formula",
    "Student",
    "Recording",
    "load_student",
    "CertifiedSvd",
    "CertifiedRegions",
    "ReluNetwork",
    "Diagnosis",
    "Table",
    "load_table",
    "load_labels",
    "Teacher",
    "as_teacher",
    "load_teacher",
    "EigenstillError",
    "EigenstillWarning",
    "DataError",
    "TeacherError",
    "BasisError",
    "IndefiniteError",
    "SpectrumError",
    "SelectionError",
    "StudentError",
    "EstimatorError",
    "UnreadableError",
]


def __getattr__(name: str) -> Any:
    if name == "check":
        from eigenstill_check import check

        return check
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_HOMES[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)

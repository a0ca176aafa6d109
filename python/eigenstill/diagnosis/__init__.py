"""Diagnosis: how much of the labels' noise a network has copied, without hold-out rows (docs/diagnosis.md)."""

from .monitor import OverfitMonitor, Reading
from .student_diagnosis import Diagnosis, diagnose

__all__ = ["Diagnosis", "OverfitMonitor", "Reading", "diagnose"]

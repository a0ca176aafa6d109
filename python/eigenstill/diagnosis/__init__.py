"""Diagnosis: how much of the labels' noise a network has copied, without hold-out rows (docs/diagnosis.md)."""

from .monitor import OverfitMonitor, Reading
from .student_diagnosis import Band, Diagnosis, Guard, diagnose

__all__ = ["Band", "Diagnosis", "Guard", "OverfitMonitor", "Reading", "diagnose"]

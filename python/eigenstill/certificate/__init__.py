"""Certificates: a student and its recording become JSON and arrays that any checker can verify."""

from .certification import certify

__all__ = ["certify"]

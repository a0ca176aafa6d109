"""The report of a folder that `distill` wrote: one HTML page that loads nothing and runs nothing."""

from .write import Report, report

__all__ = ["Report", "report"]

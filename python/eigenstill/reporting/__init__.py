"""About a folder that `distill` wrote: one HTML page that loads nothing and runs nothing, and a model card."""

from .card import model_card
from .write import Report, report

__all__ = ["Report", "model_card", "report"]

"""The formula in other languages: ONNX, torch, numpy source, C99, LaTeX, SymPy, JSON; each compared with `predict`."""

from .sympy_source import sympy_formula
from .torch_source import torch_module
from .write import TARGETS, Export, evaluate_export, export

__all__ = ["TARGETS", "Export", "evaluate_export", "export", "sympy_formula", "torch_module"]

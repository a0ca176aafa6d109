"""Tables: files -> float64 columns with names. Nothing is loaded that could run code."""

from .load import load_labels, load_table, split_spec
from .table import Table, as_table, require_moderate, require_varying

__all__ = ["Table", "as_table", "load_labels", "load_table", "require_moderate", "require_varying", "split_spec"]

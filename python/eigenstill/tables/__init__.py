"""Tables: files and data frames -> float64 columns with names, and back. Nothing is loaded that could run code."""

from .frame import frame_columns, is_frame
from .load import load_labels, load_table, split_spec
from .save import save_table, writer_of
from .table import Table, as_table, require_moderate, require_varying

__all__ = [
    "Table",
    "as_table",
    "frame_columns",
    "is_frame",
    "load_labels",
    "load_table",
    "require_moderate",
    "require_varying",
    "save_table",
    "split_spec",
    "writer_of",
]

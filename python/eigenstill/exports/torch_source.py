"""The formula for torch: a module in memory, Python source that needs torch alone, or a torch.export archive."""

from __future__ import annotations

import inspect
import io
from pathlib import Path
from typing import Any

import numpy as np

from ..arrays import FloatArray
from ..errors import StudentError
from ..student import Student
from .numbers import Numbers, header, listed, numbers_of
from .numpy_source import load_source

BYTES = 1 << 26


def torch_module(student: Student, *, float32: bool = False) -> Any:
    """The formula as a `torch.nn.Module` on the CPU: scriptable, exportable, with gradients; buffers, no parameters.

    Raises
    ------
    StudentError : the basis is features, or torch is not installed
    """
    try:
        import torch
    except ImportError:
        raise StudentError("export: torch is not installed; run: pip install 'eigenstill[torch]'") from None
    from .student_module import StudentModule

    numbers = numbers_of(student, float32=float32)
    arrays = {"weights": np.zeros((0, len(numbers.intercept)), dtype=numbers.type), **numbers.arrays()}
    return StudentModule(numbers.kernel, numbers.flat, **{key: torch.from_numpy(v.copy()) for key, v in arrays.items()})


def render(numbers: Numbers, name: str, note: str) -> bytes:
    """The bytes of NAME.py: the class StudentModule and `load()`, which makes the module."""
    from .student_module import StudentModule

    arrays = {"weights": np.zeros((0, len(numbers.intercept))), **numbers.arrays()}
    tables = "\n".join(
        f"{key.upper()} = torch.tensor({listed(array)}, dtype=torch.{numbers.real})"
        + (f".reshape(0, {len(numbers.intercept)})" if not array.size else "")
        for key, array in sorted(arrays.items())
    )
    text = f'''"""{chr(10).join(header(numbers, note))}

load(): the module; its input is x (n, {len(numbers.input_names)}) in the order of INPUT_NAMES.
"""

import torch

INPUT_NAMES = {numbers.input_names!r}
OUTPUT_NAMES = {numbers.output_names!r}
{tables}


{inspect.getsource(StudentModule)}

def load() -> StudentModule:
    """The student."""
    return StudentModule(
        {numbers.kernel!r}, {numbers.flat}, LANDMARKS, SCALES, COEFFICIENTS, INTERCEPT, WEIGHTS
    )
'''
    return text.encode()


def archive(student: Student, *, float32: bool) -> bytes:
    """The bytes of a .pt2 archive, for any number of rows."""
    import torch

    module = torch_module(student, float32=float32).eval()
    rows = torch.from_numpy(np.repeat(student.formula.landmarks[:1], 3, axis=0).copy()).to(module.landmarks.dtype)
    dimension = torch.export.Dim("rows", min=1)
    program = torch.export.export(module, (rows,), dynamic_shapes=({0: dimension},))
    buffer = io.BytesIO()
    torch.export.save(program, buffer)
    return buffer.getvalue()


def evaluate(path: Path, numbers: Numbers, rows: FloatArray) -> FloatArray:
    """What torch computes from the written file, (n, c)."""
    import torch

    module = torch.export.load(str(path)).module() if path.suffix == ".pt2" else load_source(path).load()
    batch = max(1, BYTES // (8 * numbers.landmarks.size))
    parts = []
    with torch.no_grad():
        for start in range(0, len(rows), batch):
            part = torch.from_numpy(rows[start : start + batch].astype(numbers.type))
            parts.append(module(part).numpy())
    return np.concatenate(parts).astype(np.float64).reshape(len(rows), -1)

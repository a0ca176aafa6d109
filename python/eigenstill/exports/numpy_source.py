"""The formula as Python source that needs numpy alone."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np

from ..arrays import FloatArray
from .numbers import Numbers, header, listed

PHI = {
    "rational-quadratic": "1 / (1 + (gaps * gaps) @ SCALES)",
    "rational-l1": "1 / (1 + np.abs(gaps) @ SCALES)",
    "gaussian": "np.exp(-((gaps * gaps) @ SCALES))",
    "matern-3/2": "(1 + t) * np.exp(-t)",
}
ROOT = "np.minimum(np.sqrt(3 * ((gaps * gaps) @ SCALES)), 2.0**20)"  # (1 + inf) exp(-inf) would be no number


def render(numbers: Numbers, name: str, note: str) -> bytes:
    """The bytes of NAME.py."""
    root = f"            t = {ROOT}\n" if numbers.kernel == "matern-3/2" else ""
    linear = " + part @ WEIGHTS" if numbers.weights is not None else ""
    result = "[:, 0]" if numbers.flat else ""
    arrays = "\n".join(
        f"{key.upper()} = np.array({listed(array)}, dtype=np.{numbers.real})" for key, array in numbers.arrays().items()
    )
    text = f'''"""{chr(10).join(header(numbers, note))}

predict(x): x (n, {len(numbers.input_names)}) in the order of INPUT_NAMES.
"""

import numpy as np

INPUT_NAMES = {numbers.input_names!r}
OUTPUT_NAMES = {numbers.output_names!r}
{arrays}
BLOCK = 256


def predict(x):
    """The formula's values at the rows x."""
    x = np.asarray(x, dtype=np.{numbers.real})
    if x.ndim != 2 or x.shape[1] != len(INPUT_NAMES):
        raise ValueError(f"shape {{x.shape}}; need (rows, {{len(INPUT_NAMES)}})")
    parts = []
    for start in range(0, max(len(x), 1), BLOCK):
        part = x[start : start + BLOCK]
        with np.errstate(over="ignore"):
            gaps = part[:, None, :] - LANDMARKS
{root}            phi = {PHI[numbers.kernel]}
        parts.append(phi @ COEFFICIENTS + INTERCEPT{linear})
    return np.concatenate(parts){result}
'''
    return text.encode()


def load_source(path: Path) -> Any:
    """The module that an export wrote."""
    specification = importlib.util.spec_from_file_location(f"eigenstill_export_{path.stem}", path)
    if specification is None or specification.loader is None:
        raise ImportError(f"{path}: no Python source")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def evaluate(path: Path, numbers: Numbers, rows: FloatArray) -> FloatArray:
    """What the written file computes, (n, c)."""
    values = load_source(path).predict(rows)
    return np.asarray(values, dtype=np.float64).reshape(len(rows), -1)

"""The formula as JSON; every number in the shortest decimal form that reads back to the same float64."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from ..arrays import FloatArray
from ..student import Formula
from .numbers import Numbers, header

FORMAT, VERSION = "eigenstill-formula", 1
FORMULA = {
    "rational-quadratic": "phi_j(x) = 1 / (1 + q), q = sum_d scales[d] (x[d] - landmarks[j][d])^2",
    "rational-l1": "phi_j(x) = 1 / (1 + q), q = sum_d scales[d] |x[d] - landmarks[j][d]|",
    "gaussian": "phi_j(x) = exp(-q), q = sum_d scales[d] (x[d] - landmarks[j][d])^2",
    "matern-3/2": "phi_j(x) = (1 + t) exp(-t), t = sqrt(3 q), q = sum_d scales[d] (x[d] - landmarks[j][d])^2",
}
STUDENT = "student_o(x) = intercept[o] + sum_d weights[d][o] x[d] + sum_j coefficients[j][o] phi_j(x)"


def render(numbers: Numbers, name: str, note: str) -> bytes:
    """The bytes of NAME.json."""
    content = {
        "format": FORMAT,
        "version": VERSION,
        "about": header(numbers, note),
        "formula": [STUDENT, FORMULA[numbers.kernel]],
        "kernel": numbers.kernel,
        "input_names": numbers.input_names,
        "output_names": numbers.output_names,
        **{key: array.tolist() for key, array in numbers.arrays().items()},
    }
    if numbers.weights is None:
        content["weights"] = None
    return (json.dumps(content, indent=1, allow_nan=False) + "\n").encode()


def evaluate(path: Path, numbers: Numbers, rows: FloatArray) -> FloatArray:
    """The formula of the numbers in the written file, (n, c)."""
    held = json.loads(path.read_bytes())
    arrays = {
        key: None if held[key] is None else np.array(held[key], dtype=np.float64)
        for key in ("landmarks", "scales", "coefficients", "intercept", "weights")
    }
    return formula_of(held["kernel"], arrays).evaluate(rows)


def formula_of(kernel: str, arrays: dict[str, FloatArray | None]) -> Formula:
    """A formula from arrays; its values do not depend on the exact linear columns, which are left plain."""
    weights = arrays["weights"]
    return Formula(
        kernel=kernel,
        **arrays,  # type: ignore[arg-type]  # only weights may be None
        offsets=None if weights is None else np.zeros(len(weights)),
        exponents=() if weights is None else (0,) * len(weights),
        grid_bits=40,
    )

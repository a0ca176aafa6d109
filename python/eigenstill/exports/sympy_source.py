"""The formula as SymPy source: exact rationals, so it is the very formula that a certificate speaks of."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from ..arrays import FloatArray
from ..errors import StudentError
from ..student import Student
from .numbers import Numbers, header, listed, numbers_of
from .numpy_source import load_source

SIZE = {"rational-l1": "Abs(value - centre)"}
PHI = {"gaussian": "exp(-q)", "matern-3/2": "(1 + sqrt(3 * q)) * exp(-sqrt(3 * q))"}


def sympy_formula(student: Student) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """The symbols of the inputs and one expression an output, numbers as exact rationals.

    Raises
    ------
    StudentError : the basis is features, or sympy is not installed
    """
    try:
        import sympy  # noqa: F401  only whether it is there
    except ImportError:
        raise StudentError("export: sympy is not installed; run: pip install 'eigenstill[sympy]'") from None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "formula.py"
        path.write_bytes(render(numbers_of(student), "formula", ""))
        module = load_source(path)
    return module.SYMBOLS, module.STUDENT


def render(numbers: Numbers, name: str, note: str) -> bytes:
    """The bytes of NAME.py: SYMBOLS and STUDENT."""

    def number(value: float) -> str:
        top, below = value.as_integer_ratio()
        return f"Rational({top}, {below})"

    tables = "\n".join(f"{key.upper()} = {listed(array, number)}" for key, array in numbers.arrays().items())
    linear = "\n        + sum(w[o] * value for w, value in zip(WEIGHTS, x))" if numbers.weights is not None else ""
    text = f'''"""{chr(10).join(header(numbers, note))}

STUDENT: one expression an output, in SYMBOLS, which stand for INPUT_NAMES. All numbers are exact.
"""

from sympy import Abs, Add, Rational, exp, sqrt, symbols

INPUT_NAMES = {numbers.input_names!r}
OUTPUT_NAMES = {numbers.output_names!r}
{tables}

SYMBOLS = symbols("x1:{len(numbers.input_names) + 1}", real=True)


def phi(x, landmark):
    q = Add(*(scale * {SIZE.get(numbers.kernel, "(value - centre) ** 2")} for scale, value, centre in zip(SCALES, x, landmark)))
    return {PHI.get(numbers.kernel, "1 / (1 + q)")}


def student(x):
    basis = [phi(x, landmark) for landmark in LANDMARKS]
    return tuple(
        intercept + Add(*(a[o] * value for a, value in zip(COEFFICIENTS, basis))){linear}
        for o, intercept in enumerate(INTERCEPT)
    )


STUDENT = student(SYMBOLS)
'''
    return text.encode()


def evaluate(path: Path, numbers: Numbers, rows: FloatArray) -> FloatArray:
    """The expressions in float64, (n, c)."""
    import sympy

    module = load_source(path)
    function = sympy.lambdify([module.SYMBOLS], list(module.STUDENT), "numpy")
    with np.errstate(over="ignore", invalid="ignore"):
        columns = function(tuple(rows.T))
    return np.column_stack([np.broadcast_to(column, len(rows)) for column in columns]).astype(np.float64)

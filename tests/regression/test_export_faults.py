"""Faults of other software when models are exported: another order of operations, and float32 without a word."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from importlib.util import find_spec

import numpy as np
import pytest

import eigenstill
from eigenstill.exports import TARGETS
from eigenstill.exports.c_source import compiler
from eigenstill.exports.measure import allowed
from eigenstill.exports.numbers import numbers_of
from eigenstill.exports.write import evaluate_export
from eigenstill.student import Formula
from support.cases import table
from support.folders import distilled

FILES = {"onnx": "model.onnx", "torch": "model.py", "numpy": "model.py", "c": "model.c"}
THIRDS = table("22_X.csv").values[:, 0]  # 5, 7, 10, 14, 17


@pytest.fixture(scope="module")
def student(tmp_path_factory):
    """One output a case: coefficient x times phi = 1 / (1 + |row - 0|), which at the row 2 is x / 3."""
    made = eigenstill.load_student(distilled(tmp_path_factory.mktemp("student"), certify=False) / "student.safetensors")
    formula = Formula(
        "rational-l1", np.zeros((1, 1)), np.ones(1), THIRDS[None, :], np.zeros(len(THIRDS)), None, None, (), 40
    )
    return dataclasses.replace(
        made, formula=formula, input_names=("x",), output_names=tuple(f"{x:g} / 3" for x in THIRDS), flat=False
    )


def ready(to: str) -> None:
    missing = {"onnx": "onnxruntime", "torch": "torch", "sympy": "sympy"}.get(to)
    if (missing and not find_spec(missing)) or (to == "c" and compiler() is None):
        pytest.skip(f"what runs {to} is not installed: the export was not run")


@pytest.mark.parametrize("to", TARGETS)
def test_thirds_were_products_with_a_rounded_reciprocal(student, to, tmp_path):
    """onnxruntime #4130: x / 3 in float64 within the bound that is stated, whatever the order of operations."""
    ready(to)
    values = evaluate_export(student, to, np.array([[2.0]]))[0]
    for value, x in zip(values, THIRDS, strict=True):
        error = abs(Fraction(float(value)) - Fraction(float(x)) / 3)
        assert error <= Fraction(allowed(student, np.array([[2.0]])))
        assert error <= Fraction(2, 2**53) * Fraction(float(x)) / 3


@pytest.mark.parametrize("to", FILES)
def test_float32_differences_were_not_stated(student, to, tmp_path):
    """5 / 3 is 1.6666666269302368 in float32, or one unit beside it: what the file states covers it."""
    ready(to)
    done = eigenstill.export(student, to, tmp_path / FILES[to], rows=np.array([[2.0]]), float32=True)
    assert done.float32
    assert f"largest difference {done.difference:.2g}".encode() in done.path.read_bytes()
    from eigenstill.exports.write import Target  # the written file, run again

    target: Target = TARGETS[to]
    values = target.evaluate(done.path, numbers_of(student, float32=True), np.array([[2.0]]))[0]
    assert abs(values[0] - 1.6666666269302368) <= 1.2e-7
    for value, x in zip(values, THIRDS, strict=True):
        assert value != x / 3, "float32 was not used"
        assert abs(value - x / 3) <= done.difference + np.spacing(x / 3)


@pytest.mark.parametrize("to", FILES)
def test_float32_was_not_asked_for(student, to, tmp_path):
    """Without the flag an export computes in float64; the numbers in it are the student's own."""
    ready(to)
    out = tmp_path / FILES[to]
    done = eigenstill.export(student, to, out)
    assert not done.float32
    assert "float32" not in done.note
    numbers = numbers_of(student)
    assert not numbers.float32
    for name, array in numbers.arrays().items():
        assert array.dtype == np.float64
        assert array.tobytes() == getattr(student.formula, name).tobytes()
    values = TARGETS[to].evaluate(out, numbers, np.array([[2.0]]))[0]
    assert values == pytest.approx(THIRDS / 3, rel=3e-16)


def test_a_reciprocal_that_is_an_approximation_is_never_used(student, tmp_path):
    onnx = pytest.importorskip("onnx", reason="onnx is not installed: the graph was not read")
    path = eigenstill.export(student, "onnx", tmp_path / "model.onnx", float32=True).path
    operations = [node.op_type for node in onnx.load(str(path)).graph.node]
    assert "Div" in operations
    assert "Reciprocal" not in operations

"""`export`: a student in another language, written only once it was run and agrees with `predict`."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from .. import storage
from ..arrays import FloatArray
from ..errors import StudentError
from ..student import Student
from . import c_source, json_file, latex, numpy_source, onnx_file, sympy_source, torch_source
from .measure import allowed, difference, rows_for
from .numbers import Numbers, numbers_of


class Target(NamedTuple):
    """How a language is written and run; ``suffixes`` of its files, the extra that brings its packages."""

    render: Callable[[Numbers, str, str], bytes]
    evaluate: Callable[[Path, Numbers, FloatArray], FloatArray | None]
    suffixes: tuple[str, ...]
    extra: str | None
    float32: bool


TARGETS = {
    "onnx": Target(onnx_file.render, onnx_file.evaluate, (".onnx",), "onnx", True),
    "torch": Target(torch_source.render, torch_source.evaluate, (".py", ".pt2"), "torch", True),
    "numpy": Target(numpy_source.render, numpy_source.evaluate, (".py",), None, True),
    "c": Target(c_source.render, c_source.evaluate, (".c",), None, True),
    "latex": Target(latex.render, latex.evaluate, (".tex",), None, False),
    "sympy": Target(sympy_source.render, sympy_source.evaluate, (".py",), "sympy", False),
    "json": Target(json_file.render, json_file.evaluate, (".json",), None, False),
}


@dataclass(frozen=True)
class Export:
    """A written export.

    Attributes
    ----------
    path, target : the file and its language
    float32 : whether it computes in float32
    rows : on how many rows it was compared with `predict`; 0 where it could not be run here
    difference, largest : the largest absolute difference there, in units of the output, and the largest |predict|
    allowed : twice the a-priori bound of float64 evaluation on these rows; a float64 export beyond it is refused
    note : the same in a sentence, as the file says it
    """

    path: Path
    target: str
    float32: bool
    rows: int
    difference: float | None
    largest: float | None
    allowed: float | None
    note: str


def export(student: Student, to: str, out: str | Path, *, rows: Any = None, float32: bool = False) -> Export:
    """Write the formula in another language, after comparing what was written with `predict` on thousands of rows.

    Parameters
    ----------
    student : with a kernel basis; what `features` computes is not ours to write
    to : "onnx", "torch" (.py or .pt2), "numpy", "c", "latex", "sympy" or "json"
    out : the file
    rows : (n, d) or a table, compared beside the landmarks and 4,096 rows around them; the recorded rows by default
    float32 : round every number to float32 and compute so; the measured difference is stated in the file

    Raises
    ------
    StudentError : features, an unknown language or suffix, a package that is missing, an export that does not agree
    UnreadableError : the file cannot be written
    """
    path = Path(out)
    target = _target(to, path, float32)
    numbers = numbers_of(student, float32=float32)
    compared = rows_for(student, None if rows is None else student.rows(rows))
    try:
        values = _run(student, target, numbers, path, compared)
        result = _measured(student, to, path, numbers, compared, values)
        data = _bytes(student, target, numbers, path, result.note)
    except ImportError as error:
        raise _missing(error, target) from None
    storage.write_atomically(path, data)
    return result


def evaluate_export(student: Student, to: str, inputs: FloatArray) -> FloatArray:
    """What an export computes in float64 at rows (n, d): (n, c). Raises StudentError where it cannot be run here."""
    target = TARGETS[to]
    try:
        values = _run(student, target, numbers_of(student), Path(f"student{target.suffixes[0]}"), inputs)
    except ImportError as error:
        raise _missing(error, target) from None
    if values is None:
        raise StudentError(f"export: {to} cannot be run here; need a C compiler, named in CC or on the path as cc")
    return values


def _missing(error: ImportError, target: Target) -> StudentError:
    return StudentError(
        f"export: {error.name or 'a package'} is not installed; run: pip install 'eigenstill[{target.extra}]'"
    )


def _target(to: str, path: Path, float32: bool) -> Target:
    if to not in TARGETS:
        raise StudentError(f"export: {to}: unknown; need {', '.join(TARGETS)}")
    target = TARGETS[to]
    if path.suffix not in target.suffixes:
        raise StudentError(
            f"export: {path.name}: suffix {path.suffix or 'none'}; need {' or '.join(target.suffixes)} for {to}"
        )
    if float32 and not target.float32:
        raise StudentError(f"export: {to} holds the formula's own numbers; leave --float32 away")
    return target


def _bytes(student: Student, target: Target, numbers: Numbers, path: Path, note: str) -> bytes:
    if path.suffix == ".pt2":
        return torch_source.archive(student, float32=numbers.float32)
    return target.render(numbers, path.stem, note)


def _run(student: Student, target: Target, numbers: Numbers, path: Path, rows: FloatArray) -> FloatArray | None:
    """Written to a temporary file, read back and run."""
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / f"student{path.suffix}"
        trial.write_bytes(_bytes(student, target, numbers, trial, ""))
        return target.evaluate(trial, numbers, rows)


def _measured(
    student: Student, to: str, path: Path, numbers: Numbers, rows: FloatArray, values: FloatArray | None
) -> Export:
    if values is None:
        note = "Not run where it was written (no C compiler there): compare it with predict() where you compile it."
        return Export(path, to, numbers.float32, 0, None, None, None, note)
    gap, largest = difference(student, rows, values)
    limit = allowed(student, rows)
    if not gap <= (float("inf") if numbers.float32 else limit) or gap == float("inf"):
        raise StudentError(
            f"export: {to} differs from predict() by {gap:.3g} on {len(rows)} rows; need at most {limit:.3g}; "
            "use another target, and please report this"
        )
    note = f"Compared with predict() on {len(rows)} rows: largest difference {gap:.2g}, largest value {largest:.4g}" + (
        ", float32 against float64." if numbers.float32 else f"; any float64 evaluation is within {limit:.2g}."
    )
    return Export(path, to, numbers.float32, len(rows), gap, largest, None if numbers.float32 else limit, note)

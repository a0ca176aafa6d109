"""Reading a student's file: every entry is checked, and the parts must fit each other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from .. import storage
from ..basis import FEATURES
from ..errors import BasisError, StudentError
from ..spectrum import OperatorMetric
from .parts import Formula, Modes, Provenance, SpectrumSummary
from .student import FORMAT, VERSION, Student


def load_student(path: str | Path) -> Student:
    """Read a student's file.

    Raises
    ------
    UnreadableError : missing or unreadable
    StudentError : not a student, or its parts do not fit each other
    """
    arrays, header = storage.read(Path(path), FORMAT, VERSION)
    where = Path(path).name
    if header.get("kernel") == FEATURES and "offsets" in arrays:
        arrays = {**_no_kernel(arrays), **arrays}
    linear = "weights" in arrays
    needed = {name: rank for name, (rank, always) in _TENSORS.items() if always or linear}
    if set(arrays) != set(needed) or any(arrays[name].ndim != rank for name, rank in needed.items()):
        wrong = sorted(set(arrays) ^ set(needed)) or [name for name in needed if arrays[name].ndim != needed[name]]
        raise StudentError(f"{where}: tensor {wrong[0][:60]} is missing, unknown or misshapen; need a student's file")
    read = _Header({name: entry for name, entry in header.items() if name not in ("format", "version")}, where)
    try:
        student = _assemble(arrays, read)
    except (BasisError, TypeError, ValueError) as error:
        raise StudentError(f"{where}: {error}") from None
    read.finish()
    _check_sizes(student, where)
    return student


_TENSORS = {
    "landmarks": (2, True),
    "scales": (1, True),
    "coefficients": (2, True),
    "intercept": (1, True),
    "weights": (2, False),
    "offsets": (1, False),
    "exponents": (1, False),
    "eigenvalues": (1, True),
    "ridge": (1, True),
    "kept": (1, True),
    "column_means": (1, True),
    "metric": (2, True),
    "linear_metric": (1, False),
    "vectors": (2, True),
}


def _no_kernel(arrays: dict[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
    """The empty tensors of a formula over features, which its file leaves out."""
    width, outputs = len(arrays["offsets"]), arrays["intercept"].size if "intercept" in arrays else 0
    return {
        "landmarks": np.zeros((0, width)),
        "scales": np.zeros(0),
        "coefficients": np.zeros((0, outputs)),
        "metric": np.zeros((0, 0), dtype=np.int64),
    }


class _Header:
    """Typed reading of the JSON header: each entry is taken once, and none is left."""

    def __init__(self, entries: dict[str, Any], where: str) -> None:
        self.entries, self.where = {**entries}, where

    def take(self, name: str, test: Callable[[Any], bool], needed: str) -> Any:
        value = self.entries.pop(name, None)
        if not test(value):
            raise StudentError(f"{self.where}: header entry {name}: got {str(value)[:60]}; need {needed}")
        return value

    def text(self, name: str) -> str:
        return str(self.take(name, lambda value: isinstance(value, str), "text"))

    def count(self, name: str) -> int:
        return int(self.take(name, lambda value: type(value) is int, "an integer"))

    def flag(self, name: str) -> bool:
        return bool(self.take(name, lambda value: isinstance(value, bool), "true or false"))

    def optional(self, name: str, kind: type) -> Any:
        return self.take(name, lambda value: value is None or type(value) is kind, f"{kind.__name__} or null")

    def names(self, name: str) -> tuple[str, ...]:
        def fits(value: Any) -> bool:
            return isinstance(value, list) and all(isinstance(entry, str) for entry in value)

        return tuple(self.take(name, fits, "a list of names"))

    def finish(self) -> None:
        if self.entries:
            raise StudentError(f"{self.where}: unknown header entry {min(self.entries)[:60]}; need a student's file")


def _assemble(arrays: dict[str, npt.NDArray[Any]], header: _Header) -> Student:
    grid_bits = header.count("grid_bits")
    formula = Formula(
        kernel=header.text("kernel"),
        landmarks=arrays["landmarks"],
        scales=arrays["scales"],
        coefficients=arrays["coefficients"],
        intercept=arrays["intercept"],
        weights=arrays.get("weights"),
        offsets=arrays.get("offsets"),
        exponents=tuple(int(value) for value in arrays.get("exponents", ())),
        grid_bits=grid_bits,
    )
    kept = arrays["kept"]
    spectrum = SpectrumSummary(arrays["eigenvalues"], float(arrays["ridge"][0]), header.text("criterion"), kept)
    metric = OperatorMetric(arrays["metric"], arrays.get("linear_metric"), header.count("metric_exponent"))
    means = tuple(int(value) for value in arrays["column_means"])
    modes = Modes(formula.basis, means, metric, arrays["vectors"], arrays["eigenvalues"][: len(kept)])
    provenance = _provenance(header)
    return Student(
        formula=formula,
        spectrum=spectrum,
        modes=modes,
        provenance=provenance,
        input_names=header.names("input_names"),
        output_names=header.names("output_names"),
        named=header.flag("named"),
        flat=header.flag("flat"),
    )


def _provenance(header: _Header) -> Provenance:
    entries = header.take("provenance", lambda value: isinstance(value, dict), "an object")
    inner = _Header(entries, f"{header.where}: provenance")
    read = Provenance(
        versions=inner.take("versions", lambda value: isinstance(value, dict), "an object"),
        seed=inner.count("seed"),
        settings=inner.take("settings", lambda value: isinstance(value, dict), "an object"),
        data=inner.text("data"),
        data_sha256=inner.optional("data_sha256", str),
        rows=inner.count("rows"),
        teacher=inner.text("teacher"),
        teacher_sha256=inner.optional("teacher_sha256", str),
        teacher_parameters=inner.optional("teacher_parameters", int),
        labels=inner.flag("labels"),
        notices=inner.names("notices"),
    )
    inner.finish()
    return read


def _check_sizes(student: Student, where: str) -> None:
    """Parts that the formula's own checks do not cover."""
    size, rank = student.formula.basis.columns, student.rank
    metric, count = student.modes.metric, len(student.formula.landmarks)
    fits = {
        "eigenvalues": student.spectrum.eigenvalues.shape == (size,),
        "kept": 1 <= rank <= size,
        "ridge": student.spectrum.ridge > 0,
        "vectors": student.modes.vectors.shape == (size, rank),
        "column_means": len(student.modes.means) == size,
        "metric": metric.kernel.shape == (count, count),
        "linear_metric": (metric.linear is None) == (not student.formula.linear)
        and (metric.linear is None or metric.linear.shape == (student.formula.basis.inputs,)),
        "input_names": len(student.input_names) == student.formula.basis.inputs,
        "output_names": len(student.output_names) == len(student.formula.intercept),
        "flat": not student.flat or len(student.output_names) == 1,
    }
    for name, right in fits.items():
        if not right:
            raise StudentError(f"{where}: {name} does not fit the formula; need a student's file as it was written")

"""The student as one frozen object: predict, save, load."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from .. import storage
from ..arrays import FloatArray
from ..errors import BasisError, DataError, EigenstillWarning, StudentError
from ..spectrum import OperatorMetric, Spectrum
from ..tables import Table, as_table
from .parts import Formula, Modes, Provenance, SpectrumSummary
from .recording import Recording

FORMAT = "eigenstill-student"
VERSION = 1


@dataclass(frozen=True)
class Student:
    """An explicit formula for a network.

    Attributes
    ----------
    formula, spectrum, modes, provenance : the parts; `student.modes(X)` evaluates the modes
    input_names, output_names : of the columns; `named` tells whether the user gave the input names
    flat : the teacher's outputs had shape (n,), so predictions have it too
    recording : rows and outputs for a certificate; not in the student's file, None after loading
    exact : the exact operator, likewise
    """

    formula: Formula
    spectrum: SpectrumSummary
    modes: Modes
    provenance: Provenance
    input_names: tuple[str, ...]
    output_names: tuple[str, ...]
    named: bool
    flat: bool
    recording: Recording | None = field(default=None, compare=False, repr=False)
    exact: Spectrum | None = field(default=None, compare=False, repr=False)

    @property
    def rank(self) -> int:
        """K*, the number of modes used."""
        return self.spectrum.rank

    @property
    def effective_parameters(self) -> float:
        """Sum of the kept fractions of the modes used."""
        return self.spectrum.effective_parameters

    @property
    def stored_numbers(self) -> int:
        """Numbers in the formula."""
        return self.formula.stored_numbers

    def predict(self, inputs: Any) -> FloatArray:
        """The formula's values, float64 (n,) or (n, c) as the teacher's outputs were.

        Parameters
        ----------
        inputs : array (n, d) in the student's column order, or a table or data frame, whose columns are taken by name
            where both the student and the table have names

        Raises
        ------
        StudentError : a column is missing, or there are too many or too few without names
        DataError : not finite numbers
        """
        values = self.formula.evaluate(self.rows(inputs))
        return values[:, 0] if self.flat else values

    def rows(self, inputs: Any) -> FloatArray:
        """The inputs as float64 (n, d) in the student's column order; columns that it does not know bring a warning."""
        table = as_table(inputs, where="predict")
        if self.named and table.named:
            return self._by_name(table)
        if table.shape[1] != len(self.input_names):
            raise StudentError(
                f"{table.source}: {table.shape[1]} columns; need {len(self.input_names)}: {self._listed()}"
            )
        return table.values

    def _by_name(self, table: Table) -> FloatArray:
        missing = [name for name in self.input_names if name not in table.names]
        if missing:
            raise StudentError(f"{table.source}: no column {missing[0]}; need {self._listed()}")
        spare = [name for name in table.names if name not in self.input_names]
        if spare:
            warnings.warn(f"{table.source}: ignored columns: {', '.join(spare)}", EigenstillWarning, stacklevel=4)
        return table.columns(self.input_names).values

    def _listed(self) -> str:
        return ", ".join(self.input_names[:20]) + (", ..." if len(self.input_names) > 20 else "")

    def save(self, path: str | Path) -> None:
        """Write one .safetensors file, atomically. Raises UnreadableError where the folder cannot be written."""
        storage.write_atomically(Path(path), self.encode())

    def encode(self) -> bytes:
        """The bytes of the student's file; equal students give equal bytes."""
        formula, modes, metric = self.formula, self.modes, self.modes.metric
        arrays: dict[str, npt.NDArray[Any] | None] = {
            "landmarks": formula.landmarks,
            "scales": formula.scales,
            "coefficients": formula.coefficients,
            "intercept": formula.intercept,
            "weights": formula.weights,
            "offsets": formula.offsets,
            "exponents": np.array(formula.exponents, dtype=np.int64) if formula.linear else None,
            "eigenvalues": self.spectrum.eigenvalues,
            "ridge": np.array([self.spectrum.ridge]),
            "kept": self.spectrum.kept,
            "column_means": np.array(modes.means, dtype=np.int64),
            "metric": metric.kernel,
            "linear_metric": metric.linear,
            "vectors": modes.vectors,
        }
        header = {
            "format": FORMAT,
            "version": VERSION,
            "kernel": formula.kernel,
            "grid_bits": formula.grid_bits,
            "metric_exponent": metric.exponent,
            "criterion": self.spectrum.criterion,
            "input_names": list(self.input_names),
            "output_names": list(self.output_names),
            "named": self.named,
            "flat": self.flat,
            "provenance": asdict(self.provenance),
        }
        return storage.encode({name: array for name, array in arrays.items() if array is not None}, header)


def load_student(path: str | Path) -> Student:
    """Read a student's file.

    Raises
    ------
    UnreadableError : missing or unreadable
    StudentError : not a student, or its parts do not fit each other
    """
    arrays, header = storage.read(Path(path), FORMAT, VERSION)
    where = Path(path).name
    linear = "weights" in arrays
    needed = {name: rank for name, (rank, always) in _TENSORS.items() if always or linear}
    if set(arrays) != set(needed) or any(arrays[name].ndim != rank for name, rank in needed.items()):
        wrong = sorted(set(arrays) ^ set(needed)) or [name for name in needed if arrays[name].ndim != needed[name]]
        raise StudentError(f"{where}: tensor {wrong[0][:60]} is missing, unknown or misshapen; need a student's file")
    read = _Header(header, where)
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


class _Header:
    """Typed reading of the JSON header: each entry is taken once, and none is left."""

    def __init__(self, entries: dict[str, Any], where: str) -> None:
        self.entries, self.where = {**entries}, where
        del self.entries["format"], self.entries["version"]

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
    given = header.take("provenance", lambda value: isinstance(value, dict), "an object")
    provenance = Provenance(**{**given, "notices": tuple(given.get("notices", ()))})
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


__all__ = ["DataError", "Student", "load_student"]

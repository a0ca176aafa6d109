"""The student as one frozen object: predict and save."""

from __future__ import annotations

import warnings
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from .. import storage
from ..arrays import FloatArray
from ..device import Device, as_device
from ..errors import EigenstillWarning, StudentError
from ..spectrum import Spectrum
from ..tables import Table, as_table
from .evaluation import evaluate_on
from .intervals import Intervals, half_widths
from .parts import TOTAL_WEIGHT, Formula, Modes, Provenance, SpectrumSummary
from .recording import Recording, Split

FORMAT = "eigenstill-student"
VERSION = 1


@dataclass(frozen=True, eq=False)
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
    recording: Recording | None = field(default=None, repr=False)
    exact: Spectrum | None = field(default=None, repr=False)

    @property
    def rank(self) -> int:
        """K*, the number of modes used."""
        return self.spectrum.rank

    @property
    def effective_parameters(self) -> float:
        """Sum of the kept fractions of the modes used."""
        return self.spectrum.effective_parameters

    @property
    def total_weight(self) -> float | None:
        """Sum of the training rows' weights; None where every row counted once."""
        found = self.provenance.settings.get(TOTAL_WEIGHT)
        return None if found is None else float(found)

    @property
    def weighted(self) -> bool:
        """Whether the training rows carried weights: no certificate is about such a fit."""
        return self.total_weight is not None

    def require_unweighted(self, asked: str) -> None:
        """Raise StudentError where rows carried weights, and what is asked for counts every row once."""
        if self.weighted:
            raise StudentError(
                f"{asked}: the student was fitted with sample weights, and {asked} counts every row once; fit without "
                "weights, or repeat each row as often as its weight says (numpy.repeat)"
            )

    @property
    def stored_numbers(self) -> int:
        """Numbers in the formula."""
        return self.formula.stored_numbers

    @overload
    def predict(self, inputs: Any, *, device: str | Device | None = None, threads: int | None = None) -> FloatArray: ...

    @overload
    def predict(
        self,
        inputs: Any,
        *,
        interval: float,
        target: str | None = None,
        confidence: float | None = None,
        device: str | Device | None = None,
        threads: int | None = None,
    ) -> Intervals: ...

    def predict(
        self,
        inputs: Any,
        *,
        interval: float | None = None,
        target: str | None = None,
        confidence: float | None = None,
        device: str | Device | None = None,
        threads: int | None = None,
    ) -> FloatArray | Intervals:
        """The formula's values, float64 (n,) or (n, c) as the teacher's outputs were; with `interval` also intervals.

        Parameters
        ----------
        inputs : array (n, d) in the student's column order, or a table or data frame, whose columns are taken by name
            where both the student and the table have names
        interval : coverage such as 0.9; the recorded hold-out rows decide how wide the intervals are
        target : what they hold: "labels" (the default where hold-out labels are recorded) or "teacher"
        confidence : None for the marginal guarantee, on average over hold-out splits; a number such as 0.99 for the
            conditional one, about this split, which is wider
        device : a torch device such as "cuda"; its values differ from numpy's in last bits
        threads : of numpy, all processors by default; the values are the same bits on any number of them

        Raises
        ------
        StudentError : a column is missing, or there are too many or too few without names; intervals without hold-out
            rows, or with too few
        DataError : not finite numbers
        DeviceError : no such name

        Warns
        -----
        EigenstillWarning : the device is not there, and numpy computes instead
        """
        found = None if interval is None else half_widths(self._holdout, interval, target, confidence)
        rows, placed = self.rows(inputs), as_device(device)
        values = self.formula.evaluate(rows, threads) if placed is None else evaluate_on(placed, self.formula, rows)
        shaped = values[:, 0] if self.flat else values
        if interval is None or found is None:
            return shaped
        widths, chosen, count = found
        width = widths[0] if self.flat else widths
        return Intervals(shaped, shaped - width, shaped + width, widths, interval, chosen, confidence, count)

    @property
    def _holdout(self) -> Split | None:
        return None if self.recording is None else self.recording.holdout

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
        return storage.encode(
            {name: array for name, array in arrays.items() if array is not None and array.size}, header
        )

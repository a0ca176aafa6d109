"""The teacher: rows in, outputs and mean absolute slopes out; every answer is checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..arrays import FloatArray, float_array, require_finite
from ..errors import DataError, EigenstillError, TeacherError
from ..moments import deviation, mean

Function = Callable[[FloatArray], Any]

PROBES = 3
ROW_TOLERANCE = 1e-4
"""How far f(X)[i] and f(X[i:i+1]) may differ, relative to the largest output: float32 kernels depend on the batch."""
STEP = 2.0**-6
"""Finite differences: half a step on either side, in standard deviations of the input."""
SLOPE_ROWS = 2048


@dataclass(frozen=True, eq=False)
class Teacher:
    """A function of rows that a student will imitate.

    Attributes
    ----------
    name : for people
    function : float64 (n, d) -> (n,) or (n, c); its answer for a row depends on that row only
    slopes : float64 (n, d) -> float64 (c, d), mean over rows of abs(df_o / dx_d); None: finite differences
    parameters : number of trained numbers, None where unknown
    sha256 : digest of the file or of the weights, None where there is none
    rows : None for a function; for recorded outputs their number of rows, and only those rows can be asked for
    hidden : float64 (n, d) -> (n, h), the last hidden layer, where the kind of teacher shows it
    names : of the columns that the function takes, in its order, where it knows them
    """

    name: str
    function: Function
    slopes: Callable[[FloatArray], FloatArray] | None = None
    parameters: int | None = None
    sha256: str | None = None
    rows: int | None = None
    hidden: Function | None = None
    names: tuple[str, ...] | None = None

    def for_columns(self, names: tuple[str, ...]) -> Teacher:
        """The same teacher for rows whose columns are named so; itself where it knows no names.

        Raises
        ------
        TeacherError : a column that it needs is missing, or one that it does not know is there
        """
        if self.names is None or self.names == names:
            return self
        for name in self.names:
            if name not in names:
                raise TeacherError(
                    f"{self.name}: no column {name}; it takes {_listed(self.names)}; the rows have {_listed(names)}"
                )
        for name in names:
            if name not in self.names:
                raise TeacherError(
                    f"{self.name}: does not know column {name}; it takes {_listed(self.names)}; drop {name}"
                )
        places = [names.index(name) for name in self.names]
        back = [self.names.index(name) for name in names]
        function, slopes, hidden = self.function, self.slopes, self.hidden
        return replace(
            self,
            function=lambda inputs: function(inputs[:, places]),
            slopes=None if slopes is None else lambda inputs: slopes(inputs[:, places])[:, back],
            hidden=None if hidden is None else lambda inputs: hidden(inputs[:, places]),
            names=names,
        )

    def outputs(self, inputs: FloatArray) -> FloatArray:
        """f(X), float64 (n,) or (n, c) as the function has it.

        Raises
        ------
        TeacherError : it fails, answers in another shape, is not finite, or f(X)[i] is not f(X[i:i+1])
        """
        if self.rows is not None and len(inputs) != self.rows:
            raise TeacherError(
                f"{self.name}: {self.rows} recorded outputs for {len(inputs)} rows; need one a row, in the same order"
            )
        values = self._call(inputs)
        if self.rows is None and len(inputs) > 1:
            self._check_rows(inputs, values)
        return values

    def gradients(self, inputs: FloatArray, sample_weight: FloatArray | None = None) -> FloatArray | None:
        """Mean absolute slopes, float64 (c, d); None for recorded outputs, which have no slopes.

        Weighted means are of finite differences: `slopes` knows the mean over all rows only.
        """
        if self.rows is not None:
            return None
        if self.slopes is None or sample_weight is not None:
            return finite_differences(self._call, inputs, sample_weight)
        slopes = self.slopes(inputs)
        if not np.isfinite(slopes).all():
            raise TeacherError(f"{self.name}: its gradients are not finite; need finite ones, or basis scales by hand")
        return slopes

    def _call(self, inputs: FloatArray) -> FloatArray:
        count = len(inputs)
        try:
            raw = self.function(inputs)
        except EigenstillError:
            raise
        except Exception as error:
            raise TeacherError(
                f"{self.name}: fails on {count} rows ({type(error).__name__}: {str(error)[:200]}); "
                "need a function of rows"
            ) from error
        try:
            values = float_array(raw, f"{self.name}: outputs")
        except (DataError, ValueError) as error:
            raise TeacherError(f"{self.name}: {error}" if isinstance(error, ValueError) else str(error)) from None
        if values.ndim not in (1, 2) or len(values) != count or values.size == 0:
            raise TeacherError(
                f"{self.name}: outputs of shape {values.shape} for {count} rows; need ({count},) or ({count}, outputs)"
            )
        try:
            require_finite(values, f"{self.name}: outputs")
        except DataError as error:
            raise TeacherError(str(error)) from None
        return values

    def _check_rows(self, inputs: FloatArray, values: FloatArray) -> None:
        size = float(np.abs(values).max())
        for row in range(min(PROBES, len(inputs))):
            alone = self._call(inputs[row : row + 1])[0]
            gap = float(np.abs(alone - values[row]).max())
            if gap > ROW_TOLERANCE * size:
                raise TeacherError(
                    f"{self.name}: row {row} alone gives {np.ravel(alone)[0]:.6g}, among others "
                    f"{np.ravel(values[row])[0]:.6g}; need an output that depends on its own row only; "
                    "switch off batch statistics, dropout and sampling"
                )


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names[:20]) + (", ..." if len(names) > 20 else "")


def finite_differences(
    function: Callable[[FloatArray], FloatArray], inputs: FloatArray, sample_weight: FloatArray | None = None
) -> FloatArray:
    """Mean over rows, weighted where there are weights (n,), of abs((f(x + h e_d) - f(x - h e_d)) / 2h), float64 (c, d).

    h is half of STEP standard deviations: wide enough for float32 outputs, narrow enough for the mean of a slope.
    At most SLOPE_ROWS rows, evenly spaced, are used: 2 d calls.
    """
    spaced = slice(None, None, -(-len(inputs) // SLOPE_ROWS))
    rows, weights = inputs[spaced], None if sample_weight is None else sample_weight[spaced]
    steps = 0.5 * STEP * deviation(inputs, sample_weight)
    slopes = []
    for place, step in enumerate(steps):
        up, down = rows.copy(), rows.copy()
        up[:, place] += step
        down[:, place] -= step
        width = (up[:, place] - down[:, place]).reshape(-1, 1)
        change = function(up).reshape(len(rows), -1) - function(down).reshape(len(rows), -1)
        slopes.append(mean(np.abs(change / width), weights))
    return np.stack(slopes, axis=1)


def from_callable(function: Function, name: str | None = None, parameters: int | None = None) -> Teacher:
    """Any function of an array (n, d); slopes by finite differences."""
    label = name or getattr(function, "__qualname__", None) or type(function).__name__
    return Teacher(label, function, parameters=parameters)


def from_outputs(
    outputs: Any, name: str = "recorded outputs", sha256: str | None = None, parameters: int | None = None
) -> Teacher:
    """Outputs recorded beforehand, one row a row of the data: no slopes, so every input counts alike."""
    values = float_array(outputs, name)
    return Teacher(name, lambda inputs: values, parameters=parameters, sha256=sha256, rows=len(values))

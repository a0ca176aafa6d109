"""A table: float64 values with column names and a digest of where they came from."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..arrays import FloatArray, float_array, frozen, require_finite
from ..errors import DataError
from .frame import frame_columns, is_frame
from .names import check_names, made_up_names

LARGEST = 2.0**200
"""Larger values are refused: their squares would leave the range in which the formula is certified."""


@dataclass(frozen=True, eq=False)
class Table:
    """Rows and named columns.

    Attributes
    ----------
    values : float64 (n, d), finite, read-only
    names : d different names
    source : file name, or "array"
    sha256 : digest of the file's bytes, or of the row-major float64 bytes of an array
    named : the names are the user's (False: x0, x1, ... were made up, and columns are told apart by position)
    """

    values: FloatArray
    names: tuple[str, ...]
    source: str = "array"
    sha256: str | None = None
    named: bool = True

    def __post_init__(self) -> None:
        values = self.values
        if values.ndim != 2:
            raise DataError(f"{self.source}: shape {values.shape}; need rows and columns, as in values.reshape(-1, 1)")
        if len(self.names) != values.shape[1]:
            raise DataError(f"{self.source}: {len(self.names)} names for {values.shape[1]} columns; need one a column")
        if values.shape[0] == 0 or values.shape[1] == 0:
            raise DataError(f"{self.source}: {values.shape[0]} rows, {values.shape[1]} columns; need at least one each")
        check_names(self.names, self.source)
        require_finite(values, self.source, self.names)
        size = np.abs(values).max(axis=0)
        if size.max() > LARGEST:
            worst = int(size.argmax())
            raise DataError(
                f"{self.source}: column {self.names[worst]} reaches {size[worst]:.3g}; need at most 2^200; rescale it"
            )
        object.__setattr__(self, "values", frozen(values))

    @property
    def shape(self) -> tuple[int, int]:
        """Rows, columns."""
        return self.values.shape[0], self.values.shape[1]

    def columns(self, names: Sequence[str]) -> Table:
        """The named columns in this order. Raises DataError naming a missing one and those there are."""
        places = {name: place for place, name in enumerate(self.names)}
        for name in names:
            if name not in places:
                raise DataError(f"{self.source}: no column {name}; need {', '.join(names)}; it has {self._listed()}")
        values = self.values[:, [places[name] for name in names]]
        return Table(values, tuple(names), self.source, self.sha256, self.named)

    def without(self, names: Sequence[str]) -> Table:
        """All columns but the named ones; each of them must be there."""
        self.columns(names)
        return self.columns([name for name in self.names if name not in names])

    def taken(self, rows: npt.NDArray[np.bool_]) -> Table:
        """The marked rows, (n,) true or false; source and digest stay those of the whole."""
        return Table(self.values[rows], self.names, self.source, self.sha256, self.named)

    def _listed(self) -> str:
        return ", ".join(self.names[:20]) + (", ..." if len(self.names) > 20 else "")


def as_table(values: Any, names: Sequence[str] | None = None, where: str = "array") -> Table:
    """A table from a table, an array (n, d), or a data frame (pandas, polars, pyarrow; see `frame`).

    `names` replaces the column names; the digest of an array covers its row-major float64 bytes.
    """
    if isinstance(values, Table):
        return values if names is None else Table(values.values, tuple(names), values.source, values.sha256)
    named = names is not None
    if is_frame(values):
        own, values = frame_columns(values, where)
        names, named = own if names is None else names, True
    elif hasattr(values, "to_numpy"):
        values = values.to_numpy()
    array = float_array(values, where)
    if array.ndim != 2:
        raise DataError(f"{where}: shape {array.shape}; need (rows, columns), as in values.reshape(-1, 1)")
    digest = hashlib.sha256(np.ascontiguousarray(array, dtype="<f8").tobytes()).hexdigest()
    return Table(array, tuple(names) if names is not None else made_up_names(array.shape[1]), where, digest, named)


def require_moderate(values: FloatArray, where: str) -> None:
    """Refuse outputs and labels (n, c) whose squares could leave float64."""
    size = float(np.abs(values).max())
    if size > LARGEST:
        raise DataError(f"{where}: a value of {size:.3g}; need at most 2^200 in absolute value; rescale it")


def require_varying(table: Table) -> None:
    """Refuse a column that holds one value only: it has no scale, and the intercept already does its work."""
    low, high = table.values.min(axis=0), table.values.max(axis=0)
    constant = np.flatnonzero(low == high)
    if constant.size:
        name = table.names[int(constant[0])]
        raise DataError(
            f"{table.source}: column {name} is constant ({low[constant[0]]:g} in all {len(table.values)} rows); "
            f"need columns that vary; drop {name}"
        )

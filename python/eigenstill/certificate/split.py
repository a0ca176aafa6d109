"""The rows of one split as arrays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import overload

import numpy as np

from eigenstill_check.rows import STUDENT

from ..arrays import FloatArray, IntArray
from ..tables.blocks import ROWS


@dataclass(frozen=True, eq=False)
class Split:
    """Rows of one split: inputs (n, d), teacher, predictions and labels (n, c) float64; predictions of exports by name."""

    inputs: FloatArray
    teacher: FloatArray
    predictions: FloatArray
    labels: FloatArray | None = None
    exports: Mapping[str, FloatArray] = field(default_factory=dict)

    @property
    def targets(self) -> dict[str, FloatArray]:
        """Teacher and, where there are any, labels."""
        return {"teacher": self.teacher} if self.labels is None else {"teacher": self.teacher, "labels": self.labels}

    @property
    def evaluations(self) -> dict[str, FloatArray]:
        """The student's own predictions and those of exports."""
        return {STUDENT: self.predictions, **self.exports}

    def part(self, start: int, stop: int) -> Split:
        """The rows from start on and before stop."""
        return self.taken(slice(start, stop))

    def taken(self, rows: slice | IntArray) -> Split:
        """Some of the rows."""
        labels = None if self.labels is None else self.labels[rows]
        exports = {name: values[rows] for name, values in self.exports.items()}
        return Split(self.inputs[rows], self.teacher[rows], self.predictions[rows], labels, exports)

    def joined(self, other: Split) -> Split:
        """The rows of both, which know the same of a row."""
        pair = None if self.labels is None or other.labels is None else np.concatenate([self.labels, other.labels])
        return Split(
            np.concatenate([self.inputs, other.inputs]),
            np.concatenate([self.teacher, other.teacher]),
            np.concatenate([self.predictions, other.predictions]),
            pair,
            {name: np.concatenate([values, other.exports[name]]) for name, values in self.exports.items()},
        )


class ListedRows(Sequence[list[float]]):
    """Rows of an array (n, k) as lists of numbers, made when they are asked for."""

    def __init__(self, values: FloatArray) -> None:
        self.values = values

    def __len__(self) -> int:
        return len(self.values)

    @overload
    def __getitem__(self, place: int) -> list[float]: ...

    @overload
    def __getitem__(self, place: slice) -> list[list[float]]: ...

    def __getitem__(self, place: int | slice) -> list[float] | list[list[float]]:
        listed: list[float] | list[list[float]] = self.values[place].tolist()
        return listed

    def __iter__(self) -> Iterator[list[float]]:
        for start in range(0, len(self), ROWS):
            yield from self.values[start : start + ROWS].tolist()

"""What the claims need of the rows, block by block in numpy: the same exact numbers as `eigenstill_check.rows.scan`.

Values of the floored formula are exact products of digits (`spectrum.block_sums`). How far predictions are from the
formula is a maximum over the rows: float64 pairs find the rows where it may be attained, the checker's own code
computes these few.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial, reduce
from operator import add, mul
from typing import overload

import numpy as np

from eigenstill_check.basis import evaluator
from eigenstill_check.certificate import Certificate
from eigenstill_check.dyadic import Dyadic
from eigenstill_check.rows import STUDENT, Form, RowSums, SplitSums, TargetSums, add_predictions, floored_formula
from eigenstill_check.vectors import Vector

from ..arrays import FloatArray, ObjectArray
from ..basis import Basis, FineColumns, fine_columns, has_fine_columns
from ..basis.exact_columns import common_integers
from ..engine import Engine, Local
from ..spectrum.block_sums import DIGIT, exact_product
from ..spectrum.limbs import join, split
from ..tables.blocks import ROWS

Values = Mapping[str, list[Vector]]

LARGEST = 2.0**200
LARGEST_PRODUCT = 2.0**33
"""Of the columns' number and a value over 2^20: a row farther from the training rows is left to the checker's own code."""


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
        rows = slice(start, stop)
        labels = None if self.labels is None else self.labels[rows]
        exports = {name: values[rows] for name, values in self.exports.items()}
        return Split(self.inputs[rows], self.teacher[rows], self.predictions[rows], labels, exports)


@dataclass(frozen=True)
class BlockErrors:
    """The sums of a block of rows; add up. ``values`` holds the formula's exact values, a vector an output, if asked for."""

    sums: SplitSums
    column_sums: list[int]
    products: dict[str, list[Vector]]
    values: list[Vector] = field(default_factory=list)

    def __add__(self, other: BlockErrors) -> BlockErrors:
        return BlockErrors(
            self.sums.merged(other.sums),
            [a + b for a, b in zip(self.column_sums, other.column_sums, strict=True)],
            {
                name: [a + b for a, b in zip(vectors, other.products[name], strict=True)]
                for name, vectors in self.products.items()
            },
            [Vector(a.entries + b.entries, a.exponent) for a, b in zip(self.values, other.values, strict=True)],
        )


@dataclass(frozen=True, eq=False)
class RowScanner:
    """What is the same for all blocks.

    Attributes
    ----------
    certificate : formula and units; its rows are not looked at
    basis : the same basis in float64
    forms : the floored formula, an output each
    """

    certificate: Certificate
    basis: Basis
    forms: list[Form]

    @staticmethod
    def of(certificate: Certificate, basis: Basis) -> RowScanner | None:
        """None for kernels without float64 pairs."""
        if not has_fine_columns(basis):
            return None
        blank = replace(certificate, shards={"train": (), "holdout": ()})  # a scanner may be sent to other machines
        return RowScanner(blank, basis, floored_formula(certificate))

    def block(self, rows: Split, *, training: bool, keep_values: bool = False) -> BlockErrors | None:
        """The sums of a block; None where float64 pairs do not reach, and the checker's own code must go through it.

        Parameters
        ----------
        training : also the sums of the columns, and their products with the targets
        keep_values : also the formula's values
        """
        fine = fine_columns(self.basis, rows.inputs)
        if fine is None or float(np.abs(rows.inputs).max()) > LARGEST:
            return None
        high = np.rint(fine.floors * 2.0**-DIGIT)
        low = fine.floors - high * 2.0**DIGIT
        if float(np.abs(high).max()) > (2.0**DIGIT if training else LARGEST_PRODUCT / self.basis.columns):
            return None
        sums = SplitSums(rows=len(rows.inputs), targets={name: [] for name in rows.targets})
        values = []
        for output, form in enumerate(self.forms):
            student = _values(form, low, high)
            self._add_targets(sums, rows, output, form, student)
            values.append(student)
        self._add_predictions(sums, rows, fine, values)
        columns, products = [0] * self.basis.columns, {}
        if training:
            columns = [int(a) + (int(b) << DIGIT) for a, b in zip(low.sum(axis=0), high.sum(axis=0), strict=True)]
            products = {name: [_product(low, high, column) for column in part.T] for name, part in rows.targets.items()}
        kept = [Vector(list(part), form.exponent) for part, form in zip(values, self.forms, strict=True)]
        return BlockErrors(sums, columns, products, kept if keep_values else [])

    def _add_targets(self, sums: SplitSums, rows: Split, output: int, form: Form, student: ObjectArray) -> None:
        teacher: tuple[ObjectArray, int] | None = None
        for name, part in rows.targets.items():
            mantissas, exponent = _integers(part[:, output])
            errors, low = _difference((mantissas, exponent), (student, form.exponent))
            listed, given = errors.tolist(), mantissas.tolist()
            target = TargetSums(
                Dyadic(sum(map(mul, listed, listed)), 2 * low),
                Dyadic(max(map(abs, listed)), low),
                Dyadic(sum(given), exponent),
                Dyadic(sum(map(mul, given, given)), 2 * exponent),
            )
            if teacher is None:
                teacher = mantissas, exponent
            else:
                gaps, low = _difference((mantissas, exponent), teacher)
                listed = gaps.tolist()
                target.teacher_squared_errors = Dyadic(sum(map(mul, listed, listed)), 2 * low)
            sums.targets[name].append(target)

    def _add_predictions(self, sums: SplitSums, rows: Split, fine: FineColumns, values: list[ObjectArray]) -> None:
        """The rows where the largest difference or magnitude may be attained, by the checker's own code."""
        model, count = self.certificate.model, len(self.basis.landmarks)
        places: set[int] = set()
        unit = 2.0**-self.basis.grid_bits
        for output, (form, student) in enumerate(zip(self.forms, values, strict=True)):
            coefficients = np.array([row[output] for row in model.coefficients])
            weights = np.array([row[output] for row in model.weights]) if model.weights else np.zeros(0)
            lifted = np.ldexp(weights, np.array(self.basis.exponents)) if model.weights else weights
            both = np.concatenate([coefficients, lifted]) * unit
            size = float(np.abs(both).sum())
            for predictions in rows.evaluations.values():
                gaps, low = _difference(_integers(predictions[:, output]), (student, form.exponent))
                known = np.array([_float(gap, low) for gap in gaps.tolist()])
                gap = np.abs(known - fine.fractions @ both)
                doubt = 2.0 * (size * (fine.bound + 2.0**-36) + 2.0**-50 * float(np.abs(known).max()))
                places.update(np.flatnonzero(gap >= gap.max() - doubt).tolist())
            phi = (fine.floors[:, :count] + fine.fractions[:, :count]) * unit
            magnitude = phi @ np.abs(coefficients)
            if model.weights:
                magnitude += np.abs(rows.inputs) @ np.abs(weights)
            magnitude += abs(model.intercept[output])
            doubt = 2.0**-30 * float(magnitude.max()) + 2.0 * size * fine.bound
            places.update(np.flatnonzero(magnitude >= magnitude.max() - doubt).tolist())
        told_apart = (rows.inputs, *rows.evaluations.values())
        different = {b"".join(part[k].tobytes() for part in told_apart): k for k in sorted(places)}
        chosen = sorted(different.values())
        block = evaluator(self.certificate.basis, model).block(rows.inputs[chosen].tolist())
        listed = {name: values[chosen].tolist() for name, values in rows.evaluations.items()}
        add_predictions(sums, listed, block, self.certificate)


def _values(form: Form, low: FloatArray, high: FloatArray) -> ObjectArray:
    """The form's integers at the rows of low + 2^20 high: (n,) Python integers."""
    limbs = [limb.astype(np.float64) for limb in split(np.array(form.coefficients, dtype=object), DIGIT)]
    sums = [np.zeros(len(low), dtype=np.int64) for _ in range(len(limbs) + 1)]
    for place, limb in enumerate(limbs):
        sums[place] += (low @ limb).astype(np.int64)
        sums[place + 1] += (high @ limb).astype(np.int64)
    values: ObjectArray = join(sums, DIGIT) + form.constant
    return values


def _integers(column: FloatArray) -> tuple[ObjectArray, int]:
    integers, exponent = common_integers(column)
    values: ObjectArray = np.array(integers, dtype=object)
    return values, exponent


def _difference(left: tuple[ObjectArray, int], right: tuple[ObjectArray, int]) -> tuple[ObjectArray, int]:
    low = min(left[1], right[1])
    return (left[0] << (left[1] - low)) - (right[0] << (right[1] - low)), low


def _float(value: int, exponent: int) -> float:
    numerator, denominator = Dyadic(value, exponent).ratio()
    return numerator / denominator


def _product(low: FloatArray, high: FloatArray, column: FloatArray) -> Vector:
    integers, exponent = _integers(column)
    return Vector([int(entry) for entry in exact_product(low, high, integers[:, None])[:, 0]], exponent)


def row_sums(
    certificate: Certificate, basis: Basis, splits: Mapping[str, Split], engine: Engine | None = None
) -> tuple[RowSums, Values] | None:
    """`eigenstill_check.rows.scan` without the Gram matrix, and the values that some claims look at row by row.

    None where the kernel or the rows are left to the checker's own code.
    """
    scanner = RowScanner.of(certificate, basis)
    if scanner is None:
        return None
    found: dict[str, BlockErrors] = {}
    for name, rows in splits.items():
        keep = name == "holdout" or certificate.model.outputs > 1
        task = partial(_errors, scanner, name == "train", keep)
        parts: dict[int, BlockErrors] = {}
        whole: BlockErrors | None = None
        starts = range(0, len(rows.inputs), ROWS)
        for place, part in (engine or Local()).answers(task, (rows.part(start, start + ROWS) for start in starts)):
            if part is None:
                return None
            if keep:  # the values stand in the order of the rows
                parts[place] = part
            else:
                whole = part if whole is None else whole + part
        found[name] = reduce(add, (parts[place] for place in sorted(parts))) if whole is None else whole
    train = found["train"]
    sums = RowSums(train.column_sums, [], train.products, {name: part.sums for name, part in found.items()})
    return sums, {name: part.values for name, part in found.items() if part.values}


def _errors(scanner: RowScanner, training: bool, keep: bool, rows: Split) -> BlockErrors | None:
    return scanner.block(rows, training=training, keep_values=keep)


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

"""What the claims need of the rows, block by block in numpy: the same exact numbers as `eigenstill_check.rows.scan`.

Values of the floored formula are exact products of digits (`spectrum.block_sums`). What is a maximum over the rows, such
as how far predictions are from the formula, is decided among the few rows where it may be attained (`open_rows`).
Training rows whose sums are known already are not floored again (`known_sums`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial, reduce
from operator import add, mul

import numpy as np

from eigenstill_check.certificate import Certificate
from eigenstill_check.dyadic import Dyadic
from eigenstill_check.rows import Form, RowSums, SplitSums, TargetSums, floored_formula
from eigenstill_check.vectors import Vector

from ..arrays import FloatArray, ObjectArray
from ..basis import Basis, FineColumns, fine_columns, has_pairs
from ..basis.exact_columns import common_integers
from ..engine import Engine, Local
from ..spectrum import BlockSums
from ..spectrum.block_sums import exact_product
from ..spectrum.float_digits import DIGIT
from ..spectrum.limbs import join, split
from ..tables.blocks import ROWS
from .known_sums import KnownScanner
from .open_rows import OpenRows
from .split import Split

Values = Mapping[str, list[Vector]]

LARGEST = 2.0**200
LARGEST_PRODUCT = 2.0**33
"""Of the columns' number and a value over 2^20: a row farther from the training rows is left to the checker's own code."""


@dataclass(frozen=True)
class BlockErrors:
    """The sums of a block of rows; add up. ``values`` holds the formula's exact values, a vector an output, if asked for.

    ``open_rows`` are those where the largest difference or magnitude may be attained: neither is in the sums yet.
    """

    sums: SplitSums
    column_sums: list[int]
    products: dict[str, list[Vector]]
    open_rows: OpenRows
    values: list[Vector] = field(default_factory=list)

    def __add__(self, other: BlockErrors) -> BlockErrors:
        return BlockErrors(
            self.sums.merged(other.sums),
            [a + b for a, b in zip(self.column_sums, other.column_sums, strict=True)],
            {
                name: [a + b for a, b in zip(vectors, other.products[name], strict=True)]
                for name, vectors in self.products.items()
            },
            self.open_rows + other.open_rows,
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
        if not has_pairs(basis):
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
        still_open = self._open_rows(rows, fine, values)
        columns, products = [0] * self.basis.columns, {}
        if training:
            columns = [int(a) + (int(b) << DIGIT) for a, b in zip(low.sum(axis=0), high.sum(axis=0), strict=True)]
            products = {
                name: [exact_product(low, high, column) for column in part.T] for name, part in rows.targets.items()
            }
        kept = [Vector(list(part), form.exponent) for part, form in zip(values, self.forms, strict=True)]
        return BlockErrors(sums, columns, products, still_open, kept if keep_values else [])

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

    def _open_rows(self, rows: Split, fine: FineColumns, values: list[ObjectArray]) -> OpenRows:
        """The rows where the largest difference or magnitude may be attained."""
        model, count = self.certificate.model, len(self.basis.landmarks)
        unit = 2.0**-self.basis.grid_bits
        scores, doubts = [], []
        for output, (form, student) in enumerate(zip(self.forms, values, strict=True)):
            coefficients = np.array([row[output] for row in model.coefficients])
            weights = np.array([row[output] for row in model.weights]) if model.weights else np.zeros(0)
            lifted = np.ldexp(weights, np.array(self.basis.exponents)) if model.weights else weights
            both = np.concatenate([coefficients, lifted]) * unit
            size = float(np.abs(both).sum())
            for predictions in rows.evaluations.values():
                gaps, low = _difference(_integers(predictions[:, output]), (student, form.exponent))
                known = np.array([_float(gap, low) for gap in gaps.tolist()])
                scores.append(np.abs(known - fine.fractions @ both))
                doubts.append(size * (fine.bound + 2.0**-36) + 2.0**-50 * np.abs(known))
            phi = (fine.floors[:, :count] + fine.fractions[:, :count]) * unit
            magnitude = phi @ np.abs(coefficients)
            if model.weights:
                magnitude += np.abs(rows.inputs) @ np.abs(weights)
            magnitude += abs(model.intercept[output])
            scores.append(magnitude)
            doubts.append(2.0**-31 * magnitude + size * fine.bound)
        return OpenRows.of(rows, np.stack(scores, axis=1), np.stack(doubts, axis=1))


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


def row_sums(
    certificate: Certificate,
    basis: Basis,
    splits: Mapping[str, Split],
    engine: Engine | None = None,
    known: BlockSums | None = None,
) -> tuple[RowSums, Values] | None:
    """`eigenstill_check.rows.scan` without the Gram matrix, and the values that some claims look at row by row.

    ``known`` are the exact sums over the training rows, where the producer has them still.
    None where the kernel or the rows are left to the checker's own code.
    """
    scanner = RowScanner.of(certificate, basis)
    if scanner is None:
        return None
    found: dict[str, BlockErrors] = {}
    for name, rows in splits.items():
        keep = name == "holdout" or certificate.model.outputs > 1
        part = None
        if name == "train" and known is not None and not keep:
            part = _known(KnownScanner(scanner.certificate, basis, scanner.forms, known), rows, engine or Local())
        from_known = part is not None
        part = part or _scanned(scanner, name == "train", keep, rows, engine or Local())
        if part is None:
            return None
        part.open_rows.decide(scanner.certificate, scanner.forms, part.sums, errors=from_known)
        found[name] = part
    train = found["train"]
    sums = RowSums(train.column_sums, [], train.products, {name: part.sums for name, part in found.items()})
    return sums, {name: part.values for name, part in found.items() if part.values}


def _scanned(scanner: RowScanner, training: bool, keep: bool, rows: Split, engine: Engine) -> BlockErrors | None:
    """The sums over a split by the columns themselves."""
    parts: dict[int, BlockErrors] = {}
    whole: BlockErrors | None = None
    starts = range(0, len(rows.inputs), ROWS)
    task = partial(_errors, scanner, training, keep)
    for place, part in engine.answers(task, (rows.part(start, start + ROWS) for start in starts)):
        if part is None:
            return None
        if keep:  # the values stand in the order of the rows
            parts[place] = part
        else:
            whole = part if whole is None else whole + part
    return reduce(add, (parts[place] for place in sorted(parts))) if whole is None else whole


def _known(scanner: KnownScanner, rows: Split, engine: Engine) -> BlockErrors | None:
    """The sums over the training rows from those that are known; None where they are not those of these rows."""
    starts = range(0, len(rows.inputs), ROWS)
    whole = None
    for _, part in engine.answers(scanner.task(), (rows.part(start, start + ROWS) for start in starts)):
        if part is None:
            return None
        whole = part if whole is None else whole + part
    sums = None if whole is None else scanner.sums(whole)
    if whole is None or sums is None:
        return None
    known = scanner.known
    products = {name: list(vectors) for name, vectors in known.products.items()}
    return BlockErrors(sums, list(known.columns), products, whole.open_rows)


def _errors(scanner: RowScanner, training: bool, keep: bool, rows: Split) -> BlockErrors | None:
    return scanner.block(rows, training=training, keep_values=keep)

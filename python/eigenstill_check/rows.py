"""The one pass over the rows: exact sums from which every claim about data is decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from functools import partial, reduce
from operator import mul
from typing import NamedTuple

from .arithmetic import STANDARD, Arithmetic
from .basis import EXPONENTIAL, Block, LinearColumns, evaluator
from .certificate import Certificate, Rows
from .dyadic import ZERO, Dyadic, integers
from .errors import Rejected
from .layout import SPLITS
from .packed import Matrix, combine, full_gram, pack, slot_width, unpack
from .parallel import Pool
from .vectors import Vector

BLOCK_ROWS = 512
STUDENT = ""
WORTH_SHARING = 100_000
"""Basis values below which one process is enough."""


@dataclass
class TargetSums:
    """One output of one target: sums over the rows of a split, exact. ``e`` is the error of the floored formula."""

    squared_errors: Dyadic = ZERO
    largest_error: Dyadic = ZERO
    values: Dyadic = ZERO
    squared_values: Dyadic = ZERO
    teacher_squared_errors: Dyadic = ZERO

    def merged(self, other: TargetSums) -> TargetSums:
        """Over the rows of both."""
        return TargetSums(
            self.squared_errors + other.squared_errors,
            max(self.largest_error, other.largest_error),
            self.values + other.values,
            self.squared_values + other.squared_values,
            self.teacher_squared_errors + other.teacher_squared_errors,
        )


@dataclass
class SplitSums:
    """All sums of one split; ``targets[name][output]``."""

    rows: int = 0
    targets: dict[str, list[TargetSums]] = field(default_factory=dict)
    largest_difference: Dyadic = ZERO
    largest_magnitude: Dyadic = ZERO
    within_range: bool = True
    export_differences: dict[str, Dyadic] = field(default_factory=dict)

    def merged(self, other: SplitSums) -> SplitSums:
        """Over the rows of both."""
        targets = dict(self.targets)
        for name, outputs in other.targets.items():
            held = targets.get(name)
            targets[name] = outputs if held is None else [a.merged(b) for a, b in zip(held, outputs, strict=True)]
        return SplitSums(
            self.rows + other.rows,
            targets,
            max(self.largest_difference, other.largest_difference),
            max(self.largest_magnitude, other.largest_magnitude),
            self.within_range and other.within_range,
            _larger(self.export_differences, other.export_differences),
        )


def _larger(one: dict[str, Dyadic], other: dict[str, Dyadic]) -> dict[str, Dyadic]:
    return {name: max(one.get(name, ZERO), other.get(name, ZERO)) for name in {**one, **other}}


@dataclass(frozen=True)
class RowSums:
    """What one pass leaves, exact.

    column_sums, gram : S and G = C^T C of the floored basis on the training rows
    products : C^T t for each target t of the training rows, ``products[target][output]``
    splits : the sums of each split
    """

    column_sums: list[int]
    gram: Matrix
    products: dict[str, list[Vector]]
    splits: dict[str, SplitSums]

    @property
    def rows(self) -> int:
        return self.splits["train"].rows

    def merged(self, other: RowSums) -> RowSums:
        """Over the rows of both, which have the same targets; a split may have rows in one of them only."""
        splits = {}
        for split in SPLITS:
            held = [sums.splits[split] for sums in (self, other) if split in sums.splits]
            if held:
                splits[split] = reduce(SplitSums.merged, held)
        return RowSums(
            [a + b for a, b in zip(self.column_sums, other.column_sums, strict=True)],
            [[a + b for a, b in zip(*pair, strict=True)] for pair in zip(self.gram, other.gram, strict=True)],
            _both(self.products, other.products),
            splits,
        )


@dataclass(frozen=True)
class Form:
    """constant + sum_j coefficients_j u_j in units 2^exponent, the u_j integers."""

    constant: int
    coefficients: list[int]
    exponent: int

    @staticmethod
    def of(constant: Dyadic, coefficients: Sequence[Dyadic]) -> Form:
        (first, *rest), exponent = integers([constant, *coefficients])
        return Form(first, rest, exponent)

    def __call__(self, features: Sequence[int]) -> int:
        return self.constant + combine(self.coefficients, features)


def scan(certificate: Certificate, *, with_gram: bool = True, arithmetic: Arithmetic = STANDARD) -> RowSums:
    """Go through all rows once, in blocks dealt out to the arithmetic's processes.

    Without ``with_gram`` G is left empty, for a caller that has M from elsewhere.

    Raises
    ------
    Rejected : a basis value of a training row lies outside [0, 2^p]
    """
    scanner = _Scanner(certificate, with_gram, arithmetic)
    places = block_places(certificate)
    if worth_sharing(certificate, places):
        total = reduce(_merged, arithmetic.pool.run(map(scanner.task, dealt(places, arithmetic.pool))))
    else:
        total = scanner.sums_of(places)
    gram = full_gram(total.gram, scanner.width) if with_gram else []
    return RowSums(total.column_sums, gram, total.products, total.splits)


class _Scanner:
    """What is the same for every block."""

    def __init__(self, certificate: Certificate, with_gram: bool, arithmetic: Arithmetic) -> None:
        self.certificate, self.with_gram, self.arithmetic = certificate, with_gram, arithmetic
        basis, model = certificate.basis, certificate.model
        self.splits = tuple(certificate.splits())
        self.kernel, self.linear = evaluator(basis, model), LinearColumns(basis, model)
        self.formula = floored_formula(certificate)
        total = sum(len(part.inputs) for part in certificate.shards["train"])
        self.width = slot_width(total << (2 * basis.grid_bits))

    def task(self, places: Sequence[Place]) -> Callable[[], _Partial]:
        """`sums_of`; with the rows that it needs, and no others, where it is done apart."""
        if not self.arithmetic.pool.apart:
            return partial(self.sums_of, places)
        carrying = copy(self)
        carrying.certificate, there = part_of(self.certificate, places)
        return partial(carrying.sums_of, there)

    def sums_of(self, places: Sequence[Place]) -> _Partial:
        """The sums over some blocks."""
        columns = self.certificate.model.columns
        splits = {split: SplitSums() for split in self.splits}
        total = _Partial([0] * columns, [0] * columns, {}, splits)
        for place in places:
            self._add(total, place)
        return total

    def _add(self, total: _Partial, place: Place) -> None:
        inputs, targets, predictions = rows_at(self.certificate, place)
        grid = self.certificate.basis.grid_bits
        block = self.kernel.block(inputs)
        columns = [
            [value >> grid for value in fine] + tail
            for fine, tail in zip(block.fine, self.linear.rows(block), strict=True)
        ]
        if place.split == "train":
            if min(map(min, columns)) < 0 or max(map(max, columns)) > 1 << grid:
                raise Rejected(
                    "basis", "a linear column outside [0, 2^p]", "offset and exponent that cover every training row"
                )
            for index, column in enumerate(zip(*columns, strict=True)):
                total.column_sums[index] += sum(column)
            if self.with_gram:
                self.arithmetic.add_gram(total.gram, columns, self.width)
            _add_products(total.products, targets, columns, grid)
        sums = total.splits[place.split]
        sums.rows += len(inputs)
        _add_targets(sums, targets, columns, self.formula)
        add_predictions(sums, predictions, block, self.certificate)


@dataclass(frozen=True)
class _Partial:
    """`RowSums` of some blocks; ``gram`` packs, for each column i of G, the columns j >= i."""

    column_sums: list[int]
    gram: list[int]
    products: dict[str, list[Vector]]
    splits: dict[str, SplitSums]


def _merged(one: _Partial, other: _Partial) -> _Partial:
    """The sums over the rows of both; exact, so in any order."""
    return _Partial(
        [a + b for a, b in zip(one.column_sums, other.column_sums, strict=True)],
        [a + b for a, b in zip(one.gram, other.gram, strict=True)],
        _both(one.products, other.products),
        {split: sums.merged(other.splits[split]) for split, sums in one.splits.items()},
    )


def _both(one: dict[str, list[Vector]], other: dict[str, list[Vector]]) -> dict[str, list[Vector]]:
    """Products with the targets over the rows of both."""
    products = dict(one)
    for name, vectors in other.items():
        products[name] = [a + b for a, b in zip(products[name], vectors, strict=True)] if name in products else vectors
    return products


class Place(NamedTuple):
    """A block of rows: its split, the shard, and the first row in it."""

    split: str
    shard: int
    start: int


CARRIED = 32
"""Blocks of rows that a task carries to another machine at most: what is lost with the machine is little."""


def dealt(places: Sequence[Place], pool: Pool) -> list[Sequence[Place]]:
    """The places in as many parts as the pool deals work into; in smaller ones where each carries its rows."""
    if not pool.apart:
        return [places[job :: pool.jobs] for job in range(min(pool.jobs, len(places)))]
    size = max(1, min(CARRIED, len(places) // max(1, pool.jobs)))
    return [places[start : start + size] for start in range(0, len(places), size)]


def part_of(certificate: Certificate, places: Sequence[Place]) -> tuple[Certificate, list[Place]]:
    """A certificate with the rows of these places only and no claims, and where they are in it."""
    shards: dict[str, list[Rows]] = {split: [] for split in certificate.shards}
    there = []
    for place in places:
        part, rows = certificate.shards[place.split][place.shard], slice(place.start, place.start + BLOCK_ROWS)
        there.append(Place(place.split, len(shards[place.split]), 0))
        shards[place.split].append(
            replace(
                part,
                inputs=list(part.inputs[rows]),
                teacher=list(part.teacher[rows]),
                predictions=list(part.predictions[rows]),
                labels=None if part.labels is None else list(part.labels[rows]),
                exports={name: list(values[rows]) for name, values in part.exports.items()},
            )
        )
    held = {split: tuple(parts) for split, parts in shards.items()}
    return replace(certificate, shards=held, claims=()), there


RowBlock = tuple[Sequence[list[float]], dict[str, Sequence[list[float]]], dict[str, Sequence[list[float]]]]


def block_places(certificate: Certificate, only: str | None = None) -> list[Place]:
    return [
        Place(split, shard, start)
        for split in certificate.splits()
        if only in (None, split)
        for shard, part in enumerate(certificate.shards[split])
        for start in range(0, len(part.inputs), BLOCK_ROWS)
    ]


def worth_sharing(certificate: Certificate, places: Sequence[Place]) -> bool:
    """Whether other processes save more than they cost."""
    return len(places) > 1 and len(places) * BLOCK_ROWS * certificate.model.columns > WORTH_SHARING


def rows_at(certificate: Certificate, place: Place) -> RowBlock:
    """Inputs, targets by name, and predictions of a block: the student's own under STUDENT, others by export."""
    part = certificate.shards[place.split][place.shard]
    rows = slice(place.start, place.start + BLOCK_ROWS)
    targets = {"teacher": part.teacher[rows]}
    if part.labels is not None:
        targets["labels"] = part.labels[rows]
    others = {name: values[rows] for name, values in part.exports.items()}
    return part.inputs[rows], targets, {STUDENT: part.predictions[rows], **others}


def floored_formula(certificate: Certificate) -> list[Form]:
    """For each output, the student on a row of C: b + sum w_d (o_d + 2^(E_d - p) C_d) + sum a_j 2^-p C_j."""
    basis, model = certificate.basis, certificate.model
    unit = Dyadic(1, -basis.grid_bits)
    forms = []
    for output in range(model.outputs):
        kernel = [Dyadic.of_float(row[output]) * unit for row in model.coefficients]
        weights = [Dyadic.of_float(row[output]) for row in model.weights]
        linear = [w * unit * Dyadic(1, exponent) for w, exponent in zip(weights, basis.linear_exponents, strict=True)]
        constant = Dyadic.of_float(model.intercept[output])
        for weight, offset in zip(weights, model.offsets, strict=True):
            constant += weight * Dyadic.of_float(offset)
        forms.append(Form.of(constant, kernel + linear))
    return forms


def _add_targets(
    sums: SplitSums, targets: dict[str, Sequence[list[float]]], columns: list[list[int]], formula: list[Form]
) -> None:
    for output, form in enumerate(formula):
        student = [form(row) for row in columns]
        teacher: list[Dyadic] = []
        for name, rows in targets.items():
            values = [Dyadic.of_float(row[output]) for row in rows]
            mantissas, exponent = integers(values)
            low = min(exponent, form.exponent)
            errors = [
                (mantissa << (exponent - low)) - (value << (form.exponent - low))
                for mantissa, value in zip(mantissas, student, strict=True)
            ]
            outputs = sums.targets.setdefault(name, [TargetSums() for _ in formula])
            target = outputs[output]
            target.squared_errors += Dyadic(sum(map(mul, errors, errors)), 2 * low)
            target.largest_error = max(target.largest_error, Dyadic(max(map(abs, errors)), low))
            target.values += Dyadic(sum(mantissas), exponent)
            target.squared_values += Dyadic(sum(map(mul, mantissas, mantissas)), 2 * exponent)
            if name == "teacher":
                teacher = values
            else:
                gaps, gap_exponent = integers([label - value for label, value in zip(values, teacher, strict=True)])
                target.teacher_squared_errors += Dyadic(sum(map(mul, gaps, gaps)), 2 * gap_exponent)


def _add_products(
    products: dict[str, list[Vector]], targets: dict[str, Sequence[list[float]]], columns: list[list[int]], grid: int
) -> None:
    """Add C^T t of a block for every output of every target: one big-number step a row."""
    parts = {
        name: [Vector.of(map(Dyadic.of_float, column)) for column in zip(*rows, strict=True)]
        for name, rows in targets.items()
    }
    bound = max(1, *(part.absolute_sum.mantissa for outputs in parts.values() for part in outputs)) << grid
    width, count = slot_width(bound), len(columns[0])
    packed = [pack(row, width) for row in columns]
    for name, outputs in parts.items():
        sums = [Vector(unpack(combine(part.entries, packed), count, width), part.exponent) for part in outputs]
        old = products.get(name)
        products[name] = sums if old is None else [a + b for a, b in zip(old, sums, strict=True)]


def add_predictions(
    sums: SplitSums, predictions: Mapping[str, Sequence[list[float]]], block: Block, certificate: Certificate
) -> None:
    """Largest |prediction - formula| and largest |b| + sum |w_d x_d| + sum |a_j| (phi'_j + 2^-P), on the fine grid."""
    model, fine_unit = certificate.model, Dyadic(1, -2 * certificate.basis.grid_bits)
    sums.within_range = sums.within_range and block.within_range
    rows = [fine + list(tail) for fine, tail in zip(block.fine, zip(*block.inputs, strict=True), strict=True)]
    if not model.weights:
        rows = block.fine
    absolute = [list(map(abs, row)) for row in rows]
    if certificate.basis.kernel in EXPONENTIAL:  # errors of phi are bounded absolutely: 1 stands for phi
        ones = [1 << (2 * certificate.basis.grid_bits)] * len(model.landmarks)
        absolute = [ones + row[len(ones) :] for row in absolute]
    for output in range(model.outputs):
        kernel = [Dyadic.of_float(row[output]) * fine_unit for row in model.coefficients]
        linear = [
            Dyadic.of_float(row[output]) * Dyadic(1, -shift)
            for row, shift in zip(model.weights, block.input_shifts if model.weights else [], strict=True)
        ]
        constant = Dyadic.of_float(model.intercept[output])
        value = Form.of(constant, kernel + linear)
        floor_error = sum((abs(coefficient) for coefficient in kernel), ZERO)
        magnitude = Form.of(abs(constant) + floor_error, [abs(x) for x in kernel + linear])
        values = list(map(value, rows))
        for name, recorded in predictions.items():
            predicted, exponent = integers([Dyadic.of_float(row[output]) for row in recorded])
            low = min(exponent, value.exponent)
            gap = max(
                abs((mantissa << (exponent - low)) - (exact << (value.exponent - low)))
                for mantissa, exact in zip(predicted, values, strict=True)
            )
            difference = Dyadic(gap, low) + floor_error
            if name == STUDENT:
                sums.largest_difference = max(sums.largest_difference, difference)
            else:
                sums.export_differences[name] = max(sums.export_differences.get(name, ZERO), difference)
        sums.largest_magnitude = max(sums.largest_magnitude, Dyadic(max(map(magnitude, absolute)), magnitude.exponent))

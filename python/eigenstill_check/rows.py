"""The one pass over the rows: exact sums from which every claim about data is decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from operator import mul

from .basis import EXPONENTIAL, Block, LinearColumns, evaluator
from .certificate import Certificate
from .dyadic import ZERO, Dyadic, integers
from .errors import Rejected
from .packed import Matrix, add_gram, combine, full_gram, pack, slot_width, unpack
from .vectors import Vector

BLOCK_ROWS = 1_024


@dataclass
class TargetSums:
    """One output of one target: sums over the rows of a split, exact. ``e`` is the error of the floored formula."""

    squared_errors: Dyadic = ZERO
    largest_error: Dyadic = ZERO
    values: Dyadic = ZERO
    squared_values: Dyadic = ZERO
    teacher_squared_errors: Dyadic = ZERO


@dataclass
class SplitSums:
    """All sums of one split; ``targets[name][output]``."""

    rows: int = 0
    targets: dict[str, list[TargetSums]] = field(default_factory=dict)
    largest_difference: Dyadic = ZERO
    largest_magnitude: Dyadic = ZERO
    within_range: bool = True


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


def scan(certificate: Certificate, *, with_gram: bool = True) -> RowSums:
    """Go through all rows once.

    Without ``with_gram`` G is left empty, for a caller that has M from elsewhere.

    Raises
    ------
    Rejected : a basis value of a training row lies outside [0, 2^p]
    """
    basis, model = certificate.basis, certificate.model
    kernel, linear = evaluator(basis, model), LinearColumns(basis, model)
    grid, top = basis.grid_bits, 1 << basis.grid_bits
    total = sum(len(part.inputs) for part in certificate.shards["train"])
    width = slot_width(total << (2 * grid))
    column_sums, gram = [0] * model.columns, [0] * model.columns
    products: dict[str, list[Vector]] = {}
    splits = {split: SplitSums() for split in certificate.splits()}
    formula = floored_formula(certificate)
    for split, sums in splits.items():
        for inputs, targets, predictions in blocks(certificate, split):
            block = kernel.block(inputs)
            columns = [
                [value >> grid for value in fine] + tail
                for fine, tail in zip(block.fine, linear.rows(block), strict=True)
            ]
            if split == "train":
                if min(map(min, columns)) < 0 or max(map(max, columns)) > top:
                    raise Rejected(
                        "basis", "a linear column outside [0, 2^p]", "offset and exponent that cover every training row"
                    )
                column_sums = [
                    old + sum(column) for old, column in zip(column_sums, zip(*columns, strict=True), strict=True)
                ]
                if with_gram:
                    add_gram(gram, columns, width)
                _add_products(products, targets, columns, grid)
            sums.rows += len(inputs)
            _add_targets(sums, targets, columns, formula)
            _add_predictions(sums, predictions, block, certificate)
    return RowSums(column_sums, full_gram(gram, width) if with_gram else [], products, splits)


def blocks(
    certificate: Certificate, split: str
) -> Iterator[tuple[list[list[float]], dict[str, list[list[float]]], list[list[float]]]]:
    for part in certificate.shards[split]:
        for start in range(0, len(part.inputs), BLOCK_ROWS):
            rows = slice(start, start + BLOCK_ROWS)
            targets = {"teacher": part.teacher[rows]}
            if part.labels is not None:
                targets["labels"] = part.labels[rows]
            yield part.inputs[rows], targets, part.predictions[rows]


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
    sums: SplitSums, targets: dict[str, list[list[float]]], columns: list[list[int]], formula: list[Form]
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
    products: dict[str, list[Vector]], targets: dict[str, list[list[float]]], columns: list[list[int]], grid: int
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


def _add_predictions(sums: SplitSums, predictions: list[list[float]], block: Block, certificate: Certificate) -> None:
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
        predicted, exponent = integers([Dyadic.of_float(row[output]) for row in predictions])
        low = min(exponent, value.exponent)
        gaps = [
            abs((mantissa << (exponent - low)) - (value(row) << (value.exponent - low)))
            for mantissa, row in zip(predicted, rows, strict=True)
        ]
        sums.largest_difference = max(sums.largest_difference, Dyadic(max(gaps), low) + floor_error)
        sums.largest_magnitude = max(sums.largest_magnitude, Dyadic(max(map(magnitude, absolute)), magnitude.exponent))

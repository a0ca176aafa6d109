"""The basis in integers: from float64 points to floored basis values (FORMAT.md section 3).

`Evaluator.block` takes rows of float64 inputs and returns, for each row, floor(2^P phi_j), P = 2p, and the inputs as
integers on a common power of two per column. The grid values on 2^-p are those numbers shifted by p: a floor of a floor
is the floor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .certificate import Basis, Model
from .dyadic import float_integers
from .exponential import floor_exponential, floor_matern
from .layout import FEATURES
from .packed import Matrix, combine, mirrored, pack, slot_width

OVERFLOW_BITS = 1_000  # beyond 1 + q = 2^1000 a float64 evaluation could overflow
EXPONENTIAL = {"gaussian": floor_exponential, "matern-3/2": floor_matern}
FEW = 24  # rows whose distances to the landmarks are sooner found one by one
MAX_COORDINATE_BITS = 500  # beyond 2^500 the square of a difference could, however small the scale


@dataclass(frozen=True)
class Block:
    """Some rows of the basis.

    fine : rows of m integers floor(2^P phi_j)
    inputs : columns of integers; column d holds x_d 2^input_shifts[d]
    input_shifts : d shifts >= 0
    within_range : whether every coordinate is at most 2^500 in absolute value and every 1 + q_j at most 2^1000
    """

    fine: list[list[int]]
    inputs: list[list[int]]
    input_shifts: list[int]
    within_range: bool


class Evaluator:
    """The kernel part of a model, ready to be evaluated exactly at blocks of points."""

    def __init__(
        self, kernel: str, landmarks: Sequence[Sequence[float]], scales: Sequence[float], fine_bits: int
    ) -> None:
        self.quadratic = kernel != "rational-l1"
        self.floor = EXPONENTIAL.get(kernel)
        self.fine_bits = fine_bits
        self.count = len(landmarks)
        columns = [float_integers(list(column)) for column in zip(*landmarks, strict=True)]
        self.landmarks = [column for column, _ in columns]
        self.landmark_shifts = [shift for _, shift in columns]
        scale_pairs = [float_integers([scale]) for scale in scales]
        self.scales = [values[0] for values, _ in scale_pairs]
        self.scale_shifts = [shift for _, shift in scale_pairs]

    def block(self, rows: Sequence[Sequence[float]]) -> Block:
        """Evaluate at ``rows`` (each of d finite float64). Exact; blocks of about 1,000 rows bound the memory."""
        return self._block(rows, upper=False)

    def gram(self, landmarks: Sequence[Sequence[float]]) -> Matrix:
        """floor(2^P phi_j) at the landmarks themselves, a symmetric matrix: half of it is computed."""
        return mirrored(self._block(landmarks, upper=True).fine)

    def _block(self, rows: Sequence[Sequence[float]], *, upper: bool) -> Block:
        """With ``upper`` row i has the values from column i on only."""
        inputs, input_shifts = integer_columns(rows)
        shifts = [max(pair) for pair in zip(input_shifts, self.landmark_shifts, strict=True)]
        points = [
            [value << (shift - own) for value in column]
            for column, own, shift in zip(inputs, input_shifts, shifts, strict=True)
        ]
        landmarks = [
            [value << (shift - own) for value in column]
            for column, own, shift in zip(self.landmarks, self.landmark_shifts, shifts, strict=True)
        ]
        power = 2 if self.quadratic else 1
        unit_shift = max(own + power * shift for own, shift in zip(self.scale_shifts, shifts, strict=True))
        weights = [
            scale << (unit_shift - own - power * shift)
            for scale, own, shift in zip(self.scales, self.scale_shifts, shifts, strict=True)
        ]
        one = 1 << unit_shift
        bound = one + sum(
            weight * (max(map(abs, xs)) + max(map(abs, zs))) ** power
            for weight, xs, zs in zip(weights, points, landmarks, strict=True)
        )
        width = slot_width(bound)
        packed = (_quadratic if self.quadratic else _absolute)(points, landmarks, weights, one, width)
        numerator, size, limit = one << self.fine_bits, width // 8, one << OVERFLOW_BITS
        fine = []
        within_range = moderate(points + landmarks, shifts + shifts)
        for index, value in enumerate(packed):
            first = index if upper else 0
            data = (value >> (first * width)).to_bytes((self.count - first) * size, "little")
            denominators = [int.from_bytes(data[k : k + size], "little") for k in range(0, len(data), size)]
            if bound > limit and max(denominators) > limit:
                within_range = False
            if self.floor is None:
                fine.append([numerator // denominator for denominator in denominators])
            else:
                fine.append([self.floor(value - one, unit_shift, self.fine_bits) for value in denominators])
        return Block(fine, inputs, input_shifts, within_range)


def integer_columns(rows: Sequence[Sequence[float]]) -> tuple[list[list[int]], list[int]]:
    """Each column of ``rows`` as integers and the power of two that they are to be divided by."""
    pairs = [float_integers(list(column)) for column in zip(*rows, strict=True)]
    return [values for values, _ in pairs], [shift for _, shift in pairs]


def moderate(columns: Sequence[Sequence[int]], shifts: Sequence[int]) -> bool:
    """Whether every coordinate is at most 2^500 in absolute value."""
    return all(
        max(map(abs, column)) <= 1 << (MAX_COORDINATE_BITS + shift)
        for column, shift in zip(columns, shifts, strict=True)
    )


class NoKernel:
    """The kernel part of a model of features: none, so its rows are empty."""

    def block(self, rows: Sequence[Sequence[float]]) -> Block:
        inputs, shifts = integer_columns(rows)
        return Block([[] for _ in rows], inputs, shifts, moderate(inputs, shifts))

    def gram(self, landmarks: Sequence[Sequence[float]]) -> Matrix:
        return [[] for _ in landmarks]


def _quadratic(
    points: list[list[int]], landmarks: list[list[int]], weights: list[int], one: int, width: int
) -> list[int]:
    """Packed rows of one + sum_d w_d (x_d - z_jd)^2, from the expanded square (exact, so nothing cancels)."""
    count = len(landmarks[0])
    squares = [
        one + sum(weight * z * z for weight, z in zip(weights, landmark, strict=True))
        for landmark in zip(*landmarks, strict=True)
    ]
    constant, unit = pack(squares, width), pack([1] * count, width)
    doubled = [-2 * weight * pack(column, width) for weight, column in zip(weights, landmarks, strict=True)]
    return [
        constant + unit * sum(w * x * x for w, x in zip(weights, row, strict=True)) + combine(row, doubled)
        for row in zip(*points, strict=True)
    ]


def _absolute(
    points: list[list[int]], landmarks: list[list[int]], weights: list[int], one: int, width: int
) -> list[int]:
    """Packed rows of one + sum_d w_d |x_d - z_jd|.

    Along the rows in the order of one coordinate every sign turns once, so signs . x - signs . z is kept up to date.
    That is worth it where there are more than a few rows.
    """
    count, rows = len(landmarks[0]), len(points[0])
    if rows < FEW:
        return [pack(_distances(row, landmarks, weights, one), width) for row in zip(*points, strict=True)]
    packed = [pack([one] * count, width)] * rows
    unit = pack([1] * count, width)
    for column, places, weight in zip(points, landmarks, weights, strict=True):
        zs = [weight * z for z in places]
        signs, shift = -unit, pack([-z for z in zs], width)
        pending = sorted(range(count), key=places.__getitem__, reverse=True)
        for index in sorted(range(rows), key=column.__getitem__):
            x = column[index]
            while pending and places[pending[-1]] <= x:
                slot = pending.pop()
                signs += 2 << (slot * width)
                shift += 2 * zs[slot] << (slot * width)
            packed[index] += signs * (weight * x) - shift
    return packed


def _distances(row: Sequence[int], landmarks: list[list[int]], weights: list[int], one: int) -> list[int]:
    """one + sum_d w_d |x_d - z_jd|, one entry a landmark."""
    totals = [one] * len(landmarks[0])
    for x, zs, weight in zip(row, landmarks, weights, strict=True):
        totals = [total + weight * abs(x - z) for total, z in zip(totals, zs, strict=True)]
    return totals


def evaluator(basis: Basis, model: Model) -> Evaluator | NoKernel:
    if basis.kernel == FEATURES:
        return NoKernel()
    return Evaluator(basis.kernel, model.landmarks, model.scales, 2 * basis.grid_bits)


class LinearColumns:
    """The floored linear columns floor(2^p (x_d - o_d) / 2^E_d)."""

    def __init__(self, basis: Basis, model: Model) -> None:
        self.offsets = [float_integers([offset]) for offset in model.offsets]
        self.exponents, self.grid_bits = basis.linear_exponents, basis.grid_bits

    def rows(self, block: Block) -> list[list[int]]:
        """One list of d integers a row; empty lists without a linear term."""
        if not self.offsets:
            return [[] for _ in block.fine]
        columns = []
        for values, shift, (offset, offset_shift), exponent in zip(
            block.inputs, block.input_shifts, self.offsets, self.exponents, strict=True
        ):
            common = max(shift, offset_shift)
            origin, up = offset[0] << (common - offset_shift), common - shift
            left = self.grid_bits - common - exponent
            if left >= 0:
                columns.append([((value << up) - origin) << left for value in values])
            else:
                columns.append([((value << up) - origin) >> -left for value in values])
        return [list(row) for row in zip(*columns, strict=True)]

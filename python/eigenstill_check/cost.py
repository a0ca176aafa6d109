"""How long a check will take and how much memory, from the sizes of a certificate and the lengths of its numbers.

The unit of work is one product of two digits of Python's integers (30 bits): about a nanosecond. Every loop of the
checker that grows with the file has its term; tests compare the sum with measured times. It is an estimate made to
refuse what would take hours, not a promise.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .limits import Limits

DIGIT_BITS = 30
NANOSECOND = 1e-9
ROW_BLOCK = 1_024
INTEGER_BITS = 63  # of a stored integer
BYTES_A_VALUE = 48  # a float64 as read: its bytes, a Python float and a place in a list
BYTES_AN_ENTRY = 400  # all matrices of r x r together, an entry
BASE_BYTES = 16 << 20
ROW_CLAIMS = ("tolerance", "closer", "interval", "mean_error", "agreement")  # they go through the rows once more


def digits(bits: int) -> int:
    return bits // DIGIT_BITS + 1


@dataclass(frozen=True)
class Sizes:
    """Counts of a certificate; ``values`` are all its stored numbers. A matrix has inputs only: its columns."""

    rows: int
    holdout_rows: int = 0
    inputs: int = 0
    outputs: int = 0
    landmarks: int = 0
    columns: int = 0
    modes: int = 0
    cells: int = 0
    values: int = 0
    grid_bits: int = 64
    exponential: bool = False
    row_by_row: bool = False


@dataclass(frozen=True)
class Lengths:
    """Bits of the integers that stand for float64 numbers on common powers of two; the least there can be by default.

    point : a coordinate, on the unit of its column
    denominator : 1 + q
    formula : the formula's coefficients, on one unit
    target : outputs and labels, on one unit
    units : how far apart the units of the witnesses lie
    """

    point: int = 53
    denominator: int = 120
    formula: int = 64
    target: int = 64
    units: int = 64


def extent(values: Iterable[float]) -> tuple[int, int]:
    """(unit, top): every value is a multiple of 2^unit, unit <= 0, and at most 2^top in absolute value."""
    low, high = 0, 0
    for value in values:
        if value:
            numerator, denominator = value.as_integer_ratio()
            low = min(low, 1 - denominator.bit_length())
            high = max(high, numerator.bit_length() + 1 - denominator.bit_length())
    return low, high


def denominator_bits(points: Sequence[tuple[int, int]], scales: Sequence[float], *, quadratic: bool) -> int:
    """Bits of 1 + q from (unit, top) of each column, both as exponents of two, and the scales."""
    power = 2 if quadratic else 1
    unit, top = 0, 1
    for (low, high), scale in zip(points, scales, strict=True):
        numerator, denominator = scale.as_integer_ratio()
        unit = min(unit, 1 - denominator.bit_length() + power * low)
        top = max(top, numerator.bit_length() + 1 - denominator.bit_length() + power * (high + 1))
    return top - unit + len(points).bit_length() + 1


def seconds(sizes: Sizes, lengths: Lengths) -> float:
    """Of a student's certificate."""
    n, d, c, m, r, k = sizes.rows, sizes.inputs, sizes.outputs, sizes.landmarks, sizes.columns, sizes.modes
    held = sizes.holdout_rows * (2 if sizes.row_by_row else 1)
    point, slot = digits(lengths.point), digits(lengths.denominator)
    formula, target = digits(lengths.formula), digits(lengths.target)
    word, fine = digits(INTEGER_BITS), digits(2 * sizes.grid_bits)
    kernel = 350 + slot * (d * point + fine + 6) + (15_000 if sizes.exponential else 0)
    work = float((n + held + m) * m * kernel)
    work += (n + held) * d * (500 + 4 * point)
    work += (n + held) * c * (4 * r * (60 + 3 * formula) + 4_000 + 4 * max(formula, target) ** 2)
    work += n * c * 2 * r * target * (target + fine)
    work += n * r * r / 2 * 2 * digits(2 * sizes.grid_bits + n.bit_length())
    gram = digits(2 * sizes.grid_bits + n.bit_length() + 2 * INTEGER_BITS)
    work += 1.5 * (r**3 + m**3) * gram * word
    return (work + _spectral(r, k, gram, digits(lengths.units)) + (sizes.cells + 1) * c * r * r * 4 * gram) * NANOSECOND


def _spectral(r: int, k: int, entry: int, units: int) -> float:
    """The psd test and the products of the modes with M, whose entries have ``entry`` digits."""
    word, slot = digits(INTEGER_BITS), entry + 3 + units
    return r * r * (r + k) / 2 * slot * word + (k * k * r + k * r * r) * (entry + 3) * word + r * r * 300


def memory(sizes: Sizes, lengths: Lengths) -> float:
    """Bytes at the peak."""
    m, r = sizes.landmarks, sizes.columns
    block = min(ROW_BLOCK, max(sizes.rows, sizes.holdout_rows, m)) * (
        m * (lengths.denominator // 4 + 120) + sizes.inputs * (lengths.point // 4 + 60)
    )
    wide = (m + r) * sizes.outputs * lengths.formula // 8
    rows = sizes.holdout_rows * sizes.outputs * (3 * 160 + lengths.target) + sizes.rows * 120 if sizes.row_by_row else 0
    return (
        BASE_BYTES + BYTES_A_VALUE * sizes.values + (BYTES_AN_ENTRY + lengths.units // 4) * r * r + block + wide + rows
    )


def matrix_seconds(rows: int, width: int, columns: int, modes: int, bits: int, units: int) -> float:
    """Of a certificate about a matrix with entries of so many bits; ``columns`` is the side on which M is formed."""
    entry = digits(bits)
    square = 2 * entry + 1
    inner = rows * width / columns if columns else 0
    work = columns * columns / 2 * inner * square * entry + rows * width * (500 + entry)
    return (work + _spectral(columns, modes, square, digits(units))) * NANOSECOND


def matrix_memory(rows: int, width: int, columns: int, values: int, bits: int, units: int) -> float:
    entries = rows * width * (3 * (36 + bits // 8) + 16)
    return BASE_BYTES + BYTES_A_VALUE * values + entries + (BYTES_AN_ENTRY + (units + bits) // 2) * columns * columns


def region_seconds(inputs: int, landmarks: int, outputs: int, layers: Sequence[int], cells: int) -> float:
    """Of a certificate about boxes; ``layers`` are the units of each, the outputs last."""
    slots = 400 + 80 * inputs
    work = float(layers[0] * inputs * 600)
    for index, units in enumerate(layers[1:], 1):
        work += units * layers[0] * slots
        work += sum(units * layers[below] * (400 + 80 * layers[below - 1]) for below in range(1, index))
    work += landmarks * inputs * (3_000 + 300 * inputs * outputs)
    return cells * work * NANOSECOND


def region_memory(values: int) -> float:
    return BASE_BYTES + 4 * BYTES_A_VALUE * values


def require(limits: Limits, where: str, time: float, space: float) -> None:
    """Raise `NoVerdict` where the estimates are above the limits of the run."""
    limits.require(where, seconds=round(time), memory=round(space / (1 << 20)))

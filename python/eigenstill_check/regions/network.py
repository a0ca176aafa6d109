"""A ReLU network over a cell: its outputs as one linear function of the place, and how far they can be from it.

With t in [-1, 1]^d the place in the cell, h_0 = x, z_i = W_i h_i + b_i and h_(i+1) = relu(z_i). Where l <= z <= u, every
lambda in [0, 1] has 0 <= relu(z) - lambda z <= max(-lambda l, (1 - lambda) u): so each relu becomes a factor and a
remainder. Substituting backwards gives z_i as a linear function of t plus remainders, whose signs are then known (Fast-Lin:
Weng et al. 2018, with lambda = u / (u - l)). All numbers are dyadic and exact; only lambda and the remainders' size are rounded,
the latter up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul

from ..dyadic import ZERO, Dyadic, integers, quotient53
from ..packed import combine, largest, pack, slot_width, unpack
from .cells import Cell

FACTOR_BITS = 16
ONE_FACTOR = 1 << FACTOR_BITS
SPARE_BITS = 8  # so that slots need not grow for every combination


class PackedRows:
    """Rows of integers, packed; the slots grow where a combination needs wider ones."""

    def __init__(self, rows: list[list[int]]) -> None:
        self.rows, self.columns, self.largest = rows, len(rows[0]), max(1, largest(rows))
        self._width, self._packed = 0, [0]

    def combine(self, places: Sequence[int], coefficients: Sequence[int]) -> list[int]:
        """sum_k coefficients_k row(places_k), exactly."""
        bound = max(1, sum(map(abs, coefficients))) * self.largest
        if bound >> max(0, self._width - 1) or not self._width:
            self._width = slot_width(bound << SPARE_BITS)
            self._packed = [pack(row, self._width) for row in self.rows]
        chosen = [self._packed[place] for place in places]
        return unpack(combine(coefficients, chosen), self.columns, self._width)


@dataclass(frozen=True)
class Layer:
    """z = W h + b: rows of W, one an output, in units 2^unit; b in units 2^bias_unit."""

    weights: PackedRows
    unit: int
    bias: list[int]
    bias_unit: int

    @staticmethod
    def of(weights: Sequence[Sequence[float]], bias: Sequence[float]) -> Layer:
        flat, unit = integers([Dyadic.of_float(value) for row in weights for value in row])
        width = len(weights[0])
        rows = [flat[start : start + width] for start in range(0, len(flat), width)]
        return Layer(PackedRows(rows), unit, *integers([Dyadic.of_float(value) for value in bias]))


@dataclass(frozen=True)
class Linear:
    """value(t) is in constant + slopes . t + [low, high] for every t in [-1, 1]^d."""

    constant: Dyadic
    slopes: list[Dyadic]
    low: Dyadic
    high: Dyadic

    @property
    def at_least(self) -> Dyadic:
        return self.constant - self._reach + self.low

    @property
    def at_most(self) -> Dyadic:
        return self.constant + self._reach + self.high

    @property
    def _reach(self) -> Dyadic:
        return sum((abs(slope) for slope in self.slopes), ZERO)


@dataclass(frozen=True)
class _Relaxed:
    """The units of one hidden layer that are not always 0: places, factors in units 2^-16, remainders in units 2^unit."""

    places: list[int]
    factors: list[int]
    rest: list[int]
    unit: int


@dataclass(frozen=True)
class _First:
    """z_0 over the cell: rows (value at the centre, change along each t_d) in units 2^unit."""

    rows: PackedRows
    unit: int

    def linear(self, row: list[int], unit: int, constant: Dyadic, low: Dyadic, high: Dyadic) -> Linear:
        centre, *slopes = row
        return Linear(constant + Dyadic(centre, unit), [Dyadic(slope, unit) for slope in slopes], low, high)


def network_over(layers: Sequence[Layer], cell: Cell) -> list[Linear]:
    """The outputs of the last layer over the cell."""
    first = _first_layer(layers[0], cell)
    found = [first.linear(row, first.unit, ZERO, ZERO, ZERO) for row in first.rows.rows]
    relaxed: list[_Relaxed] = []
    for index in range(1, len(layers)):
        relaxed.append(_relax([(value.at_least, value.at_most) for value in found]))
        found = [_back(layers, index, row, first, relaxed) for row in range(len(layers[index].bias))]
    return found


def _first_layer(layer: Layer, cell: Cell) -> _First:
    centre, centre_unit = integers(list(cell.centre))
    half, half_unit = integers(list(cell.half))
    unit = min(layer.unit + min(centre_unit, half_unit), layer.bias_unit)
    up, across, bias_up = layer.unit + centre_unit - unit, layer.unit + half_unit - unit, layer.bias_unit - unit
    rows = [
        [
            (sum(map(mul, row, centre)) << up) + (bias << bias_up),
            *[(weight * radius) << across for weight, radius in zip(row, half, strict=True)],
        ]
        for row, bias in zip(layer.weights.rows, layer.bias, strict=True)
    ]
    return _First(PackedRows(rows), unit)


def _relax(bounds: Sequence[tuple[Dyadic, Dyadic]]) -> _Relaxed:
    places, factors, rests = [], [], []
    for place, (low, high) in enumerate(bounds):
        if not high > ZERO:
            continue
        places.append(place)
        if not low < ZERO:
            factors.append(ONE_FACTOR)
            rests.append(ZERO)
            continue
        unit = min(low.exponent, high.exponent)
        below, above = -low.at(unit), high.at(unit)
        factor = (above << FACTOR_BITS) // (above + below)
        worst = Dyadic(max(factor * below, (ONE_FACTOR - factor) * above), unit - FACTOR_BITS)
        factors.append(factor)
        rests.append(quotient53(*worst.ratio(), up=True))
    return _Relaxed(places, factors, *integers(rests))


def _back(layers: Sequence[Layer], index: int, row: int, first: _First, relaxed: Sequence[_Relaxed]) -> Linear:
    """Unit ``row`` of layer ``index``, substituted back to the cell."""
    layer = layers[index]
    weights, unit = layer.weights.rows[row], layer.unit
    constant, low, high = Dyadic(layer.bias[row], layer.bias_unit), ZERO, ZERO
    for below in range(index - 1, -1, -1):
        part = relaxed[below]
        chosen = [weights[place] for place in part.places]
        products = list(map(mul, chosen, part.rest))
        above = sum(value for value in products if value > 0)
        high += Dyadic(above, unit + part.unit)
        low += Dyadic(sum(products) - above, unit + part.unit)
        scaled, unit = list(map(mul, chosen, part.factors)), unit - FACTOR_BITS
        if below > 0:
            source = layers[below]
            biases = [source.bias[place] for place in part.places]
            constant += Dyadic(sum(map(mul, scaled, biases)), unit + source.bias_unit)
            weights, unit = source.weights.combine(part.places, scaled), unit + source.unit
        else:
            weights, unit = first.rows.combine(part.places, scaled), unit + first.unit
    return first.linear(weights, unit, constant, low, high)

"""Claim `region` a second time, from FORMAT.md section 6: fractions and plain loops over every unit and landmark."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import floor

from .reference import number, two

W = 64


def up_to(value: Fraction, bits: int) -> Fraction:
    """Rounded up to a multiple of 2^-bits."""
    return Fraction(-floor(-value * 2**bits), 2**bits)


def rounded53(value: Fraction, *, up: bool) -> Fraction:
    """53 bits, towards +infinity or -infinity."""
    if value == 0:
        return Fraction(0)
    if value < 0:
        return -rounded53(-value, up=not up)
    exponent = value.numerator.bit_length() - value.denominator.bit_length() - 55
    while True:
        scaled = value / two(exponent)
        mantissa = -floor(-scaled) if up else floor(scaled)
        if mantissa < 2**53:
            return mantissa * two(exponent)
        exponent += 1


@dataclass(frozen=True)
class Boxes:
    """The tensors of a region certificate, as nested lists of floats."""

    tensors: dict

    @property
    def layers(self) -> list[tuple[list, list]]:
        found = []
        while f"network.{len(found)}.weight" in self.tensors:
            found.append(tuple(exact(self.tensors[f"network.{len(found)}.{part}"]) for part in ("weight", "bias")))
        return found

    def claim(self) -> dict:
        partition, boxes = list(self.tensors["partition"]), []
        for centre, radius in zip(exact(self.tensors["centres"]), exact(self.tensors["radii"]), strict=True):
            cells = self._cells(centre, radius, partition)
            outputs = [self._output([self._bounds(c, r, o) for c, r in cells]) for o in self._outputs]
            boxes.append({"cells": len(cells), "outputs": outputs})
        assert not partition
        return {"claim": "region", "boxes": boxes}

    @property
    def _outputs(self) -> range:
        return range(len(self.tensors["intercept"]))

    def _cells(self, centre: list, radius: list, partition: list) -> list[tuple[list, list]]:
        axis = partition.pop(0)
        if axis == -1:
            return [(centre, radius)]
        half = [r / 2 if d == axis else r for d, r in enumerate(radius)]
        found = []
        for side in (-1, 1):
            middle = [c + side * half[axis] if d == axis else c for d, c in enumerate(centre)]
            found += self._cells(middle, half, partition)
        return found

    def _output(self, cells: list) -> dict:
        names = ("difference_at_most", "formula_at_least", "formula_at_most")
        picked = (max(c[0] for c in cells), min(c[1] for c in cells), max(c[2] for c in cells))
        found = {k: number(rounded53(v, up="least" not in k), k) for k, v in zip(names, picked, strict=True)}
        slopes = [max(column) for column in zip(*(c[3] for c in cells), strict=True)]
        return {**found, "slopes_at_most": [number(rounded53(v, up=True), "slopes_at_most") for v in slopes]}

    def network(self, c: list, r: list) -> list[tuple[Fraction, list, Fraction, Fraction]]:
        """constant, slopes along t, low, high of each output."""
        layers = self.layers
        weight, bias = layers[0]
        first = [
            (dot(row, c) + b, [w * x for w, x in zip(row, r, strict=True)]) for row, b in zip(weight, bias, strict=True)
        ]
        found = [(z, g, Fraction(0), Fraction(0)) for z, g in first]
        relaxed: list[list[tuple[Fraction, Fraction]]] = []
        for i in range(1, len(layers)):
            relaxed.append([relax(*ends(entry)) for entry in found])
            found = []
            for row, k in zip(*layers[i], strict=True):
                a, low, high = row, Fraction(0), Fraction(0)
                for j in range(i - 1, -1, -1):
                    high += sum(max(x, 0) * rest for x, (_, rest) in zip(a, relaxed[j], strict=True))
                    low += sum(min(x, 0) * rest for x, (_, rest) in zip(a, relaxed[j], strict=True))
                    a = [x * factor for x, (factor, _) in zip(a, relaxed[j], strict=True)]
                    if j > 0:
                        k += dot(a, layers[j][1])
                        a = [dot(a, column) for column in zip(*layers[j][0], strict=True)]
                slopes = [dot(a, column) for column in zip(*(g for _, g in first), strict=True)]
                found.append((dot(a, [z for z, _ in first]) + k, slopes, low, high))
        return found

    def _bounds(self, c: list, r: list, output: int) -> tuple:
        s, d = exact(self.tensors["scales"]), range(len(c))
        own = [exact(row)[output] for row in self.tensors["weights"]] if "weights" in self.tensors else [0] * len(c)
        constant = Fraction(self.tensors["intercept"][output]) + dot(own, c)
        linear, rest = list(own), Fraction(0)
        curvature, extra = [[Fraction(0) for _ in d] for _ in d], [Fraction(0) for _ in d]
        for z, row in zip(exact(self.tensors["landmarks"]), exact(self.tensors["coefficients"]), strict=True):
            a, gap = row[output], [x - y for x, y in zip(c, z, strict=True)]
            middle = 1 + sum(s[i] * gap[i] ** 2 for i in d)
            near = 1 + sum(s[i] * max(Fraction(0), abs(gap[i]) - r[i]) ** 2 for i in d)
            far = 1 + sum(s[i] * (abs(gap[i]) + r[i]) ** 2 for i in d)
            p = Fraction(floor(2**W / middle), 2**W)
            e, g = 1 - p * middle, [2 * s[i] * gap[i] for i in d]
            top_s, top_phi = up_to(max(abs(1 - p * near), abs(1 - p * far)), W), up_to(1 / near, W)
            along, spread = up_to(sum(abs(g[i]) * r[i] for i in d), W), up_to(sum(s[i] * r[i] ** 2 for i in d), W)
            constant += a * p * (1 + e + e * e)
            rest += abs(a) * (p**3 * (2 * along + spread) * spread + top_s**3 * top_phi)
            beyond = top_phi**2 * (3 * top_s**2 + 2 * top_s**3)
            for i in d:
                linear[i] -= a * p * p * (1 + 2 * e) * g[i]
                curvature[i][i] -= s[i] * a * p * p * (1 + 2 * e)
                for k in d:
                    curvature[i][k] += a * p**3 * g[i] * g[k]
                extra[i] += abs(a) * (
                    (2 * p**3 * spread + beyond) * abs(g[i]) + (4 * p**3 * (along + spread) + 2 * beyond) * s[i] * r[i]
                )
        both = 2 * sum(abs(curvature[i][k]) * r[i] * r[k] for i in d for k in range(i))
        high = rest + sum(max(Fraction(0), curvature[i][i]) * r[i] ** 2 for i in d) + both
        low = -rest + sum(min(Fraction(0), curvature[i][i]) * r[i] ** 2 for i in d) - both
        reach = sum(abs(linear[i]) * r[i] for i in d)
        slopes = [abs(linear[i]) + 2 * sum(abs(curvature[i][k]) * r[k] for k in d) + extra[i] for i in d]
        k, network_slopes, net_low, net_high = self.network(c, r)[output]
        h = sum(abs(linear[i] * r[i] - network_slopes[i]) for i in d)
        difference = max(constant - k + h + high - net_low, -(constant - k - h + low - net_high))
        return difference, constant - reach + low, constant + reach + high, slopes


def exact(values):
    """Nested floats as fractions."""
    return [exact(value) for value in values] if isinstance(values, list) else Fraction(values)


def dot(left: list, right) -> Fraction:
    return sum((a * b for a, b in zip(left, right, strict=True)), Fraction(0))


def ends(entry: tuple) -> tuple[Fraction, Fraction]:
    constant, slopes, low, high = entry
    reach = sum(map(abs, slopes))
    return constant - reach + low, constant + reach + high


def relax(low: Fraction, high: Fraction) -> tuple[Fraction, Fraction]:
    """Factor and rest of a unit between two bounds."""
    if high <= 0 or low >= 0:
        return Fraction(int(high > 0)), Fraction(0)
    factor = Fraction(floor(2**16 * high / (high - low)), 2**16)
    return factor, rounded53(max(-factor * low, (1 - factor) * high), up=True)

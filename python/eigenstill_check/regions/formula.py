"""The formula over a cell: a quadratic around the centre, with what it can be off by, and the slopes.

For a landmark let D = 1 + q at the centre c, p = floor(2^w / D) 2^-w, e = 1 - p D, and s(x) = 1 - p (1 + q(x)). Then
phi = p (1 + s + s^2) + s^3 phi and phi^2 = p^2 (1 + 2 s) + (3 s^2 - 2 s^3) phi^2, exactly, whatever p is; and with
v = x - c, g_d = 2 s_d (c_d - z_d): s = e - p (g . v + sum_d s_d v_d^2). Summed over the landmarks with the coefficients a,
constant, linear and quadratic terms cancel as the coefficients do; the rest is of third order in the size of the cell and
is bounded term by term. Numbers are dyadic and exact but for those bounds, which are rounded up to 2^-w.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul

from ..dyadic import ZERO, Dyadic, integers
from ..packed import combine, largest, pack, slot_width, unpack
from .cells import Cell

WORK_BITS = 64


@dataclass(frozen=True)
class Formula:
    """b + w . x + sum_j a_j phi_j(x), rational-quadratic; float64 as stored, landmarks by column."""

    landmarks: list[list[Dyadic]]
    scales: list[Dyadic]
    coefficients: list[list[Dyadic]]
    intercept: list[Dyadic]
    weights: list[list[Dyadic]]


@dataclass(frozen=True)
class Quadratic:
    """One output: the formula is in constant + linear . v + sum_de curvature_de v_d v_e + [-rest, rest] on the cell.

    ``slopes`` bound the absolute partial derivatives on the cell.
    """

    constant: Dyadic
    linear: list[Dyadic]
    curvature: list[list[Dyadic]]
    rest: Dyadic
    slopes: list[Dyadic]


@dataclass(frozen=True)
class _Landmarks:
    """What each landmark contributes, integers: gaps c_d - z_jd in units 2^units_d by coordinate; p and the bounds in
    units 2^-w; e in units 2^error_unit."""

    gaps: list[list[int]]
    units: list[int]
    p: list[int]
    errors: list[int]
    error_unit: int
    largest_s: list[int]
    largest_phi: list[int]
    gradients: list[int]
    spread: int


def formula_over(formula: Formula, cell: Cell) -> list[Quadratic]:
    """Each output of the formula over the cell."""
    parts = _landmarks(formula, cell)
    return [_output(formula, cell, parts, output) for output in range(len(formula.intercept))]


def _landmarks(formula: Formula, cell: Cell) -> _Landmarks:
    gaps, halves, units = [], [], []
    for column, centre, half in zip(formula.landmarks, cell.centre, cell.half, strict=True):
        (middle, radius, *points), unit = integers([centre, half, *column])
        gaps.append([middle - point for point in points])
        halves.append(radius)
        units.append(unit)
    fine = min(0, *(scale.exponent + 2 * unit for scale, unit in zip(formula.scales, units, strict=True)))
    weights = [s.mantissa << (s.exponent + 2 * unit - fine) for s, unit in zip(formula.scales, units, strict=True)]
    one, w = 1 << -fine, WORK_BITS
    spread = sum(weight * radius * radius for weight, radius in zip(weights, halves, strict=True))
    p, errors, largest_s, largest_phi, gradients = [], [], [], [], []
    for place in zip(*gaps, strict=True):
        sizes = [abs(gap) for gap in place]
        middle = one + sum(weight * gap * gap for weight, gap in zip(weights, sizes, strict=True))
        near = one + sum(k * max(0, gap - r) ** 2 for k, gap, r in zip(weights, sizes, halves, strict=True))
        far = one + sum(k * (gap + r) ** 2 for k, gap, r in zip(weights, sizes, halves, strict=True))
        inverse, whole = (1 << (w - fine)) // middle, 1 << (w - fine)
        p.append(inverse)
        errors.append(whole - inverse * middle)
        largest_s.append(_up(max(abs(whole - inverse * near), abs(whole - inverse * far)), -fine))
        largest_phi.append(-(-(1 << (w - fine)) // near))
        gradients.append(_up(2 * sum(k * gap * r for k, gap, r in zip(weights, sizes, halves, strict=True)), -fine - w))
    return _Landmarks(gaps, units, p, errors, fine - w, largest_s, largest_phi, gradients, _up(spread, -fine - w))


def _up(value: int, shift: int) -> int:
    """value 2^-shift, rounded up."""
    return -(-value >> shift) if shift >= 0 else value << -shift


def _output(formula: Formula, cell: Cell, parts: _Landmarks, output: int) -> Quadratic:
    w, unit = WORK_BITS, parts.error_unit
    stored, a_unit = integers([row[output] for row in formula.coefficients])
    one = 1 << -unit
    first = [a * p * (one * (one + e) + e * e) for a, p, e in zip(stored, parts.p, parts.errors, strict=True)]
    second = [a * p * p * (one + 2 * e) for a, p, e in zip(stored, parts.p, parts.errors, strict=True)]
    third = [a * p**3 for a, p in zip(stored, parts.p, strict=True)]
    total = Dyadic(sum(second), a_unit - 2 * w + unit)
    constant = formula.intercept[output] + Dyadic(sum(first), a_unit - w + 2 * unit)
    steps = [Dyadic(2) * scale for scale in formula.scales]  # g_d = steps_d (c_d - z_d)
    own = [row[output] for row in formula.weights] or [ZERO] * len(steps)
    for weight, centre in zip(own, cell.centre, strict=True):
        constant += weight * centre
    linear = [
        weight - step * Dyadic(sum(map(mul, second, gaps)), a_unit - 2 * w + unit + gap_unit)
        for weight, step, gaps, gap_unit in zip(own, steps, parts.gaps, parts.units, strict=True)
    ]
    curvature = _curvature(parts, third, a_unit - 3 * w, steps)
    for d, scale in enumerate(formula.scales):
        curvature[d][d] -= total * scale
    return Quadratic(constant, linear, curvature, *_rests(formula, cell, parts, stored, a_unit, linear, curvature))


def _curvature(parts: _Landmarks, third: list[int], unit: int, steps: list[Dyadic]) -> list[list[Dyadic]]:
    """sum_j a_j p_j^3 g_jd g_je."""
    rows = [list(place) for place in zip(*parts.gaps, strict=True)]
    width = slot_width(max(1, largest(rows)) ** 2 * max(1, sum(map(abs, third))))
    packed = [pack(row, width) for row in rows]
    found = []
    for d, gaps in enumerate(parts.gaps):
        row = unpack(combine(map(mul, third, gaps), packed), len(steps), width)
        found.append(
            [steps[d] * steps[e] * Dyadic(entry, unit + parts.units[d] + parts.units[e]) for e, entry in enumerate(row)]
        )
    return found


def _rests(
    formula: Formula,
    cell: Cell,
    parts: _Landmarks,
    stored: list[int],
    a_unit: int,
    linear: Sequence[Dyadic],
    curvature: Sequence[Sequence[Dyadic]],
) -> tuple[Dyadic, list[Dyadic]]:
    """What the quadratic leaves out of values, and the bounds of the slopes with what it leaves out of them."""
    w, spread = WORK_BITS, parts.spread
    sizes = [abs(a) for a in stored]
    cubes = [p**3 for p in parts.p]
    rest = sum(
        a * (cube * (2 * grad + spread) * spread + (s**3 * phi << w))
        for a, cube, grad, s, phi in zip(sizes, cubes, parts.gradients, parts.largest_s, parts.largest_phi, strict=True)
    )
    beyond = [
        phi * phi * ((3 * s * s << w) + 2 * s**3)  # units 2^-5w
        for s, phi in zip(parts.largest_s, parts.largest_phi, strict=True)
    ]
    along = [a * (((2 * cube * spread) << w) + b) for a, cube, b in zip(sizes, cubes, beyond, strict=True)]
    across = Dyadic(
        sum(
            a * (((4 * cube * (grad + spread)) << w) + 2 * b)
            for a, cube, grad, b in zip(sizes, cubes, parts.gradients, beyond, strict=True)
        ),
        a_unit - 5 * w,
    )
    slopes = []
    for d, (scale, half) in enumerate(zip(formula.scales, cell.half, strict=True)):
        reach = Dyadic(
            sum(a * abs(gap) for a, gap in zip(along, parts.gaps[d], strict=True)), a_unit - 5 * w + parts.units[d]
        )
        turn = sum((abs(entry) * other for entry, other in zip(curvature[d], cell.half, strict=True)), ZERO)
        slopes.append(abs(linear[d]) + Dyadic(2) * (turn + scale * reach) + scale * half * across)
    return Dyadic(rest, a_unit - 5 * w), slopes

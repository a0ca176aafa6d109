"""Claim `gcv`: over a bracket of ridges no full ridge fit on A to the labels has a GCV much below that at the ridge.

GCV(a) = n RSS(a) / (n - g dof(a))^2 with dof(a) = 1 + sum lambda / (lambda + a): Golub, Heath and Wahba (1979) for g = 1,
robust for g = 7/5. RSS is summed over the outputs that vary, each over its total. On a cell [u, v] of ridges RSS(a) >=
RSS(u) and dof(a) >= dof(v), so finitely many cells bound GCV from below (FORMAT.md section 3; Lean:
`gcv_ridge_near_min_of_partition`, `rss_le_of_trial`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from .. import shapes
from ..dyadic import ZERO, Dyadic, sqrt53
from ..errors import Rejected
from ..exact import Exact
from ..projection import Target
from ..vectors import Vector
from .diagnosis import filtered

FACTORS = {"gcv": Fraction(1), "robust-gcv": Fraction(7, 5)}
EXCESS_BITS = 30
MAX_EXCESS = Fraction(1, 100)
FIELDS = shapes.fields(
    {
        "claim": shapes.choice("gcv"),
        "criterion": shapes.choice(*FACTORS),
        "ridge": shapes.number,
        "from_at_most": shapes.number,
        "to_at_least": shapes.number,
        "threshold": shapes.short_number,
        "slack": shapes.short_number,
        "trial_exponent": shapes.count(-256, 256),
        "excess_at_most": shapes.number,
    }
)


@dataclass(frozen=True)
class _Ridges:
    """What bounds dof and RSS at any ridge."""

    exact: Exact
    targets: list[Target]
    intervals: list[tuple[Dyadic, Dyadic]]
    rest: tuple[int, Dyadic]
    image: Callable[[Sequence[int]], list[int]]
    trial_exponent: int

    def dof(self, ridge: Dyadic, *, up: bool) -> Dyadic:
        """1 + sum lambda / (lambda + ridge), from above or below; eigenvalues without interval lie in [0, mu]."""
        total = sum((filtered(pair[up], ridge, up=up) for pair in self.intervals), Dyadic(1))
        if up:
            count, level = self.rest
            total += Dyadic(count) * filtered(level, ridge, up=True)
        return total

    def residuals(self, ridge: Dyadic, trials: list[list[int]], *, up: bool) -> Fraction:
        """sum_o RSS_o / norm(t_o - tbar_o)^2 of the exact ridge fit, from above or below, by a trial w for each output.

        abs(sqrt RSS(w) - sqrt RSS) <= norm((M + a) w - A^T (t - tbar)) / (2 sqrt a).
        """
        rows, total = Dyadic(self.exact.sums.rows), Fraction(0)
        for entries, target in zip(trials, self.targets, strict=True):
            if not target.total > ZERO:
                continue
            weights = Vector(entries, self.trial_exponent)
            image = Vector(self.image(entries), self.exact.operator.exponent + weights.exponent)
            residual = target.total - Dyadic(2) * weights.dot(target.products) + rows * weights.dot(image)  # n RSS(w)
            slope = ((image + weights.scaled(ridge)).scaled(rows) - target.products).squared_norm
            square, below = (slope.ratio(), (Dyadic(4) * rows * rows * ridge).ratio())
            distance = sqrt53(square[0] * below[1], square[1] * below[0], up=True)
            top, bottom = residual.ratio()
            root = sqrt53(top, bottom * rows.mantissa, up=up)
            root = root + distance if up else max(ZERO, root - distance)
            total += Fraction(*(root * root * rows).ratio()) / Fraction(*target.total.ratio())
        return total


def compute(exact: Exact, witness: Mapping[str, Any]) -> dict[str, Any]:
    """``witness`` supplies criterion, threshold, slack and the unit of the trials; cells and trials are tensors."""
    threshold, slack, factor = witness["threshold"], witness["slack"], FACTORS[witness["criterion"]]
    model, ridge = exact.certificate.model, exact.ridge
    if "labels" not in exact.targets:
        raise Rejected("gcv", "no labels", "labels: on a noise-free teacher GCV asks for ever more modes")
    exact.require_psd("gcv", threshold, slack)
    targets = exact.targets["labels"]
    if not any(target.total > ZERO for target in targets):
        raise Rejected("gcv", "labels that do not vary", "an output whose labels vary")
    intervals = exact.enclosures(threshold)
    ridges = _Ridges(
        exact,
        targets,
        intervals,
        (model.columns - len(intervals), threshold),
        exact.operator.images([entry for trial in model.ridge_trials for entry in trial], exact.arithmetic),
        witness["trial_exponent"],
    )
    rows = exact.sums.rows
    edges = [Dyadic.of_float(edge) for edge in model.ridge_edges]
    chosen = (
        ridges.residuals(ridge, model.ridge_trials[0], up=True) / _free(rows, factor, ridges.dof(ridge, up=True)) ** 2
    )
    _free(rows, factor, ridges.dof(edges[0], up=True))  # so n - g dof > 0 on all of the bracket
    least = min(
        ridges.residuals(low, trials, up=False) / _free(rows, factor, ridges.dof(high, up=False)) ** 2
        for (low, high), trials in zip(pairwise(edges), model.ridge_trials[1:], strict=True)
    )
    if not least > 0:
        raise Rejected("gcv", "a cell whose GCV may be 0", "cells and trials that bound GCV away from 0")
    excess = chosen / least - 1
    if excess > MAX_EXCESS:
        raise Rejected("gcv.excess_at_most", _excess(excess).decimal(up=True), "at most 1/100")
    encode = shapes.encode_number
    return {
        "claim": "gcv",
        "criterion": witness["criterion"],
        "ridge": encode(ridge, "ridge"),
        "from_at_most": encode(edges[0], "from_at_most"),
        "to_at_least": encode(edges[-1], "to_at_least"),
        "threshold": encode(threshold, "threshold"),
        "slack": encode(slack, "slack"),
        "trial_exponent": witness["trial_exponent"],
        "excess_at_most": encode(_excess(excess), "excess_at_most"),
    }


def _free(rows: int, factor: Fraction, dof: Dyadic) -> Fraction:
    """n - g dof."""
    free = rows - factor * Fraction(*dof.ratio())
    if not free > 0:
        got = f"degrees of freedom up to {dof.decimal(up=True)}"
        raise Rejected("gcv", got, "g times that less than n on the whole bracket")
    return free


def _excess(value: Fraction) -> Dyadic:
    """Rounded up on the grid 2^-30, at least 0."""
    numerator, denominator = value.numerator << EXCESS_BITS, value.denominator
    return Dyadic(max(0, -(-numerator // denominator)), -EXCESS_BITS)


def say(claim: Mapping[str, Any]) -> str:
    times = (Dyadic(1) + Dyadic.parse(claim["excess_at_most"]["exact"])).decimal(up=True)
    first, last = shapes.brief(claim["from_at_most"], up=True), shapes.brief(claim["to_at_least"], up=False)
    return (
        f"{claim['criterion']} at ridge {shapes.brief(claim['ridge'], up=True)} is at most "
        f"{shapes.brief({'decimal': times}, up=True, digits=6)} times that at any ridge in [{first}, {last}]"
    )

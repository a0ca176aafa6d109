"""Claim `metric`: T is near the inverse square root of the landmarks' kernel, and standardises the linear columns.

Without it a tiny T would make every bound on the operator trivially true.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import shapes
from ..basis import evaluator
from ..dyadic import ONE, ZERO, Dyadic, quotient53
from ..errors import Rejected
from ..exact import Exact
from ..layout import FEATURES

MAX_DEFECT = Dyadic(1, -1)  # 1 would still admit a metric scaled down as far as one likes
FIELDS = shapes.fields({"claim": shapes.choice("metric"), "defect": shapes.number, "linear_defect": shapes.number})


def compute(exact: Exact, _witness: Mapping[str, Any]) -> dict[str, Any]:
    features = exact.certificate.basis.kernel == FEATURES
    defect, linear = kernel_defect(exact), own_units_defect(exact) if features else linear_defect(exact)
    if features and linear != ZERO:
        raise Rejected("metric.linear_defect", linear.decimal(up=True), "0: features in their own units")
    for name, value in (("defect", defect), ("linear_defect", linear)):
        if not value <= MAX_DEFECT:
            raise Rejected(f"metric.{name}", value.decimal(up=True), "at most 1/2")
    if not features and (column := coarse_column(exact)) is not None:
        raise Rejected(
            f"metric.linear_exponents[{column}]",
            f"a column that varies by too few units of 2^-{exact.certificate.basis.grid_bits}",
            "N_dd >= 2^(2p - 7): the least exponent that covers the training rows",
        )
    encode = shapes.encode_number
    return {
        "claim": "metric",
        "defect": encode(defect, "defect"),
        "linear_defect": encode(linear, "linear_defect"),
    }


def kernel_defect(exact: Exact) -> Dyadic:
    """Largest absolute row sum of T^T K T - I, K floored at 2^-P, plus what the floor can change."""
    basis, model = exact.certificate.basis, exact.certificate.model
    if not model.landmarks:
        return ZERO
    fine_bits = 2 * basis.grid_bits
    exponent = min(-fine_bits, basis.jitter.reduced().exponent)
    shift = -fine_bits - exponent
    kernel = evaluator(basis, model).gram(model.landmarks)
    if shift:
        kernel = [[value << shift for value in row] for row in kernel]
    jitter = basis.jitter.at(exponent)
    for index, row in enumerate(kernel):
        row[index] += jitter
    scale = exponent + 2 * basis.metric_exponent
    low = min(scale, 0)
    largest = exact.arithmetic.largest_row_gap(model.metric, kernel, scale - low, 1 << -low)
    sums = [sum(map(abs, column)) for column in zip(*model.metric, strict=True)]
    floor_part = Dyadic(max(sums) * sum(sums), 2 * basis.metric_exponent - fine_bits)
    return Dyadic(largest, low) + floor_part


def linear_defect(exact: Exact) -> Dyadic:
    """How far the standardised linear columns are from mean square 1: max_d |T_d^2 N_dd / n - 1|, rounded up."""
    operator, model, rows = exact.operator, exact.certificate.model, exact.sums.rows
    worst = ZERO
    for entry in operator.diagonal[len(model.landmarks) :]:  # T is diagonal there, so M_dd = T_d^2 N_dd 2^-2p
        gap = abs(Dyadic(entry, operator.exponent) - Dyadic(rows))
        numerator, denominator = gap.ratio()
        worst = max(worst, quotient53(numerator, denominator * rows, up=True))
    return worst


def coarse_column(exact: Exact) -> int | None:
    """The first linear column whose exponent is so large that flooring makes it a step function.

    A column that reaches over a quarter of [0, 2^p] has N_dd >= 2^(2p - 5): two of its entries lie that far apart.
    """
    model = exact.certificate.model
    diagonal = exact.operator.diagonal[len(model.landmarks) :]
    bits = 2 * exact.certificate.basis.grid_bits - 7
    for place, (unit, entry) in enumerate(zip(model.linear_metric, diagonal, strict=True)):
        if entry < (unit * unit) << bits:  # M_dd = T_d^2 N_dd in units of the operator
            return place
    return None


def own_units_defect(exact: Exact) -> Dyadic:
    """How far T is from carrying the scaled linear columns back to their own units: max_d |T_d 2^-E_d - 1|."""
    basis, model = exact.certificate.basis, exact.certificate.model
    return max(
        abs(Dyadic(value, basis.metric_exponent - exponent) - ONE)
        for value, exponent in zip(model.linear_metric, basis.linear_exponents, strict=True)
    )


def say(claim: Mapping[str, Any]) -> str:
    kernel, linear = claim["defect"]["decimal"], claim["linear_defect"]["decimal"]
    if kernel == linear == "0":  # features: a kernel's defect has the part of its floor, above 0
        return "A is measured in the features' own units, exactly"
    return f"T^T K T is the identity within {kernel}; linear columns standardised within {linear}"

"""Claim `shrinkage`: the fit that the student stores is the ridge fit over its modes, up to a proved gap.

J(w) = norm(t - tbar - A w)^2 + alpha norm(w)^2 for the teacher's outputs t, w = V u with the stored u. For all w' in
the span of the first modes J(w) <= J(w') + gap (FORMAT.md section 3; Lean: `ridgeObjective_le_of_span`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import shapes
from ..certificate import Certificate
from ..dyadic import ONE, Dyadic, quotient53
from ..errors import Rejected
from ..exact import Exact
from ..layout import MAX_OUTPUTS
from ..projection import Target, along_modes
from ..vectors import Vector

_output = shapes.fields(
    {
        "objective_at_most": shapes.number,
        "gap_at_most": shapes.number,
        "coefficients_differ_at_most": shapes.number,
        "intercept_differs_at_most": shapes.number,
    }
)
FIELDS = shapes.fields(
    {
        "claim": shapes.choice("shrinkage"),
        "ridge": shapes.number,
        "solution_exponent": shapes.count(-256, 256),
        "outputs": shapes.listing(_output, 1, MAX_OUTPUTS),
    }
)


def compute(exact: Exact, witness: Mapping[str, Any]) -> dict[str, Any]:
    """``witness`` supplies the unit of the stored solution."""
    exponent = witness["solution_exponent"]
    if not exact.modes.defect < ONE:
        raise Rejected("shrinkage", f"delta {exact.modes.defect.decimal(up=True)}", "less than 1: independent modes")
    outputs = [
        _entry(exact, Vector(solution, exponent), target, output)
        for output, (solution, target) in enumerate(
            zip(exact.certificate.model.solution, exact.targets["teacher"], strict=True)
        )
    ]
    return {
        "claim": "shrinkage",
        "ridge": shapes.encode_number(exact.ridge, "ridge"),
        "solution_exponent": exponent,
        "outputs": outputs,
    }


def _entry(exact: Exact, solution: Vector, target: Target, output: int) -> dict[str, Any]:
    certificate, operator, ridge = exact.certificate, exact.operator, exact.ridge
    basis, rows = certificate.basis, Dyadic(exact.sums.rows)
    vectors, count = certificate.model.eigenvectors, len(solution.entries)
    weights = Vector(
        exact.arithmetic.coimage(vectors, solution.entries + [0] * (len(vectors) - count)),
        basis.vector_exponent + solution.exponent,
    )
    image = Vector(operator.image(weights.entries, exact.arithmetic), operator.exponent + weights.exponent)
    half_slope = (image + weights.scaled(ridge)).scaled(rows) - target.products  # n (M w + alpha w - A^T (t - tbar))
    objective = target.total - Dyadic(2) * weights.dot(target.products)
    objective += rows * (weights.dot(image) + ridge * weights.squared_norm)  # n J(w)
    gap = along_modes(basis, vectors, count, half_slope, exact.arithmetic).squared_norm
    numbers = {
        "objective_at_most": _quotient(objective, rows),
        "gap_at_most": _quotient(gap, rows * rows * ridge * (ONE - exact.modes.defect)),
        "coefficients_differ_at_most": _quotient(_coefficient_gap(exact, weights, output), ONE),
        "intercept_differs_at_most": _quotient(_intercept_gap(exact, output), rows),
    }
    return {name: shapes.encode_number(value, name) for name, value in numbers.items()}


def column_coefficients(certificate: Certificate, output: int) -> Vector:
    """The stored formula as coefficients of the r basis columns: a_j, and w_d 2^E_d."""
    model = certificate.model
    linear = [
        Dyadic.of_float(row[output]) * Dyadic(1, exponent)
        for row, exponent in zip(model.weights, certificate.basis.linear_exponents, strict=True)
    ]
    return Vector.of([Dyadic.of_float(row[output]) for row in model.coefficients] + linear)


def _coefficient_gap(exact: Exact, weights: Vector, output: int) -> Dyadic:
    """norm1(a - T V u)."""
    certificate = exact.certificate
    model, count = certificate.model, len(certificate.model.metric)
    image = exact.arithmetic.image(model.metric, weights.entries[:count]) if count else []
    image += [own * entry for own, entry in zip(model.linear_metric, weights.entries[count:], strict=True)]
    fitted = Vector(image, certificate.basis.metric_exponent + weights.exponent)
    return (column_coefficients(certificate, output) - fitted).absolute_sum


def _intercept_gap(exact: Exact, output: int) -> Dyadic:
    """n abs(b + sum w_d o_d - (tbar - c^T a))."""
    certificate, rows = exact.certificate, exact.sums.rows
    model = certificate.model
    constant = Dyadic.of_float(model.intercept[output])
    for row, offset in zip(model.weights, model.offsets, strict=True):
        constant += Dyadic.of_float(row[output]) * Dyadic.of_float(offset)
    means = Vector([total // rows for total in exact.sums.column_sums], -certificate.basis.grid_bits)
    constant += means.dot(column_coefficients(certificate, output))
    return abs(Dyadic(rows) * constant - exact.sums.splits["train"].targets["teacher"][output].values)


def _quotient(numerator: Dyadic, denominator: Dyadic) -> Dyadic:
    """Rounded up to 53 bits; both at least 0, the denominator above."""
    (top, top_low), (bottom, bottom_low) = numerator.ratio(), denominator.ratio()
    return quotient53(top * bottom_low, top_low * bottom, up=True)


def say(claim: Mapping[str, Any]) -> str:
    worst = max(claim["outputs"], key=lambda output: Dyadic.parse(output["gap_at_most"]["exact"]))
    far = max(claim["outputs"], key=lambda output: Dyadic.parse(output["coefficients_differ_at_most"]["exact"]))
    high = max(claim["outputs"], key=lambda output: Dyadic.parse(output["objective_at_most"]["exact"]))
    return (
        f"ridge objective at most {shapes.brief(high['objective_at_most'], up=True)}, within "
        f"{shapes.brief(worst['gap_at_most'], up=True, digits=2)} of the least over the modes at ridge "
        f"{shapes.brief(claim['ridge'], up=True)}; stored coefficients off that fit by at most "
        f"{shapes.brief(far['coefficients_differ_at_most'], up=True, digits=2)} in all"
    )

"""Claim `global`: what holds for ALL inputs, seen from the coefficients alone (FORMAT.md section 3; Lean: `Theory.Global`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import shapes
from ..dyadic import ZERO, Dyadic, quotient53, sqrt53
from ..errors import Rejected
from ..exact import Exact
from ..layout import FEATURES, MAX_INPUTS, MAX_OUTPUTS

FLOAT32_BITS, FLOAT32_LEAST, FLOAT32_TOP = 24, -149, 128
MAX_SLOPES = 16_384
SLOPES = {  # at least max (d phi / dx_d)^2 / s_d: 27/64, 2/e, 3/e^2
    "rational-quadratic": Dyadic(27, -6),
    "gaussian": Dyadic(3, -2),
    "matern-3/2": Dyadic(13, -5),
}
_output = shapes.fields(
    {
        "kernel_at_least": shapes.number,
        "kernel_at_most": shapes.number,
        "float32_moves_at_most": shapes.number,
        "slopes_at_most": shapes.listing(shapes.number, 1, MAX_INPUTS),
    }
)
FIELDS = shapes.fields({"claim": shapes.choice("global"), "outputs": shapes.listing(_output, 1, MAX_OUTPUTS)})


def compute(exact: Exact, _witness: Mapping[str, Any]) -> dict[str, Any]:
    model = exact.certificate.model
    if model.inputs * model.outputs > MAX_SLOPES:
        raise Rejected("global", f"{model.inputs} inputs x {model.outputs} outputs", f"at most {MAX_SLOPES} slopes")
    return {"claim": "global", "outputs": [_entry(exact, output) for output in range(model.outputs)]}


def _entry(exact: Exact, output: int) -> dict[str, Any]:
    model = exact.certificate.model
    coefficients = [Dyadic.of_float(row[output]) for row in model.coefficients]
    weights = [abs(Dyadic.of_float(row[output])) for row in model.weights] or [ZERO] * model.inputs
    low = sum((a for a in coefficients if a < ZERO), ZERO)
    high = sum((a for a in coefficients if a > ZERO), ZERO)
    moved = sum((abs(a - float32(a)) for a in coefficients), ZERO)
    slopes = [
        _up(kernel_slope(exact.certificate.basis.kernel, Dyadic.of_float(scale), high - low) + weight)
        for scale, weight in zip(model.scales or [1.0] * len(weights), weights, strict=True)
    ]
    encode = shapes.encode_number
    return {
        "kernel_at_least": encode(low, "kernel_at_least"),
        "kernel_at_most": encode(high, "kernel_at_most"),
        "float32_moves_at_most": encode(_up(moved), "float32_moves_at_most"),
        "slopes_at_most": [encode(slope, "slopes_at_most") for slope in slopes],
    }


def kernel_slope(kernel: str, scale: Dyadic, norm: Dyadic) -> Dyadic:
    """Bound of abs(d/dx_d) of the kernel part: s_d norm1(a) for rational-l1, sqrt(SLOPES s_d) norm1(a) for the others."""
    if kernel == FEATURES:
        return ZERO
    if kernel == "rational-l1":
        return scale * norm
    numerator, denominator = (SLOPES[kernel] * scale).ratio()
    return sqrt53(numerator, denominator, up=True) * norm


def float32(value: Dyadic) -> Dyadic:
    """The nearest float32, ties to even. Raises `Rejected` beyond its range."""
    size = abs(value.mantissa).bit_length() + value.exponent
    if value.mantissa and size >= FLOAT32_TOP:
        raise Rejected("global", "a coefficient of 2^127 or more", "coefficients inside float32's range")
    unit = max(size - FLOAT32_BITS, FLOAT32_LEAST)
    shift = unit - value.exponent
    if shift <= 0:
        return value
    quotient, rest = divmod(value.mantissa, 1 << shift)
    half = 1 << (shift - 1)
    return Dyadic(quotient + (rest > half or (rest == half and quotient % 2 == 1)), unit)


def _up(value: Dyadic) -> Dyadic:
    return quotient53(*value.ratio(), up=True)


def say(claim: Mapping[str, Any]) -> str:
    def largest(numbers: list[Any]) -> str:
        return shapes.brief(max(numbers, key=lambda number: Dyadic.parse(number["exact"])), up=True)

    outputs = claim["outputs"]
    text = (
        f"for every input: kernel part from {shapes.brief(outputs[0]['kernel_at_least'], up=False)} to "
        f"{shapes.brief(outputs[0]['kernel_at_most'], up=True)}"
        if len(outputs) == 1
        else f"for every input, over {len(outputs)} outputs: kernel part at most "
        f"{largest([output['kernel_at_most'] for output in outputs])}"
    )
    slopes = [slope for output in outputs for slope in output["slopes_at_most"]]
    moved = largest([output["float32_moves_at_most"] for output in outputs])
    return f"{text}; steepest slope along one input <= {largest(slopes)}; float32 coefficients move it by <= {moved}"

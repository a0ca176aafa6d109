"""Claim `fidelity`: how closely the formula follows the network's recorded outputs and the labels, split by split."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import shapes
from ..certificate import Certificate
from ..dyadic import ZERO, Dyadic, sqrt53
from ..exact import Exact
from ..layout import MAX_OUTPUTS, SPLITS
from ..rows import TargetSums

R_SQUARED_BITS = 30
TARGETS = ("teacher", "labels")


def _target(value: Any, where: str) -> dict[str, Any]:
    labels = isinstance(value, dict) and value.get("target") == "labels"
    output = {
        "error_at_most": shapes.number,
        "rmse_at_most": shapes.number,
        "r_squared_at_least": shapes.optional(shapes.number),
    }
    if labels:
        output["teacher_rmse_at_least"] = shapes.number
    outputs = shapes.listing(shapes.fields(output), 1, MAX_OUTPUTS)
    return shapes.fields({"target": shapes.choice(*TARGETS), "outputs": outputs})(value, where)


_split = shapes.fields({"split": shapes.choice(*SPLITS), "targets": shapes.listing(_target, 1, len(TARGETS))})
FIELDS = shapes.fields({"claim": shapes.choice("fidelity"), "splits": shapes.listing(_split, 1, len(SPLITS))})


def compute(exact: Exact, _witness: Mapping[str, Any]) -> dict[str, Any]:
    splits = []
    for split, sums in exact.sums.splits.items():
        targets = [
            {
                "target": name,
                "outputs": [
                    _output(sums.rows, target, floor_shift(exact.certificate, output), labels=name == "labels")
                    for output, target in enumerate(outputs)
                ],
            }
            for name, outputs in sums.targets.items()
        ]
        splits.append({"split": split, "targets": targets})
    return {"claim": "fidelity", "splits": splits}


def floor_shift(certificate: Certificate, output: int) -> Dyadic:
    """f = 2^-p (sum |a_j| + sum |w_d| 2^E_d): by how much flooring the basis can move the formula at one row."""
    model, basis = certificate.model, certificate.basis
    total = sum((abs(Dyadic.of_float(row[output])) for row in model.coefficients), ZERO)
    for row, exponent in zip(model.weights, basis.linear_exponents, strict=True):
        total += abs(Dyadic.of_float(row[output])) * Dyadic(1, exponent)
    return total * Dyadic(1, -basis.grid_bits)


def _output(rows: int, sums: TargetSums, shift: Dyadic, *, labels: bool) -> dict[str, Any]:
    rss, n = sums.squared_errors, Dyadic(rows)
    cross = sqrt53(*(n * rss).ratio(), up=True)
    bound = rss + Dyadic(2) * shift * cross + n * shift * shift
    numerator, denominator = bound.ratio()
    entry: dict[str, Any] = {
        "error_at_most": shapes.encode_number(sums.largest_error + shift, "error_at_most"),
        "rmse_at_most": shapes.encode_number(sqrt53(numerator, denominator * rows, up=True), "rmse_at_most"),
        "r_squared_at_least": _r_squared(bound, rows, sums),
    }
    if labels:
        top, bottom = sums.teacher_squared_errors.ratio()
        entry["teacher_rmse_at_least"] = shapes.encode_number(
            sqrt53(top, bottom * rows, up=False), "teacher_rmse_at_least"
        )
    return entry


def _r_squared(bound: Dyadic, rows: int, sums: TargetSums) -> dict[str, str] | None:
    """floor(2^30 (1 - RSS / TSS)) / 2^30 with TSS about the split's own mean; None where TSS is 0."""
    n = Dyadic(rows)
    total = n * sums.squared_values - sums.values * sums.values  # n TSS
    if total == ZERO:
        return None
    (top, top_low), (bottom, bottom_low) = (total - n * bound).ratio(), total.ratio()
    value = ((top * bottom_low) << R_SQUARED_BITS) // (top_low * bottom)
    return shapes.encode_number(Dyadic(value, -R_SQUARED_BITS), "r_squared_at_least")


def say(claim: Mapping[str, Any]) -> str:
    return "; ".join(_sentence(split["split"], target) for split in claim["splits"] for target in split["targets"])


def _sentence(split: str, target: Mapping[str, Any]) -> str:
    """The bounds of one output; of several, the largest error and the smallest R^2."""
    outputs = target["outputs"]
    worst = max(outputs, key=lambda output: Dyadic.parse(output["rmse_at_most"]["exact"]))
    text = f"{split} {target['target']}: RMSE <= {shapes.brief(worst['rmse_at_most'], up=True)}"
    if "teacher_rmse_at_least" in worst:
        text += f" (network >= {shapes.brief(worst['teacher_rmse_at_least'], up=False)})"
    shares = [output["r_squared_at_least"] for output in outputs if output["r_squared_at_least"] is not None]
    if shares:
        least = min(shares, key=lambda share: Dyadic.parse(share["exact"]))
        text += f", R^2 >= {shapes.brief(least, up=False)}"
    return f"{text} (worst of {len(outputs)} outputs)" if len(outputs) > 1 else text

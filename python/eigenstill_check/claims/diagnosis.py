"""Claim `diagnosis`: how many modes stand above the ridge, and how the energy splits into those and the rest.

The first modes are those with lo_k >= alpha; what lies beyond them is the total minus their part. ``copied`` is
<t, y> / <y, y> beyond them, the share of the labels' y rest that the teacher t reproduces: memorised noise where the
rest is noise, which no certificate can know (docs/claims.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import shapes
from ..dyadic import ZERO, Dyadic, quotient53
from ..errors import Rejected
from ..exact import Exact
from ..layout import MAX_COLUMNS, MAX_OUTPUTS
from ..projection import along_modes, share, span_energy
from ..vectors import Vector
from .energy import TARGETS

COPIED_BITS = 30
_output = shapes.fields(
    {
        "first_at_least": shapes.optional(shapes.number),
        "first_at_most": shapes.optional(shapes.number),
        "beyond_at_least": shapes.optional(shapes.number),
        "beyond_at_most": shapes.optional(shapes.number),
    }
)
_target = shapes.fields({"target": shapes.choice(*TARGETS), "outputs": shapes.listing(_output, 1, MAX_OUTPUTS)})
_copied = shapes.fields({"at_least": shapes.number, "at_most": shapes.number})
FIELDS = shapes.fields(
    {
        "claim": shapes.choice("diagnosis"),
        "ridge": shapes.number,
        "threshold": shapes.short_number,
        "slack": shapes.short_number,
        "modes_at_least": shapes.count(0, MAX_COLUMNS),
        "modes_at_most": shapes.count(0, MAX_COLUMNS),
        "effective_parameters_at_least": shapes.number,
        "effective_parameters_at_most": shapes.number,
        "targets": shapes.listing(_target, 1, len(TARGETS)),
        "copied": shapes.listing(shapes.optional(_copied), 0, MAX_OUTPUTS),
    }
)


def compute(exact: Exact, witness: Mapping[str, Any]) -> dict[str, Any]:
    """``witness`` supplies threshold and slack."""
    threshold, slack, ridge = witness["threshold"], witness["slack"], exact.ridge
    exact.require_psd("diagnosis", threshold, slack)
    intervals = exact.enclosures(threshold)
    columns = exact.certificate.model.columns
    certain = sum(low >= ridge for low, _ in intervals)
    others = columns - len(intervals) if threshold >= ridge else 0
    possible = sum(high >= ridge for _, high in intervals) + others
    first = intervals[:certain]
    effective = [sum((filtered(bound, ridge, up=up) for bound in bounds), ZERO) for up, bounds in _sides(first)]
    encode = shapes.encode_number
    return {
        "claim": "diagnosis",
        "ridge": encode(ridge, "ridge"),
        "threshold": encode(threshold, "threshold"),
        "slack": encode(slack, "slack"),
        "modes_at_least": certain,
        "modes_at_most": possible,
        "effective_parameters_at_least": encode(effective[0], "effective_parameters_at_least"),
        "effective_parameters_at_most": encode(effective[1], "effective_parameters_at_most"),
        "targets": _targets(exact, certain),
        "copied": _copied_shares(exact, certain),
    }


def _sides(intervals: list[tuple[Dyadic, Dyadic]]) -> list[tuple[bool, list[Dyadic]]]:
    return [(False, [low for low, _ in intervals]), (True, [high for _, high in intervals])]


def filtered(eigenvalue: Dyadic, ridge: Dyadic, *, up: bool) -> Dyadic:
    """lambda / (lambda + alpha) rounded to 53 bits; lambda >= 0, alpha > 0."""
    (top, top_low), (bottom, bottom_low) = eigenvalue.ratio(), (eigenvalue + ridge).ratio()
    return quotient53(top * bottom_low, top_low * bottom, up=up)


def _energy(exact: Exact, products: Vector, count: int) -> tuple[Dyadic, Dyadic]:
    certificate = exact.certificate
    along = along_modes(certificate.basis, certificate.model.eigenvectors, count, products, exact.arithmetic)
    try:
        return span_energy(exact.modes, along)
    except ValueError:
        raise Rejected(
            "diagnosis", "modes whose images are not nearly orthogonal", "E_kk above sum |E_kj| for the first modes"
        ) from None


def _targets(exact: Exact, count: int) -> list[dict[str, Any]]:
    rows, result = Dyadic(exact.sums.rows), []
    for name, outputs in exact.targets.items():
        entries = []
        for target in outputs:
            entry: dict[str, Any] = dict.fromkeys(
                ("first_at_least", "first_at_most", "beyond_at_least", "beyond_at_most")
            )
            whole = rows * target.total
            if whole > ZERO:
                low, high = _energy(exact, target.products, count)
                least, most = share(low, whole, up=False), share(high, whole, up=True)
                for field, value in zip(entry, (least, most, Dyadic(1) - most, Dyadic(1) - least), strict=True):
                    entry[field] = shapes.encode_number(value, field)
            entries.append(entry)
        result.append({"target": name, "outputs": entries})
    return result


def _copied_shares(exact: Exact, count: int) -> list[dict[str, Any] | None]:
    """One interval an output; empty without labels."""
    if "labels" not in exact.targets:
        return []
    return [_copied_share(exact, count, output) for output in range(exact.certificate.model.outputs)]


def _copied_share(exact: Exact, count: int, output: int) -> dict[str, Any] | None:
    """<t, y> by polarisation: 4 <Pt, Py> = norm(P(t + y))^2 - norm(P(t - y))^2. None where the rest may be nothing."""
    rows = Dyadic(exact.sums.rows)
    teacher, labels = (exact.targets[name][output] for name in ("teacher", "labels"))
    sums = exact.sums.splits["train"].targets
    t, y = sums["teacher"][output], sums["labels"][output]
    twice = t.squared_values + y.squared_values - y.teacher_squared_errors  # 2 sum t y
    total = rows * (rows * twice * Dyadic(1, -1) - t.values * y.values)  # n^2 <t - tbar, y - ybar>
    plus, minus = (
        _energy(exact, products, count)
        for products in (teacher.products + labels.products, teacher.products - labels.products)
    )
    quarter = Dyadic(1, -2)
    least, most = total - quarter * (plus[1] - minus[0]), total - quarter * (plus[0] - minus[1])
    low, high = _energy(exact, labels.products, count)
    smallest, largest = rows * labels.total - high, rows * labels.total - low
    if not smallest > ZERO:
        return None
    bounds = {
        "at_least": _grid(least, largest if least > ZERO else smallest, up=False),
        "at_most": _grid(most, smallest if most > ZERO else largest, up=True),
    }
    return {field: shapes.encode_number(value, field) for field, value in bounds.items()}


def _grid(numerator: Dyadic, denominator: Dyadic, *, up: bool) -> Dyadic:
    (top, top_low), (bottom, bottom_low) = numerator.ratio(), denominator.ratio()
    scaled, under = (top * bottom_low) << COPIED_BITS, top_low * bottom
    return Dyadic(-(-scaled // under) if up else scaled // under, -COPIED_BITS)


def say(claim: Mapping[str, Any]) -> str:
    low, high = claim["modes_at_least"], claim["modes_at_most"]
    text = (
        f"{low if low == high else f'{low} to {high}'} modes stand above ridge {shapes.brief(claim['ridge'], up=True)}, "
        f"{shapes.brief(claim['effective_parameters_at_least'], up=False)} to "
        f"{shapes.brief(claim['effective_parameters_at_most'], up=True)} effective parameters"
    )
    for target in claim["targets"]:
        shares = [output["beyond_at_most"] for output in target["outputs"] if output["beyond_at_most"] is not None]
        if shares:
            worst = max(shares, key=lambda number: Dyadic.parse(number["exact"]))
            text += f"; {target['target']}: at most {shapes.brief(worst, up=True)} of the energy beyond them"
    copied = [entry for entry in claim["copied"] if entry is not None]
    if copied:
        low_share = min((entry["at_least"] for entry in copied), key=lambda share: Dyadic.parse(share["exact"]))
        high_share = max((entry["at_most"] for entry in copied), key=lambda share: Dyadic.parse(share["exact"]))
        text += f"; of the labels' rest the network copies {shapes.brief(low_share, up=False)} to "
        text += shapes.brief(high_share, up=True)
    return text

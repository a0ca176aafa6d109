"""Claim `region`: how far formula and network can be apart at ALL points of a box, and what the formula does there.

Every box is cut into cells; on each the network is a linear function with a remainder (`regions.network`), the formula
a quadratic with a remainder (`regions.formula`), and their difference is bounded at once, so that what they share cancels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .. import shapes
from ..dyadic import ZERO, Dyadic, quotient53
from ..layout import MAX_INPUTS, MAX_OUTPUTS
from ..region_certificate import MAX_BOXES, MAX_NODES, RegionCertificate
from ..regions.cells import Cell, leaves
from ..regions.formula import Quadratic, formula_over
from ..regions.network import Linear, network_over

CellBounds = tuple[Dyadic, Dyadic, Dyadic, list[Dyadic]]
_output = shapes.fields(
    {
        "difference_at_most": shapes.number,
        "formula_at_least": shapes.number,
        "formula_at_most": shapes.number,
        "slopes_at_most": shapes.listing(shapes.number, 1, MAX_INPUTS),
    }
)
_box = shapes.fields({"cells": shapes.count(1, MAX_NODES), "outputs": shapes.listing(_output, 1, MAX_OUTPUTS)})
FIELDS = shapes.fields({"claim": shapes.choice("region"), "boxes": shapes.listing(_box, 1, MAX_BOXES)})


def compute(certificate: RegionCertificate, _witness: Mapping[str, Any]) -> dict[str, Any]:
    """The partitions are the witness; they stand in the arrays."""
    boxes = zip(certificate.boxes, certificate.partitions, strict=True)
    return claim_of([[cell_bounds(certificate, cell) for cell in leaves(box, tree)] for box, tree in boxes])


def claim_of(boxes: Sequence[Sequence[list[CellBounds]]]) -> dict[str, Any]:
    """The claim from the bounds of each output on each cell of each box."""
    entries = [
        {"cells": len(cells), "outputs": [_joined(output) for output in zip(*cells, strict=True)]} for cells in boxes
    ]
    return {"claim": "region", "boxes": entries}


def cell_bounds(certificate: RegionCertificate, cell: Cell) -> list[CellBounds]:
    """For each output: the difference at most, the formula at least and at most, its slopes at most."""
    network = network_over(certificate.layers, cell)
    found = []
    for quadratic, linear in zip(formula_over(certificate.formula, cell), network, strict=True):
        along = [slope * half for slope, half in zip(quadratic.linear, cell.half, strict=True)]
        low, high = _bent(quadratic, cell)
        reach = sum(map(abs, along), ZERO)
        found.append(
            (
                _difference(quadratic.constant, along, low, high, linear),
                quadratic.constant - reach + low,
                quadratic.constant + reach + high,
                quadratic.slopes,
            )
        )
    return found


def _bent(quadratic: Quadratic, cell: Cell) -> tuple[Dyadic, Dyadic]:
    """Bounds of curvature and rest together."""
    low, high = -quadratic.rest, quadratic.rest
    for d, row in enumerate(quadratic.curvature):
        own = row[d] * cell.half[d] * cell.half[d]
        low, high = (low + own, high) if own < ZERO else (low, high + own)
        for entry, half in zip(row[:d], cell.half[:d], strict=True):
            both = Dyadic(2) * abs(entry) * half * cell.half[d]
            low, high = low - both, high + both
    return low, high


def _difference(constant: Dyadic, along: Sequence[Dyadic], low: Dyadic, high: Dyadic, network: Linear) -> Dyadic:
    gap = constant - network.constant
    reach = sum((abs(a - b) for a, b in zip(along, network.slopes, strict=True)), ZERO)
    return max(gap + reach + high - network.low, -(gap - reach + low - network.high))


def _joined(cells: Sequence[CellBounds]) -> dict[str, Any]:
    differences, least, most, slopes = zip(*cells, strict=True)
    encode = shapes.encode_number
    return {
        "difference_at_most": encode(outward(max(differences), up=True), "difference_at_most"),
        "formula_at_least": encode(outward(min(least), up=False), "formula_at_least"),
        "formula_at_most": encode(outward(max(most), up=True), "formula_at_most"),
        "slopes_at_most": [
            encode(outward(max(column), up=True), "slopes_at_most") for column in zip(*slopes, strict=True)
        ],
    }


def outward(value: Dyadic, *, up: bool) -> Dyadic:
    """53 bits, rounded up or down, of either sign."""
    if value < ZERO:
        return -quotient53(*(-value).ratio(), up=not up)
    return quotient53(*value.ratio(), up=up)


def say(claim: Mapping[str, Any]) -> str:
    outputs = [output for box in claim["boxes"] for output in box["outputs"]]
    differences = sorted((output["difference_at_most"] for output in outputs), key=_value)
    cells = sum(box["cells"] for box in claim["boxes"])
    return (
        f"at every point of {len(claim['boxes'])} boxes ({cells} cells) formula and network differ by at most "
        f"{shapes.brief(differences[-1], up=True)}, in half of the boxes by at most "
        f"{shapes.brief(differences[(len(differences) - 1) // 2], up=True)}; the formula stays between "
        f"{shapes.brief(min((o['formula_at_least'] for o in outputs), key=_value), up=False)} and "
        f"{shapes.brief(max((o['formula_at_most'] for o in outputs), key=_value), up=True)}; steepest slope along one input <= "
        f"{shapes.brief(max((s for o in outputs for s in o['slopes_at_most']), key=_value), up=True)}"
    )


def _value(number: Mapping[str, Any]) -> Dyadic:
    return Dyadic.parse(number["exact"])

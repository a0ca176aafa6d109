"""A certificate about boxes: formula and ReLU network at all of their points (profile region-1, FORMAT.md section 6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from . import shapes
from .certificate import ANYTHING, Admission, Shelf
from .dyadic import Dyadic
from .errors import Malformed
from .layout import (
    FORMAT,
    MAX_COLUMNS,
    MAX_INPUTS,
    MAX_LANDMARKS,
    MAX_OUTPUTS,
    VERSION,
    array_file,
    listed_claim,
)
from .regions.cells import LEAF, Cell, trees
from .regions.formula import Formula
from .regions.network import Layer
from .tensors import load

PROFILE = "region-1"
NEEDED = ("region",)
MAX_BOXES, MAX_NODES, MAX_LAYERS, MAX_DEPTH = 1_000, 100_000, 16, 200

_named = shapes.fields({"name": shapes.text, "sha256": shapes.optional(shapes.digest)})
_file = shapes.fields(
    {
        "format": shapes.choice(FORMAT),
        "version": shapes.choice(VERSION),
        "profile": shapes.choice(PROFILE),
        "producer": shapes.fields({"name": shapes.text, "version": shapes.text}),
        "arrays": shapes.listing(array_file({}), 1, 1),
        "subject": shapes.fields({"student": _named, "teacher": _named}),
        "kernel": shapes.choice("rational-quadratic"),
        "claims": shapes.listing(listed_claim, len(NEEDED), len(NEEDED)),
    }
)


@dataclass(frozen=True)
class RegionCertificate:
    """Formula, network, and boxes with the tree of halvings of each."""

    subject: Mapping[str, Any]
    formula: Formula
    layers: tuple[Layer, ...]
    boxes: tuple[Cell, ...]
    partitions: tuple[list[int], ...]
    claims: tuple[Mapping[str, Any], ...]


def parse_document(raw: Any) -> dict[str, Any]:
    """The parsed JSON with its shape checked; no array file is read. Raises Malformed."""
    document = _file(raw, "")
    for claim in document["claims"]:
        if claim["claim"] not in NEEDED:
            raise Malformed(f"claims: unknown claim {claim['claim'][:40]!r}; profile {PROFILE} needs {NEEDED[0]}")
    return document


def parse(raw: Any, folder: Path, admission: Admission = ANYTHING) -> RegionCertificate:
    """Read the array file of a parsed JSON document. Raises as `certificate.read`."""
    document = parse_document(raw)
    admission.document(document)
    (entry,) = document["arrays"]
    admit = partial(admission.header, entry["file"])
    shelf = Shelf(entry["file"], load(folder / entry["file"], entry["sha256"], entry["bytes"], admit=admit))
    landmarks, inputs = shelf.shape("landmarks", 2)
    (outputs,) = shelf.shape("intercept", 1)
    (count, _) = shelf.shape("centres", 2)
    for name, got, low, high in (
        ("inputs", inputs, 1, MAX_INPUTS),
        ("outputs", outputs, 1, MAX_OUTPUTS),
        ("landmarks", landmarks, 1, MAX_LANDMARKS),
        ("boxes", count, 1, MAX_BOXES),
    ):
        if not low <= got <= high:
            raise Malformed(f"{shelf.name}: {got} {name}; need {low} to {high}")
    formula = _formula(shelf, landmarks, inputs, outputs)
    layers = _layers(shelf, inputs, outputs)
    boxes, partitions = _boxes(shelf, count, inputs)
    shelf.finish()
    return RegionCertificate(document["subject"], formula, layers, boxes, partitions, tuple(document["claims"]))


def _formula(shelf: Shelf, landmarks: int, inputs: int, outputs: int) -> Formula:
    points = _exact(shelf.take("landmarks", landmarks, inputs).float_rows())
    scales = [Dyadic.of_float(value) for value in shelf.take("scales", inputs).floats()]
    if min(scale.mantissa for scale in scales) <= 0:
        raise Malformed(f"{shelf.name}: tensor scales: an entry is not positive; need every scale > 0")
    return Formula(
        landmarks=[list(column) for column in zip(*points, strict=True)],
        scales=scales,
        coefficients=_exact(shelf.take("coefficients", landmarks, outputs).float_rows()),
        intercept=[Dyadic.of_float(value) for value in shelf.take("intercept", outputs).floats()],
        weights=_exact(shelf.take("weights", inputs, outputs).float_rows()) if shelf.has("weights") else [],
    )


def _layers(shelf: Shelf, inputs: int, outputs: int) -> tuple[Layer, ...]:
    layers: list[Layer] = []
    while shelf.has(f"network.{len(layers)}.weight"):
        name = f"network.{len(layers)}"
        units, width = shelf.shape(f"{name}.weight", 2)
        if width != inputs or not 1 <= units <= MAX_COLUMNS or len(layers) == MAX_LAYERS:
            raise Malformed(
                f"{shelf.name}: tensor {name}.weight: {units} x {width}; need {inputs} columns, 1 to {MAX_COLUMNS} rows, "
                f"at most {MAX_LAYERS} layers"
            )
        weight, bias = shelf.take(f"{name}.weight", units, width), shelf.take(f"{name}.bias", units)
        layers.append(Layer.of(weight.float_rows(), bias.floats()))
        inputs = units
    if not layers or inputs != outputs:
        raise Malformed(
            f"{shelf.name}: a network of {len(layers)} layers and {inputs} outputs; "
            f"need tensors network.0.weight, network.0.bias ... and {outputs} outputs as the formula has"
        )
    return tuple(layers)


def _boxes(shelf: Shelf, count: int, inputs: int) -> tuple[tuple[Cell, ...], tuple[list[int], ...]]:
    centres, radii = (_exact(shelf.take(name, count, inputs).float_rows()) for name in ("centres", "radii"))
    if any(radius.mantissa < 0 for row in radii for radius in row):
        raise Malformed(f"{shelf.name}: tensor radii: a negative entry; need every radius >= 0")
    (nodes,) = shelf.shape("partition", 1)
    if nodes > MAX_NODES:
        raise Malformed(f"{shelf.name}: tensor partition: {nodes} entries; need at most {MAX_NODES}")
    partition = shelf.take("partition", nodes).integers()
    found = trees(partition, count)
    if found is None or not all(axis == LEAF or 0 <= axis < inputs for axis in partition):
        raise Malformed(
            f"{shelf.name}: tensor partition: not {count} trees; need for each box its halvings in preorder, "
            f"an input 0 to {inputs - 1} or {LEAF} for a cell"
        )
    if max(map(len, found)) > 2 * MAX_DEPTH and max(map(_depth, found)) > MAX_DEPTH:
        raise Malformed(f"{shelf.name}: tensor partition: halved more than {MAX_DEPTH} times; need at most that")
    boxes = tuple(Cell(tuple(c), tuple(r)) for c, r in zip(centres, radii, strict=True))
    return boxes, tuple(found)


def _depth(tree: list[int]) -> int:
    """The most halvings above a cell."""
    open_levels, deepest = [0], 0
    for axis in tree:
        level = open_levels.pop()
        deepest = max(deepest, level)
        if axis != LEAF:
            open_levels += [level + 1, level + 1]
    return deepest


def _exact(rows: list[list[float]]) -> list[list[Dyadic]]:
    return [[Dyadic.of_float(value) for value in row] for row in rows]

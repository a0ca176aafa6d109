"""Whether a run takes a certificate on: sizes first, then estimates from the header, then from the numbers themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any

from . import cost
from .basis import EXPONENTIAL
from .certificate import Certificate
from .cost import Lengths, Sizes, extent
from .limits import Limits, highest
from .matrix_certificate import MatrixCertificate
from .region_certificate import RegionCertificate
from .regions.cells import LEAF
from .tensors import Announced


class Gate:
    """Refuses by sizes as soon as they are known (an `Admission`). One gate a certificate."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._document: Mapping[str, Any] = {}
        self._values = 0
        self._first: Announced = {}

    def json(self, length: int) -> None:
        self.limits.require("the JSON", json_bytes=length)

    def document(self, document: Mapping[str, Any]) -> None:
        """Counts of the JSON; array files are not open yet."""
        files = document["arrays"]
        self._document = document
        self._values = sum(entry["bytes"] for entry in files) // 8
        self.limits.require("arrays", files=len(files), **_rows(files))
        for entry in files:
            self.limits.require(f"arrays {entry['file']}", file_bytes=entry["bytes"])

    def header(self, name: str, length: int, shapes: Announced) -> None:
        """The first file's header has every count; the narrowest numbers of these shapes cost so much at least."""
        least = (cost.BYTES_A_VALUE * self._values) >> 20
        self.limits.require(f"arrays {name}", header_bytes=length, memory=least)
        if self._first or "excess" not in shapes:
            return
        self._first = shapes
        if "matrix" in self._document:
            width = _last(shapes, "matrix")
            rows = sum(entry["rows"] for entry in self._document["arrays"])
            columns, modes = rows if self._document["matrix"]["transposed"] else width, _count(shapes, "excess")
            self.limits.require(f"arrays {name}", columns=columns)
            _require_matrix(self.limits, name, rows, width, columns, modes, self._values, 53, 64)
            return
        sizes = _announced_sizes(self._document, shapes, self._values)
        self.limits.require(
            f"arrays {name}",
            inputs=sizes.inputs,
            outputs=sizes.outputs,
            landmarks=sizes.landmarks,
            columns=sizes.columns,
            cells=sizes.cells,
        )
        if self._malformed(sizes):
            return
        narrow = Lengths()
        cost.require(self.limits, f"arrays {name}", cost.seconds(sizes, narrow), cost.memory(sizes, narrow))

    @staticmethod
    def _malformed(sizes: Sizes) -> bool:
        """Above a size of the format: the reader will say so, whatever time it would take."""
        return any(
            getattr(sizes, name) > highest(name) for name in ("inputs", "outputs", "landmarks", "columns", "cells")
        )

    def numbers(self, certificate: Certificate | MatrixCertificate) -> None:
        """Everything is read: numbers of very different sizes make long integers, and their lengths are known now."""
        if isinstance(certificate, MatrixCertificate):
            self._matrix_numbers(certificate)
            return
        sizes = _announced_sizes(self._document, self._first, self._values)
        lengths = lengths_of(certificate)
        cost.require(self.limits, "numbers", cost.seconds(sizes, lengths), cost.memory(sizes, lengths))

    def boxes(self, certificate: RegionCertificate) -> None:
        """Everything is read: how many cells, and what a cell costs."""
        formula, layers = certificate.formula, [len(layer.bias) for layer in certificate.layers]
        cells = sum(tree.count(LEAF) for tree in certificate.partitions)
        time = cost.region_seconds(
            len(formula.scales), len(formula.coefficients), len(formula.intercept), layers, cells
        )
        cost.require(self.limits, "boxes", time, cost.region_memory(self._values))

    def _matrix_numbers(self, certificate: MatrixCertificate) -> None:
        rows, width = len(certificate.entries), len(certificate.entries[0])
        bits = max(max(entry.bit_length() for entry in row) for row in certificate.entries)
        model, units = certificate.model, certificate.basis
        apart = _apart(
            2 * units.vector_exponent + units.excess_exponent, 2 * units.factor_exponent, 2 * certificate.exponent
        )
        _require_matrix(self.limits, "matrix", rows, width, model.columns, len(model.excess), self._values, bits, apart)


def _require_matrix(
    limits: Limits, where: str, rows: int, width: int, columns: int, modes: int, values: int, bits: int, units: int
) -> None:
    time = cost.matrix_seconds(rows, width, columns, modes, bits, units)
    cost.require(limits, where, time, cost.matrix_memory(rows, width, columns, values, bits, units))


def _rows(files: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    keys = ("rows", "holdout_rows")
    return {key: sum(entry.get(key, 0) for entry in files) for key in keys}


def _count(shapes: Announced, name: str) -> int:
    return shapes[name][0] if shapes.get(name) else 0


def _last(shapes: Announced, name: str) -> int:
    return shapes[name][-1] if shapes.get(name) else 0


def _announced_sizes(document: Mapping[str, Any], shapes: Announced, values: int) -> Sizes:
    """What the header says; whether the shapes fit each other is decided when they are read."""
    basis, kinds = document["basis"], {claim["claim"] for claim in document["claims"]}
    return Sizes(
        **_rows(document["arrays"]),
        inputs=max(_last(shapes, "landmarks"), _count(shapes, "offsets")),
        outputs=_count(shapes, "intercept"),
        landmarks=_count(shapes, "landmarks"),
        columns=_last(shapes, "factor"),
        modes=_count(shapes, "excess"),
        cells=max(0, _count(shapes, "ridge_edges") - 1),
        values=values,
        grid_bits=basis["grid_bits"],
        exponential=basis["kernel"] in EXPONENTIAL,
        row_by_row=not kinds.isdisjoint(cost.ROW_CLAIMS),
    )


def lengths_of(certificate: Certificate) -> Lengths:
    """How long the integers become that stand for the float64 numbers of a certificate."""
    basis, model = certificate.basis, certificate.model
    parts = [part for shards in certificate.shards.values() for part in shards]
    rows = [row for part in parts for row in part.inputs]
    columns = zip(*rows, *model.landmarks, strict=True) if model.landmarks else zip(*rows, strict=True)
    points = [extent(column) for column in columns]
    targets = extent(
        value
        for part in parts
        for rows in (part.teacher, part.predictions, part.labels or ())
        for row in rows
        for value in row
    )
    formula = [_moved(extent(chain.from_iterable(model.coefficients)), -2 * basis.grid_bits), extent(model.intercept)]
    for weights, offset, exponent, point in zip(
        model.weights, model.offsets, basis.linear_exponents, points, strict=False
    ):
        weight = extent(weights)
        formula += [
            _moved(weight, exponent - basis.grid_bits),
            _product(weight, extent([offset])),
            _product(weight, point),
        ]
    denominator = 120
    if model.scales:
        denominator = cost.denominator_bits(points, model.scales, quadratic=basis.kernel != "rational-l1")
    return Lengths(
        point=max((high - low for low, high in points), default=53),
        denominator=denominator,
        formula=_bits(formula),
        target=_bits([targets]),
        units=_apart(
            2 * basis.vector_exponent + basis.excess_exponent,
            2 * basis.factor_exponent,
            2 * (basis.metric_exponent - basis.grid_bits),
        ),
    )


def _moved(pair: tuple[int, int], shift: int) -> tuple[int, int]:
    return pair[0] + shift, pair[1] + shift


def _product(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return one[0] + other[0], one[1] + other[1]


def _bits(pairs: list[tuple[int, int]]) -> int:
    return max(high for _, high in pairs) - min(low for low, _ in pairs)


def _apart(*units: int) -> int:
    return max(units) - min(units)

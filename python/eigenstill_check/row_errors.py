"""Errors row by row, exact: for claims that order or compare rows (FORMAT.md: tolerance, closer)."""

from __future__ import annotations

from .basis import LinearColumns, evaluator
from .certificate import Certificate
from .dyadic import Dyadic
from .rows import blocks, floored_formula
from .vectors import Vector


def row_errors(certificate: Certificate, split: str) -> dict[str, list[Vector]]:
    """|target - student| of the floored formula on every row of a split, ``[target][output]``, in the order of the rows.

    Beside teacher and labels the key `network` holds |label - teacher|, where there are labels.
    """
    basis, model = certificate.basis, certificate.model
    kernel, linear, forms = evaluator(basis, model), LinearColumns(basis, model), floored_formula(certificate)
    values: dict[str, list[list[Dyadic]]] = {}
    for inputs, targets, _ in blocks(certificate, split):
        block = kernel.block(inputs)
        rows = [
            [value >> basis.grid_bits for value in fine] + tail
            for fine, tail in zip(block.fine, linear.rows(block), strict=True)
        ]
        for output, form in enumerate(forms):
            student = [Dyadic(form(row), form.exponent) for row in rows]
            recorded = {name: [Dyadic.of_float(row[output]) for row in part] for name, part in targets.items()}
            compared = {name: (part, student) for name, part in recorded.items()}
            if "labels" in recorded:
                compared["network"] = (recorded["labels"], recorded["teacher"])
            for name, (left, right) in compared.items():
                errors = values.setdefault(name, [[] for _ in forms])[output]
                errors += [abs(a - b) for a, b in zip(left, right, strict=True)]
    return {name: [Vector.of(errors) for errors in outputs] for name, outputs in values.items()}


def repeated_rows(certificate: Certificate, split: str) -> int:
    """How many rows of a split have the inputs of a training row or of an earlier row of the split."""
    seen = {tuple(row) for part in certificate.shards["train"] for row in part.inputs} if split != "train" else set()
    repeated = 0
    for part in certificate.shards[split]:
        for row in part.inputs:
            key = tuple(row)
            repeated += key in seen
            seen.add(key)
    return repeated

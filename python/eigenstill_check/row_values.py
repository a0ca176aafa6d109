"""The formula row by row, exact: for claims that order or compare rows or outputs (FORMAT.md: agreement, tolerance, closer)."""

from __future__ import annotations

from .basis import LinearColumns, evaluator
from .certificate import Certificate
from .rows import blocks, floored_formula
from .vectors import Vector


def row_values(certificate: Certificate, split: str) -> list[Vector]:
    """The floored formula on every row of a split, a vector an output, in the order of the rows."""
    basis, model = certificate.basis, certificate.model
    kernel, linear, forms = evaluator(basis, model), LinearColumns(basis, model), floored_formula(certificate)
    values: list[list[int]] = [[] for _ in forms]
    for inputs, _, _ in blocks(certificate, split):
        block = kernel.block(inputs)
        for fine, tail in zip(block.fine, linear.rows(block), strict=True):
            row = [value >> basis.grid_bits for value in fine] + tail
            for output, form in zip(values, forms, strict=True):
                output.append(form(row))
    return [Vector(output, form.exponent) for output, form in zip(values, forms, strict=True)]

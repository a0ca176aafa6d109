"""The formula row by row, exact: for claims that order or compare rows or outputs (FORMAT.md: agreement, tolerance, closer)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from .arithmetic import STANDARD, Arithmetic
from .basis import LinearColumns, evaluator
from .certificate import Certificate
from .rows import Place, block_places, dealt, floored_formula, part_of, rows_at, worth_sharing
from .vectors import Vector

Values = list[list[int]]
"""An entry an output, a row each."""


def row_values(certificate: Certificate, split: str, arithmetic: Arithmetic = STANDARD) -> list[Vector]:
    """The floored formula on every row of a split, a vector an output, in the order of the rows.

    Blocks are dealt out to the arithmetic's processes.
    """
    places, pool = block_places(certificate, split), arithmetic.pool
    parts: list[Sequence[Place]] = [places]
    if worth_sharing(certificate, places):
        parts = dealt(places, pool)
        found = pool.run(
            partial(_values, *part_of(certificate, part)) if pool.apart else partial(_values, certificate, part)
            for part in parts
        )
    else:
        found = [_values(certificate, places)]
    blocks = {
        place: values
        for part, answers in zip(parts, found, strict=True)
        for place, values in zip(part, answers, strict=True)
    }
    return [
        Vector([value for place in places for value in blocks[place][output]], form.exponent)
        for output, form in enumerate(floored_formula(certificate))
    ]


def _values(certificate: Certificate, places: Sequence[Place]) -> list[Values]:
    """The values on some blocks."""
    basis, model = certificate.basis, certificate.model
    kernel, linear, forms = evaluator(basis, model), LinearColumns(basis, model), floored_formula(certificate)
    found = []
    for place in places:
        block = kernel.block(rows_at(certificate, place)[0])
        rows = [
            [value >> basis.grid_bits for value in fine] + tail
            for fine, tail in zip(block.fine, linear.rows(block), strict=True)
        ]
        found.append([list(map(form, rows)) for form in forms])
    return found

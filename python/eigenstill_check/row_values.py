"""The formula row by row, exact: for claims that order or compare rows or outputs (FORMAT.md: agreement, tolerance, closer)."""

from __future__ import annotations

from functools import partial

from .arithmetic import STANDARD, Arithmetic
from .basis import LinearColumns, evaluator
from .certificate import Certificate
from .parallel import forked
from .rows import Place, block_places, floored_formula, rows_at, worth_sharing
from .vectors import Vector


def row_values(certificate: Certificate, split: str, arithmetic: Arithmetic = STANDARD) -> list[Vector]:
    """The floored formula on every row of a split, a vector an output, in the order of the rows.

    Blocks are dealt out to the arithmetic's processes.
    """
    basis, model = certificate.basis, certificate.model
    kernel, linear, forms = evaluator(basis, model), LinearColumns(basis, model), floored_formula(certificate)

    def of(place: Place) -> list[list[int]]:
        block = kernel.block(rows_at(certificate, place)[0])
        rows = [
            [value >> basis.grid_bits for value in fine] + tail
            for fine, tail in zip(block.fine, linear.rows(block), strict=True)
        ]
        return [list(map(form, rows)) for form in forms]

    places = block_places(certificate, split)
    jobs = arithmetic.jobs if worth_sharing(certificate, places) else 1
    parts = forked([partial(of, place) for place in places], jobs)
    return [
        Vector([value for part in parts for value in part[output]], form.exponent) for output, form in enumerate(forms)
    ]

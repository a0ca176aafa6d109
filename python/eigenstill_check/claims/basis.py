"""Claim `basis`: C is the stated formula at the stated points, and tr M is as recorded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import shapes
from ..errors import Rejected
from ..exact import Exact
from ..layout import MAX_COLUMNS, MAX_ROWS

FIELDS = shapes.fields(
    {
        "claim": shapes.choice("basis"),
        "rows": shapes.count(2, MAX_ROWS),
        "columns": shapes.count(2, MAX_COLUMNS),
        "grid_bits": shapes.count(8, 64),
        "trace": shapes.number,
    }
)


def compute(exact: Exact, _witness: Mapping[str, Any]) -> dict[str, Any]:
    """Form C, S, G and M from the rows. C is never read, so there is nothing to compare but counts and the trace."""
    trace = exact.operator.trace
    if trace.mantissa <= 0:
        raise Rejected("basis.trace", str(trace), "more than 0: a basis that varies over the rows")
    return {
        "claim": "basis",
        "rows": exact.sums.rows,
        "columns": exact.certificate.model.columns,
        "grid_bits": exact.certificate.basis.grid_bits,
        "trace": shapes.encode_number(trace, "trace"),
    }


FROM_THE_ROWS = "recomputed from the rows"


def say(claim: Mapping[str, Any]) -> str:
    size, bits, trace = f"{claim['rows']} x {claim['columns']}", claim["grid_bits"], claim["trace"]["decimal"]
    return f"A is {size}, {FROM_THE_ROWS} within 2^-{bits}; norm(A)^2 <= {trace}"

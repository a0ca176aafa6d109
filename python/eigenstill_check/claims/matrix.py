"""Claim `matrix`: the size of A, and norm(A)_F^2 exactly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import shapes
from ..errors import Rejected
from ..exact import MatrixExact
from ..layout import MAX_ROWS
from ..tensors import MAX_DIMENSION

FIELDS = shapes.fields(
    {
        "claim": shapes.choice("matrix"),
        "rows": shapes.count(1, MAX_ROWS),
        "columns": shapes.count(1, MAX_DIMENSION),
        "trace": shapes.number,
    }
)


def compute(exact: MatrixExact, _witness: Mapping[str, Any]) -> dict[str, Any]:
    trace = exact.operator.trace
    if trace.mantissa <= 0:
        raise Rejected("matrix.trace", str(trace), "more than 0: a matrix with an entry that is not zero")
    entries = exact.certificate.entries
    return {
        "claim": "matrix",
        "rows": len(entries),
        "columns": len(entries[0]),
        "trace": shapes.encode_number(trace, "trace"),
    }


def say(claim: Mapping[str, Any]) -> str:
    return f"A is {claim['rows']} x {claim['columns']}, exact; norm(A)^2 <= {claim['trace']['decimal']}"

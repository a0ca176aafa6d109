"""Claim `basis`: C is the stated formula at the stated points, and tr M is as recorded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import shapes
from ..errors import Rejected
from ..operator import Exact

FIELDS = shapes.fields({"claim": shapes.choice("basis"), "trace": shapes.number})


def compute(exact: Exact, _witness: Mapping[str, Any]) -> dict[str, Any]:
    """Form C, S, G and M from the rows. C is never read, so there is nothing to compare but the trace."""
    trace = exact.operator.trace
    if trace.mantissa <= 0:
        raise Rejected("basis.trace", str(trace), "more than 0: a basis that varies over the rows")
    return {"claim": "basis", "trace": shapes.encode_number(trace, "trace")}


def say(claim: Mapping[str, Any]) -> str:
    return f"recomputed from the rows by integer division; norm(A)^2 = {claim['trace']['decimal']}"

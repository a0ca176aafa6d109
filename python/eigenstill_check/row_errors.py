"""Errors row by row, exact: for claims that order or compare rows (FORMAT.md: tolerance, closer)."""

from __future__ import annotations

from collections.abc import Sequence

from .certificate import Certificate, Rows
from .dyadic import Dyadic
from .vectors import Vector


def row_errors(certificate: Certificate, split: str, student: Sequence[Vector]) -> dict[str, list[Vector]]:
    """|target - student| of the floored formula on every row of a split, ``[target][output]``, in the order of the rows.

    ``student`` holds the values of `row_values`.
    Beside teacher and labels the key `network` holds |label - teacher|, where there are labels.
    """
    shards = certificate.shards[split]
    columns: dict[str, list[list[Dyadic]]] = {
        name: [[Dyadic.of_float(row[output]) for part in parts for row in part] for output in range(len(student))]
        for name, parts in _recorded(shards).items()
    }
    formula = [[Dyadic(entry, vector.exponent) for entry in vector.entries] for vector in student]
    compared = {name: (column, formula) for name, column in columns.items()}
    if "labels" in columns:
        compared["network"] = (columns["labels"], columns["teacher"])
    return {
        name: [
            Vector.of([abs(a - b) for a, b in zip(*pair, strict=True)]) for pair in zip(targets, values, strict=True)
        ]
        for name, (targets, values) in compared.items()
    }


def _recorded(shards: Sequence[Rows]) -> dict[str, list[Sequence[list[float]]]]:
    """Teacher and, where there are any, labels: the rows of each shard."""
    found: dict[str, list[Sequence[list[float]]]] = {"teacher": [part.teacher for part in shards]}
    labels: list[Sequence[list[float]]] = [part.labels for part in shards if part.labels is not None]
    return {**found, "labels": labels} if labels else found


def repeated_rows(certificate: Certificate, split: str) -> int:
    """How many rows of a split have the inputs of a training row or of an earlier row of the split."""
    keys = [tuple(row) for part in certificate.shards[split] for row in part.inputs]
    seen: set[tuple[float, ...]] = set()
    if split != "train":
        wanted = set(keys)
        seen = {key for part in certificate.shards["train"] for key in map(tuple, part.inputs) if key in wanted}
    repeated = 0
    for key in keys:
        repeated += key in seen
        seen.add(key)
    return repeated

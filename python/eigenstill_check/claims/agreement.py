"""Claim `agreement`: on how many rows the formula's largest output is the network's, counted exactly.

For a classifier with one output (logit) a class that is the share of rows on which both decide alike. A row counts only
where the comparison holds for the exact formula, whatever flooring its basis can change; the others are undecided.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .. import shapes
from ..certificate import Certificate
from ..dyadic import Dyadic
from ..errors import Rejected
from ..exact import Exact
from ..layout import MAX_ROWS, SPLITS
from ..vectors import Vector
from .fidelity import floor_shift

_rows = shapes.count(0, MAX_ROWS)
LABELS = ("right", "wrong", "teacher_right")
_labels = shapes.fields(dict.fromkeys(LABELS, _rows))
_split = shapes.fields(
    {
        "split": shapes.choice(*SPLITS),
        "rows": shapes.count(1, MAX_ROWS),
        "agree": _rows,
        "disagree": _rows,
        "teacher_ties": _rows,
        "margin_at_least": shapes.optional(shapes.number),
        "labels": shapes.optional(_labels),
    }
)
FIELDS = shapes.fields({"claim": shapes.choice("agreement"), "splits": shapes.listing(_split, 1, len(SPLITS))})


@dataclass(frozen=True)
class Counts:
    """Of the rows of one split.

    margin : by how much the formula's choice exceeds the rest at least, where it is the teacher's; None if it never is
    labels : right, wrong, teacher right; None unless every row's label is a class
    """

    rows: int
    agree: int
    disagree: int
    teacher_ties: int
    margin: Dyadic | None
    labels: tuple[int, int, int] | None

    def merged(self, other: Counts) -> Counts:
        """Over the rows of both."""
        labels = None
        if self.labels is not None and other.labels is not None:
            (a, b, c), (d, e, f) = self.labels, other.labels
            labels = a + d, b + e, c + f
        return Counts(
            self.rows + other.rows,
            self.agree + other.agree,
            self.disagree + other.disagree,
            self.teacher_ties + other.teacher_ties,
            min((margin for margin in (self.margin, other.margin) if margin is not None), default=None),
            labels,
        )


@dataclass(frozen=True)
class _Row:
    """What the outputs of the exact formula surely lie between on one row, in integers of one unit."""

    low: Sequence[int]
    high: Sequence[int]

    def margin(self, winner: int) -> int:
        """By how much output ``winner`` at least exceeds every other; negative where it may not."""
        return self.low[winner] - max(high for output, high in enumerate(self.high) if output != winner)

    def beaten(self, loser: int) -> bool:
        """Some output surely exceeds output ``loser``."""
        return max(self.low) > self.high[loser]


def compute(exact: Exact, _witness: Mapping[str, Any]) -> dict[str, Any]:
    certificate = exact.certificate
    if certificate.model.outputs < 2:
        raise Rejected("agreement", "one output", "at least two, of which one is the largest")
    counts = exact.known_agreement()
    if counts is None:
        counts = {split: counted(certificate, split, exact.row_values(split)) for split in certificate.splits()}
    return {"claim": "agreement", "splits": [_encoded(split, found) for split, found in counts.items()]}


def counted(certificate: Certificate, split: str, values: Sequence[Vector]) -> Counts:
    """``values``: the floored formula on every row of the split, a vector an output (`row_values`), of at least two."""
    rows, exponent = _rows_of(certificate, values)
    recorded = [row for part in certificate.shards[split] for row in part.teacher]
    choices = [_largest(row) for row in recorded]
    decided = [(row, choice) for row, choice in zip(rows, choices, strict=True) if choice is not None]
    margins = [margin for row, choice in decided if (margin := row.margin(choice)) > 0]
    return Counts(
        len(rows),
        len(margins),
        sum(row.beaten(choice) for row, choice in decided),
        choices.count(None),
        Dyadic(min(margins), exponent) if margins else None,
        _against_labels(rows, choices, _classes(certificate, split)),
    )


def _encoded(split: str, counts: Counts) -> dict[str, Any]:
    margin, labels = counts.margin, counts.labels
    return {
        "split": split,
        "rows": counts.rows,
        "agree": counts.agree,
        "disagree": counts.disagree,
        "teacher_ties": counts.teacher_ties,
        "margin_at_least": None if margin is None else shapes.encode_number(margin, "margin_at_least"),
        "labels": None if labels is None else dict(zip(LABELS, labels, strict=True)),
    }


def _rows_of(certificate: Certificate, values: Sequence[Vector]) -> tuple[list[_Row], int]:
    """Bounds of every row's outputs, floored value -+ f_o, and the exponent of their unit."""
    shifts = [floor_shift(certificate, output) for output in range(len(values))]
    exponent = min([vector.exponent for vector in values] + [shift.exponent for shift in shifts])
    bounds = [
        ([value - shift.at(exponent) for value in output], [value + shift.at(exponent) for value in output])
        for output, shift in zip((vector.at(exponent) for vector in values), shifts, strict=True)
    ]
    lows, highs = zip(*bounds, strict=True)
    return [_Row(*row) for row in zip(zip(*lows, strict=True), zip(*highs, strict=True), strict=True)], exponent


def _largest(values: Sequence[float]) -> int | None:
    """The one largest value's place; None where several share it. Float64 compare exactly."""
    top = max(values)
    return values.index(top) if values.count(top) == 1 else None


def _classes(certificate: Certificate, split: str) -> list[int] | None:
    """The class of each row where labels are one 0/1 column a class, None where they are anything else."""
    classes = []
    for part in certificate.shards[split]:
        if part.labels is None:
            return None
        for row in part.labels:
            if row.count(1.0) != 1 or row.count(0.0) != len(row) - 1:
                return None
            classes.append(row.index(1.0))
    return classes


def _against_labels(
    rows: Sequence[_Row], choices: Sequence[int | None], classes: Sequence[int] | None
) -> tuple[int, int, int] | None:
    if classes is None:
        return None
    return (
        sum(row.margin(label) > 0 for row, label in zip(rows, classes, strict=True)),
        sum(row.beaten(label) for row, label in zip(rows, classes, strict=True)),
        sum(choice == label for choice, label in zip(choices, classes, strict=True)),
    )


def say(claim: Mapping[str, Any]) -> str:
    return "; ".join(map(_sentence, claim["splits"]))


def _sentence(split: Mapping[str, Any]) -> str:
    rows, open_rows = split["rows"], split["rows"] - split["agree"] - split["disagree"]
    text = f"{split['split']}: formula and network choose alike on {split['agree']} of {rows} rows"
    if split["margin_at_least"] is not None:
        text += f", by at least {shapes.brief(split['margin_at_least'], up=False, digits=2)}"
    if open_rows:
        text += f" ({open_rows} undecided, of which ties of the network {split['teacher_ties']})"
    if labels := split["labels"]:
        right, wrong = labels["right"], labels["wrong"]
        text += f"; right on at least {right}, wrong on at least {wrong} (network right on {labels['teacher_right']})"
    return text

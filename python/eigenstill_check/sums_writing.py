"""The document of a shard's exact sums as it is written, and two of them compared (FORMAT.md section 7).

One shard of one model has one document, byte for byte, whoever writes it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from . import shapes
from .claims.agreement import LABELS, Counts
from .dyadic import MAX_DIGITS, MAX_EXPONENT, Dyadic
from .errors import NoVerdict
from .layout import FORMAT, VERSION
from .rows import SplitSums, TargetSums
from .shard_sums import ShardSums
from .sums_document import PROFILE, Frame, Heading

Difference = tuple[str, str, str]


def encode(heading: Heading, sums: ShardSums, frame: Frame) -> dict[str, Any]:
    """The document of these sums. Raises NoVerdict: a number is too long for an exact string."""
    word = frame.word(heading.rows)
    return {
        "format": FORMAT,
        "version": VERSION,
        "profile": PROFILE,
        "model": heading.model,
        "shard": {
            "number": heading.shard,
            "sha256": heading.digest,
            "rows": heading.rows,
            "holdout_rows": heading.holdout_rows,
        },
        "column_sums": [_exact(Dyadic(total)) for total in sums.rows.column_sums],
        "gram": ["".join(f"{entry:0{word}x}" for entry in row[index:]) for index, row in enumerate(sums.rows.gram)],
        "products": [
            {"target": name, "outputs": [[_exact(Dyadic(x, part.exponent)) for x in part.entries] for part in outputs]}
            for name, outputs in sums.rows.products.items()
        ],
        "splits": [
            _encode_split(split, found, None if sums.agreement is None else sums.agreement[split])
            for split, found in sums.rows.splits.items()
        ],
    }


def to_bytes(document: Mapping[str, Any]) -> bytes:
    return (json.dumps(document, indent=1) + "\n").encode("ascii")


def _encode_split(split: str, sums: SplitSums, counts: Counts | None) -> dict[str, Any]:
    return {
        "split": split,
        "targets": [
            {"target": name, "outputs": [_encode_target(name, part) for part in outputs]}
            for name, outputs in sums.targets.items()
        ],
        "largest_difference": _exact(sums.largest_difference),
        "largest_magnitude": _exact(sums.largest_magnitude),
        "within_range": sums.within_range,
        "exports": [
            {"export": name, "largest_difference": _exact(sums.export_differences[name])}
            for name in sorted(sums.export_differences)
        ],
        "agreement": None
        if counts is None
        else {
            "agree": counts.agree,
            "disagree": counts.disagree,
            "teacher_ties": counts.teacher_ties,
            "margin": None if counts.margin is None else _exact(counts.margin),
            "labels": None if counts.labels is None else dict(zip(LABELS, counts.labels, strict=True)),
        },
    }


def _encode_target(name: str, sums: TargetSums) -> dict[str, str]:
    names = ["squared_errors", "largest_error", "values", "squared_values"]
    return {key: _exact(getattr(sums, key)) for key in names + ["teacher_squared_errors"] * (name == "labels")}


def _exact(value: Dyadic) -> str:
    reduced = value.reduced()
    if abs(reduced.exponent) > MAX_EXPONENT or abs(reduced.mantissa) >= 10**MAX_DIGITS:
        raise NoVerdict(
            f"sums: a number of {reduced.mantissa.bit_length()} bits in units 2^{reduced.exponent}, too long for a record; "
            "check these rows without one"
        )
    return str(reduced)


def first_difference(recorded: Mapping[str, Any], computed: Mapping[str, Any], frame: Frame) -> Difference | None:
    """Where two documents of one shard differ first, what is recorded and what computed; None where they say the same."""
    word = frame.word(computed["shard"]["rows"])
    for key, right in computed.items():
        left = recorded[key]
        if key == "gram":
            left, right = ([_words(word, row) for row in gram] for gram in (left, right))
        if found := _differ(left, right, key):
            return found
    return None


def _words(word: int, text: str) -> list[str]:
    return [text[k : k + word] for k in range(0, len(text), word)]


def _differ(recorded: Any, computed: Any, where: str) -> Difference | None:
    pairs: Iterable[tuple[Any, Any, str]] = ()
    if isinstance(recorded, dict) and isinstance(computed, dict) and recorded.keys() == computed.keys():
        pairs = ((recorded[key], value, f"{where}.{key}") for key, value in computed.items())
    elif isinstance(recorded, list) and isinstance(computed, list) and len(recorded) == len(computed):
        pairs = ((one, other, f"{where}[{k}]") for k, (one, other) in enumerate(zip(recorded, computed, strict=True)))
    elif recorded != computed or type(recorded) is not type(computed):
        return where, shapes.shown(recorded), shapes.shown(computed)
    return next((found for pair in pairs if (found := _differ(*pair))), None)

"""The document of a shard's exact sums (FORMAT.md section 7, profile sums-1), read strictly."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from . import shapes
from .claims.agreement import LABELS, Counts
from .dyadic import ZERO, Dyadic
from .errors import Malformed
from .layout import EVALUATORS, FORMAT, MAX_ROWS, MAX_SHARDS, SPLITS, VERSION
from .packed import mirrored
from .rows import RowSums, SplitSums, TargetSums
from .shard_sums import ShardSums
from .vectors import Vector

PROFILE = "sums-1"
MAX_BYTES = 1 << 30
_WORDS = re.compile("[0-9a-f]*")


@dataclass(frozen=True)
class Heading:
    """Whose sums they are: digests of the model and of the shard's file, the shard's number and its rows."""

    model: str
    shard: int
    digest: str
    rows: int
    holdout_rows: int

    @property
    def splits(self) -> dict[str, int]:
        """The rows of each split that has any."""
        return {split: n for split, n in zip(SPLITS, (self.rows, self.holdout_rows), strict=True) if n}


@dataclass(frozen=True)
class Frame:
    """The counts of a certificate: r, c and p."""

    columns: int
    outputs: int
    grid_bits: int

    def word(self, rows: int) -> int:
        """Hexadecimal digits of an entry of G, which is at most n 2^(2p)."""
        return len(f"{rows << (2 * self.grid_bits):x}")


def _raw(value: Any, _where: str) -> Any:
    return value


_count = shapes.count(0, MAX_ROWS)
_outline = shapes.fields(
    {
        "format": shapes.choice(FORMAT),
        "version": shapes.choice(VERSION),
        "profile": shapes.choice(PROFILE),
        "model": shapes.digest,
        "shard": shapes.fields(
            {
                "number": shapes.count(0, MAX_SHARDS - 1),
                "sha256": shapes.digest,
                "rows": shapes.count(1, MAX_ROWS),
                "holdout_rows": _count,
            }
        ),
        "column_sums": _raw,
        "gram": _raw,
        "products": _raw,
        "splits": _raw,
    }
)


def read_heading(raw: Any) -> tuple[Heading, Mapping[str, Any]]:
    """The heading and the document, whose sums are not read yet. Raises Malformed."""
    document = _outline(raw, "")
    shard = document["shard"]
    heading = Heading(document["model"], shard["number"], shard["sha256"], shard["rows"], shard["holdout_rows"])
    return heading, document


def read_sums(document: Mapping[str, Any], heading: Heading, frame: Frame) -> ShardSums:
    """The sums of a document. Raises Malformed: a shape or a bound does not hold."""
    read = _products(frame)
    products = _targets(document["products"], "products", {"teacher": read, "labels": read})
    splits = _splits(document["splits"], heading, frame)
    if list(products) != list(splits["train"][0].targets):
        raise Malformed(f"products: of {', '.join(products)}; need those of the targets of train")
    sums = RowSums(
        _column_sums(document["column_sums"], heading.rows, frame),
        _gram(document["gram"], heading.rows, frame),
        products,
        {split: found for split, (found, _) in splits.items()},
    )
    counts = {split: found for split, (_, found) in splits.items() if found is not None}
    if counts and len(counts) < len(splits):
        raise Malformed("splits: agreement in some of them only; need it in all or none")
    return ShardSums(sums, counts or None)


def _column_sums(value: Any, rows: int, frame: Frame) -> list[int]:
    top = rows << frame.grid_bits

    def read(entry: Any, where: str) -> int:
        number = shapes.exact(entry, where)
        if number.exponent < 0 or not ZERO <= number <= Dyadic(top):
            raise Malformed(f"{where}: {shapes.shown(entry)}; need an integer from 0 to n 2^p")
        return number.at(0)

    return shapes.listing(read, frame.columns, frame.columns)(value, "column_sums")


def _gram(value: Any, rows: int, frame: Frame) -> list[list[int]]:
    word, top, r = frame.word(rows), rows << (2 * frame.grid_bits), frame.columns
    upper = []
    for index, text in enumerate(shapes.listing(_raw, r, r)(value, "gram")):
        where, needed = f"gram[{index}]", (r - index) * word
        if not isinstance(text, str) or len(text) != needed or not _WORDS.fullmatch(text):
            raise Malformed(f"{where}: {shapes.shown(text)}; need {needed} lower-case hexadecimal digits")
        entries = [int(text[k : k + word], 16) for k in range(0, needed, word)]
        if max(entries) > top:
            raise Malformed(f"{where}: an entry above n 2^(2p); need 0 to that")
        upper.append(entries)
    return mirrored(upper)


def _products(frame: Frame) -> shapes.Reader[list[Vector]]:
    vector = shapes.listing(shapes.exact, frame.columns, frame.columns)
    return shapes.listing(lambda value, where: Vector.of(vector(value, where)), frame.outputs, frame.outputs)


def _splits(value: Any, heading: Heading, frame: Frame) -> dict[str, tuple[SplitSums, Counts | None]]:
    names = list(heading.splits)
    listed = shapes.listing(_raw, len(names), len(names))(value, "splits")
    return {
        name: _split(entry, f"splits[{index}]", name, heading.splits[name], frame)
        for index, (name, entry) in enumerate(zip(names, listed, strict=True))
    }


def _split(value: Any, where: str, name: str, rows: int, frame: Frame) -> tuple[SplitSums, Counts | None]:
    entry = shapes.fields(
        {
            "split": shapes.choice(name),
            "targets": _raw,
            "largest_difference": _at_least_zero,
            "largest_magnitude": _at_least_zero,
            "within_range": shapes.choice(True, False),
            "exports": _raw,
            "agreement": shapes.optional(_counts(rows)),
        }
    )(value, where)

    outputs = {
        target: shapes.listing(_target(labels=target == "labels"), frame.outputs, frame.outputs)
        for target in ("teacher", "labels")
    }
    sums = SplitSums(
        rows,
        _targets(entry["targets"], f"{where}.targets", outputs),
        entry["largest_difference"],
        entry["largest_magnitude"],
        entry["within_range"],
        _exports(entry["exports"], f"{where}.exports"),
    )
    return sums, entry["agreement"]


def _targets(value: Any, where: str, outputs: Mapping[str, shapes.Reader[Any]]) -> dict[str, Any]:
    """What a list says of the targets: the first of ``outputs``, and of the second where it is there."""
    listed = shapes.listing(_raw, 1, len(outputs))(value, where)
    return {
        name: shapes.fields({"target": shapes.choice(name), "outputs": read})(entry, f"{where}[{index}]")["outputs"]
        for index, ((name, read), entry) in enumerate(zip(outputs.items(), listed, strict=False))
    }


def _exports(value: Any, where: str) -> dict[str, Dyadic]:
    read = shapes.fields({"export": shapes.choice(*EVALUATORS), "largest_difference": _at_least_zero})
    found = shapes.listing(read, 0, len(EVALUATORS))(value, where)
    names = [entry["export"] for entry in found]
    if names != sorted(set(names)):
        raise Malformed(f"{where}: {', '.join(names)}; need each program once, in the order {', '.join(EVALUATORS)}")
    return {entry["export"]: entry["largest_difference"] for entry in found}


def _at_least_zero(value: Any, where: str) -> Dyadic:
    result = shapes.exact(value, where)
    if result < ZERO:
        raise Malformed(f"{where}: {shapes.shown(value)}; need at least 0")
    return result


def _target(*, labels: bool) -> shapes.Reader[TargetSums]:
    read = shapes.fields(
        {
            "squared_errors": _at_least_zero,
            "largest_error": _at_least_zero,
            "values": shapes.exact,
            "squared_values": _at_least_zero,
            **({"teacher_squared_errors": _at_least_zero} if labels else {}),
        }
    )
    return lambda value, where: TargetSums(**read(value, where))


def _counts(rows: int) -> shapes.Reader[Counts]:
    upto = shapes.count(0, rows)
    labels = shapes.fields(dict.fromkeys(LABELS, upto))
    fields = shapes.fields(
        {
            "agree": upto,
            "disagree": upto,
            "teacher_ties": upto,
            "margin": shapes.optional(_at_least_zero),
            "labels": shapes.optional(labels),
        }
    )

    def read(value: Any, where: str) -> Counts:
        entry = fields(value, where)
        agree, disagree, ties, margin = (entry[key] for key in ("agree", "disagree", "teacher_ties", "margin"))
        if agree + disagree + ties > rows:
            raise Malformed(f"{where}: {agree} + {disagree} + {ties} rows; need at most {rows} in all")
        if (margin is None) != (agree == 0) or margin == ZERO:
            raise Malformed(
                f"{where}.margin: {shapes.shown(value['margin'])}; need more than 0, and null if none agrees"
            )
        found = entry["labels"]
        return Counts(rows, agree, disagree, ties, margin, None if found is None else tuple(found.values()))

    return read

"""Records of shards' sums beside a certificate: added at the root, or recomputed and compared.

A record is believed only where whoever checks asks for it, and the verdict says which ones were.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from . import certificate as reading
from . import layout, shapes
from .admission import Gate
from .arithmetic import Arithmetic
from .certificate import Certificate
from .claims import CLAIMS
from .errors import Malformed, NoVerdict, Rejected
from .exact import Exact
from .limits import Limits
from .rows import block_places, worth_sharing
from .shard_sums import (
    DECIDED_FROM_SUMS,
    ExactFromSums,
    ShardSums,
    claims_agreement,
    model_digest,
    only,
    sums_of,
    sums_of_shard,
)
from .sums_document import MAX_BYTES, Frame, Heading, read_heading, read_sums
from .sums_writing import Difference, encode, first_difference
from .tensors import read_bytes

SUFFIX = ".sums.json"
NAMED = 5  # shards that a message names
MEMORY_HELD, MEMORY_TURNED = 2, 6  # bytes of memory a byte of a record's file: its texts; words and integers of one

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Used:
    """A record of the sums of array file number ``shard``; ``recomputed`` from the rows, or taken as it is."""

    shard: int
    file: str
    record: str
    recomputed: bool


@dataclass(frozen=True)
class Record:
    """A record that is one of this certificate's: what it says, and where."""

    path: Path
    heading: Heading
    document: Mapping[str, Any]


@dataclass(frozen=True)
class WithSums:
    """A certificate, what its claims are decided from, and the records that went into it."""

    certificate: Certificate
    exact: Exact
    used: tuple[Used, ...]


def listed(paths: Sequence[Path]) -> list[Path]:
    """The files among ``paths``, and of each folder among them those named *.sums.json, by name."""
    found: list[Path] = []
    for path in paths:
        inside = sorted(path.glob(f"*{SUFFIX}")) if path.is_dir() else [path]
        if not inside:
            raise NoVerdict(f"sums {path.name}: no file *{SUFFIX} in it; need the records of some shards")
        found += inside
    return found


def with_sums(
    raw: Any,
    folder: Path,
    data: Sequence[Path],
    gate: Gate,
    paths: Sequence[Path],
    *,
    verify: bool,
    arithmetic: Arithmetic,
    progress: Progress | None = None,
) -> WithSums:
    """A student's certificate together with records of the sums of some of its shards.

    The rows of recorded shards are not read, but with ``verify``: then all rows are, and each record is compared with
    the sums of its shard.

    Raises
    ------
    Malformed : a record breaks the format, or a shard has two
    Rejected : a record of another certificate, or one whose sums are not those of its shard's rows
    NoVerdict : unreadable, or a claim needs rows that are not read
    """
    document = layout.parse_document(raw)
    files = document["arrays"]
    records = _records(_opened(listed(paths), gate.limits), files)
    if not verify:
        _require_decidable(document, files, records)
    certificate = reading.parse(raw, folder, data, gate, without=() if verify else records)
    gate.numbers(certificate)
    frame, model = frame_of(certificate), model_digest(certificate.basis, certificate.model)
    for number, record in records.items():
        if record.heading.model != model:
            raise Rejected(
                f"sums {record.path.name} of shard {number}: model",
                f"sha256 {record.heading.model}",
                f"sha256 {model} of this certificate's basis and formula",
            )
    used = tuple(Used(k, files[k]["file"], str(record.path), verify) for k, record in sorted(records.items()))
    if verify:
        return WithSums(certificate, _verified(certificate, records, files, frame, arithmetic, progress), used)
    total = _added(certificate, records, frame)
    return WithSums(certificate, ExactFromSums(certificate, total, arithmetic), used)


def frame_of(certificate: Certificate) -> Frame:
    return Frame(certificate.model.columns, certificate.model.outputs, certificate.basis.grid_bits)


def _opened(paths: Sequence[Path], limits: Limits) -> list[tuple[Path, Any]]:
    """The JSON of each record; lengths are compared before any is read, for all together and one turned into integers."""
    sizes = []
    for path in paths:
        try:
            sizes.append(path.stat().st_size)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise NoVerdict(f"sums {path}: cannot be read ({reason}); need a readable file") from None
        if sizes[-1] <= MAX_BYTES:
            needed = MEMORY_HELD * sum(sizes) + MEMORY_TURNED * max(sizes)
            limits.require(f"sums {path.name}", memory=needed >> 20)
    return [
        (path, shapes.load_json(read_bytes(path, MAX_BYTES, follow_links=True), f"sums {path.name}", MAX_BYTES))
        for path in paths
    ]


def _records(found: Sequence[tuple[Path, Any]], files: Sequence[Mapping[str, Any]]) -> dict[int, Record]:
    """By the numbers of their shards. Raises Malformed or Rejected, naming the record."""
    records: dict[int, Record] = {}
    for path, raw in found:
        where = f"sums {path.name}"
        try:
            heading, document = read_heading(raw)
        except Malformed as refusal:
            raise Malformed(f"{where}: {refusal}") from None
        number = heading.shard
        if number >= len(files):
            raise Rejected(f"{where}: shard.number", str(number), f"0 to {len(files) - 1}, a shard of this certificate")
        entry = files[number]
        for key, got, needed in (
            ("sha256", f"sha256 {heading.digest}", f"sha256 {entry['sha256']} of {entry['file']}"),
            ("rows", str(heading.rows), str(entry["rows"])),
            ("holdout_rows", str(heading.holdout_rows), str(entry["holdout_rows"])),
        ):
            if got != needed.partition(" of ")[0]:
                raise Rejected(f"{where} of shard {number}: shard.{key}", got, needed)
        if number in records:
            raise Malformed(
                f"{where}: shard {number} has a record already, {records[number].path.name}; need one a shard"
            )
        records[number] = Record(path, heading, document)
    return records


def _require_decidable(
    document: Mapping[str, Any], files: Sequence[Mapping[str, Any]], records: Mapping[int, Record]
) -> None:
    """Raise NoVerdict for a claim that needs more of the rows than the records hold."""
    for claim in document["claims"]:
        name = claim["claim"]
        if name in DECIDED_FROM_SUMS or name not in CLAIMS:
            continue
        raise NoVerdict(
            f"claim {name}: goes through the rows themselves, and of shards {_named(files, sorted(records))} the sums alone "
            "are given; need their rows: check without --sums, or with --verify"
        )


def _named(files: Sequence[Mapping[str, Any]], numbers: Sequence[int]) -> str:
    """Numbers and files of some shards, in words."""
    first = ", ".join(f"{number} ({files[number]['file']})" for number in numbers[:NAMED])
    return first + (f" and {len(numbers) - NAMED} more" if len(numbers) > NAMED else "")


def _typed(record: Record, certificate: Certificate, frame: Frame) -> ShardSums:
    where = f"sums {record.path.name} of shard {record.heading.shard}"
    try:
        sums = read_sums(record.document, record.heading, frame)
    except Malformed as refusal:
        raise Malformed(f"{where}: {refusal}") from None
    if (sums.agreement is None) == claims_agreement(certificate):
        raise NoVerdict(
            f"{where}: {'without' if sums.agreement is None else 'with'} the counts of claim agreement, which the "
            f"certificate {'makes' if sums.agreement is None else 'does not make'}; need the record written anew"
        )
    return sums


def _added(certificate: Certificate, records: Mapping[int, Record], frame: Frame) -> ShardSums:
    total: ShardSums | None = None
    for number, record in sorted(records.items()):
        sums = _typed(record, certificate, frame)
        total = sums if total is None else total.merged(sums, f"sums {record.path.name} of shard {number}")
    if total is None:
        raise Malformed("sums: no record; need one at least")
    return total


def _verified(
    certificate: Certificate,
    records: Mapping[int, Record],
    files: Sequence[Mapping[str, Any]],
    frame: Frame,
    arithmetic: Arithmetic,
    progress: Progress | None,
) -> Exact:
    """The sums of all rows, shard by shard. Raises Rejected, naming every shard whose record is not that of its rows."""
    rest = only(certificate, {part.shard for part in certificate.shards["train"]} - records.keys())
    total = sums_of(rest, arithmetic) if any(rest.splits()) else None
    wrong: dict[int, Difference] = {}
    done = 0
    for run in _runs(certificate, sorted(records), arithmetic):
        if progress is not None:
            progress(f"sums of shard {run[0]}", done, len(records))
        done += len(run)
        jobs = min(arithmetic.jobs, len(run))
        parts = [run[len(run) * job // jobs : len(run) * (job + 1) // jobs] for job in range(jobs)]
        work = arithmetic if jobs == 1 else copy(arithmetic)  # a copy computes on one process
        tasks = [partial(_compared, certificate, {k: records[k] for k in part}, files, frame, work) for part in parts]
        for part, (sums, differing) in zip(
            parts, arithmetic.pool.run(tasks) if jobs > 1 else [tasks[0]()], strict=True
        ):
            total = sums if total is None else total.merged(sums, f"shard {part[0]}")
            wrong |= differing
    if wrong:
        number, (place, got, needed) = next(iter(wrong.items()))
        others = _named(files, list(wrong)[1:])
        raise Rejected(
            f"sums {records[number].path.name} of shard {number} ({files[number]['file']}): {place}",
            got,
            f"{needed}, computed from the rows" + (f"; wrong too: the records of shards {others}" if others else ""),
        )
    return Exact(certificate, total.rows if total else None, arithmetic=arithmetic)


def _runs(certificate: Certificate, numbers: Sequence[int], arithmetic: Arithmetic) -> list[list[int]]:
    """Shards that processes go through side by side; one whose own rows they share, or that leaves this machine, alone.

    Shards of a run follow each other, and so do those of a process: the first refusal is that of one process.
    """
    runs: list[list[int]] = []
    small = False
    for number in numbers:
        part = only(certificate, {number})
        alone = arithmetic.jobs == 1 or arithmetic.pool.apart or worth_sharing(part, block_places(part))
        if small and not alone:
            runs[-1].append(number)
        else:
            runs.append([number])
        small = not alone
    return runs


def _compared(
    certificate: Certificate,
    records: Mapping[int, Record],
    files: Sequence[Mapping[str, Any]],
    frame: Frame,
    arithmetic: Arithmetic,
) -> tuple[ShardSums, dict[int, Difference]]:
    """The sums of these shards' rows, added, and where a record is not that of its rows."""
    total: ShardSums | None = None
    wrong: dict[int, Difference] = {}
    for number, record in records.items():
        _typed(record, certificate, frame)
        sums = sums_of_shard(certificate, number, files[number]["file"], arithmetic)
        if found := first_difference(record.document, encode(record.heading, sums, frame), frame):
            wrong[number] = found
        total = sums if total is None else total.merged(sums, f"shard {number}")
    if total is None:
        raise Malformed("sums: no record; need one at least")
    return total, wrong

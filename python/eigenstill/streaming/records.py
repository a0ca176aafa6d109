"""Records of a streamed certificate's shards: their exact sums, by the producer's own pass (FORMAT.md section 7).

The same bytes as `eigenstill-check --shard N --sums-out FILE` writes. Whoever believes them believes the producer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial, reduce
from operator import add
from pathlib import Path

from eigenstill_check import layout
from eigenstill_check.certificate import Certificate, Rows, parse
from eigenstill_check.claims.agreement import counted
from eigenstill_check.recorded_sums import SUFFIX, frame_of
from eigenstill_check.rows import RowSums
from eigenstill_check.shard_sums import ShardSums, claims_agreement, model_digest, sums_of
from eigenstill_check.sums_document import Heading
from eigenstill_check.sums_writing import encode, to_bytes

from ..arrays import FloatArray
from ..basis import Basis
from ..certificate.row_sums import row_sums
from ..certificate.split import ListedRows, Split
from ..device import Device
from ..engine import Engine
from ..files import write_atomically
from ..problem import Progress
from ..spectrum import BlockSums
from ..spectrum.block_sums import block_sums
from ..tables.blocks import ROWS


def write_records(
    path: Path, basis: Basis, train: Split, engine: Engine, say: Progress, device: Device | None = None
) -> list[Path]:
    """Beside the certificate, NAME.cert.1.sums.json and so on: one for each of its array files that has rows.

    Parameters
    ----------
    path : of the certificate's JSON; all its rows are training rows, and the first array file has none
    basis : the certified basis in float64
    train : the rows of all shards, in order; one shard after the other is read
    device : a torch device for the exact sums; numpy by default
    """
    raw = layout.load_document(path)
    files = layout.parse_document(raw)["arrays"]
    blank = parse(raw, path.parent, without=range(len(files)))
    frame, model = frame_of(blank), model_digest(blank.basis, blank.model)
    written, start, total = [], 0, len(train.inputs)
    for number, entry in enumerate(files):
        if not entry["rows"]:
            continue
        rows = train.part(start, start + entry["rows"])
        start += entry["rows"]
        heading = Heading(model, number, entry["sha256"], entry["rows"], 0)
        document = encode(heading, _sums(blank, basis, rows, engine, device), frame)
        written.append(path.with_name(f"{path.name.removesuffix('.json')}.{number}{SUFFIX}"))
        write_atomically(written[-1], to_bytes(document))
        say("sums of the shards", start, total)
    return written


def _sums(blank: Certificate, basis: Basis, rows: Split, engine: Engine, device: Device | None) -> ShardSums:
    """In numpy where that reaches, else by the checker's own code."""
    labels = None if rows.labels is None else ListedRows(rows.labels)
    listed = Rows(ListedRows(rows.inputs), ListedRows(rows.teacher), ListedRows(rows.predictions), labels)
    certificate = replace(blank, shards={"train": (listed,), "holdout": ()})
    parts = engine.answers(partial(_block_sums, basis, device), _blocks(rows))
    known: BlockSums = reduce(add, (part for _, part in parts))
    found = row_sums(blank, basis, {"train": rows}, engine, known)
    if found is None:
        return sums_of(certificate)
    sums, values = found
    counts = {"train": counted(certificate, "train", values["train"])} if claims_agreement(blank) else None
    return ShardSums(RowSums(sums.column_sums, known.full_gram().tolist(), sums.products, sums.splits), counts)


def _blocks(rows: Split) -> Iterator[Split]:
    return (rows.part(start, start + ROWS) for start in range(0, len(rows.inputs), ROWS))


def _block_sums(basis: Basis, device: Device | None, rows: Split) -> BlockSums:
    targets: Mapping[str, FloatArray] = rows.targets
    return block_sums(basis, rows.inputs, targets, None if device is None else device.here())

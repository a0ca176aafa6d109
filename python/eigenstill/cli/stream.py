"""`eigenstill distill --stream`: rows that are read block by block, here or by the workers of a Dask scheduler."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.markup import escape

from . import console

if TYPE_CHECKING:
    from ..device import Device
    from ..streaming import RowSource

AUTOMATIC = 1 << 30
"""Bytes of a data file from which on it is streamed without being asked."""


def is_large(data: Path) -> bool:
    """Whether the data are too large to be loaded as a matter of course."""
    from ..streaming.sources import STREAMED

    return data.suffix.lower() in STREAMED and data.is_file() and data.stat().st_size >= AUTOMATIC


def stream(
    teacher: str,
    data: Path,
    out: Path,
    labels: str | None,
    scheduler: str | None,
    device: Device | None,
    *,
    trust_code: bool,
    quiet: bool,
    json: bool,
    **options: Any,
) -> int:
    """Distil and certify by streaming; ``options`` are those of `distill_stream`."""
    from ..engine import Distributed, Local
    from ..errors import EigenstillWarning
    from ..streaming import distill_stream, open_rows
    from ..tables import split_spec
    from ..teacher import load_teacher
    from .card import write_card
    from .show import describe, summary

    rows, answers = _rows_and_labels(data, labels)
    recorded = split_spec(teacher)[0].suffix.lower() in (".csv", ".parquet", ".npy")
    subject = open_rows(teacher) if recorded else load_teacher(teacher, trust_code, device)
    engine = Local() if scheduler is None else Distributed(scheduler)
    try:
        with warnings.catch_warnings(), console.progress(quiet=quiet or json) as report:
            warnings.simplefilter("ignore", category=EigenstillWarning)  # said below, from the student's provenance
            done = distill_stream(
                subject, rows, out, labels=answers, engine=engine, device=device, progress=report, **options
            )
    finally:
        if isinstance(engine, Distributed):
            engine.close()
    write_card(out)
    path = done.certificate
    if json:
        facts = {"folder": str(out), "certificate": path and str(path), "rows": done.rows, **summary(done.student)}
        console.say_json(facts)
        return console.ACCEPTED
    for text in done.student.provenance.notices:
        console.notice(text)
    if not quiet:
        screen = console.screen()
        describe(screen, done.student)
        if path is not None:
            line = (
                f"certificate {path} ({done.rows} rows, your rows and outputs beside it); next: eigenstill check {path}"
            )
            screen.print(escape(line), soft_wrap=True)
    return console.ACCEPTED


def _rows_and_labels(data: Path, labels: str | None) -> tuple[RowSource, RowSource | None]:
    """The inputs, and labels from another file or from a column, which is then no input."""
    from ..streaming import open_rows
    from ..tables import split_spec
    from ..tables.load import SUFFIXES

    rows = open_rows(data)
    if labels is None:
        return rows, None
    if split_spec(labels)[0].suffix.lower() in SUFFIXES:
        return rows, open_rows(labels)
    return rows.split([labels])

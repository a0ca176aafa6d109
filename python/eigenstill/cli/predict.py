"""`eigenstill predict`: the formula's values at the rows of a file."""

from __future__ import annotations

import sys
import warnings
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .. import folder
from . import console

if TYPE_CHECKING:
    from ..arrays import FloatArray
    from ..student import Student
    from ..tables import Table

LISTED = 8


def predict(
    student: Annotated[
        Path, typer.Argument(metavar="STUDENT", help="student.safetensors, or the folder that holds it.")
    ],
    data: Annotated[
        Path,
        typer.Option(metavar="D", help="Rows: .csv, .parquet, .arrow, .feather, .npy or .npz; columns by name."),
    ],
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A file of such a kind; standard output as CSV by default."),
    ] = None,
    interval: Annotated[
        float | None,
        typer.Option(metavar="P", help="Add the ends of intervals that hold the target with probability P, 0.9 say."),
    ] = None,
    target: Annotated[
        str | None, typer.Option(metavar="T", help="What intervals hold: labels (where recorded) or teacher.")
    ] = None,
    confidence: Annotated[
        float | None,
        typer.Option(metavar="C", help="Intervals for this hold-out split, with confidence C, not on average."),
    ] = None,
    device: console.DeviceName = None,
) -> int:
    """Evaluate the formula. Columns are taken by name: a missing one is an error, others are ignored with a notice."""
    from ..errors import EigenstillWarning, StudentError
    from ..student import Recording, load_student
    from ..tables import load_table, save_table, writer_of
    from ..tables.save import csv_text

    if out is not None:
        writer_of(out)  # an unknown kind is refused before anything is computed
    if interval is None and (target is not None or confidence is not None):
        raise StudentError("predict: --target and --confidence are about intervals; need --interval too")
    held = load_student(folder.student_path(student))
    table = load_table(data)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", EigenstillWarning)
        if interval is None:
            values = held.predict(table, device=device)
            names, columns = held.output_names, values.reshape(len(values), -1)
        else:
            held = replace(held, recording=Recording.load(folder.student_path(student).parent / folder.RECORDING))
            names, columns = _with_intervals(held, table, interval, target, confidence, device)
            values = columns
    for warning in caught:
        console.notice(str(warning.message))
    _say_order(held, table)
    if out is None:
        sys.stdout.write(csv_text(names, columns))
    elif out.suffix.lower() == ".npy":
        save_table(out, names, values)
    else:
        save_table(out, names, columns)
    return console.ACCEPTED


def _with_intervals(
    student: Student,
    table: Table,
    interval: float,
    target: str | None,
    confidence: float | None,
    device: str | None,
) -> tuple[tuple[str, ...], FloatArray]:
    """Columns output, output_lower, output_upper for each output."""
    import numpy as np

    found = student.predict(table, interval=interval, target=target, confidence=confidence, device=device)
    parts = [part.reshape(len(part), -1) for part in (found.prediction, found.lower, found.upper)]
    names = tuple(f"{name}{end}" for name in student.output_names for end in ("", "_lower", "_upper"))
    return names, np.stack(parts, axis=2).reshape(len(parts[0]), -1)


def _say_order(student: Student, table: Table) -> None:
    """A notice where the file's columns stand in another order than the student's."""
    if not (student.named and table.named):
        return
    order = [name for name in table.names if name in student.input_names]
    if order != list(student.input_names):
        listed = ", ".join(student.input_names[:LISTED]) + (", ..." if len(student.input_names) > LISTED else "")
        console.notice(f"{table.source}: columns in another order; taken by name: {listed}")

"""`eigenstill predict`: the formula's values at the rows of a file."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .. import folder
from . import console

if TYPE_CHECKING:
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
) -> int:
    """Evaluate the formula. Columns are taken by name: a missing one is an error, others are ignored with a notice."""
    from ..errors import EigenstillWarning
    from ..student import load_student
    from ..tables import load_table, save_table, writer_of
    from ..tables.save import csv_text

    if out is not None:
        writer_of(out)  # an unknown kind is refused before anything is computed
    held = load_student(folder.student_path(student))
    table = load_table(data)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", EigenstillWarning)
        values = held.predict(table)
    for warning in caught:
        console.notice(str(warning.message))
    _say_order(held, table)
    columns = values.reshape(len(values), -1)
    if out is None:
        sys.stdout.write(csv_text(held.output_names, columns))
    elif out.suffix.lower() == ".npy":
        save_table(out, held.output_names, values)
    else:
        save_table(out, held.output_names, columns)
    return console.ACCEPTED


def _say_order(student: Student, table: Table) -> None:
    """A notice where the file's columns stand in another order than the student's."""
    if not (student.named and table.named):
        return
    order = [name for name in table.names if name in student.input_names]
    if order != list(student.input_names):
        listed = ", ".join(student.input_names[:LISTED]) + (", ..." if len(student.input_names) > LISTED else "")
        console.notice(f"{table.source}: columns in another order; taken by name: {listed}")

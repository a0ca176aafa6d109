"""`eigenstill predict`: the formula's values at the rows of a file."""

from __future__ import annotations

import csv
import io
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .. import folder
from . import console

if TYPE_CHECKING:
    from ..arrays import FloatArray
    from ..student import Student


def predict(
    student: Annotated[
        Path, typer.Argument(metavar="STUDENT", help="student.safetensors, or the folder that holds it.")
    ],
    data: Annotated[
        Path, typer.Option(metavar="D", help="Rows: .csv, .parquet, .npy or .npz; columns are taken by name.")
    ],
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help=".csv or .npy; standard output as CSV by default.")
    ] = None,
) -> int:
    """Evaluate the formula."""
    import numpy as np

    from ..errors import DataError, EigenstillWarning
    from ..storage import write_atomically
    from ..student import load_student
    from ..tables import load_table

    if out is not None and out.suffix not in (".csv", ".npy"):
        raise DataError(f"--out {out.name}: suffix {out.suffix or 'none'}; need .csv or .npy")
    held = load_student(folder.student_path(student))
    table = load_table(data)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", EigenstillWarning)
        values = held.predict(table)
    for warning in caught:
        console.notice(str(warning.message))
    if out is None:
        sys.stdout.write(_csv(held, values))
    elif out.suffix == ".csv":
        write_atomically(out, _csv(held, values).encode())
    else:
        buffer = io.BytesIO()
        np.save(buffer, values)
        write_atomically(out, buffer.getvalue())
    return console.ACCEPTED


def _csv(student: Student, values: FloatArray) -> str:
    """One row a line; every number in the shortest form that reads back to the same float64."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(student.output_names)
    writer.writerows([repr(float(entry)) for entry in row] for row in values.reshape(len(values), -1))
    return text.getvalue()

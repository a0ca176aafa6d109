"""`eigenstill export`: the formula in another language."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from .. import folder
from . import console


class Language(StrEnum):
    """What a formula can be written in."""

    ONNX = "onnx"
    TORCH = "torch"
    NUMPY = "numpy"
    C = "c"
    LATEX = "latex"
    SYMPY = "sympy"
    JSON = "json"


def export(
    student: Annotated[
        Path, typer.Argument(metavar="STUDENT", help="student.safetensors, or the folder that holds it.")
    ],
    to: Annotated[Language, typer.Option(help="The language.", show_default=False)],
    out: Annotated[
        Path, typer.Option(metavar="FILE", help=".onnx, .py (torch also .pt2), .c, .tex or .json; the stem names it.")
    ],
    data: Annotated[
        Path | None,
        typer.Option(metavar="D", help="Rows to compare on; those of recording.safetensors by default."),
    ] = None,
    float32: Annotated[
        bool, typer.Option("--float32", help="Compute in float32 (onnx, torch, numpy, c); the difference is measured.")
    ] = False,
    quiet: console.Quiet = False,
    json: console.Json = False,
) -> int:
    """Write the formula in another language, and compare it.

    What was written is run and compared with `predict` on thousands of rows first; the largest difference is printed
    and stated in the file. A float64 export beyond the bound of any float64 evaluation is refused.
    """
    from dataclasses import replace

    from ..exports import export as write
    from ..student import Recording, load_student
    from ..tables import load_table

    path = folder.student_path(student)
    held, recording = load_student(path), path.with_name(folder.RECORDING)
    if student.is_dir() and recording.exists() and data is None:
        held = replace(held, recording=Recording.load(recording))
    written = write(held, to.value, out, rows=None if data is None else load_table(data), float32=float32)
    if json:
        console.say_json({**vars(written), "path": str(written.path)})
    elif not quiet:
        console.screen().print(escape(f"{to.value} {written.path}: {written.note}"), soft_wrap=True)
    return console.ACCEPTED

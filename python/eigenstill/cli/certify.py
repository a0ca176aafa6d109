"""`eigenstill certify`: the certificate of a student in the folder that `distill` wrote."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from .. import folder
from . import console

HOLDS_ROWS = "holds your rows and outputs"


class Recorded(StrEnum):
    """Programs whose predictions can be recorded."""

    C = "c"
    NUMPY = "numpy"
    ONNX = "onnx"
    TORCH = "torch"


def certify(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Folder from `eigenstill distill`.")],
    rank: Annotated[
        int | None, typer.Option(metavar="K", min=1, help="Highest rank to claim; the student's modes by default.")
    ] = None,
    detached: Annotated[
        bool, typer.Option("--detached", help="Leave rows and outputs out; they go to student.cert.rows.safetensors.")
    ] = False,
    export: Annotated[
        list[Recorded] | None,
        typer.Option(help="Run this export on every row and record what it computes; may be repeated."),
    ] = None,
    quiet: console.Quiet = False,
    json: console.Json = False,
) -> int:
    """Write DIR/student.cert.json and its arrays. They hold the recorded rows and outputs, unless --detached."""
    from .. import certify as write_certificate
    from .card import write_card

    student, recording = folder.load(directory)
    with console.progress(quiet=quiet or json) as report:
        path = write_certificate(
            student,
            directory,
            recording=recording,
            rank=rank,
            detached=detached,
            exports=[entry.value for entry in export or ()],
            progress=report,
        )
    write_card(directory)
    rows = path.with_name("student.cert.rows.safetensors")
    if json:
        console.say_json({"certificate": str(path), "rows": str(rows) if detached else None})
    elif not quiet:
        holds = f"without rows and outputs; keep {rows}, check needs it as --data" if detached else HOLDS_ROWS
        console.screen().print(f"certificate {escape(f'{path} ({holds})')}", soft_wrap=True)
    return console.ACCEPTED

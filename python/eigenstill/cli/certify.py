"""`eigenstill certify`: the certificate of a student in the folder that `distill` wrote."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from . import console, folder


def certify(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Folder from `eigenstill distill`.")],
    rank: Annotated[
        int | None, typer.Option(metavar="K", min=1, help="Highest rank to claim; the student's modes by default.")
    ] = None,
    quiet: console.Quiet = False,
    json: console.Json = False,
) -> int:
    """Write DIR/student.cert.json and its arrays. They hold the recorded rows and outputs."""
    from .. import certify as write_certificate

    student, recording = folder.load(directory)
    with console.progress(quiet=quiet or json) as report:
        path = write_certificate(student, directory, recording=recording, rank=rank, progress=report)
    if json:
        console.say_json({"certificate": str(path)})
    elif not quiet:
        console.screen().print(f"certificate {escape(str(path))} (holds your rows and outputs)", soft_wrap=True)
    return console.ACCEPTED

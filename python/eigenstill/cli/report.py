"""`eigenstill report`: one HTML page about a student."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from . import console


def report(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Folder from `eigenstill distill`.")],
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="The page; DIR/report.html by default.")] = None,
    quiet: console.Quiet = False,
    json: console.Json = False,
) -> int:
    """Write one self-contained HTML page: formula, plots, diagnosis and verdict; the certificate is checked on the way.

    The exit code is the verdict's; 0 where there is no certificate. The page shows statistics of your rows.
    """
    from ..reporting import report as write_report

    with console.progress(quiet=quiet or json) as progress:
        written = write_report(directory, out, progress=progress)
    verdict = written.verdict
    if json:
        console.say_json({"report": str(written.path), "verdict": None if verdict is None else verdict.to_json()})
    elif not quiet:
        word = "no certificate" if verdict is None else verdict.word
        console.screen().print(f"report {escape(str(written.path))} ({word})", soft_wrap=True)
    return console.ACCEPTED if verdict is None else verdict.code

"""`eigenstill check`: what the independent checker says of certificates."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from . import console

if TYPE_CHECKING:
    from eigenstill_check.binding import Binder

ROWS = ".safetensors"


def check(
    certificates: Annotated[
        list[Path], typer.Argument(metavar="CERT...", help="NAME.cert.json, its array files beside it.")
    ],
    require: Annotated[
        list[str] | None, typer.Option(metavar="CLAIM", help="Refuse certificates without this claim.")
    ] = None,
    student: Annotated[
        Path | None, typer.Option(metavar="S", help="Must be the certified student: digest and formula.")
    ] = None,
    data: Annotated[
        list[Path] | None,
        typer.Option(metavar="D", help="Tables of the training and hold-out rows, detached rows; may be repeated."),
    ] = None,
    teacher: Annotated[
        str | None,
        typer.Option(metavar="T", help="The network, as for distill: digest, and its outputs computed again."),
    ] = None,
    tolerance: Annotated[
        float | None,
        typer.Option(metavar="X", min=0, help="Of those outputs, relative to the largest; 1e-5 by default."),
    ] = None,
    trust_code: Annotated[bool, typer.Option("--trust-code", help="Allow model.pt2, which can run code.")] = False,
    quiet: console.Quiet = False,
    json: console.Json = False,
) -> int:
    """Check certificates exactly, from the raw rows in them; exit code 0, 1, 2 or 3.

    With --student, --data and --teacher your own files are compared with what was certified; the verdict says what was
    bound. The same checker runs alone as `python -m eigenstill_check`, with nothing but the standard library.
    """
    from eigenstill_check import check as decide
    from eigenstill_check.__main__ import render

    rows = [path for path in data or () if path.suffix == ROWS]
    tables = [path for path in data or () if path.suffix != ROWS]
    bind = _binders(student, tables, teacher, tolerance, trust_code)
    verdicts, screen = [], console.screen()
    for path in certificates:
        with console.progress(quiet=quiet or json) as report:
            verdict = decide(path, require=require or (), data=rows, bind=bind, progress=report)
        verdicts.append(verdict)
        if not json:
            text = escape(render(verdict, quiet=quiet or len(certificates) > 1))
            colour = "green" if verdict.accepted else "red"
            screen.print(text.replace(verdict.word, f"[bold {colour}]{verdict.word}[/]", 1), soft_wrap=True)
    if json:
        console.say_json([verdict.to_json() for verdict in verdicts])
    return max(verdict.code for verdict in verdicts)


def _binders(
    student: Path | None, tables: list[Path], teacher: str | None, tolerance: float | None, trust_code: bool
) -> tuple[Binder, ...]:
    """Numerical libraries are loaded only where there is something to bind."""
    if student is None and not tables and teacher is None:
        return ()
    from ..binding import TOLERANCE, binders

    return binders(
        student=student,
        data=tables,
        teacher=teacher,
        tolerance=TOLERANCE if tolerance is None else tolerance,
        trust_code=trust_code,
    )

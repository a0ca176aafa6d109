"""`eigenstill check`: what the independent checker says of certificates."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from . import console


def check(
    certificates: Annotated[
        list[Path], typer.Argument(metavar="CERT...", help="NAME.cert.json, its array files beside it.")
    ],
    require: Annotated[
        list[str] | None, typer.Option(metavar="CLAIM", help="Refuse certificates without this claim.")
    ] = None,
    quiet: console.Quiet = False,
    json: console.Json = False,
) -> int:
    """Check certificates exactly, from the raw rows in them; exit code 0, 1, 2 or 3.

    The same checker runs alone as `python -m eigenstill_check`, with nothing but the standard library.
    """
    from eigenstill_check import check as decide
    from eigenstill_check.__main__ import render

    verdicts, screen = [], console.screen()
    for path in certificates:
        with console.progress(quiet=quiet or json) as report:
            verdict = decide(path, require=require or (), progress=report)
        verdicts.append(verdict)
        if not json:
            text = escape(render(verdict, quiet=quiet or len(certificates) > 1))
            colour = "green" if verdict.accepted else "red"
            screen.print(text.replace(verdict.word, f"[bold {colour}]{verdict.word}[/]", 1), soft_wrap=True)
    if json:
        console.say_json([verdict.to_json() for verdict in verdicts])
    return max(verdict.code for verdict in verdicts)

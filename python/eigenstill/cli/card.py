"""`eigenstill card`: the model card of a student."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from . import console


def card(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Folder from `eigenstill distill`.")],
    quiet: console.Quiet = False,
    json: console.Json = False,
) -> int:
    """Write DIR/README.md, the student's model card.

    `distill` and `certify` write it too, in the form that model hubs read. It says what the student is, digests,
    claims as recorded, and limits; names of your columns stand in it.
    """
    from ..reporting import model_card

    path = model_card(directory)
    if json:
        console.say_json({"card": str(path)})
    elif not quiet:
        console.screen().print(f"card {escape(str(path))}", soft_wrap=True)
    return console.ACCEPTED


def write_card(directory: Path) -> None:
    """After `distill` and `certify`; what keeps a card from being written is said, and the command goes on."""
    from ..errors import StudentError
    from ..reporting import model_card

    try:
        model_card(directory)
    except StudentError as error:
        console.notice(f"no model card: {error}")

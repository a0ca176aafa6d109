"""`eigenstill region`: formula and network at every point of boxes around recorded rows."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from .. import folder
from . import console
from .svd import outward

SHOWN = 10


def region(
    source: Annotated[Path, typer.Argument(metavar="DIR", help="The folder that `eigenstill distill` wrote.")],
    teacher: Annotated[
        str, typer.Option(metavar="T", help="The ReLU network: model.onnx, or package.module:torch_module (runs code).")
    ],
    boxes: Annotated[
        int, typer.Option(metavar="N", min=1, help="Around the first N hold-out (or training) rows.")
    ] = 10,
    radius: Annotated[
        float, typer.Option(metavar="R", min=0.0, help="Of the boxes, in standard deviations of each input.")
    ] = 0.05,
    cells: Annotated[int, typer.Option(metavar="C", min=1, help="A box is cut into at most C cells.")] = 16,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR2", help="Where region.cert.json goes; DIR by default.")
    ] = None,
    quiet: console.Quiet = False,
    json: console.Json = False,
) -> int:
    """Prove how far formula and network are apart at EVERY point of boxes, with the formula's range and slopes there.

    The certificate holds the network's weights, the formula, and the boxes.
    """
    from ..errors import StudentError
    from ..regions import certify_regions
    from ..teacher import load_relu_subject

    student, recording = folder.load(source)
    split = recording.holdout or recording.train
    if boxes > len(split.inputs):
        raise StudentError(f"--boxes {boxes}: {len(split.inputs)} rows are recorded; need at most that")
    subject = load_relu_subject(teacher)
    centres, radii = split.inputs[:boxes], radius * recording.train.inputs.std(axis=0)
    with console.progress(quiet=quiet or json) as report:
        found = certify_regions(student, subject, centres, radii, out or source, cells=cells, progress=report)
    if json:
        console.say_json(_as_json(found))
    elif not quiet:
        _say(found, radius)
    return console.ACCEPTED


def _as_json(found: Any) -> dict[str, Any]:
    return {
        "certificate": str(found.path),
        "difference_at_most": found.difference_at_most.tolist(),
        "sampled": found.sampled.tolist(),
        "formula_at_least": found.formula_at_least.tolist(),
        "formula_at_most": found.formula_at_most.tolist(),
        "slopes_at_most": found.slopes_at_most.tolist(),
        "cells": found.cells.tolist(),
    }


def _say(found: Any, radius: float) -> None:
    screen = console.screen()
    screen.print(f"{len(found.cells)} boxes of radius {radius:g} standard deviations; at every point of box")
    for place in range(min(len(found.cells), SHOWN)):
        worst = found.difference_at_most[place].max()
        screen.print(
            f"  {place:>3}  |formula - network| <= {outward(worst, up=True, digits=4)}, sampled {found.sampled[place]:.4g}; "
            f"formula from {outward(found.formula_at_least[place].min(), up=False, digits=4)} to "
            f"{outward(found.formula_at_most[place].max(), up=True, digits=4)}; {found.cells[place]} cells",
            soft_wrap=True,
        )
    if len(found.cells) > SHOWN:
        screen.print(f"  and {len(found.cells) - SHOWN} more, --json lists all")
    screen.print(f"certificate {escape(str(found.path))} (holds the network's weights)", soft_wrap=True)
    screen.print(f"next: eigenstill check {escape(str(found.path))}", soft_wrap=True)

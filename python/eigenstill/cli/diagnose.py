"""`eigenstill diagnose`: how much of the labels' noise a network has copied."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from .. import folder
from . import console

if TYPE_CHECKING:
    from ..diagnosis import Band, Diagnosis


def diagnose(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Folder from `eigenstill distill`, with labels.")],
    modes: Annotated[bool, typer.Option(help="Show single modes too; their verdicts are weak.")] = False,
    quiet: console.Quiet = False,
    json: console.Json = False,
) -> int:
    """Diagnose the network: signal modes, modes it uses, the share of the labels' rest that it copies."""
    from eigenstill_check import check

    from ..diagnosis import diagnose as run

    student, recording = folder.load(directory)
    result = run(student, recording)
    certificate = directory / folder.CERTIFICATE
    certified = None
    if certificate.is_file():
        outcomes = {outcome.claim: outcome for outcome in check(certificate).claims}
        if (claim := outcomes.get("diagnosis")) is not None and claim.accepted:
            certified = claim.statement
    if json:
        console.say_json({**asdict(result), "certified": certified})
    elif not quiet:
        _say(result, certified, modes=modes)
    return console.ACCEPTED


def _say(result: Diagnosis, certified: str | None, *, modes: bool) -> None:
    screen = console.screen()
    screen.print(f"signal modes            {result.signal_modes} of {result.columns} basis columns")
    screen.print(f"modes the network uses  {result.modes_used:.0f} of {result.rows - 1}")
    screen.print(f"labels' rest it copies  {100 * result.copied:.0f} %")
    screen.print(f"training RMSE           {result.train_rmse:.4g}, noise level {result.noise:.4g}")
    text = f"predicted test RMSE     {result.predicted_test_rmse:.4g}, from training rows alone"
    if result.test_rmse is not None:
        text += f"; {result.test_rmse:.4g} on the hold-out rows"
    screen.print(text)
    screen.print(_table(result.bands, rest=True))
    if modes:
        screen.print("single modes (on held-out labels these verdicts are often wrong; bands hold up):")
        screen.print(_table(result.modes, rest=False))
    if result.guard is not None:
        meaning = "signal: do not call it overfitted" if result.guard.rest_is_signal else "noise"
        screen.print(
            f"hold-out rows: what the formula leaves out of the network is {meaning} (slope {result.guard.slope:.2f})"
        )
    if certified is not None:
        screen.print(f"certified: {certified}")


def _table(bands: tuple[Band, ...], *, rest: bool) -> Table:
    """One line a band; ``rest``: the last one is what no mode reaches."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title in ("modes", "labels' energy / noise", "followed by network", "verdict"):
        table.add_column(title, justify="left" if title in ("modes", "verdict") else "right")
    for place, band in enumerate(bands):
        name = f"{band.start + 1}" if band.stop == band.start + 1 else f"{band.start + 1} to {band.stop}"
        if rest and place == len(bands) - 1:
            name = f"the other {band.stop - band.start}"
        table.add_row(name, f"{band.signal:.3g}", f"{100 * band.followed:.0f} %", band.verdict)
    return table

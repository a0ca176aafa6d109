"""`eigenstill demo`: the whole job on real data, and one table."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from . import console

if TYPE_CHECKING:
    from ..demo.run import Outcome, Row


def demo(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where everything that is made stays.")] = Path("demo"),
    epochs: Annotated[int, typer.Option(min=1, help="Of the network's training.")] = 300,
    seed: Annotated[int, typer.Option(help="Of the split, the network and the landmarks.")] = 0,
    quiet: console.Quiet = False,
    json: console.Json = False,
) -> int:
    """Ames housing: train a 512-256 network, distil it three times, certify, check, and show one table (needs torch)."""
    from ..errors import EigenstillError

    try:
        import torch  # noqa: F401  only whether it is there
    except ImportError:
        raise EigenstillError("demo: torch is not installed; run: pip install 'eigenstill[torch]'") from None
    from ..demo.run import run

    with console.progress(quiet=quiet or json) as report:
        outcome = run(out, seed=seed, epochs=epochs, progress=report)
    if json:
        console.say_json(asdict(outcome))
    else:
        _table(console.screen(), outcome, out)
    return console.ACCEPTED if outcome.accepted else console.REJECTED


def _table(screen: Console, outcome: Outcome, out: Path) -> None:
    rows = outcome.rows
    table = Table(
        box=None, pad_edge=False, title="Ames housing, 1,400 rows trained on, 1,530 held out", title_justify="left"
    )
    table.add_column("")
    table.add_column("network", justify="right")
    for row in rows:
        table.add_column(f"formula {row.landmarks}", justify="right")

    def line(label: str, network: str, cell: str) -> None:
        table.add_row(label, network, *(cell.format(row) for row in rows))

    line("test RMSE, $10,000", f"{outcome.network_rmse:.3f}", "{0.rmse:.3f}")
    table.add_row("  relative to the network", "1", *(f"{row.rmse / outcome.network_rmse:.3f}" for row in rows))
    line("  same basis on labels alone", "", "{0.control_rmse:.3f}")
    line("R^2 to network, train rows", "1", "{0.r_squared_train:.3f}")
    line("R^2 to network, test rows", "1", "{0.r_squared_holdout:.3f}")
    line("modes K* of r", "", "{0.modes} of {0.columns}")
    line("effective parameters", "", "{0.effective_parameters:.1f}")
    line("stored numbers", f"{outcome.parameters}", "{0.stored_numbers}")
    line("  times fewer than network", "1", "{0.compression_stored:.1f}")
    line("  network / spectral coeff.", "1", "{0.compression_modes:.0f}")
    line("gap upper/lower - 1, worst", "", "{0.gap:.1e}")
    line("verdict", "", "{0.verdict}")
    line("check, seconds", "", "{0.check_seconds:.1f}")
    screen.print(table)
    screen.print(_words(outcome, rows))
    page = outcome.report or "none; pip install 'eigenstill[report]' and run: eigenstill report"
    screen.print(f"report {escape(page)}", soft_wrap=True)
    screen.print(
        f"files in {escape(str(out))}/; next: eigenstill check {escape(str(out))}/landmarks-128/student.cert.json"
    )


def _words(outcome: Outcome, rows: list[Row]) -> str:
    better = [str(row.landmarks) for row in rows if row.rmse < outcome.network_rmse]
    return (
        f"Better than the network on the held-out rows: {', '.join(better) or 'none'} landmarks. "
        "The gain comes from the kernel smoother, not from the network: see 'same basis on labels alone'."
    )

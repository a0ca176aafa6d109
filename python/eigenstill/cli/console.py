"""What all commands share: where text goes, progress bars, and how an outcome becomes an exit code."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeElapsedColumn
from rich.text import Text

if TYPE_CHECKING:
    from ..device import Device

ACCEPTED, REJECTED, USAGE, NO_VERDICT = 0, 1, 2, 3

Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but the result.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON on standard output.")]
DeviceName = Annotated[
    str | None,
    typer.Option("--device", metavar="NAME", help="A torch device, such as cuda or cuda:0; numpy by default."),
]
Reporter = Callable[[str, int, int], None]


def screen() -> Console:
    """Results go to standard output."""
    return Console(highlight=False, soft_wrap=False)


def notes() -> Console:
    """Progress, notices and errors go to standard error."""
    return Console(stderr=True, highlight=False)


def fail(message: str) -> None:
    """Print one sentence on standard error."""
    notes().print(f"[bold red]eigenstill:[/] {escape(message)}", soft_wrap=True)


def notice(message: str) -> None:
    notes().print(f"[yellow]notice:[/] {escape(message)}", soft_wrap=True)


def found_device(name: str | None) -> Device | None:
    """The device, or None with a notice where numpy computes instead."""
    from ..device import find_device

    if name is None:
        return None
    device, reason = find_device(name)
    if device is None:
        notice(reason)
    return device


def say_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, indent=1) + "\n")


class Rate(ProgressColumn):
    """How many a second, where there are many."""

    def render(self, task: Task) -> Text:
        many = task.total is not None and task.total > 1_000 and task.speed
        return Text(f"{task.speed:,.0f}/s" if many else "")


@contextmanager
def progress(*, quiet: bool) -> Iterator[Reporter]:
    """A progress bar a stage, on standard error, gone when done; none where ``quiet`` or where nobody watches."""
    if quiet or not notes().is_terminal:
        yield lambda stage, done, total: None
        return
    columns = (
        TextColumn("{task.description:<28}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        Rate(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=notes(), transient=True) as bars:
        tasks: dict[str, Any] = {}

        def report(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                for task in tasks.values():
                    bars.update(task, visible=False)
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield report

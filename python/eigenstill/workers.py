"""The workers of a Dask scheduler as the checker's pool: what `--jobs` shares among processes goes to them.

They are believed as this process is: whoever runs the scheduler can have any certificate accepted. A worker that is lost
takes nothing with it, its tasks are done again; one with another version of the checker is refused.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from functools import partial
from typing import TypeVar

from eigenstill_check.errors import NoVerdict, printable
from eigenstill_check.parallel import Failure, Task, attempt, exception
from eigenstill_check.version import __version__

from .engine import Distributed
from .errors import EngineError

T = TypeVar("T")
PARTS = 4
"""Parts a worker thread: unlike ones even out, and little is lost with a worker."""


class Workers:
    """A `Pool` of the checker.

    Raises
    ------
    NoVerdict : when it runs, where the workers could not finish, or check with another version
    """

    apart = True

    def __init__(self, engine: Distributed) -> None:
        self._engine = engine

    @property
    def jobs(self) -> int:
        """Into how many parts work is dealt."""
        return max(1, PARTS * self._engine.threads)

    @property
    def believed(self) -> str:
        """As a verdict names them."""
        return f"the workers of the Dask scheduler at {printable(self._engine.address)}"

    def run(self, tasks: Iterable[Task[T]]) -> list[T]:
        """The answers of the tasks, in order; raises what a task raises, of several the first."""
        found: dict[int, T] = {}
        failures: dict[int, Failure] = {}
        items = ([task] for task in tasks)
        try:
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", message="Sending large graph")  # a task carries its rows
                for place, (answers, failure) in self._engine.answers(partial(_attempt, __version__), items):
                    if failure is None:
                        found[place] = answers[0]
                    else:
                        failures[place] = failure
        except EngineError as error:
            raise NoVerdict(str(error)) from error
        if failures:
            raise exception(failures[min(failures)])
        return [found[place] for place in range(len(found))]


def _attempt(version: str, tasks: Sequence[Task[T]]) -> tuple[list[T], Failure | None]:
    """What a worker does."""
    if version != __version__:
        reason = f"scheduler: a worker checks with eigenstill {__version__}, this is {version}; need the same on both"
        return [], (NoVerdict, {}, (reason,))
    return attempt(tasks)

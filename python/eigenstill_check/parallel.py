"""Tasks in forked processes: what they need is inherited, what they find is sent back. Standard library only.

Who calls the checker may give it another `Pool`, such as the workers of a cluster.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from .errors import NoVerdict, Refusal

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

T = TypeVar("T")
Task = Callable[[], T]
Failure = tuple[type[Exception], dict[str, object], tuple[object, ...]]


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Pool(Protocol):
    """Where tasks are done.

    Attributes
    ----------
    jobs : into how many parts work is dealt
    apart : whether tasks leave this machine, so that each must carry what it needs and no more
    believed : who answers in this machine's place, as a verdict names them; empty where nobody does
    """

    @property
    def jobs(self) -> int: ...

    @property
    def apart(self) -> bool: ...

    @property
    def believed(self) -> str: ...

    def run(self, tasks: Iterable[Task[T]]) -> list[T]:
        """The answers of the tasks, in order; raises what a task raises, of several the first."""
        ...


@dataclass(frozen=True)
class Forked:
    """Processes forked from this one."""

    jobs: int = 1
    apart: bool = False
    believed: str = ""

    def run(self, tasks: Iterable[Task[T]]) -> list[T]:
        return forked(list(tasks), self.jobs)


def forked(tasks: Sequence[Callable[[], T]], jobs: int) -> list[T]:
    """The answers of the tasks, in order; task k runs in process k modulo ``jobs``.

    Where there is one job, one task, or no fork on this system, everything runs here.

    Raises
    ------
    NoVerdict : a process ended before it answered
    Whatever a task raises; of several tasks that raise, the first
    """
    jobs = min(jobs, len(tasks))
    if jobs <= 1:
        return [task() for task in tasks]
    import multiprocessing

    if "fork" not in multiprocessing.get_all_start_methods():
        return [task() for task in tasks]
    context = multiprocessing.get_context("fork")
    workers = []
    for job in range(jobs):
        receiver, sender = context.Pipe(duplex=False)
        worker = context.Process(target=_work, args=(tasks[job::jobs], sender), daemon=True)
        worker.start()
        sender.close()
        workers.append((worker, receiver))
    try:
        parts: list[tuple[list[T], Exception | None]] = [_answers(receiver) for _, receiver in workers]
    finally:
        for worker, receiver in workers:
            receiver.close()
            worker.terminate()
            worker.join()
    answers: list[T] = [None] * len(tasks)  # type: ignore[list-item]
    failures: dict[int, Exception] = {}
    for job, (found, failure) in enumerate(parts):
        answers[job : job + jobs * len(found) : jobs] = found
        if failure is not None:
            failures[job + jobs * len(found)] = failure
    if failures:
        raise failures[min(failures)]
    return answers


def _work(tasks: Sequence[Callable[[], T]], sender: Connection) -> None:
    """Send the answers, and the exception that ended them early where one did."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interruption is the caller's to handle: it ends its workers
    sender.send(attempt(tasks))
    sender.close()


def attempt(tasks: Iterable[Task[T]]) -> tuple[list[T], Failure | None]:
    """The answers, and the exception that ended them early where one did, in a form that can be sent."""
    found: list[T] = []
    for task in tasks:
        try:
            found.append(task())
        except Refusal as refusal:
            return found, (type(refusal), dict(vars(refusal)), refusal.args)
        except Exception as error:  # noqa: BLE001  what it is, the caller will say
            return found, (RuntimeError, {}, (f"{type(error).__name__}: {error}",))
    return found, None


def exception(failure: Failure) -> Exception:
    """What `attempt` caught."""
    kind, fields, arguments = failure
    error: Exception = kind.__new__(kind, *arguments)  # a refusal's own constructor takes other arguments
    error.args = arguments
    vars(error).update(fields)
    return error


def _answers(receiver: Connection) -> tuple[list[T], Exception | None]:
    try:
        found, failure = receiver.recv()
    except EOFError:
        raise NoVerdict("a process of the check ended early (out of memory?); check again with --jobs 1") from None
    return found, None if failure is None else exception(failure)

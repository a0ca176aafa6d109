"""Tasks in forked processes: what they need is inherited, what they find is sent back. Standard library only."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from .errors import NoVerdict, Refusal

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

T = TypeVar("T")


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


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
    found: list[T] = []
    failure: tuple[type[Exception], dict[str, object], tuple[object, ...]] | None = None
    for task in tasks:
        try:
            found.append(task())
        except Refusal as refusal:
            failure = type(refusal), dict(vars(refusal)), refusal.args
            break
        except Exception as error:  # noqa: BLE001  what it is, the caller will say
            failure = RuntimeError, {}, (f"{type(error).__name__}: {error}",)
            break
    sender.send((found, failure))
    sender.close()


def _answers(receiver: Connection) -> tuple[list[T], Exception | None]:
    try:
        found, failure = receiver.recv()
    except EOFError:
        raise NoVerdict("a process of the check ended early (out of memory?); check again with --jobs 1") from None
    if failure is None:
        return found, None
    kind, fields, arguments = failure
    error: Exception = kind.__new__(kind, *arguments)  # a refusal's own constructor takes other arguments
    error.args = arguments
    vars(error).update(fields)
    return found, error

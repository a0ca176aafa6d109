"""Building all modules in at most two Lean processes, each fed with whatever is ready."""

from __future__ import annotations

import contextlib
import os
import queue
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eigenstill.lean.cache import lock
from eigenstill.lean.errors import LeanError
from eigenstill.lean.memory import GIBIBYTE, available, resident
from eigenstill.lean.messages import Message, parse_message
from eigenstill.lean.program import elaborated_only, without_code
from eigenstill.lean.sources import BUILD_FOLDER, Source, read_sources, with_imports
from eigenstill.lean.state import BuildState
from eigenstill.lean.worker import Event, LeanProgram, Worker

WORKERS = 2
# A module that needs so much runs away (17 GiB were seen) and takes the machine along.
WORKER_BYTES = 7 * GIBIBYTE
SPARE_BYTES = 4 * GIBIBYTE
# What a module imports stays in the memory of its process, which ends at 2 GiB: then Lean crashes, or reads a compiled file
# for ever. A process starts with about 1 GiB, most of it Node's.
RETIRE_BYTES = 9 * GIBIBYTE // 4
RETIRE_MODULES = 24  # where the system does not tell the memory
START_SECONDS = 300.0
MODULE_SECONDS = 600.0
_LOCK_SECONDS = 3600.0
_LOOK_SECONDS = 0.5

Progress = Callable[[str, int, int], None]


@dataclass
class Outcome:
    """What a build found. `rejected` and `no_verdict` map modules to one sentence; `skipped` import one of them."""

    modules: int
    built: list[str] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    rejected: dict[str, str] = field(default_factory=dict)
    no_verdict: dict[str, str] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def exit_code(self) -> int:
        """0: every module passed; 1: Lean rejected one; 3: no rejection, but a crash or a time limit."""
        return 1 if self.rejected else 3 if self.no_verdict else 0

    def as_json(self) -> dict[str, Any]:
        """The same as a JSON object."""
        return {
            "verdict": {0: "accepted", 1: "rejected", 3: "no_verdict"}[self.exit_code],
            "modules": self.modules,
            "built": self.built,
            "rejected": self.rejected,
            "no_verdict": self.no_verdict,
            "skipped": self.skipped,
            "messages": [message.as_json() for message in self.messages],
            "seconds": round(self.seconds, 3),
        }


def build(
    folder: Path,
    program: LeanProgram,
    *,
    wanted: list[str] | None = None,
    module_seconds: float = MODULE_SECONDS,
    progress: Progress = lambda _name, _done, _total: None,
    on_wait: Callable[[], None] = lambda: None,
) -> Outcome:
    """Build the modules below `folder` (or only `wanted` and what they import) that are not up to date.

    A module passes only if Lean ends it without an error or a warning; `sorry` is a warning. Modules that import one
    that did not pass are skipped. `progress` gets a module's name, how many modules are settled, and how many there are.

    Raises
    ------
    LeanUsageError, LeanRejectedError : see `read_sources`.
    LeanError : Lean does not start, or another build holds the folder for an hour.
    """
    start = time.monotonic()
    folder = folder.resolve()
    sources = read_sources(folder)
    build_folder = folder / BUILD_FOLDER
    with lock(build_folder / "build.lock", wait_seconds=_LOCK_SECONDS, on_wait=on_wait):
        state = BuildState(build_folder, program.identity)
        state.forget_others(set(sources))
        chosen = with_imports(sources, wanted) if wanted else sources
        run = _Run(folder, chosen, state, program, module_seconds, progress)
        try:
            run.work()
        finally:
            run.stop()
    run.outcome.seconds = time.monotonic() - start
    return run.outcome


@dataclass
class _Job:
    """What a worker is at: a module, or None while it starts and when it waits for work."""

    deadline: float
    source: Source | None = None
    started: bool = False
    finished: int = 0
    messages: list[Message] = field(default_factory=list)


class _Run:
    """One build: modules move from pending to ready to a worker, and end in the outcome."""

    def __init__(
        self,
        folder: Path,
        sources: dict[str, Source],
        state: BuildState,
        program: LeanProgram,
        module_seconds: float,
        progress: Progress,
    ) -> None:
        self.outcome = Outcome(modules=len(sources))
        self._folder = folder
        self._state = state
        self._program = program
        self._module_seconds = module_seconds
        self._progress = progress
        self._pending = dict(sources)
        self._ready: list[Source] = []
        self._passed: set[str] = set()
        self._events: queue.Queue[Event] = queue.Queue()
        self._jobs: dict[Worker, _Job] = {}
        self._heights = _heights(sources)

    def work(self) -> None:
        """Build until every module is settled."""
        self._advance()
        while self._ready or any(job.source for job in self._jobs.values()):
            self._employ()
            self._take(self._next_event())
            self._advance()

    def stop(self) -> None:
        """End all processes."""
        for worker in self._jobs:
            worker.stop()
        self._jobs.clear()

    def _settle(self, name: str) -> None:
        settled = (
            len(self._passed) + len(self.outcome.rejected) + len(self.outcome.no_verdict) + len(self.outcome.skipped)
        )
        self._progress(name, settled, self.outcome.modules)

    def _advance(self) -> None:
        """Move pending modules on whose imports are settled. The order of `_pending` is a build order: one pass is enough."""
        lost = {*self.outcome.rejected, *self.outcome.no_verdict, *self.outcome.skipped}
        for source in list(self._pending.values()):
            if not lost.isdisjoint(source.imports):
                self.outcome.skipped.append(source.name)
                lost.add(source.name)
            elif not self._passed.issuperset(source.imports):
                continue
            elif self._state.up_to_date(source):
                self._passed.add(source.name)
            else:
                self._ready.append(source)
                del self._pending[source.name]
                continue
            del self._pending[source.name]
            self._settle(source.name)
        self._ready.sort(key=lambda source: self._heights[source.name])

    def _employ(self) -> None:
        """Give ready modules to idle workers, the one that most others wait for first; start workers where that helps."""
        unfinished = len(self._ready) + len(self._pending)
        useful = min(WORKERS, unfinished + sum(1 for job in self._jobs.values() if job.source))
        while len(self._jobs) < useful and not (self._jobs and (available() or WORKER_BYTES) < SPARE_BYTES):
            self._jobs[Worker(self._program, self._folder, self._state.folder, self._events)] = _Job(
                time.monotonic() + START_SECONDS
            )
        for worker, job in self._jobs.items():
            if job.started and job.source is None and self._ready:
                source = job.source = self._ready.pop()
                job.deadline = time.monotonic() + self._module_seconds
                job.messages = []
                self._state.forget(source.name)
                worker.send(
                    "build",
                    source.name,
                    self._relative(self._given(source)),
                    self._relative(self._state.olean(source.name)),
                )

    def _given(self, source: Source) -> Path:
        """The file that Lean gets: the source, or its copy without code."""
        if not elaborated_only(source.name):
            return source.path
        path = self._state.folder / "without-code" / f"{source.name}.copy"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(without_code(source.path.read_text(encoding="utf-8")), encoding="utf-8")
        return path

    def _relative(self, path: Path) -> str:
        """The path from the folder that workers stand in: plain letters, whatever that folder is called."""
        return Path(os.path.relpath(path, self._state.folder)).as_posix()

    def _next_event(self) -> Event:
        """The next event; a worker past its deadline, or with too much memory, is stopped, and that is its event."""
        while True:
            for worker, job in self._jobs.items():
                if (job.source or not job.started) and job.deadline < time.monotonic():
                    return Event(worker, "late", ())
                if (resident(worker.process.pid) or 0) > WORKER_BYTES:
                    return Event(worker, "large", ())
            with contextlib.suppress(queue.Empty):
                event = self._events.get(timeout=_LOOK_SECONDS)
                if event.worker in self._jobs:
                    return event

    def _take(self, event: Event) -> None:
        job = self._jobs[event.worker]
        if event.kind == "ready":
            job.started = True
        elif event.kind == "line" and job.source is not None:
            message = parse_message(event.fields[0], str(job.source.path))
            if message is not None:
                job.messages.append(message)
        elif event.kind == "done" and job.source is not None:
            self._finish(job.source, job.messages, ok=event.fields[1] == "ok")
            job.source = None
            job.finished += 1
            if _spent(event.worker, job):
                event.worker.stop()
                del self._jobs[event.worker]
        elif event.kind in {"exited", "late", "large"}:
            self._lose(event, job)

    def _finish(self, source: Source, messages: list[Message], *, ok: bool) -> None:
        """Lean has ended a module."""
        self.outcome.messages += messages
        self.outcome.built.append(source.name)
        fatal = [message for message in messages if message.fatal]
        if fatal or not ok:
            count = "1 error or warning" if len(fatal) == 1 else f"{len(fatal)} errors or warnings"
            why = f"{count}, need none" if fatal else "Lean failed without a message, need it to pass"
            self.outcome.rejected[source.name] = f"{source.path}: {why}; mend the module"
        else:
            try:
                self._state.remember(source)
            except OSError as error:
                self.outcome.no_verdict[source.name] = f"{source.path}: Lean wrote no compiled file ({error.strerror})"
            else:
                self._passed.add(source.name)
        self._settle(source.name)

    def _lose(self, event: Event, job: _Job) -> None:
        """A worker has ended by itself, is late, or takes too much memory."""
        worker = event.worker
        worker.stop()
        del self._jobs[worker]
        what = {
            "late": f"did not end within {self._module_seconds if job.started else START_SECONDS:.0f} s",
            "large": f"took more than {WORKER_BYTES / GIBIBYTE:.0f} GiB of memory",
        }.get(event.kind) or f"ended with exit code {event.fields[0]} ({worker.last_words()})"
        if not job.started:
            raise LeanError(
                f"Lean {what} while it started; remove {self._program.library.parent} and run `eigenstill lean setup`"
            )
        if job.source is None:
            return
        source = job.source
        if job.finished:
            # The modules before may have used up its memory: try this one in a fresh process.
            self._ready.append(source)
            return
        self.outcome.messages += job.messages
        self.outcome.no_verdict[source.name] = f"{source.path}: Lean {what}; simplify the module"
        self._settle(source.name)


def _spent(worker: Worker, job: _Job) -> bool:
    """Whether a worker should build no further module."""
    held = resident(worker.process.pid)
    return job.finished >= RETIRE_MODULES if held is None else held > RETIRE_BYTES


def _heights(sources: dict[str, Source]) -> dict[str, int]:
    """For each module the longest chain of modules that wait for it."""
    heights = dict.fromkeys(sources, 0)
    for source in reversed(sources.values()):
        for name in source.imports:
            heights[name] = max(heights[name], heights[source.name] + 1)
    return heights

"""One Lean process that builds many modules: start-up is most of the cost of a module on its own."""

from __future__ import annotations

import contextlib
import queue
import subprocess
import threading
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from eigenstill.lean.errors import LeanError

DRIVER = Path(__file__).resolve().with_name("driver.lean")
_MARK = "@eigenstill\t"
_KEPT_LINES = 20
LONGEST_WORDS = 2_000  # Node repeats the line of its program that an error is in: all of it


class LeanProgram(Protocol):
    """What a worker needs of a toolchain: `RegistryToolchain` has it, and so have the tests' stand-ins."""

    @property
    def library(self) -> Path:
        """The folder of core's compiled modules."""

    @property
    def identity(self) -> str:
        """What a module's build depends on besides sources."""

    def command(self, arguments: list[str]) -> list[str]:
        """The command line that runs `lean` with these arguments."""

    def environment(self, folders: list[Path]) -> dict[str, str]:
        """The environment of that command, in which it sees these folders."""


@dataclass(frozen=True)
class Event:
    """What a worker reports: `kind` is ready, line (any other output), done, or exited.

    `fields` are the words that the driver printed after the kind; for a line, the line; for exited, the exit code.
    """

    worker: Worker
    kind: str
    fields: tuple[str, ...]


def read_line(worker: Worker, line: str) -> Event:
    """A line of the driver as an event."""
    text = line.rstrip("\n")
    if not text.startswith(_MARK):
        return Event(worker, "line", (text,))
    kind, *fields = text.removeprefix(_MARK).split("\t")
    return Event(worker, kind, tuple(fields))


class Worker:
    """A running driver. Its events go to the queue it was given; commands go in by `send`.

    The process is ended by `stop`, never waited for: after a large import this Lean crashes when it exits. Should this
    program end without `stop`, the end of its input ends the process, after the module it is at.
    """

    def __init__(self, program: LeanProgram, lean_folder: Path, build_folder: Path, events: queue.Queue[Event]) -> None:
        self.events = events
        self.errors: deque[str] = deque(maxlen=_KEPT_LINES)
        command = program.command(["--run", str(DRIVER), "serve", str(program.library), str(build_folder / "lib")])
        try:
            self.process = subprocess.Popen(
                command,
                env=program.environment([lean_folder, DRIVER.parent]),
                cwd=build_folder,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                errors="replace",
            )
        except OSError as error:
            raise LeanError(
                f"{command[0]}: {error.strerror}; remove its folder and run `eigenstill lean setup`"
            ) from error
        self._readers = [
            threading.Thread(target=target, args=(stream,), daemon=True)
            for target, stream in ((self._read_output, self.process.stdout), (self._read_errors, self.process.stderr))
        ]
        for reader in self._readers:
            reader.start()

    def _read_output(self, stream: IO[str]) -> None:
        for line in stream:
            event = read_line(self, line)
            if event.kind != "line" or not event.fields[0].startswith("[DEBUG"):
                self.events.put(event)
        self.events.put(Event(self, "exited", (str(self.process.wait()),)))

    def _read_errors(self, stream: IO[str]) -> None:
        for line in stream:
            if not line.startswith(("[DEBUG", "  - ", "  mainModule?")) and 0 < len(line.strip()) <= LONGEST_WORDS:
                self.errors.append(line.strip())

    def send(self, *words: str) -> None:
        """Send one command; a process that has already ended is noticed by its `exited` event."""
        with contextlib.suppress(OSError):
            if self.process.stdin is not None:
                self.process.stdin.write("\t".join(words) + "\n")
                self.process.stdin.flush()

    def stop(self) -> None:
        """End the process, and read what it still wrote."""
        self.process.kill()
        self.process.wait()
        for reader in self._readers:
            reader.join()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            with contextlib.suppress(OSError):  # what was not yet sent
                if stream is not None:
                    stream.close()

    def last_words(self) -> str:
        """The end of what the process wrote about itself, for a crash report."""
        return " | ".join(list(self.errors)[-3:]) or "it wrote nothing"

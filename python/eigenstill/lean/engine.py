"""The Lean checker as an engine: certificates in, verdicts out, one Lean process for all of them.

With elan it is `lake exe eigenstill-check`. The registry's Lean runs the joined program, compiled once
(`eigenstill.lean.compiled`).
"""

from __future__ import annotations

import json
import queue
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any

from eigenstill.lean.compiled import PROGRAM, RUNNER, compiled_file, running
from eigenstill.lean.errors import LeanError, LeanUsageError
from eigenstill.lean.sources import find_lean_folder
from eigenstill.lean.toolchain import Lake, RegistryToolchain
from eigenstill.lean.worker import LONGEST_WORDS
from eigenstill_check.verdict import MALFORMED, NO_VERDICT, ClaimVerdict, Verdict

VERDICT_SECONDS = 1800.0
_START = '{"certificate": '
_KEPT_LINES = 8
_NOISE = ("[DEBUG", "  - ", "  mainModule?")

Progress = Callable[[str, int, int], None]


def lean_sources() -> Path:
    """The Lean folder: of the checkout that this package runs from, else of the one that the working directory is in.

    Raises
    ------
    LeanUsageError : there is none; an installed package does not hold the Lean sources.
    """
    try:
        return find_lean_folder(Path(__file__).parent)
    except LeanUsageError:
        return find_lean_folder()


def check(
    certificates: Sequence[str | Path],
    *,
    toolchain: Lake | RegistryToolchain,
    folder: Path,
    require: Sequence[str] = (),
    seconds: float = VERDICT_SECONDS,
    progress: Progress = lambda _stage, _done, _total: None,
) -> list[Verdict]:
    """The Lean checker's verdict on each certificate, in their order. Where Lean ends early: exit code 3, with why.

    Parameters
    ----------
    toolchain, folder : the Lean to use, and the Lean folder of the checkout
    require : claims that must be there, and must be decided
    seconds : the longest wait for one verdict
    progress : called with ("Lean", certificates done, number of certificates)

    Raises
    ------
    LeanError : Lean does not run, or does not take the program.
    """
    verdicts: dict[int, Verdict] = {}
    pending: list[tuple[int, Path]] = []
    for index, given in enumerate(certificates):
        path = Path(given)
        if path.parent.is_dir() and "\0" not in str(path):
            pending.append((index, path.parent.resolve() / path.name))
        else:
            verdicts[index] = Verdict(str(given), NO_VERDICT, f"{given}: cannot be read; need a readable file")
    command = _Command(toolchain, folder, require, lambda: progress("Lean compiles its checker, once", 0, 1))
    while pending:
        progress("Lean", len(verdicts), len(certificates))
        found, reason = command.run(
            [path for _, path in pending],
            seconds,
            lambda done: progress("Lean", len(verdicts) + done, len(certificates)),
        )
        for (index, _), line in zip(pending, found, strict=False):
            verdicts[index] = _verdict(str(certificates[index]), line)
        pending = pending[len(found) :]
        if pending:  # Lean ended over this certificate; the others get a process of their own
            index, _ = pending.pop(0)
            verdicts[index] = Verdict(str(certificates[index]), NO_VERDICT, f"Lean {reason}")
    return [verdicts[index] for index in range(len(certificates))]


class _Command:
    """How the program is started."""

    def __init__(
        self,
        toolchain: Lake | RegistryToolchain,
        folder: Path,
        require: Sequence[str],
        on_compile: Callable[[], None],
    ) -> None:
        self.folder, self.toolchain = folder, toolchain
        self.options = ["--json", *(word for name in require for word in ("--require", name))]
        self.code = None if isinstance(toolchain, Lake) else compiled_file(folder, toolchain, on_compile=on_compile)

    def start(self, paths: Sequence[Path]) -> subprocess.Popen[str]:
        words = [*self.options, *map(str, paths)]
        environment, place = None, self.folder.parent
        if isinstance(self.toolchain, Lake):
            words = [str(self.toolchain.program), "exe", PROGRAM, *words]
        elif self.code is not None:
            place = self.code.parent  # a folder that it sees
            read = {place, RUNNER.parent}
            read |= {folder for path in paths for folder in (path.parent, path.resolve().parent)}
            words = running(self.code, self.toolchain, words)
            environment = self.toolchain.environment(sorted(read))
        try:
            return subprocess.Popen(
                words,
                env=environment,
                cwd=place,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                errors="replace",
            )
        except (OSError, ValueError) as error:
            raise LeanError(f"{words[0]}: {error}; run `eigenstill lean setup`") from error

    def run(
        self, paths: Sequence[Path], seconds: float, done: Callable[[int], None]
    ) -> tuple[list[dict[str, Any]], str]:
        """The verdicts that one process gives, and how it ended."""
        process = self.start(paths)
        lines: queue.Queue[str | None] = queue.Queue()
        words: deque[str] = deque(maxlen=_KEPT_LINES)
        readers = [
            threading.Thread(target=_read, args=(stream, lines.put, words, noisy), daemon=True)
            for stream, noisy in ((process.stdout, True), (process.stderr, False))
        ]
        for reader in readers:
            reader.start()
        found: list[dict[str, Any]] = []
        deadline, reason = time.monotonic() + seconds, ""
        open_streams = len(readers)
        try:
            while open_streams and not reason:
                try:
                    line = lines.get(timeout=max(0.0, deadline - time.monotonic()))
                except queue.Empty:
                    reason = f"gave no verdict within {seconds:.0f} s"
                    break
                if line is None:
                    open_streams -= 1
                else:
                    found.append(json.loads(line))
                    done(len(found))
                    deadline = time.monotonic() + seconds
        finally:
            if reason or open_streams:
                process.kill()
            process.wait()
            for reader in readers:
                reader.join()
            for stream in (process.stdout, process.stderr):
                if stream is not None:
                    stream.close()
        reason = reason or f"ended with exit code {process.returncode} before a verdict ({_last(words)})"
        if not found and any(": error" in word for word in words):
            raise LeanError(f"Lean does not take the program: {_last(words)}; run `eigenstill lean build`")
        return found, reason


def _read(stream: IO[str], put: Callable[[str | None], None], words: deque[str], noisy: bool) -> None:
    """Hand on verdicts, keep the last words; of a noisy stream, which repeats the program, only errors."""
    for line in stream:
        text = line.strip("\n")
        if text.startswith(_START):
            put(text)
        elif (
            0 < len(text.strip()) <= LONGEST_WORDS and not text.startswith(_NOISE) and (not noisy or ": error" in text)
        ):
            words.append(text.strip())
    put(None)


def _last(words: deque[str]) -> str:
    errors = [word for word in words if ": error" in word]
    return " | ".join((errors or list(words))[-2:]) or "it wrote nothing"


def _verdict(path: str, line: dict[str, Any]) -> Verdict:
    """A line of the program as a verdict."""
    claims = tuple(ClaimVerdict(**claim) for claim in line["claims"])
    code = int(line["exit_code"])
    return Verdict(
        path,
        code if code in range(MALFORMED + 1) else NO_VERDICT,
        str(line["message"]),
        claims,
        recorded=tuple(line["recorded_only"]),
        not_covered=tuple(line["not_covered"]),
    )

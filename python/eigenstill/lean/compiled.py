"""The program `eigenstill-check` in the cache, for the registry's Lean: as one source file, and as its code.

This build of Lean loads no code of imported modules, and elaborates a program anew each time it runs it, which takes ten
times as long as most checks. So it compiles the joined program once; `runner.lean` reads that file of code, gives the
interpreter its declarations, and starts `main`.
"""

from __future__ import annotations

import contextlib
import hashlib
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from eigenstill.lean.cache import cache_folder, lock
from eigenstill.lean.errors import LeanError
from eigenstill.lean.program import joined
from eigenstill.lean.sources import read_sources
from eigenstill.lean.toolchain import RegistryToolchain

PROGRAM = "eigenstill-check"
RUNNER = Path(__file__).resolve().with_name("runner.lean")
COMPILE_SECONDS = 900.0
# Lemmas about structures, and advice on style: the library's build makes them, running the program needs neither.
_OPTIONS = ("-DgenSizeOf=false", "-DgenInjectivity=false", "-Dlinter.all=false")
_KEPT_LINES = 3


def generated_file(folder: Path) -> Path:
    """The joined program in the cache, written if it is not there yet."""
    text = joined(read_sources(folder))
    path = cache_folder().resolve() / "lean" / "program" / f"{PROGRAM}-{_digest(text)}.lean"
    if not path.is_file():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(
                "w", encoding="utf-8", dir=path.parent, prefix="partial-", delete=False
            ) as partial:
                partial.write(text)
            Path(partial.name).replace(path)
        except OSError as error:
            raise _unwritable(path, error) from error
    return path


def compiled_file(folder: Path, toolchain: RegistryToolchain, *, on_compile: Callable[[], None] = lambda: None) -> Path:
    """The code of the joined program in the cache, compiled if it is not there yet; ``on_compile`` is called before that.

    Raises
    ------
    LeanError : Lean does not take the program, or does not end within 15 minutes.
    """
    source = generated_file(folder)
    code = source.with_suffix(f".{_digest(toolchain.identity)}.ir")
    if not code.is_file():
        with lock(code.with_suffix(".lock"), wait_seconds=COMPILE_SECONDS):
            if not code.is_file():
                on_compile()
                try:
                    _compile(source, code, toolchain)
                except OSError as error:
                    raise _unwritable(code, error) from error
    return code


def running(code: Path, toolchain: RegistryToolchain, words: list[str]) -> list[str]:
    """The command line that runs the program with these arguments."""
    return toolchain.command(["--run", str(RUNNER), str(toolchain.library), str(code), *words])


def _compile(source: Path, code: Path, toolchain: RegistryToolchain) -> None:
    """Lean writes other files beside the code, which nobody needs."""
    with tempfile.TemporaryDirectory(prefix="partial-", dir=source.parent) as folder:
        olean = Path(folder) / "Program.olean"
        command = toolchain.command([*_OPTIONS, "-o", str(olean), str(source)])
        try:
            done = subprocess.run(
                command,
                env=toolchain.environment([source.parent]),
                cwd=source.parent,  # a folder that it sees
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                encoding="utf-8",
                errors="replace",
                timeout=COMPILE_SECONDS,
                check=False,
            )
        except OSError as error:
            raise LeanError(f"{command[0]}: {error}; run `eigenstill lean setup`") from error
        except subprocess.TimeoutExpired as error:
            raise LeanError(
                f"{source}: not compiled within {COMPILE_SECONDS:.0f} s; try again on an idle machine"
            ) from error
        made = olean.with_suffix(".ir")
        if done.returncode != 0 or not made.is_file():
            words = [line for line in (done.stdout + done.stderr).splitlines() if ": error" in line][:_KEPT_LINES]
            why = " | ".join(words) or f"it ended with exit code {done.returncode}"
            raise LeanError(f"Lean does not take the program: {why}; run `eigenstill lean build`")
        with contextlib.suppress(OSError):
            made.chmod(0o644)
        made.replace(code)


def _unwritable(path: Path, error: OSError) -> LeanError:
    return LeanError(f"{path}: {error.strerror}; set EIGENSTILL_CACHE to a writable folder with space")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]

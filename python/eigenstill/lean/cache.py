"""The cache folder, and the lock that keeps two installations or two builds from meeting in one folder."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from eigenstill.lean.errors import LeanError

_POLL_SECONDS = 0.2


def cache_folder() -> Path:
    """Where eigenstill keeps what it downloads: $EIGENSTILL_CACHE, else $XDG_CACHE_HOME/eigenstill, else ~/.cache/eigenstill."""
    own = os.environ.get("EIGENSTILL_CACHE")
    if own:
        return Path(own).expanduser().absolute()
    shared = os.environ.get("XDG_CACHE_HOME")
    if shared:
        return Path(shared).absolute() / "eigenstill"
    return Path("~/.cache/eigenstill").expanduser()


def _try_lock(handle: IO[bytes]) -> bool:
    """Take the lock on an open file, without waiting. The system drops it when the process ends, however it ends."""
    try:
        import fcntl
    except ImportError:
        return _try_lock_windows(handle)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _try_lock_windows(handle: IO[bytes]) -> bool:
    import importlib

    msvcrt = importlib.import_module("msvcrt")
    try:
        handle.seek(0)
        msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
    except OSError:
        return False
    return True


@contextlib.contextmanager
def lock(path: Path, *, wait_seconds: float, on_wait: Callable[[], None] | None = None) -> Iterator[None]:
    """Hold an exclusive lock on the file `path` (created when missing, never deleted).

    Raises
    ------
    LeanError : another process holds the lock for longer than `wait_seconds`, or the folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = path.open("ab")
    except OSError as error:
        raise LeanError(
            f"{path}: cannot be written ({error.strerror}); set EIGENSTILL_CACHE to a writable folder"
        ) from error
    with handle:
        end = time.monotonic() + wait_seconds
        waited = False
        while not _try_lock(handle):
            if not waited and on_wait is not None:
                on_wait()
            waited = True
            if time.monotonic() > end:
                raise LeanError(
                    f"{path}: another process has held the lock for {wait_seconds:.0f} s; wait for it to end, or end it"
                )
            time.sleep(_POLL_SECONDS)
        yield

"""Memory of processes, where the system tells it in /proc; None elsewhere, and then nothing is limited."""

from __future__ import annotations

import os
from pathlib import Path

GIBIBYTE = 1 << 30


def resident(process: int) -> int | None:
    """Bytes of memory that a process holds."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError, AttributeError):
        return None


def available() -> int | None:
    """Bytes of memory that new processes can have without swapping."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, ValueError, StopIteration):
        return None

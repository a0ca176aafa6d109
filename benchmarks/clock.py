"""The clock that benchmarks share. It imports nothing but the standard library: peaks of memory are measured beside it."""

from __future__ import annotations

import resource


def processor_seconds() -> float:
    """Of this process and of those that have ended below it."""
    usage = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in usage)

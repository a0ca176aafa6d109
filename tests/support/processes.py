"""Programs started from the tests, measured by themselves."""

from __future__ import annotations

from collections.abc import Sequence


def with_its_own_peak(command: Sequence[str]) -> list[str]:
    """The command, started by a small shell, so that its peak memory (``ru_maxrss``) is its own.

    Linux carries the peak of the process that calls ``exec`` over to the new program: started straight from pytest, a
    program of 50 MiB reports pytest's gigabyte. The ``exit`` keeps the shell from replacing itself by the command.
    """
    return ["sh", "-c", '"$@"; exit $?', "sh", *command]

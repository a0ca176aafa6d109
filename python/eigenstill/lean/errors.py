"""Errors of the Lean tooling. Each says where, what it got, what it needs and what to do; `exit_code` is the process's."""

from __future__ import annotations


class LeanError(Exception):
    """No verdict: something around Lean failed, so nothing is known about the sources (exit code 3)."""

    exit_code = 3


class ToolchainError(LeanError):
    """The Lean toolchain is missing and could not be installed, or what is installed is not what is pinned."""


class LeanRejectedError(LeanError):
    """Lean or the audit says no: an error, a warning, a `sorry`, a changed statement (exit code 1)."""

    exit_code = 1


class LeanUsageError(LeanError):
    """The request itself is wrong: no such folder, no such module (exit code 2)."""

    exit_code = 2

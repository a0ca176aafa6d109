"""Shell completion, and the program under its other name."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from eigenstill.cli import app

START = "from eigenstill.cli import entry; import sys; sys.argv[0] = 'eigenstill'; entry()"


def complete(words: str, place: int) -> list[str]:
    """What bash would offer."""
    environment = {
        **os.environ,
        "_EIGENSTILL_COMPLETE": "complete_bash",
        "COMP_WORDS": words,
        "COMP_CWORD": str(place),
    }
    done = subprocess.run(
        [sys.executable, "-c", START], capture_output=True, text=True, env=environment, check=True, timeout=60
    )
    return done.stdout.split()


def test_commands_options_and_choices_are_completed():
    assert complete("eigenstill exp", 1) == ["export"]
    assert complete("eigenstill export --to ", 3) == ["onnx", "torch", "numpy", "c", "latex", "sympy", "json"]
    assert "--float32" in complete("eigenstill export --fl", 2)
    names = {command.name or command.callback.__name__ for command in app.registered_commands}
    assert names <= set(complete("eigenstill ", 1))


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_is_shown_for_the_shell_that_is_asked_for(shell):
    environment = {**os.environ, "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    command = [sys.executable, "-c", START, "--show-completion", shell]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True, timeout=60)
    assert "_EIGENSTILL_COMPLETE" in done.stdout


def test_python_m_eigenstill_is_the_program():
    done = subprocess.run([sys.executable, "-m", "eigenstill", "--help"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("Usage: python -m eigenstill ")
    assert (Path(__file__).parents[3] / "python" / "eigenstill" / "py.typed").exists()

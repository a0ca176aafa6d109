"""What Lean prints arrives whole, however slowly it is read: its pipes do not block, and hold 64 KB."""

from __future__ import annotations

import array
import subprocess
import time

import pytest

fcntl, termios = pytest.importorskip("fcntl"), pytest.importorskip("termios")
pytestmark = pytest.mark.lean

LONG = 300_000
LINES = 2_000
PROGRAM = f"""
module
public section
def long : Nat → String → String
  | 0, text => text
  | count + 1, text => long count (text.push 'x')
def print : Nat → IO Unit
  | 0 => pure ()
  | count + 1 => do
    IO.println (Nat.repr count)
    print count
def main (_ : List String) : IO Unit := do
  IO.println (String.append "long " (long {LONG} ""))
  print {LINES}
  IO.Process.exit 0
"""


def waiting(pipe) -> int:
    """How many bytes stand in a pipe."""
    count = array.array("i", [0])
    fcntl.ioctl(pipe, termios.FIONREAD, count)
    return count[0]


def test_a_slow_reader_gets_every_line(toolchain, tmp_path):
    path = tmp_path / "Print.lean"
    path.write_text(PROGRAM.lstrip(), encoding="utf-8")
    command, environment = toolchain.command(["--run", str(path)]), toolchain.environment([tmp_path])
    with (
        (tmp_path / "errors").open("w") as errors,
        subprocess.Popen(
            command, env=environment, cwd=tmp_path, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors
        ) as process,
    ):
        end = time.monotonic() + 120
        while process.poll() is None and waiting(process.stdout) < 60_000 and time.monotonic() < end:
            time.sleep(0.1)
        time.sleep(1)
        lines = process.stdout.read().decode().splitlines()
    assert process.returncode == 0, (tmp_path / "errors").read_text()
    start = lines.index("long " + LONG * "x")
    assert [line for line in lines[start + 1 :] if not line.startswith("[DEBUG")] == list(
        map(str, reversed(range(LINES)))
    )

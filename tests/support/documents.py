"""Documents that run: the blocks of a section in order, and the output that the page shows for them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SECONDS = 180


class Step(NamedTuple):
    """One program or command, and the output that the page shows for it."""

    kind: str
    source: str
    shown: list[str]


def steps(section: str) -> list[Step]:
    """The blocks in order. A text block is the output of the Python block before it."""
    result: list[Step] = []
    for kind, body in BLOCK.findall(section):
        if kind == "python":
            result.append(Step(kind, body, []))
        elif kind == "console":
            for line in body.splitlines():
                if line.startswith("$ "):
                    result.append(Step(kind, line[2:], []))
                else:
                    result[-1].shown.append(line)
        elif kind == "text":
            assert result[-1].kind == "python"
            result[-1].shown.extend(body.splitlines())
        else:
            raise AssertionError(f"a block of kind {kind!r} is not run")
    return result


def printed(shown: list[str], output: str) -> bool:
    """Whether the output is the shown lines; `...` stands for anything within a line, alone for any number of lines."""
    pattern = "".join(
        r"(?:.*\n)*?" if line == "..." else ".*".join(map(re.escape, line.split("..."))) + r"\n" for line in shown
    )
    return re.fullmatch(pattern, output) is not None


def run(step: Step, folder: Path) -> subprocess.CompletedProcess[str]:
    if step.kind == "console":
        command = ["bash", "-o", "pipefail", "-c", step.source]
    else:
        named = re.match(r"# (\w+\.py)\n", step.source)
        script = folder / (named[1] if named else "block.py")
        script.write_text(step.source, encoding="utf-8")
        command = [sys.executable, "-W", "error", "-W", "ignore::DeprecationWarning", script.name]
    environment = {**os.environ, "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}
    return subprocess.run(
        command, capture_output=True, text=True, cwd=folder, env=environment, timeout=SECONDS, check=False
    )

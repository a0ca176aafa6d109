"""A Lean for tests of the engine: it runs no program, but gives the verdict that a certificate's name asks for.

`good*` is accepted, `bad*` rejected, `crash*` ends the process, `hang*` never ends. It compiles the program (`-o`) to a file
of a few bytes, unless it refuses it.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class StandInChecker:
    """What the engine needs of a toolchain; `log` gets a line for every process."""

    log: Path
    refuses: bool = False
    identity: str = "stand-in"

    @property
    def library(self) -> Path:
        return self.log.parent / "lib"

    def command(self, arguments: list[str]) -> list[str]:
        if "-o" in arguments:
            return [sys.executable, __file__, "refuse" if self.refuses else "compile", *arguments]
        return [sys.executable, __file__, str(self.log), *arguments]

    def environment(self, folders: list[Path]) -> None:
        return None


def verdict(path: str, *, accepted: bool) -> dict[str, object]:
    outcome = {"claim": "basis", "accepted": accepted, "statement": "", "where": "", "got": "", "needed": ""}
    return {
        "certificate": path,
        "exit_code": 0 if accepted else 1,
        "message": "1 claims hold" if accepted else "basis: got 1, need 2",
        "claims": [outcome],
        "recorded_only": ["teacher"],
        "not_covered": ["rows"],
    }


def run(log: str, arguments: list[str]) -> int:
    paths = [word for word in arguments if word.endswith(".json") and word != "--json"]
    with Path(log).open("a", encoding="utf-8") as handle:
        handle.write(" ".join(Path(path).stem for path in paths) + "\n")
    print("[DEBUG] starting\nmodule\n@[expose] public section")
    for path in paths:
        name = Path(path).stem
        if name.startswith("crash"):
            print(f"{3_000 * 'x'}\nAborted()", file=sys.stderr)  # Node repeats a line of its program
            return 134
        if name.startswith("hang"):
            time.sleep(60)
        print(json.dumps(verdict(path, accepted=name.startswith("good"))), flush=True)
    return 0


def compile_program(arguments: list[str], *, refused: bool) -> int:
    if refused:
        print("/x.lean:3:4: error: unknown identifier 'foo'")
        return 1
    Path(arguments[arguments.index("-o") + 1]).with_suffix(".ir").write_bytes(b"code")
    return 0


if __name__ == "__main__":
    first, *others = sys.argv[1:]
    compiling = first in {"compile", "refuse"}
    sys.exit(compile_program(others, refused=first == "refuse") if compiling else run(first, others))

"""A Lean for tests of the engine: it runs no program, but gives the verdict that a certificate's name asks for.

`good*` is accepted, `bad*` rejected, `crash*` ends the process, `hang*` never ends, `refuse*` is an error of elaboration.
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

    def command(self, arguments: list[str]) -> list[str]:
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
        if name.startswith("refuse"):
            print("/x.lean:3:4: error: unknown identifier 'foo'")
            return 1
        if name.startswith("crash"):
            print("Aborted()", file=sys.stderr)
            return 134
        if name.startswith("hang"):
            time.sleep(60)
        print(json.dumps(verdict(path, accepted=name.startswith("good"))), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1], sys.argv[2:]))

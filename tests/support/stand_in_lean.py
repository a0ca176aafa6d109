"""A Lean for tests of the builder: it speaks the driver's protocol, and does what the first line of a source says.

Run as a program it is that Lean. `pass` compiles to what follows the colon, so that a change behind it is not seen by
others; `say SEVERITY` prints a message, `crash` ends with 134, `hang` never ends, `leave` reports success without a file.
An audit finds one theorem in each module; of a module `Crash`, `Hang` or `Cut` (its answer has no end) it does that.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class StandInLean:
    """A `LeanProgram` of the builder's; `log` gets a line for every process and for every module built."""

    log: Path
    identity: str = "stand-in 1"
    library: Path = field(default_factory=Path.cwd)
    start: str = "well"

    def command(self, arguments: list[str]) -> list[str]:
        return [sys.executable, __file__, str(self.log), self.start, *arguments]

    def environment(self, folders: list[Path]) -> None:
        return None

    def lines(self) -> list[str]:
        return self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else []


def answer(*words: str) -> None:
    print("\t".join(("@eigenstill", *words)), flush=True)


def build(name: str, source: Path, olean: Path) -> None:
    order, _, rest = source.read_text(encoding="utf-8").partition("\n")[0].removeprefix("-- ").partition(": ")
    match order.split():
        case ["crash"]:
            print("[DEBUG] noise", file=sys.stderr)
            print(3_000 * "x", file=sys.stderr)  # Node repeats a line of its program
            print("RuntimeError: memory access out of bounds", file=sys.stderr, flush=True)
            sys.exit(134)
        case ["hang"]:
            time.sleep(600)
        case ["say", severity]:
            print(json.dumps({"severity": severity, "pos": {"line": 3, "column": 7}, "data": rest}), flush=True)
        case ["fail"]:
            answer("done", name, "failed", "1")
            return
        case ["leave"]:
            answer("done", name, "ok", "1")
            return
    if order != "say error":
        olean.write_text(rest, encoding="utf-8")
    answer("done", name, "failed" if order == "say error" else "ok", "1")


def audit(path: Path, modules: list[str]) -> None:
    if "Crash" in modules:
        print("RuntimeError: memory access out of bounds", file=sys.stderr, flush=True)
        sys.exit(134)
    if "Hang" in modules:
        time.sleep(600)
    lines = []
    for name in modules:
        constant = (json.dumps(f"{name}.holds"), "theorem", "", '"t"', '""', '""', '""', '""', '"text"', '""')
        lines += [("module", name), ("constant", *constant)]
    lines += [] if "Cut" in modules else [("audited",)]
    path.write_text("".join("\t".join(("@eigenstill", *words)) + "\n" for words in lines), encoding="utf-8")
    answer("audited")


def main() -> None:
    log, start = Path(sys.argv[1]), sys.argv[2]
    with log.open("a", encoding="utf-8") as handle:
        print("started", file=handle)
    if start == "crash":
        print("Aborted()", file=sys.stderr, flush=True)
        sys.exit(1)
    print("[DEBUG] noise", flush=True)
    answer("ready")
    for line in sys.stdin:
        kind, *words = line.rstrip("\n").split("\t")
        if kind == "audit":
            audit(Path(words[0]), words[1:])
            continue
        name, source, olean = words
        assert kind == "build"
        with log.open("a", encoding="utf-8") as handle:
            print(name, file=handle)
        build(name, Path(source), Path(olean))


if __name__ == "__main__":
    main()

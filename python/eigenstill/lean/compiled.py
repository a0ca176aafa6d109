"""The joined program's code in the cache: its first run compiles it, later ones need no elaboration.

Lean elaborates and compiles the program in about 35 processor seconds. A first run (`lean -o ... --run`) also writes the
code; the launcher (`launch.lean`) runs the same code again. The file's name holds digests of the program and of the Lean
that compiled it, so neither is ever run with the other's.
"""

from __future__ import annotations

import hashlib
import os
import threading
from contextlib import suppress
from pathlib import Path

LAUNCHER = Path(__file__).resolve().with_name("launch.lean")
_PARTS = (".ir", ".olean", ".olean.private", ".olean.server")


class CompiledProgram:
    """A program that stands in one file, and its code beside it once a run has ended well."""

    def __init__(self, source: Path, identity: str) -> None:
        """
        Parameters
        ----------
        source : the program, its name made from its text
        identity : what the code depends on besides the text
        """
        self.source = source
        digest = hashlib.sha256(identity.encode()).hexdigest()[:8]
        self.code = source.with_name(f"{source.stem}-{digest}.ir")
        self._partial = source.with_name(f"{self.code.stem}-{os.getpid()}-{threading.get_ident()}.olean")

    def words(self, library: Path, arguments: list[str]) -> list[str]:
        """The words after `lean` that run the program: from its code, or compiling it on the way."""
        if self.code.is_file():
            return ["--run", str(LAUNCHER), str(library), str(self.code), *arguments]
        return [f"--root={self.source.parent}", "-o", str(self._partial), "--run", str(self.source), *arguments]

    def settle(self, *, passed: bool) -> None:
        """Keep the code that a run wrote, if it passed; remove everything else that it wrote."""
        if passed:
            with suppress(OSError):
                self._partial.with_suffix(".ir").replace(self.code)
        for part in _PARTS:
            with suppress(OSError):
                self._partial.with_suffix(part).unlink(missing_ok=True)

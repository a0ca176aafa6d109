"""Words that no Lean source of this project may hold: each lets something pass that the kernel has not checked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from eigenstill.lean.text import strip_comments

FORBIDDEN = {
    "sorry": "a gap in a proof",
    "admit": "a gap in a proof",
    "sorryAx": "a gap in a proof",
    "axiom": "an assumption of our own",
    "native_decide": "trust in the compiler",
    "+native": "trust in the compiler",
    "ofReduceBool": "trust in the compiler",
    "ofReduceNat": "trust in the compiler",
    "reduceBool": "trust in the compiler",
    "trustCompiler": "trust in the compiler",
    "unsafe": "code outside the logic",
    "implemented_by": "code that differs from what is proved",
    "extern": "code that differs from what is proved",
    "csimp": "code that differs from what is proved",
    "skipKernelTC": "a declaration that the kernel does not check",
    "doCheck": "a declaration that the kernel does not check",
    "addDeclWithoutChecking": "a declaration that the kernel does not check",
    "warn.sorry": "a silenced warning",
}
_WORD = re.compile(r"(?<![\w'])(?:" + "|".join(re.escape(word) for word in FORBIDDEN) + r")(?![\w'])")


@dataclass(frozen=True)
class Place:
    """A forbidden word in a source file; lines count from 1."""

    path: Path
    line: int
    word: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: `{self.word}` ({FORBIDDEN[self.word]}), need none; prove it another way"


def scan(path: Path) -> list[Place]:
    """The forbidden words in the code of one file; comments and strings may say anything."""
    code = strip_comments(path.read_text(encoding="utf-8"))
    return [Place(path, code.count("\n", 0, found.start()) + 1, found.group()) for found in _WORD.finditer(code)]

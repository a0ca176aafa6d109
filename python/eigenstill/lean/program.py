"""The program `eigenstill-check`: its modules apart, as the registry's Lean can build them, and together, as it can run them.

This build of Lean keeps no code of imported modules. Apart, a module of the program is elaborated without code: its one
line `public section` becomes `public noncomputable section`. Together, all modules stand in one file, in the order of
their imports, less their headers, and that file has all the code. elan's Lean does both from the sources as they are.
"""

from __future__ import annotations

import re

from eigenstill.lean.errors import LeanRejectedError
from eigenstill.lean.sources import Source, with_imports

MAIN = "Main"
WITHOUT_CODE = ("Eigenstill.Format.", "Eigenstill.Checker.", "Eigenstill.Claims.Exec.", MAIN)
SECTION = "@[expose] public section\n"
_HEADER = re.compile(r"\A(?:/-(?!!)(?:(?!-/).)*-/\s*)?module\n(?:\s*(?:public )?import \S+\n)*", re.DOTALL)


def elaborated_only(name: str) -> bool:
    """Whether the registry's Lean gets this module without code."""
    return name.startswith(WITHOUT_CODE)


def without_code(text: str) -> str:
    """The module as it is elaborated: lines keep their numbers."""
    return text.replace(SECTION, SECTION.replace("public section", "public noncomputable section"), 1)


def body(text: str, name: str) -> str:
    """A module less its copyright, `module` and imports.

    Raises
    ------
    LeanRejectedError : the header is another than the program's modules have.
    """
    header = _HEADER.match(text)
    if header is None or text.count(SECTION) != 1:
        need = f"a comment, `module`, imports, and one line `{SECTION.strip()}`"
        raise LeanRejectedError(f"{name}: its header cannot be taken off; need {need}")
    return text[header.end() :]


def mark(name: str) -> str:
    """The line above a module's body."""
    return f"-- The body of {name}.\n"


def joined(sources: dict[str, Source]) -> str:
    """The whole program as one module: the bodies in the order of imports, each in its own section.

    Raises
    ------
    LeanUsageError : there is no module `Main`.
    LeanRejectedError : see `body`.
    """
    parts = ["module\n"]
    for name, source in with_imports(sources, [MAIN]).items():
        parts.append(mark(name) + body(source.path.read_text(encoding="utf-8"), name).rstrip("\n") + "\n\nend\n")
    return "\n".join(parts)

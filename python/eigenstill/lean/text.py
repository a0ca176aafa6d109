"""Lean source text without its comments and strings: enough to read a header and to find a forbidden word."""

from __future__ import annotations

import re
from collections.abc import Iterator

_OPENS = re.compile(
    r"""/-|--[^\n]*|(?<![\w'])r(#+)".*?"\1|(?<![\w'])r"[^"]*"|"(?:\\.|[^"\\])*"|(?<![\w'])'(?:\\[^'\n]+|[^'\\\n])'""",
    re.DOTALL,
)
_BLOCK_EDGE = re.compile(r"/-|-/")
_NOT_LINE_BREAK = re.compile(r"[^\n]")
_WORD = re.compile(r"\S+")


def _block_end(text: str, start: int) -> int:
    """Where the block comment that opens at `start` ends; comments nest. An open one ends with the text."""
    depth = 0
    for edge in _BLOCK_EDGE.finditer(text, start):
        depth += 1 if edge.group() == "/-" else -1
        if depth == 0:
            return edge.end()
    return len(text)


def _pieces(text: str) -> Iterator[tuple[bool, str]]:
    """The text cut into code (True) and comments or literals (False)."""
    at = 0
    while found := _OPENS.search(text, at):
        end = _block_end(text, found.start()) if found.group() == "/-" else found.end()
        yield True, text[at : found.start()]
        yield False, text[found.start() : end]
        at = end
    yield True, text[at:]


def strip_comments(text: str) -> str:
    """The text with comments, strings and characters blanked. Line breaks stay, so places in it keep their line."""
    return "".join(piece if code else _NOT_LINE_BREAK.sub(" ", piece) for code, piece in _pieces(text))


def header_imports(text: str) -> list[str]:
    """The modules that a Lean file imports, in order.

    Only the header is read: it ends at the first word that is not part of an import.
    """
    imports: list[str] = []
    expects_name = False
    for code, piece in _pieces(text):
        for word in _WORD.findall(piece) if code else ():
            if expects_name and word != "all":
                imports.append(word.replace("«", "").replace("»", ""))
                expects_name = False
            elif word == "import":
                expects_name = True
            elif word not in {"module", "prelude", "public", "meta", "all"}:
                return imports
    return imports

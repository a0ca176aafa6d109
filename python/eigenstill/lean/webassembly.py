"""The export section of a WebAssembly module: the part of the format that installing Lean needs.

A module is a magic number and sections; a section is its kind, its length and its content, lengths and counts written in
LEB128 (WebAssembly core specification, sections 5.2.2, 5.5.2 and 5.5.10).
"""

from __future__ import annotations

from collections.abc import Callable

HEADER = b"\x00asm\x01\x00\x00\x00"
EXPORTS = 7


def without_exports(code: bytes, unread: Callable[[set[bytes], bytes], bool]) -> bytes:
    """The module without the exports for which ``unread(all names, name)``; the rest is the same bytes.

    Raises
    ------
    ValueError : these bytes are no module with one list of exports.
    """
    if not code.startswith(HEADER):
        raise ValueError("they do not begin like a WebAssembly module")
    parts, position, found = [HEADER], len(HEADER), 0
    while position < len(code):
        start, kind = position, code[position]
        length, position = read_number(code, position + 1)
        end = position + length
        if end > len(code):
            raise ValueError("a section is longer than the file")
        if kind == EXPORTS:
            entries = _entries(code, position, end)
            names = {name for name, _ in entries}
            kept = [entry for name, entry in entries if not unread(names, name)]
            parts.append(section(EXPORTS, number(len(kept)) + b"".join(kept)))
            found += 1
        else:
            parts.append(code[start:end])
        position = end
    if found != 1:
        raise ValueError(f"they have {found} lists of exports, need exactly 1")
    return b"".join(parts)


def section(kind: int, content: bytes) -> bytes:
    """A section with its length."""
    return bytes([kind]) + number(len(content)) + content


def number(value: int) -> bytes:
    """A natural number in LEB128: seven bits a byte, the least first."""
    digits = bytearray()
    while value > 0x7F:
        digits.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*digits, value])


def read_number(code: bytes, position: int) -> tuple[int, int]:
    """A number of at most 32 bits, and where it ends."""
    value = 0
    for shift in range(0, 35, 7):
        if position >= len(code):
            raise ValueError("they end in the middle of a number")
        value |= (code[position] & 0x7F) << shift
        position += 1
        if code[position - 1] < 0x80:
            return value, position
    raise ValueError("a number is longer than 32 bits")


def _entries(code: bytes, position: int, end: int) -> list[tuple[bytes, bytes]]:
    """Each export's name, and the whole entry: name, kind, index."""
    count, position = read_number(code, position)
    entries = []
    for _ in range(count):
        start = position
        length, position = read_number(code, position)
        name = code[position : position + length]
        _, position = read_number(code, position + length + 1)
        entries.append((name, code[start:position]))
        if position > end:
            raise ValueError("an export is longer than their list")
    if position != end:
        raise ValueError("something follows their list of exports")
    return entries

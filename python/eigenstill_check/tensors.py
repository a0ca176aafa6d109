"""Array files: the safetensors layout, read strictly with the standard library."""

from __future__ import annotations

import hashlib
import os
import sys
from array import array
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from errno import ELOOP
from math import isfinite, prod
from pathlib import Path
from stat import S_ISREG
from typing import BinaryIO

from .errors import Malformed, NoVerdict, Rejected
from .shapes import choice, count, fields, listing, load_json

MAX_HEADER = 1 << 20
MAX_FILE = 8 << 30
MAX_DIMENSION = 10_000_000
CHUNK = 1 << 20
TYPECODES = {"F64": "d", "I64": "q"}

_entry = fields(
    {
        "dtype": choice(*TYPECODES),
        "shape": listing(count(0, MAX_DIMENSION), 1, 2),
        "data_offsets": listing(count(0, MAX_FILE), 2, 2),
    }
)


@dataclass(frozen=True)
class Tensor:
    """One tensor of an array file: its type, its shape and its little-endian bytes."""

    where: str
    dtype: str
    shape: tuple[int, ...]
    data: memoryview

    def _values(self, dtype: str) -> array[float] | array[int]:
        if self.dtype != dtype:
            raise Malformed(f"{self.where}: type {self.dtype}; need {dtype}")
        values = array(TYPECODES[dtype])
        values.frombytes(self.data)
        if sys.byteorder == "big":
            values.byteswap()
        return values

    def floats(self) -> list[float]:
        """Row-major values; NaN and infinities are refused."""
        values = [float(value) for value in self._values("F64")]
        for index, value in enumerate(values):
            if not isfinite(value):
                raise Malformed(f"{self.where}: entry {index} is {value}; need a finite float64")
        return values

    def float_rows(self) -> list[list[float]]:
        values, width = self.floats(), self.shape[1]
        return [values[start : start + width] for start in range(0, len(values), width)]

    def integers(self) -> list[int]:
        return [int(value) for value in self._values("I64")]

    def integer_rows(self) -> list[list[int]]:
        values, width = self.integers(), self.shape[1]
        return [values[start : start + width] for start in range(0, len(values), width)]


def read_bytes(path: Path, limit: int, *, follow_links: bool) -> bytes:
    """The bytes of a regular file, read once, so that what is hashed is what is checked."""
    with _open(path, follow_links=follow_links) as stream:
        size = os.fstat(stream.fileno()).st_size
        if size > limit:
            raise Malformed(f"{path.name}: {size} bytes; need at most {limit}")
        return _read(path, stream, size)


def _open(path: Path, *, follow_links: bool) -> BinaryIO:
    flags = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | (0 if follow_links else getattr(os, "O_NOFOLLOW", 0))
    flags |= getattr(os, "O_NONBLOCK", 0)  # a pipe in the file's place must not hang the checker
    try:
        descriptor = os.open(path, flags)
    except (OSError, ValueError) as error:
        raise NoVerdict(f"{path}: cannot be read ({_reason(error)}); need a readable file") from None
    if not S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NoVerdict(f"{path}: no regular file; need one, not a folder, pipe or device")
    return os.fdopen(descriptor, "rb")


def _read(path: Path, stream: BinaryIO, size: int) -> bytes:
    try:
        return stream.read(size)
    except OSError as error:
        raise NoVerdict(f"{path}: cannot be read ({_reason(error)}); need a readable file") from None


def _reason(error: OSError | ValueError) -> str:
    if getattr(error, "errno", None) == ELOOP:
        return "a symbolic link"
    return getattr(error, "strerror", None) or str(error)


def file_digest(path: Path) -> str:
    """The SHA-256 of a file of any size, in hexadecimal."""
    digest = hashlib.sha256()
    with _open(path, follow_links=True) as stream:
        while part := _read(path, stream, CHUNK):
            digest.update(part)
    return digest.hexdigest()


Announced = Mapping[str, tuple[int, ...]]
"""The shapes in the header of an array file, by the names of its tensors."""


def load(
    path: Path,
    digest: str,
    size: int,
    *,
    follow_links: bool = False,
    admit: Callable[[int, Announced], None] = lambda _header_bytes, _shapes: None,
) -> Mapping[str, Tensor]:
    """Read an array file, compare length and digest, and split it into tensors.

    The length is compared first: a file of another size is not read at all. Then ``admit`` sees the header's length and
    the announced shapes, and may refuse them before the rest is read; whether the header is sound is decided after the
    digest, which is that of the very bytes that were read.
    """
    data = bytearray()
    with _open(path, follow_links=follow_links) as stream:
        found_size = os.fstat(stream.fileno()).st_size
        if found_size == size:
            head = _read(path, stream, 8)
            length = int.from_bytes(head, "little")
            if length <= min(MAX_HEADER, size - 8):
                head += _read(path, stream, length)
            admit(length, _announced(head[8:]))
            data = _rest(path, stream, head, size)
    if len(data) != size:
        raise Rejected(f"arrays {path.name}", f"{found_size} bytes", f"{size} bytes as recorded")
    found = hashlib.sha256(data).hexdigest()
    if found != digest:
        raise Rejected(f"arrays {path.name}", f"sha256 {found}", f"sha256 {digest} as recorded")
    return parse(memoryview(data), path.name)


def _rest(path: Path, stream: BinaryIO, head: bytes, size: int) -> bytearray:
    """All ``size`` bytes of a file whose first ones are ``head``; fewer if it was cut short meanwhile."""
    data, reached = bytearray(size), len(head)
    data[:reached] = head
    try:
        with memoryview(data) as view:
            while reached < size and (count := stream.readinto(view[reached:])):  # type: ignore[attr-defined]
                reached += count
    except OSError as error:
        raise NoVerdict(f"{path}: cannot be read ({_reason(error)}); need a readable file") from None
    return data if reached == size else data[:reached]


def _announced(header: bytes) -> Announced:
    """The shapes of a header; none of one that is malformed, which is said later."""
    try:
        entries = load_json(header, "", MAX_HEADER)
        return {key: tuple(_entry(raw, key)["shape"]) for key, raw in entries.items()}
    except (Malformed, AttributeError):
        return {}


def parse(data: memoryview, name: str) -> Mapping[str, Tensor]:
    """Split the bytes of an array file into tensors that cover it without gap, overlap or remainder."""
    if len(data) < 8:
        raise Malformed(f"{name}: {len(data)} bytes; need an 8-byte header length first")
    length = int.from_bytes(data[:8], "little")
    if length > min(MAX_HEADER, len(data) - 8):
        raise Malformed(f"{name}: header of {length} bytes; need at most {min(MAX_HEADER, len(data) - 8)}")
    header = load_json(bytes(data[8 : 8 + length]), f"{name}: header", MAX_HEADER)
    if not isinstance(header, dict):
        raise Malformed(f"{name}: header is no object; need tensor names and their places")
    body, tensors, spans = data[8 + length :], {}, []
    for key, raw in header.items():
        where = f"{name}: tensor {key[:60]}"
        entry = _entry(raw, where)
        begin, end = entry["data_offsets"]
        shape = tuple(entry["shape"])
        if end - begin != 8 * prod(shape) or end > len(body):
            raise Malformed(
                f"{where}: bytes {begin} to {end} of {len(body)}; need {8 * prod(shape)} bytes inside the file"
            )
        spans.append((begin, end))
        tensors[key] = Tensor(where, entry["dtype"], shape, body[begin:end])
    reached = 0
    for begin, end in sorted(spans):
        if begin != reached:
            raise Malformed(
                f"{name}: tensors leave a gap or overlap at byte {min(begin, reached)}; need them end to end"
            )
        reached = end
    if reached != len(body):
        raise Malformed(f"{name}: {len(body) - reached} bytes after the last tensor; need none")
    return tensors

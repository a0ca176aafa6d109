"""One-file storage of arrays and a JSON header: the safetensors layout, written atomically, read strictly.

Layout: 8 bytes little-endian header length, a JSON header, the tensors end to end (float64 and int64, row-major,
little-endian). The header's `__metadata__` holds one entry, `eigenstill`: the JSON text of our own header.
Readable with the package safetensors and numpy; the same content gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from . import files
from .errors import StudentError, UnreadableError

KEY = "eigenstill"
TYPES = {"F64": np.dtype("<f8"), "I64": np.dtype("<i8")}
MAX_HEADER = 1 << 24
Arrays = dict[str, npt.NDArray[Any]]


def encode(arrays: Mapping[str, npt.NDArray[Any]], header: Mapping[str, Any]) -> bytes:
    """The bytes of a file that holds these arrays (float64 or int64) in order of name, and this JSON object."""
    text = json.dumps(header, sort_keys=True, allow_nan=False)
    return files.encode_tensors({name: arrays[name] for name in sorted(arrays)}, {KEY: text})


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file in one step; nothing half-written is left behind.

    Raises
    ------
    UnreadableError : the folder is missing or cannot be written
    """
    try:
        files.write_atomically(path, data)
    except OSError as error:
        raise UnreadableError(
            f"{path}: cannot be written ({error.strerror or error}); need a folder that can be"
        ) from None


def read(path: Path, kind: str, version: int) -> tuple[Arrays, dict[str, Any]]:
    """Arrays (read-only) and our header of a file of the given format and version.

    Raises
    ------
    UnreadableError : missing or unreadable
    StudentError : cut short, spare bytes, overlapping tensors, repeated keys, another format or version
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableError(f"{path}: cannot be read ({error.strerror or error}); need a readable file") from None
    table = _table(data, path.name)
    header = _own_header(table.pop("__metadata__", None), path.name)
    if header.get("format") != kind or header.get("version") != version:
        raise StudentError(
            f"{path.name}: format {header.get('format')!r} version {header.get('version')!r}; "
            f"need {kind!r} version {version}; write it again with this version of eigenstill"
        )
    body = memoryview(data)[8 + int.from_bytes(data[:8], "little") :]
    arrays: Arrays = {}
    reached = 0
    for name, entry in sorted(table.items(), key=lambda item: _begin(item[1])):
        array, begin, end = _tensor(entry, body, f"{path.name}: tensor {name[:60]}")
        if begin != reached:
            raise StudentError(f"{path.name}: gap or overlap at byte {min(begin, reached)}; need tensors end to end")
        arrays[name], reached = array, end
    if reached != len(body):
        raise StudentError(f"{path.name}: {len(body) - reached} bytes after the last tensor; need none")
    return arrays, header


def _begin(entry: Any) -> int:
    offsets = entry.get("data_offsets") if isinstance(entry, dict) else None
    return offsets[0] if isinstance(offsets, list) and offsets and isinstance(offsets[0], int) else -1


def _table(data: bytes, where: str) -> dict[str, Any]:
    length = int.from_bytes(data[:8], "little")
    if len(data) < 8 or length > min(MAX_HEADER, len(data) - 8):
        raise StudentError(f"{where}: {len(data)} bytes; need a complete safetensors file")
    table = parse_json(data[8 : 8 + length], f"{where}: header")
    if not isinstance(table, dict):
        raise StudentError(f"{where}: header is no JSON object; need a safetensors file")
    return table


def _own_header(metadata: Any, where: str) -> dict[str, Any]:
    if not isinstance(metadata, dict) or list(metadata) != [KEY] or not isinstance(metadata[KEY], str):
        raise StudentError(f"{where}: no eigenstill header; need a file written by eigenstill")
    header = parse_json(metadata[KEY].encode(), f"{where}: eigenstill header")
    if not isinstance(header, dict):
        raise StudentError(f"{where}: eigenstill header is no JSON object; need a file written by eigenstill")
    return header


def parse_json(data: bytes, where: str) -> Any:
    """JSON without repeated keys, NaN or infinities. Raises StudentError."""

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(items)
        if len(found) != len(items):
            raise ValueError("a key is repeated")
        return found

    def constant(text: str) -> Any:
        raise ValueError(f"{text} is no number")

    try:
        return json.loads(data, object_pairs_hook=pairs, parse_constant=constant)
    except (ValueError, RecursionError) as error:
        raise StudentError(f"{where}: not readable as JSON ({error}); need the file as it was written") from None


def _tensor(entry: Any, body: memoryview, where: str) -> tuple[npt.NDArray[Any], int, int]:
    if not isinstance(entry, dict) or set(entry) != {"dtype", "shape", "data_offsets"} or entry["dtype"] not in TYPES:
        raise StudentError(f"{where}: entry {str(entry)[:80]}; need dtype F64 or I64, shape and data_offsets")
    shape, offsets = entry["shape"], entry["data_offsets"]
    numbers = [*shape, *offsets] if isinstance(shape, list) and isinstance(offsets, list) else [-1]
    if not all(type(number) is int and number >= 0 for number in numbers) or len(offsets) != 2:
        raise StudentError(f"{where}: shape {shape}, offsets {offsets}; need counts")
    begin, end = offsets
    if end - begin != 8 * prod(shape) or end > len(body):
        raise StudentError(f"{where}: bytes {begin} to {end} of {len(body)}; need {8 * prod(shape)} inside the file")
    array = np.frombuffer(body[begin:end], dtype=TYPES[entry["dtype"]]).reshape(shape)
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise StudentError(f"{where}: holds NaN or infinities; need finite numbers")
    native: npt.NDArray[Any] = array.astype(array.dtype.newbyteorder("="))
    native.setflags(write=False)
    return native, begin, end

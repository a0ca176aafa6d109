"""Array files of a streamed certificate: the model in one, the rows in shards, copied slice by slice from the disk."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from ..arrays import FloatArray
from ..files import ALIGNMENT
from ..tables.blocks import ROWS
from .sources import file_digest

SHARD_ROWS = 1 << 18


class RowArray(Protocol):
    """float64 (rows, width), in memory or on disk."""

    @property
    def shape(self) -> tuple[int, ...]: ...

    def __len__(self) -> int: ...

    def __getitem__(self, place: Any) -> FloatArray: ...


def write_shard(path: Path, arrays: Mapping[str, tuple[RowArray, slice]]) -> dict[str, Any]:
    """A safetensors file of these rows of these arrays; the same bytes as `files.encode_tensors` would give.

    Returns
    -------
    file, sha256 and bytes, as `arrays` of a certificate lists them. Written under another name first, then renamed.
    """
    header, offset = {}, 0
    for name, (array, rows) in arrays.items():
        count, width = rows.stop - rows.start, array.shape[1]
        header[name] = {"dtype": "F64", "shape": [count, width], "data_offsets": [offset, offset + 8 * count * width]}
        offset += 8 * count * width
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=True).encode()
    text += b" " * (-len(text) % ALIGNMENT)
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        with unfinished.open("wb") as stream:
            stream.write(len(text).to_bytes(8, "little") + text)
            for array, rows in arrays.values():
                for start in range(rows.start, rows.stop, ROWS):
                    part = array[start : min(start + ROWS, rows.stop)]
                    stream.write(np.ascontiguousarray(part, dtype="<f8").tobytes())
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    return {"file": path.name, "sha256": file_digest(path), "bytes": path.stat().st_size}


def digest_of(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()

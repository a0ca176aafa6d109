"""Writing: tensors to one safetensors file, JSON beside it, both atomically."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ALIGNMENT = 8
TYPES = {np.dtype("<f8"): "F64", np.dtype("<i8"): "I64"}


def encode_tensors(tensors: Mapping[str, NDArray[Any]], metadata: Mapping[str, str] | None = None) -> bytes:
    """The bytes of a safetensors file with these float64 and int64 arrays, row-major, in this order."""
    header: dict[str, Any] = {"__metadata__": dict(metadata)} if metadata else {}
    parts, offset = [], 0
    for name, tensor in tensors.items():
        data = np.ascontiguousarray(tensor, dtype="<i8" if tensor.dtype.kind == "i" else "<f8")
        header[name] = {
            "dtype": TYPES[data.dtype],
            "shape": list(data.shape),
            "data_offsets": [offset, offset + data.nbytes],
        }
        parts.append(data.tobytes())
        offset += data.nbytes
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=True).encode()
    text += b" " * (-len(text) % ALIGNMENT)
    return len(text).to_bytes(8, "little") + text + b"".join(parts)


def write_atomically(path: Path, data: bytes) -> None:
    """Write a temporary file beside ``path``, flush it to the disk and rename it, so that no half file is ever seen."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise

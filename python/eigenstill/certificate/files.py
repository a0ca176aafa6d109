"""A certificate on disk: the array file first, the JSON that names its digest last."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from eigenstill_check.layout import FORMAT, VERSION
from eigenstill_check.version import __version__

from ..files import encode_tensors, write_atomically


def write_files(
    folder: Path,
    name: str,
    tensors: Mapping[str, np.ndarray[Any, Any]],
    counts: Mapping[str, int],
    body: Mapping[str, Any],
    *,
    detached: Mapping[str, np.ndarray[Any, Any]] | None = None,
    shards: Sequence[Mapping[str, Any]] = (),
) -> Path:
    """Write ``name``.cert.safetensors and then ``name``.cert.json into ``folder``; returns the path of the JSON.

    Parameters
    ----------
    tensors : the array file's, in this order
    counts : the rows of the array file, as `arrays` lists them
    body : profile, subject, claims and what else the document holds
    shards : entries of further array files, which lie there already
    detached : tensors of rows for a file of their own, ``name``.cert.rows.safetensors; `counts` are then its rows
    """
    files = [_array_file(f"{name}.cert.safetensors", tensors, dict.fromkeys(counts, 0) if detached else counts)]
    if detached:
        files.append(_array_file(f"{name}.cert.rows.safetensors", detached, {**counts, "detached": True}))
    listed = [entry for entry, _ in files] + [dict(entry) for entry in shards]
    document = {
        "format": FORMAT,
        "version": VERSION,
        "profile": body["profile"],
        "producer": {"name": "eigenstill", "version": __version__},
        "arrays": listed,
        **{key: value for key, value in body.items() if key != "profile"},
    }
    path = folder / f"{name}.cert.json"
    for entry, data in files:
        write_atomically(folder / entry["file"], data)
    write_atomically(path, (json.dumps(document, indent=1, ensure_ascii=True) + "\n").encode())
    return path


def _array_file(
    file: str, tensors: Mapping[str, np.ndarray[Any, Any]], facts: Mapping[str, int]
) -> tuple[dict[str, Any], bytes]:
    """The entry of an array file in `arrays`, and its bytes."""
    data = encode_tensors(tensors)
    return {"file": file, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data), **facts}, data

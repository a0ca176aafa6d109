"""A checkpoint: exact partial sums, in integers, and which blocks are in them. Taking it up again changes no bit."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from eigenstill_check.dyadic import Dyadic
from eigenstill_check.vectors import Vector

from .. import storage
from ..basis import Basis
from ..errors import StudentError, UnreadableError
from ..spectrum import BlockSums
from ..spectrum.block_sums import TargetTotals

FORMAT, VERSION = "eigenstill-sums", 1


def key_of(basis: Basis, facts: Mapping[str, Any]) -> str:
    """What the sums belong to: the basis, and whatever else decides them."""
    digest = hashlib.sha256(json.dumps(facts, sort_keys=True).encode())
    for array in (basis.landmarks, basis.scales, basis.offsets):
        digest.update(b"" if array is None else array.tobytes())
    digest.update(f"{basis.kernel} {basis.exponents} {basis.grid_bits}".encode())
    return digest.hexdigest()


def save(path: Path, key: str, sums: BlockSums, done: list[int]) -> None:
    """Write the sums over the blocks that start at the rows ``done``, atomically."""
    header = {
        "format": FORMAT,
        "version": VERSION,
        "key": key,
        "rows": sums.rows,
        "columns": [str(value) for value in sums.columns],
        "products": {
            name: [[[format(entry, "x") for entry in vector.entries], vector.exponent] for vector in vectors]
            for name, vectors in sums.products.items()
        },
        "totals": {
            name: [[str(total.values.reduced()), str(total.squares.reduced())] for total in totals]
            for name, totals in sums.totals.items()
        },
    }
    size = sums.gram.shape[1]
    arrays = {
        "done": np.array(done, dtype=np.int64),
        "gram": sums.gram.reshape(-1, size),
        "trace": sums.trace,
    }
    storage.write_atomically(path, storage.encode(arrays, header))


def load(path: Path, key: str) -> tuple[BlockSums, list[int]] | None:
    """The sums and the blocks that are in them; None where there are none, or they belong to something else."""
    try:
        arrays, header = storage.read(path, FORMAT, VERSION)
    except (UnreadableError, StudentError):
        return None
    if header["key"] != key:
        return None
    size = arrays["gram"].shape[1]
    sums = BlockSums(
        header["rows"],
        tuple(int(value) for value in header["columns"]),
        arrays["gram"].reshape(-1, size, size),
        arrays["trace"],
        {
            name: tuple(Vector([int(entry, 16) for entry in entries], exponent) for entries, exponent in vectors)
            for name, vectors in header["products"].items()
        },
        {
            name: tuple(TargetTotals(*(_dyadic(text) for text in pair)) for pair in totals)
            for name, totals in header["totals"].items()
        },
    )
    return sums, arrays["done"].tolist()


def _dyadic(text: str) -> Dyadic:
    mantissa, _, exponent = text.partition("p")
    return Dyadic(int(mantissa), int(exponent))

"""A mutant and the register of the ways to make one."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from support.drafts import Entry, encode

from .bases import Base


@dataclass(frozen=True)
class Mutant:
    """The bytes of a JSON document, and of the array files beside it."""

    text: bytes
    files: dict[str, bytes]

    def write(self, folder: Path) -> Path:
        for name, data in self.files.items():
            (folder / name).write_bytes(data)
        path = folder / "mutant.cert.json"
        path.write_bytes(self.text)
        return path


Maker = Callable[[random.Random, Base], Mutant]
FAMILIES: dict[str, Maker] = {}


def family(make: Maker) -> Maker:
    """Register a way to make mutants under its function's name."""
    FAMILIES[make.__name__] = make
    return make


def with_arrays(base: Base, name: str, data: bytes) -> Mutant:
    """Other bytes of an array file, its length and digest made right."""
    document = base.document
    for entry in document["arrays"]:
        if entry["file"] == name:
            entry |= {"bytes": max(8, len(data)), "sha256": hashlib.sha256(data).hexdigest()}
    return Mutant((json.dumps(document, indent=1) + "\n").encode(), {**base.files, name: data})


def with_entries(base: Base, name: str, entries: dict[str, Entry]) -> Mutant:
    return with_arrays(base, name, encode(entries))

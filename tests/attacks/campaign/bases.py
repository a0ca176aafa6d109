"""What is mutated: every accepted certificate of the corpus, and two about a matrix."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import eigenstill
from support.drafts import Entry, encode

CORPUS = Path(__file__).parents[2] / "corpus" / "accept"
OFTEN = {"every_claim": 12, "twelve": 4, "twelve_two_outputs": 3, "twelve_shards": 3, "future_rows": 3}


@dataclass(frozen=True)
class Base:
    """An accepted certificate in memory: its JSON, and the bytes of its array files by name."""

    name: str
    text: bytes
    files: dict[str, bytes]

    @property
    def document(self) -> dict[str, Any]:
        """A fresh copy."""
        found: dict[str, Any] = json.loads(self.text)
        return found

    def entries(self, file: str | None = None) -> dict[str, Entry]:
        """The tensors of an array file, the first one by default."""
        return entries_of(self.files[file or next(iter(self.files))])


def entries_of(data: bytes) -> dict[str, Entry]:
    start = 8 + int.from_bytes(data[:8], "little")
    found = json.loads(data[8:start])
    return {
        name: (
            entry["dtype"],
            entry["shape"],
            data[start + entry["data_offsets"][0] : start + entry["data_offsets"][1]],
        )
        for name, entry in found.items()
    }


def read(path: Path) -> Base:
    text = path.read_bytes()
    names = [entry["file"] for entry in json.loads(text)["arrays"]]
    name = path.name.removesuffix(".cert.json")
    return Base(name, text, {file: (path.parent / file).read_bytes() for file in names})


def bases(folder: Path) -> list[Base]:
    """All of them; ``folder`` takes the certificates about matrices, which the corpus does not hold."""
    found = [read(path) for path in sorted(CORPUS.glob("*.cert.json"))]
    matrix = np.random.default_rng(3).standard_normal((7, 4))
    for name, options in {"matrix": {}, "matrix_centred": {"centre": True}}.items():
        found.append(read(Path(eigenstill.certify_svd(matrix, 2, folder, name=name, **options).path)))
    return found


def choose(rng: random.Random, known: list[Base]) -> Base:
    return rng.choices(known, [OFTEN.get(base.name, 1) for base in known])[0]


__all__ = ["Base", "bases", "choose", "encode", "entries_of", "read"]

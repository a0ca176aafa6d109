"""A certificate's rows spread otherwise over array files: the claims are the same word for word (FORMAT.md section 1)."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from pathlib import Path

from .drafts import Bundle, Entry, entry
from .files import draft_from

OF_THE_ROWS = ("tolerance", "closer", "interval", "mean_error")
"""Claims that need the rows themselves; no tensor belongs to them alone."""


def resharded(
    path: Path, shards: Sequence[tuple[int, int]], folder: Path, *, left_out: Collection[str] = OF_THE_ROWS
) -> Path:
    """Write it with (rows, holdout_rows) in each array file, without the claims ``left_out``; the path of its JSON."""
    document, tensors = json.loads(path.read_text()), draft_from(path).tensors
    document["claims"] = [claim for claim in document["claims"] if claim["claim"] not in left_out]
    files: dict[str, dict[str, Entry]] = {}
    arrays = []
    reached = {"train": 0, "holdout": 0}
    for number, counts in enumerate(shards):
        name = f"x.cert.{number}.safetensors"
        files[name] = {}
        for split, count in zip(reached, counts, strict=True):
            part = slice(reached[split], reached[split] + count)
            reached[split] += count
            for key in tensors:
                if count and key.startswith(f"{split}."):
                    files[name][key] = entry(key.partition(".")[2], tensors[key][part])
        if number == 0:
            files[name] |= {key: entry(key, values) for key, values in tensors.items() if "." not in key}
        arrays.append({"file": name, "sha256": "", "bytes": 0, "rows": counts[0], "holdout_rows": counts[1]})
    if any(reached[split] != len(tensors.get(f"{split}.inputs", [])) for split in reached):
        raise ValueError(f"{list(shards)}: not all rows of {path.name}")
    document["arrays"] = arrays
    return Bundle(document, files).write(folder, "x")


def rows_of(path: Path) -> tuple[int, int]:
    """Training and hold-out rows of a certificate."""
    arrays = json.loads(path.read_text())["arrays"]
    return sum(entry["rows"] for entry in arrays), sum(entry["holdout_rows"] for entry in arrays)

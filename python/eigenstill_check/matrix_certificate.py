"""A certificate about any real matrix: the truncated singular value decomposition (profile svd-1, FORMAT.md section 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from . import shapes
from .certificate import ANYTHING, Admission, Shelf
from .dyadic import float_integers
from .errors import Malformed
from .layout import FORMAT, MAX_COLUMNS, MAX_ROWS, MAX_SHARDS, VERSION, array_file, listed_claim, unit
from .tensors import load

PROFILE = "svd-1"
NEEDED = ("matrix", "eckart_young", "spectrum")
MAX_ENTRY_BITS = 640

_named = shapes.fields({"name": shapes.text, "sha256": shapes.optional(shapes.digest)})
_file = shapes.fields(
    {
        "format": shapes.choice(FORMAT),
        "version": shapes.choice(VERSION),
        "profile": shapes.choice(PROFILE),
        "producer": shapes.fields({"name": shapes.text, "version": shapes.text}),
        "arrays": shapes.listing(array_file({"rows": shapes.count(1, MAX_ROWS)}), 1, MAX_SHARDS),
        "subject": shapes.fields({"data": _named}),
        "matrix": shapes.fields(
            {
                "centred": shapes.choice(True, False),
                "symmetric": shapes.choice(True, False),
                "transposed": shapes.choice(True, False),
                "vector_exponent": unit,
                "excess_exponent": unit,
                "factor_exponent": unit,
            }
        ),
        "claims": shapes.listing(listed_claim, len(NEEDED), len(NEEDED)),
    }
)


@dataclass(frozen=True)
class Settings:
    """What A is made of, and the units of the witnesses (exponents of two)."""

    centred: bool
    symmetric: bool
    transposed: bool
    vector_exponent: int
    excess_exponent: int
    factor_exponent: int


@dataclass(frozen=True)
class Witnesses:
    """Modes (K rows of r), d (K) and L (r rows of r)."""

    eigenvectors: list[list[int]]
    excess: list[int]
    factor: list[list[int]]

    @property
    def columns(self) -> int:
        """r: the side on which M = A^T A is formed."""
        return len(self.factor)


@dataclass(frozen=True)
class MatrixCertificate:
    """``entries`` 2^``exponent`` is the recorded matrix, n rows, exact."""

    subject: Mapping[str, Any]
    basis: Settings
    model: Witnesses
    entries: list[list[int]]
    exponent: int
    claims: tuple[Mapping[str, Any], ...]


def parse_document(raw: Any) -> dict[str, Any]:
    """The parsed JSON with its shape checked; no array file is read. Raises Malformed."""
    document = _file(raw, "")
    kinds = [claim["claim"] for claim in document["claims"]]
    for kind in NEEDED:
        if kinds.count(kind) != 1:
            raise Malformed(f"claims: {kind} stands {kinds.count(kind)} times; profile {PROFILE} needs it once")
    return document


def parse(raw: Any, folder: Path, admission: Admission = ANYTHING) -> MatrixCertificate:
    """Read the array files of a parsed JSON document. Raises as `certificate.read`."""
    document = parse_document(raw)
    admission.document(document)
    files = document["arrays"]
    if len({entry["file"] for entry in files}) != len(files):
        raise Malformed("arrays: a file is named twice; need distinct names")
    settings = Settings(**document["matrix"])
    rows = sum(entry["rows"] for entry in files)
    if rows > MAX_ROWS:
        raise Malformed(f"arrays: {rows} rows in all; need at most {MAX_ROWS}")
    values: list[list[float]] = []
    model: Witnesses | None = None
    for entry in files:
        admit = partial(admission.header, entry["file"])
        shelf = Shelf(entry["file"], load(folder / entry["file"], entry["sha256"], entry["bytes"], admit=admit))
        _, width = shelf.shape("matrix", 2)
        if values and width != len(values[0]):
            raise Malformed(f"{shelf.name}: tensor matrix: {width} columns; need {len(values[0])} as in the first file")
        values += shelf.take("matrix", entry["rows"], width).float_rows()
        if model is None:
            model = _witnesses(shelf, rows if settings.transposed else width)
        shelf.finish()
    if model is None:  # arrays has at least one entry
        raise Malformed("arrays: empty; need the witnesses' file")
    entries, exponent = _integers(values)
    return MatrixCertificate(document["subject"], settings, model, entries, exponent, tuple(document["claims"]))


def _witnesses(shelf: Shelf, size: int) -> Witnesses:
    (modes,) = shelf.shape("excess", 1)
    for name, got, low, high in (("columns", size, 2, MAX_COLUMNS), ("modes", modes, 1, size)):
        if not low <= got <= high:
            raise Malformed(f"{shelf.name}: {got} {name}; need {low} to {high}")
    model = Witnesses(
        eigenvectors=shelf.take("eigenvectors", modes, size).integer_rows(),
        excess=shelf.take("excess", modes).integers(),
        factor=shelf.take("factor", size, size).integer_rows(),
    )
    if any(any(row[index + 1 :]) for index, row in enumerate(model.factor)):
        raise Malformed(f"{shelf.name}: tensor factor: an entry above the diagonal; need a lower triangle")
    return model


def _integers(values: list[list[float]]) -> tuple[list[list[int]], int]:
    """Integers on one power of two, refused where small and large entries lie too far apart."""
    largest = max(max(map(abs, row)) for row in values)
    least = min((abs(value) for row in values for value in row if value), default=1.0)
    top, bottom = float_integers([largest]), float_integers([least])
    bits = top[0][0].bit_length() - top[1] + 53 + max(0, bottom[1] - bottom[0][0].bit_length())
    if bits > MAX_ENTRY_BITS:
        raise Malformed(
            f"matrix: entries from {least:.3g} to {largest:.3g} need {bits} bits; need at most {MAX_ENTRY_BITS}; "
            "round the small ones to 0"
        )
    width = len(values[0])
    flat, shift = float_integers([value for row in values for value in row])
    return [flat[start : start + width] for start in range(0, len(flat), width)], -shift

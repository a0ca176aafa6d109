"""Certificates as plain data that tests can bend: tensors as nested lists, claims by `reference`, bytes by hand.

Draft -> Bundle -> files. A `Draft` holds what a certificate is about; `seal` computes every recorded number from it
with `reference`, whether or not the result deserves acceptance. A `Bundle` is the sealed JSON document and the array
files, for damage at the level of keys, tensors or bytes. Only the search for witnesses uses the producer.
"""

from __future__ import annotations

import copy
import hashlib
import json
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from eigenstill.certificate.build import Formula, Split
from eigenstill.certificate.witness import VECTOR_EXPONENT, Spectral, psd_witnesses, spectral
from eigenstill.spectrum.limb_matrix import LimbMatrix, digit_width

from .reference import Reference, number, two
from .reference_exports import PROGRAMS, Exports

INTEGERS = {"metric", "linear_metric", "eigenvectors", "excess", "factor", "solution", "ridge_trials"}
RECORDED = ("inputs", "teacher", "predictions", "labels")
ROWS = (*RECORDED, *(f"predictions.{name}" for name in PROGRAMS))
Entry = tuple[str, list[int], bytes]  # dtype, shape, data


def shape_of(values: Any) -> list[int]:
    return [len(values), *shape_of(values[0])] if isinstance(values, list) and values else []


def flat(values: Any) -> list[Any]:
    return [leaf for part in values for leaf in flat(part)] if isinstance(values, list) else [values]


def entry(name: str, values: list[Any]) -> Entry:
    whole = name in INTEGERS
    leaves = flat(values)
    return ("I64" if whole else "F64", shape_of(values), struct.pack(f"<{len(leaves)}{'q' if whole else 'd'}", *leaves))


def encode(entries: dict[str, Entry], alter: Callable[[dict[str, Any]], object] = lambda header: None) -> bytes:
    """An array file; ``alter`` may bend the header before it is written."""
    header, offset = {}, 0
    for name, (dtype, shape, data) in entries.items():
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [offset, offset + len(data)]}
        offset += len(data)
    alter(header)
    return with_header(json.dumps(header, separators=(",", ":")), b"".join(data for _, _, data in entries.values()))


def with_header(header: str, body: bytes) -> bytes:
    text = header.encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + body


@dataclass
class Bundle:
    """A sealed certificate: the JSON document, and the tensors of each array file by file name."""

    document: dict[str, Any]
    files: dict[str, dict[str, Entry]]

    def encoded(self) -> dict[str, bytes]:
        return {name: encode(entries) for name, entries in self.files.items()}

    def record(self, data: dict[str, bytes]) -> None:
        """Write digest and length of the array files into the document."""
        for entry in self.document["arrays"]:
            if entry["file"] in data:
                entry["bytes"] = len(data[entry["file"]])
                entry["sha256"] = hashlib.sha256(data[entry["file"]]).hexdigest()

    def text(self) -> str:
        return json.dumps(self.document, indent=1) + "\n"

    def write(self, folder: Path, name: str, data: dict[str, bytes] | None = None) -> Path:
        data = self.encoded() if data is None else data
        self.record(data)
        folder.mkdir(parents=True, exist_ok=True)
        for file, content in data.items():
            (folder / file).write_bytes(content)
        path = folder / f"{name}.cert.json"
        path.write_text(self.text())
        return path

    def claim(self, name: str) -> dict[str, Any]:
        return next(claim for claim in self.document["claims"] if claim["claim"] == name)


@dataclass
class Draft:
    """What a certificate is about.

    shards : (rows, holdout_rows) of each array file
    further : the claims beyond the profile, each with what a checker takes from the file
    """

    basis: dict[str, Any]
    tensors: dict[str, list[Any]]
    subject: dict[str, Any]
    shards: list[tuple[int, int]]
    ranks: list[int] = field(default_factory=list)
    threshold: Fraction = Fraction(0)
    slack: Fraction = Fraction(0)
    further: dict[str, dict[str, Any]] = field(default_factory=dict)

    def copy(self) -> Draft:
        return copy.deepcopy(self)

    def reference(self) -> Reference:
        return Reference(self.basis, self.tensors, self.subject["teacher"]["parameters"])

    def further_reference(self) -> Exports:
        return Exports(self.reference(), self.further)

    def prove(
        self,
        ranks: Sequence[int],
        alter: Callable[[Spectral], Spectral] = lambda pairs: pairs,
        *,
        modes: int | None = None,
    ) -> Draft:
        """Attach modes, excess, threshold, slack and factor; ``alter`` may bend the modes.

        As many ``modes`` as the last of ``ranks``, or as are asked for.
        """
        reference = self.reference()
        exponent = 2 * (self.basis["metric_exponent"] - self.basis["grid_bits"])
        matrix = [[int(value / two(exponent)) for value in row] for row in reference.m]
        ascending, vectors = np.linalg.eigh(np.array([[float(value) for value in row] for row in reference.m]))
        pairs = alter(spectral(ascending[::-1], vectors[:, ::-1], modes or ranks[-1]))
        self.basis["vector_exponent"], self.basis["excess_exponent"] = VECTOR_EXPONENT, pairs.excess_exponent
        self.tensors["eigenvectors"], self.tensors["excess"] = pairs.vectors, pairs.excess
        self.ranks = list(ranks)
        for witness, _ in psd_witnesses(LimbMatrix.of_integers(matrix, digit_width(len(matrix))), exponent, pairs):
            self.basis["factor_exponent"], self.tensors["factor"] = witness.factor_exponent, witness.factor
            self.threshold = witness.threshold.mantissa * two(witness.threshold.exponent)
            self.slack = witness.slack.mantissa * two(witness.slack.exponent)
            if self.reference().psd_holds(self.threshold, self.slack):
                return self
        raise AssertionError("no witness found")

    def seal(self, name: str = "base") -> Bundle:
        """The certificate with every recorded number computed from the draft."""
        files: dict[str, dict[str, Entry]] = {}
        arrays = []
        model = [key for key in self.tensors if "." not in key]
        starts = {"train": 0, "holdout": 0}
        for index, counts in enumerate(self.shards):
            file = f"{name}.cert.safetensors" if index == 0 else f"{name}.cert.{index}.safetensors"
            entries: dict[str, Entry] = {}
            for split, count in zip(starts, counts, strict=True):
                part = slice(starts[split], starts[split] + count)
                for kind in ROWS:
                    if count and f"{split}.{kind}" in self.tensors:
                        entries[f"{split}.{kind}"] = entry(kind, self.tensors[f"{split}.{kind}"][part])
                starts[split] += count
            if index == 0:
                entries |= {key: entry(key, self.tensors[key]) for key in model}
            files[file] = entries
            arrays.append({"file": file, "sha256": "", "bytes": 0, "rows": counts[0], "holdout_rows": counts[1]})
        document = {
            "format": "eigenstill-certificate",
            "version": 1,
            "profile": "distillation-1",
            "producer": {"name": "eigenstill", "version": "0.1.0"},
            "arrays": arrays,
            "subject": copy.deepcopy(self.subject),
            "basis": dict(self.basis),
            "claims": self.reference().claims(self.threshold, self.slack, self.ranks)
            + self.further_reference().claims(),
        }
        return Bundle(document, files)


def draft_of(formula: Formula, splits: dict[str, Split], *, parameters: int | None = 1000) -> Draft:
    """A draft without modes and factor: call `prove`."""
    tensors: dict[str, list[Any]] = {}
    for split, part in splits.items():
        for kind in RECORDED:
            if getattr(part, kind) is not None:
                tensors[f"{split}.{kind}"] = getattr(part, kind).tolist()
    for name in ("landmarks", "scales", "coefficients", "intercept", "weights", "offsets", "metric", "linear_metric"):
        if getattr(formula, name) is not None:
            tensors[name] = getattr(formula, name).tolist()
    basis = {
        "kernel": formula.kernel,
        "linear": formula.weights is not None,
        "grid_bits": formula.grid_bits,
        "linear_exponents": list(formula.linear_exponents),
        "metric_exponent": formula.metric_exponent,
        "jitter": str(formula.jitter),
        "vector_exponent": 0,
        "excess_exponent": 0,
        "factor_exponent": 0,
    }
    subject = {
        "student": {
            "name": "student.safetensors",
            "sha256": None,
            "modes": 2,
            "effective_parameters": number(Fraction(5, 2), "effective_parameters"),
        },
        "data": {"name": "random rows", "sha256": "0" * 64},
        "teacher": {"name": "none", "sha256": None, "parameters": parameters},
    }
    counts = [len(splits[name].inputs) if name in splits else 0 for name in ("train", "holdout")]
    return Draft(basis, tensors, subject, [(counts[0], counts[1])])


def first_rows(part: Split, count: int) -> Split:
    return Split(*(None if (values := getattr(part, kind)) is None else values[:count] for kind in RECORDED))


__all__ = ["Bundle", "Draft", "Entry", "draft_of", "encode", "entry", "first_rows", "replace", "with_header"]

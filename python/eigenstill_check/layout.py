"""The JSON of a certificate: which keys, which values, which limits (FORMAT.md section 1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from . import shapes
from .dyadic import ZERO, Dyadic
from .errors import Malformed
from .tensors import MAX_FILE, read_bytes

FORMAT = "eigenstill-certificate"
VERSION = 1
RATIONAL_KERNELS = ("rational-quadratic", "rational-l1")
KERNELS = (*RATIONAL_KERNELS, "gaussian", "matern-3/2")
FEATURES = "features"  # no kernel: the recorded inputs are the basis
BASES = (*KERNELS, FEATURES)
PROFILES = {"distillation-1": ("basis", "metric", "eckart_young", "fidelity", "compression", "evaluation")}
SPLITS = ("train", "holdout")
EVALUATORS = ("c", "numpy", "onnx", "torch")  # programs whose predictions may be recorded beside the student's own
RIDGE_CLAIMS = ("shrinkage", "gcv", "diagnosis")  # those that speak of the ridge
MAX_ROWS, MAX_INPUTS, MAX_OUTPUTS, MAX_LANDMARKS, MAX_COLUMNS, MAX_SHARDS = (
    10_000_000,
    10_000,
    1_000,
    4_096,
    8_192,
    4_096,
)
MAX_CELLS = 1_024

_file_name = shapes.pattern("[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}", "a plain file name beside the certificate")
_linear_exponent = shapes.count(-1_100, 1_100)
unit = shapes.count(-256, 256)
MAX_JITTER = Dyadic(1, -10)  # a larger one would make any small metric look right


def _jitter(value: Any, where: str) -> Dyadic:
    result = shapes.exact(value, where)
    if not ZERO <= result <= MAX_JITTER or result.exponent < -256:
        raise Malformed(f"{where}: {shapes.shown(value)}; need 0p0, or 1p-256 to {MAX_JITTER} on the grid 2^-256")
    return result


def _effective(value: Any, where: str) -> Dyadic:
    result = shapes.number(value, where)
    if not ZERO <= result <= Dyadic(MAX_COLUMNS):
        raise Malformed(f"{where}: {shapes.shown(value['exact'])}; need 0 to {MAX_COLUMNS}")
    return result


def array_file(
    counts: dict[str, shapes.Reader[Any]], optional_keys: dict[str, shapes.Reader[Any]] | None = None
) -> shapes.Reader[dict[str, Any]]:
    """One entry of `arrays`."""
    common = {"file": _file_name, "sha256": shapes.digest, "bytes": shapes.count(8, MAX_FILE)}
    return shapes.fields({**common, **counts}, optional_keys)


_named = {"name": shapes.text, "sha256": shapes.optional(shapes.digest)}
_file = shapes.fields(
    {
        "format": shapes.choice(FORMAT),
        "version": shapes.choice(VERSION),
        "profile": shapes.choice(*PROFILES),
        "producer": shapes.fields({"name": shapes.text, "version": shapes.text}),
        "arrays": shapes.listing(
            array_file(
                {"rows": shapes.count(0, MAX_ROWS), "holdout_rows": shapes.count(0, MAX_ROWS)},
                {"detached": shapes.choice(True)},
            ),
            1,
            MAX_SHARDS,
        ),
        "subject": shapes.fields(
            {
                "student": shapes.fields(
                    {**_named, "modes": shapes.count(0, MAX_COLUMNS), "effective_parameters": _effective}
                ),
                "data": shapes.fields(_named),
                "teacher": shapes.fields({**_named, "parameters": shapes.optional(shapes.count(0, 10**15 - 1))}),
            }
        ),
        "basis": shapes.fields(
            {
                "kernel": shapes.choice(*BASES),
                "linear": shapes.choice(True, False),
                "grid_bits": shapes.count(8, 64),
                "linear_exponents": shapes.listing(_linear_exponent, 0, MAX_INPUTS),
                "metric_exponent": unit,
                "jitter": _jitter,
                "vector_exponent": unit,
                "excess_exponent": unit,
                "factor_exponent": unit,
            }
        ),
        "claims": lambda value, where: shapes.listing(listed_claim, 1, 64)(value, where),
    }
)


def listed_claim(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict) or not isinstance(value.get("claim"), str):
        raise Malformed(f'{where}: {shapes.shown(value)}; need an object with the key "claim"')
    return value


def load_document(path: Path, admit: Callable[[int], None] = lambda _bytes: None) -> Any:
    """The JSON of a certificate, unread; ``admit`` sees its length and may refuse it."""
    data = read_bytes(path, shapes.MAX_JSON_BYTES, follow_links=True)
    admit(len(data))
    return shapes.load_json(data, path.name)


def parse_document(raw: Any) -> dict[str, Any]:
    """The parsed JSON with its shape checked; no array file is read. Raises Malformed."""
    document = _file(raw, "")
    _require_profile(document)
    _require_rows(document["arrays"])
    return document


def _require_rows(files: Sequence[Mapping[str, Any]]) -> None:
    if len({entry["file"] for entry in files}) != len(files):
        raise Malformed("arrays: a file is named twice; need distinct names")
    if "detached" in files[0]:
        raise Malformed("arrays[0].detached: the model's file; need it beside the certificate")
    for index, entry in enumerate(files):
        if entry["rows"] == 0 and (index > 0 or entry["holdout_rows"] > 0):
            raise Malformed(f"arrays[{index}].rows: 0; need at least 1, or no rows at all in the first file")
    for key in ("rows", "holdout_rows"):
        if sum(entry[key] for entry in files) > MAX_ROWS:
            raise Malformed(f"arrays: more than {MAX_ROWS} {key} in all; need at most that")
    if sum(entry["rows"] for entry in files) < 2:
        raise Malformed(f"arrays: {sum(entry['rows'] for entry in files)} row in all; need at least 2")


def _require_profile(document: Mapping[str, Any]) -> None:
    kinds = [claim["claim"] for claim in document["claims"]]
    for kind in kinds:
        if kinds.count(kind) > 1:
            raise Malformed(f"claims: {kind[:40]} stands twice; need each claim once")
    for kind in PROFILES[document["profile"]]:
        if kind not in kinds:
            raise Malformed(f"claims: {kind} is missing; profile {document['profile']} needs it")

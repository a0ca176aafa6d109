"""The certificate as typed data: JSON and array files in, one immutable `Certificate` out (FORMAT.md 1 and 2)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

from .dyadic import Dyadic
from .errors import Malformed, NoVerdict, Rejected
from .layout import (
    EVALUATORS,
    FEATURES,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_INPUTS,
    MAX_LANDMARKS,
    MAX_OUTPUTS,
    RIDGE_CLAIMS,
    SPLITS,
    load_document,
    parse_document,
)
from .tensors import Announced, Tensor, file_digest, load


@dataclass(frozen=True)
class Basis:
    """The declared basis: kernel, grids and units (exponents of two)."""

    kernel: str
    linear: bool
    grid_bits: int
    linear_exponents: list[int]
    metric_exponent: int
    jitter: Dyadic
    vector_exponent: int
    excess_exponent: int
    factor_exponent: int


@dataclass(frozen=True)
class Model:
    """The student's formula and the witnesses, as stored. Shapes as in FORMAT.md section 2; with features m = 0."""

    landmarks: list[list[float]]
    scales: list[float]
    coefficients: list[list[float]]
    intercept: list[float]
    weights: list[list[float]]
    offsets: list[float]
    metric: list[list[int]]
    linear_metric: list[int]
    eigenvectors: list[list[int]]
    excess: list[int]
    factor: list[list[int]]
    ridge: float | None = None
    solution: list[list[int]] = field(default_factory=list)
    ridge_edges: list[float] = field(default_factory=list)
    ridge_trials: list[list[list[int]]] = field(default_factory=list)

    @property
    def inputs(self) -> int:
        return len(self.offsets or self.scales)

    @property
    def outputs(self) -> int:
        return len(self.intercept)

    @property
    def columns(self) -> int:
        """r: landmarks, and inputs where there is a linear term."""
        return len(self.landmarks) + len(self.offsets)


@dataclass(frozen=True)
class Rows:
    """Consecutive rows of one split, of array file ``shard``.

    ``labels`` is None where none are recorded; ``exports`` are predictions by program.
    """

    inputs: Sequence[list[float]]
    teacher: Sequence[list[float]]
    predictions: Sequence[list[float]]
    labels: Sequence[list[float]] | None
    exports: Mapping[str, Sequence[list[float]]] = field(default_factory=dict)
    shard: int = 0


@dataclass(frozen=True)
class Certificate:
    """Everything the claims speak of. ``shards[split]`` are the rows of a split, in order.

    ``detached`` are the digests of array files that do not lie beside the JSON, ``unread`` the numbers of those whose
    rows are not in ``shards``.
    """

    subject: Mapping[str, Any]
    basis: Basis
    model: Model
    shards: Mapping[str, tuple[Rows, ...]]
    claims: tuple[Mapping[str, Any], ...]
    detached: tuple[str, ...] = ()
    unread: tuple[int, ...] = ()

    def splits(self) -> Iterator[str]:
        return (split for split in SPLITS if self.shards[split])


class Shelf:
    """Takes tensors out of an array file by name and shape; what is left at the end is unknown."""

    def __init__(self, name: str, tensors: Mapping[str, Tensor]) -> None:
        self.name, self.tensors = name, dict(tensors)

    def has(self, key: str) -> bool:
        return key in self.tensors

    def shape(self, key: str, dimensions: int) -> tuple[int, ...]:
        tensor = self.tensors.get(key)
        if tensor is None or len(tensor.shape) != dimensions:
            raise Malformed(
                f"{self.name}: tensor {key}: {'missing' if tensor is None else list(tensor.shape)}; "
                f"need {dimensions} dimensions"
            )
        return tensor.shape

    def take(self, key: str, *shape: int) -> Tensor:
        if self.shape(key, len(shape)) != shape:
            raise Malformed(f"{self.name}: tensor {key}: shape {list(self.tensors[key].shape)}; need {list(shape)}")
        return self.tensors.pop(key)

    def finish(self) -> None:
        for key in self.tensors:
            raise Malformed(
                f"{self.name}: tensor {key[:60]}: unknown or not allowed here; need only those of FORMAT.md"
            )


class Admission(Protocol):
    """Whoever may refuse a certificate by its sizes, each as soon as it is known (`admission.Gate`)."""

    def document(self, document: Mapping[str, Any]) -> None:
        """The counts in the JSON; no array file is open yet."""

    def header(self, name: str, length: int, shapes: Announced) -> None:
        """The header of an array file, the rest of which is not read yet."""


class _Anything:
    def document(self, document: Mapping[str, Any]) -> None:
        pass

    def header(self, name: str, length: int, shapes: Announced) -> None:
        pass


ANYTHING: Admission = _Anything()


def read(path: Path) -> Certificate:
    """Read ``path`` and its array files. Raises Malformed, Rejected (a digest differs) or NoVerdict (unreadable)."""
    return parse(load_document(path), path.parent)


def parse(
    raw: Any,
    folder: Path,
    data: Sequence[Path] = (),
    admission: Admission = ANYTHING,
    without: Collection[int] = (),
) -> Certificate:
    """The certificate of a JSON document, with the array files in ``folder``; detached ones are among ``data``.

    The rows of the array files with the numbers ``without`` are left out; the first is opened for the model even so.

    Raises Malformed, Rejected (a digest differs) or NoVerdict (unreadable, not admitted, or detached rows that were not
    given).
    """
    document = parse_document(raw)
    files, basis = document["arrays"], Basis(**document["basis"])
    admission.document({**document, "arrays": _read_ones(files, without)})
    supplied = {file_digest(file): file for file in data}
    model: Model | None = None
    shards: dict[str, list[Rows]] = {split: [] for split in SPLITS}
    kinds = {claim["claim"] for claim in document["claims"]}
    for number, entry in enumerate(files):
        if number in without and model is not None:
            continue
        shelf = Shelf(entry["file"], _load(entry, folder, supplied, document["subject"]["data"]["sha256"], admission))
        if model is None:
            model = _model(shelf, basis, kinds)
        for split, rows in (("train", entry["rows"]), ("holdout", entry["holdout_rows"])):
            if rows:
                part = _rows(shelf, split, rows, model, number, exports="exports" in kinds)
                shards[split] += [] if number in without else [part]
        shelf.finish()
    _require_exports([part for parts in shards.values() for part in parts], claimed="exports" in kinds)
    for split, parts in shards.items():
        if len({part.labels is None for part in parts}) > 1:
            raise Malformed(f"arrays: {split}.labels in some shards only; need them in all or none")
    if model is None:  # arrays has at least one entry
        raise Malformed("arrays: empty; need the model's file")
    return Certificate(
        subject=document["subject"],
        basis=basis,
        model=model,
        shards={split: tuple(parts) for split, parts in shards.items()},
        claims=tuple(document["claims"]),
        detached=tuple(entry["sha256"] for entry in files if "detached" in entry),
        unread=tuple(number for number, entry in enumerate(files) if entry["rows"] and number in without),
    )


def _read_ones(files: Sequence[Mapping[str, Any]], without: Collection[int]) -> list[Mapping[str, Any]]:
    """Those that are opened, without the counts of rows that are left out."""
    first = {**files[0], "rows": 0, "holdout_rows": 0} if 0 in without else files[0]
    return [first, *(entry for number, entry in enumerate(files) if number and number not in without)]


def _load(
    entry: Mapping[str, Any],
    folder: Path,
    supplied: Mapping[str, Path],
    data_digest: str | None,
    admission: Admission,
) -> Mapping[str, Tensor]:
    """The tensors of one array file: beside the JSON, or detached and given by the user under any name."""
    admit = partial(admission.header, entry["file"])
    if "detached" not in entry:
        return load(folder / entry["file"], entry["sha256"], entry["bytes"], admit=admit)
    if entry["sha256"] in supplied:
        return load(supplied[entry["sha256"]], entry["sha256"], entry["bytes"], follow_links=True, admit=admit)
    for digest, path in supplied.items():
        if digest != data_digest:
            raise Rejected(f"data {path.name}", f"sha256 {digest}", f"sha256 {entry['sha256']} as recorded")
    raise NoVerdict(f"{entry['file']}: its rows are detached; give the file that holds them with --data")


def _model(shelf: Shelf, basis: Basis, claims: set[str]) -> Model:
    features = basis.kernel == FEATURES
    if features and not basis.linear:
        raise Malformed("basis.linear: false; need true with features, which are linear columns")
    m, d = (0, *shelf.shape("offsets", 1)) if features else shelf.shape("landmarks", 2)
    (c,) = shelf.shape("intercept", 1)
    columns = m + (d if basis.linear else 0)
    (modes,) = shelf.shape("excess", 1)
    for name, got, low, high in (
        ("inputs", d, 1, MAX_INPUTS),
        ("outputs", c, 1, MAX_OUTPUTS),
        ("landmarks", m, 0 if features else 1, MAX_LANDMARKS),
        ("columns", columns, 2, MAX_COLUMNS),
        ("modes", modes, 1, columns),
    ):
        if not low <= got <= high:
            raise Malformed(f"{shelf.name}: {got} {name}; need {low} to {high}")
    if len(basis.linear_exponents) != (d if basis.linear else 0):
        raise Malformed(
            f"basis.linear_exponents: {len(basis.linear_exponents)} entries; need {d if basis.linear else 0}"
        )
    model = Model(
        landmarks=[] if features else shelf.take("landmarks", m, d).float_rows(),
        scales=[] if features else shelf.take("scales", d).floats(),
        coefficients=[] if features else shelf.take("coefficients", m, c).float_rows(),
        intercept=shelf.take("intercept", c).floats(),
        weights=shelf.take("weights", d, c).float_rows() if basis.linear else [],
        offsets=shelf.take("offsets", d).floats() if basis.linear else [],
        metric=[] if features else shelf.take("metric", m, m).integer_rows(),
        linear_metric=shelf.take("linear_metric", d).integers() if basis.linear else [],
        eigenvectors=shelf.take("eigenvectors", modes, columns).integer_rows(),
        excess=shelf.take("excess", modes).integers(),
        factor=shelf.take("factor", columns, columns).integer_rows(),
        **_ridge(shelf, claims, outputs=c, columns=columns, modes=modes),
    )
    if not features and min(model.scales) <= 0:
        raise Malformed(f"{shelf.name}: tensor scales: an entry is not positive; need every scale > 0")
    if any(any(row[index + 1 :]) for index, row in enumerate(model.factor)):
        raise Malformed(f"{shelf.name}: tensor factor: an entry above the diagonal; need a lower triangle")
    return model


def _ridge(shelf: Shelf, claims: set[str], *, outputs: int, columns: int, modes: int) -> dict[str, Any]:
    """The tensors about the ridge, each present exactly when a claim needs it."""
    parts: dict[str, Any] = {}
    if claims.intersection(RIDGE_CLAIMS):
        (parts["ridge"],) = shelf.take("ridge", 1).floats()
        if not parts["ridge"] > 0:
            raise Malformed(f"{shelf.name}: tensor ridge: not positive; need a ridge > 0")
    if "shrinkage" in claims:
        _, kept = shelf.shape("solution", 2)
        if not 1 <= kept <= modes:
            raise Malformed(f"{shelf.name}: tensor solution: {kept} modes; need 1 to {modes}")
        parts["solution"] = shelf.take("solution", outputs, kept).integer_rows()
    if "gcv" in claims:
        (count,) = shelf.shape("ridge_edges", 1)
        if not 2 <= count <= MAX_CELLS + 1:
            raise Malformed(f"{shelf.name}: tensor ridge_edges: {count} entries; need 2 to {MAX_CELLS + 1}")
        edges = parts["ridge_edges"] = shelf.take("ridge_edges", count).floats()
        if not 0 < edges[0] <= parts["ridge"] <= edges[-1] or any(a >= b for a, b in pairwise(edges)):
            raise Malformed(
                f"{shelf.name}: tensor ridge_edges: not increasing, or not around the ridge; "
                "need 0 < first <= ridge <= last, each above the one before"
            )
        rows = shelf.take("ridge_trials", count * outputs, columns).integer_rows()
        parts["ridge_trials"] = [rows[k : k + outputs] for k in range(0, len(rows), outputs)]
    return parts


def _require_exports(parts: Sequence[Rows], *, claimed: bool) -> None:
    """The same programs' predictions in every split of every file, and some where the claim is made."""
    if len({tuple(part.exports) for part in parts}) > 1:
        raise Malformed("arrays: predictions of an export in some splits or shards only; need them in all or none")
    if claimed and parts and not parts[0].exports:
        raise Malformed(f"arrays: no predictions of an export; need train.predictions.{' or .'.join(EVALUATORS)}")


def _rows(shelf: Shelf, split: str, rows: int, model: Model, number: int, *, exports: bool) -> Rows:
    return Rows(
        inputs=shelf.take(f"{split}.inputs", rows, model.inputs).float_rows(),
        teacher=shelf.take(f"{split}.teacher", rows, model.outputs).float_rows(),
        predictions=shelf.take(f"{split}.predictions", rows, model.outputs).float_rows(),
        labels=shelf.take(f"{split}.labels", rows, model.outputs).float_rows()
        if shelf.has(f"{split}.labels")
        else None,
        exports={
            name: shelf.take(f"{split}.predictions.{name}", rows, model.outputs).float_rows()
            for name in EVALUATORS
            if exports and shelf.has(f"{split}.predictions.{name}")
        },
        shard=number,
    )

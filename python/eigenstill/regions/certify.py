"""Boxes, a student and its network -> a certificate of what holds at every point of the boxes (FORMAT.md section 6)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eigenstill_check.claims.region import cell_bounds, claim_of
from eigenstill_check.dyadic import Dyadic
from eigenstill_check.region_certificate import MAX_BOXES, PROFILE, RegionCertificate
from eigenstill_check.regions.cells import Cell
from eigenstill_check.regions.formula import Formula
from eigenstill_check.regions.network import Layer

from ..arrays import FloatArray, float_array, require_finite
from ..certificate.files import write_files
from ..errors import StudentError, UnreadableError
from ..student import Student
from .relu import ReluNetwork, relu_network, require_shape
from .search import partition

Progress = Callable[[str, int, int], None]
CELLS, SAMPLES = 16, 2_048


@dataclass(frozen=True, eq=False)
class CertifiedRegions:
    """Proved bounds over boxes.

    Attributes
    ----------
    path : the certificate, for `eigenstill check`
    difference_at_most : float64 (boxes, c): |student - network| at every point of the box
    sampled : float64 (boxes,): the largest difference that random points and corners showed; no bound
    formula_at_least, formula_at_most : float64 (boxes, c)
    slopes_at_most : float64 (boxes, c, d): absolute partial derivatives of the formula
    cells : int64 (boxes,)
    """

    path: Path
    difference_at_most: FloatArray
    sampled: FloatArray
    formula_at_least: FloatArray
    formula_at_most: FloatArray
    slopes_at_most: FloatArray
    cells: FloatArray


def certify_regions(
    student: Student,
    network: Any,
    centres: Any,
    radii: Any,
    folder: str | Path = ".",
    *,
    name: str = "region",
    cells: int = CELLS,
    seed: int = 0,
    progress: Progress | None = None,
) -> CertifiedRegions:
    """Bound |student - network| at every point of boxes; write ``name``.cert.json and ``name``.cert.safetensors.

    Parameters
    ----------
    student : with a rational-quadratic basis
    network : a torch module or the path of an ONNX file, affine steps and ReLU only
    centres : rows (boxes, d), in the student's column order
    radii : (d,) or (boxes, d), at least 0: the box holds all x with |x - centre| <= radius, input by input
    cells : a box is cut into at most so many, until its bound is within 2 percent of what sampling finds
    progress : called with (stage, done, total)

    Raises
    ------
    StudentError : another basis, or boxes that do not fit the student
    TeacherError : the network is no plain ReLU network, or does not fit
    UnreadableError : the folder cannot be written
    """
    middle, radius = _boxes(student, centres, radii)
    plain = relu_network(network, middle.shape[1])
    require_shape(plain, middle.shape[1], len(student.formula.intercept))
    say = progress or (lambda stage, done, total: None)
    certificate = _certificate(student, plain, middle, radius)
    sampled, trees, found = [], [], []
    rng = np.random.default_rng(seed)
    for done, box in enumerate(certificate.boxes):
        say("bounding boxes", done, len(middle))
        sampled.append(_sampled(student, plain, middle[done], radius[done], rng))
        tree, bounds = partition(box, lambda cell: cell_bounds(certificate, cell), plain, sampled[-1], cells)
        trees.append(tree)
        found.append(bounds)
    say("bounding boxes", len(middle), len(middle))
    claim = claim_of(found)
    path = _write(Path(folder), name, student, plain, middle, radius, trees, claim)
    return _result(path, claim, np.array(sampled))


def _boxes(student: Student, centres: Any, radii: Any) -> tuple[FloatArray, FloatArray]:
    if student.formula.kernel != "rational-quadratic":
        raise StudentError(
            f"regions: basis {student.formula.kernel}; need rational-quadratic, distill with --basis rational-quadratic"
        )
    middle = np.ascontiguousarray(student.rows(centres))
    radius = float_array(radii, "radii")
    require_finite(radius, "radii")
    if radius.shape not in ((middle.shape[1],), middle.shape) or (radius < 0).any():
        raise StudentError(
            f"regions: radii of shape {radius.shape}; need {(middle.shape[1],)} or {middle.shape}, none below 0"
        )
    if not 1 <= len(middle) <= MAX_BOXES:
        raise StudentError(f"regions: {len(middle)} boxes; need 1 to {MAX_BOXES}")
    return middle, np.ascontiguousarray(np.broadcast_to(radius, middle.shape))


def _certificate(student: Student, network: ReluNetwork, middle: FloatArray, radius: FloatArray) -> RegionCertificate:
    formula = student.formula
    layers = zip(network.weights, network.biases, strict=True)
    boxes = zip(_exact(middle), _exact(radius), strict=True)
    return RegionCertificate(
        {},
        Formula(
            landmarks=_exact(formula.landmarks.T),
            scales=_exact(formula.scales[None])[0],
            coefficients=_exact(formula.coefficients),
            intercept=_exact(formula.intercept[None])[0],
            weights=[] if formula.weights is None else _exact(formula.weights),
        ),
        tuple(Layer.of(weight.tolist(), bias.tolist()) for weight, bias in layers),
        tuple(Cell(tuple(centre), tuple(half)) for centre, half in boxes),
        (),
        (),
    )


def _exact(rows: FloatArray) -> list[list[Dyadic]]:
    return [[Dyadic.of_float(value) for value in row] for row in rows.tolist()]


def _sampled(
    student: Student, network: ReluNetwork, centre: FloatArray, radius: FloatArray, rng: np.random.Generator
) -> float:
    """The largest difference at random points and corners, and at the centre."""
    inside = rng.uniform(-1.0, 1.0, (SAMPLES, len(centre)))
    corners = rng.choice([-1.0, 1.0], (SAMPLES, len(centre)))
    rows = centre + radius * np.concatenate([np.zeros((1, len(centre))), inside, corners])
    return float(np.abs(student.formula.evaluate(rows) - network.evaluate(rows)).max())


def _write(
    folder: Path,
    name: str,
    student: Student,
    network: ReluNetwork,
    middle: FloatArray,
    radius: FloatArray,
    trees: list[list[int]],
    claim: dict[str, Any],
) -> Path:
    formula = student.formula
    tensors: dict[str, Any] = {
        "landmarks": formula.landmarks,
        "scales": formula.scales,
        "coefficients": formula.coefficients,
        "intercept": formula.intercept,
        **({} if formula.weights is None else {"weights": formula.weights}),
        "centres": middle,
        "radii": radius,
        "partition": np.array([axis for tree in trees for axis in tree], dtype=np.int64),
    }
    for place, (weight, bias) in enumerate(zip(network.weights, network.biases, strict=True)):
        tensors |= {f"network.{place}.weight": weight, f"network.{place}.bias": bias}
    printable = "".join(letter if letter.isprintable() else "?" for letter in network.name)[:200]
    digest = hashlib.sha256(student.encode()).hexdigest()
    body = {
        "profile": PROFILE,
        "subject": {
            "student": {"name": "student.safetensors", "sha256": digest},
            "teacher": {"name": printable, "sha256": network.sha256},
        },
        "kernel": formula.kernel,
        "claims": [claim],
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return write_files(folder, name, {key: np.ascontiguousarray(value) for key, value in tensors.items()}, {}, body)
    except OSError as error:
        raise UnreadableError(
            f"{folder}: cannot be written ({error.strerror or error}); need a folder that can be"
        ) from None


def _result(path: Path, claim: dict[str, Any], sampled: FloatArray) -> CertifiedRegions:
    def read(key: str) -> FloatArray:
        return np.array(
            [[float(Dyadic.parse(output[key]["exact"])) for output in box["outputs"]] for box in claim["boxes"]]
        )

    slopes = [
        [[float(Dyadic.parse(slope["exact"])) for slope in output["slopes_at_most"]] for output in box["outputs"]]
        for box in claim["boxes"]
    ]
    return CertifiedRegions(
        path=path,
        difference_at_most=read("difference_at_most"),
        sampled=sampled,
        formula_at_least=read("formula_at_least"),
        formula_at_most=read("formula_at_most"),
        slopes_at_most=np.array(slopes),
        cells=np.array([box["cells"] for box in claim["boxes"]]),
    )

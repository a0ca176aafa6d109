"""Small formulas on random rows, ready for `build`: numpy and fractions only, none of the producer's stages."""

from __future__ import annotations

from fractions import Fraction
from math import floor
from pathlib import Path

import numpy as np

from eigenstill.certificate.build import Formula, Split, build, write
from eigenstill_check.dyadic import Dyadic

from . import reference

GRID_BITS = 40
JITTER = Dyadic(1, -27)
METRIC_EXPONENT = -30
SUBJECT = {
    "student": {"name": "small", "sha256": None, "modes": 3, "effective_parameters": Dyadic(5, -1)},
    "data": {"name": "random", "sha256": "0" * 64},
    "teacher": {"name": "none", "sha256": None, "parameters": 1000},
}


def predict(kernel: str, inputs, landmarks, scales, coefficients, weights, intercept):
    """Plain float64 evaluation from differences."""
    gaps = inputs[:, None, :] - landmarks[None, :, :]
    distances = (abs(gaps) if kernel == "rational-l1" else gaps**2) @ scales
    roots = np.sqrt(3 * distances)
    phi = {"gaussian": np.exp(-distances), "matern-3/2": (1 + roots) * np.exp(-roots)}.get(kernel, 1 / (1 + distances))
    values = phi @ coefficients + intercept
    return values if weights is None else values + inputs @ weights


def small_formula(
    rng: np.random.Generator,
    *,
    kernel: str = "rational-quadratic",
    rows: int = 30,
    inputs: int = 2,
    landmarks: int = 5,
    outputs: int = 1,
    linear: bool = True,
    points: np.ndarray | None = None,
    centres: np.ndarray | None = None,
) -> tuple[Formula, Split]:
    """A random formula and its training rows; the landmarks are some of them, rounded, unless ``centres`` are given."""
    x = rng.standard_normal((rows, inputs)) if points is None else points
    rows, inputs = x.shape
    z = np.round(x[rng.choice(rows, landmarks, replace=False)], 3) if centres is None else centres
    landmarks = len(z)
    s = np.round(rng.uniform(0.2, 1.0, inputs), 4)
    kernel_matrix = np.array([[float(reference.phi(kernel, a, b, s)) for b in z] for a in z])
    factor = np.linalg.cholesky(kernel_matrix + float(JITTER) * np.eye(landmarks))
    metric = np.rint(np.ldexp(np.linalg.inv(factor).T, -METRIC_EXPONENT)).astype(np.int64)
    offsets = x.min(axis=0)
    spread = (x - offsets).max(axis=0)
    exponents = tuple(int(np.ceil(np.log2(gap))) + 1 if gap else 0 for gap in spread)
    columns = [
        [floor((Fraction(float(v)) - Fraction(float(o))) * 2**GRID_BITS / Fraction(2) ** e) for v in x[:, index]]
        for index, (o, e) in enumerate(zip(offsets, exponents, strict=True))
    ]
    deviation = np.array([np.std([float(v) / 2**GRID_BITS for v in column]) for column in columns])
    a = rng.standard_normal((landmarks, outputs))
    w = rng.standard_normal((inputs, outputs)) if linear else None
    b = rng.standard_normal(outputs)
    predictions = predict(kernel, x, z, s, a, w, b)
    formula = Formula(
        kernel=kernel,
        grid_bits=GRID_BITS,
        landmarks=z,
        scales=s,
        coefficients=a,
        intercept=b,
        weights=w,
        offsets=offsets if linear else None,
        linear_exponents=exponents if linear else (),
        metric=metric,
        linear_metric=np.rint(np.ldexp(1 / deviation, -METRIC_EXPONENT)).astype(np.int64) if linear else None,
        metric_exponent=METRIC_EXPONENT,
        jitter=JITTER,
    )
    teacher = predictions + 0.1 * rng.standard_normal(predictions.shape)
    labels = teacher + 0.2 * rng.standard_normal(predictions.shape)
    return formula, Split(x, teacher, predictions, labels)


def small_certificate(
    folder: Path, seed: int = 0, *, rank: int = 3, holdout: bool = True, name: str = "small", ridge=None, **options
) -> Path:
    """Write a small certificate and return the path of its JSON."""
    rng = np.random.default_rng(seed)
    formula, train = small_formula(rng, **options)
    splits = {"train": train}
    if holdout:
        held = (train.inputs, train.teacher, train.predictions, train.labels)
        splits["holdout"] = Split(*(None if part is None else part[:7] for part in held))
    built = build(formula, splits, SUBJECT, rank, ridge=ridge)
    return write(folder, name, built.certificate, built.claims)

"""The ridge read as a temperature: which temperature of the network's softmax comes nearest to a formula of that ridge.

`softness` of a formula is the T > 0 with the least mean Kullback-Leibler divergence, over the hold-out rows, of
softmax(network / T) from the formula's softmax. In 1 / T that mean is convex, so the least value is one.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

import eigenstill
from eigenstill.basis import exact_columns
from eigenstill.selection import fit_modes
from eigenstill.student import Formula, Student
from eigenstill.teacher.torch_teacher import from_torch

from .measure import share
from .networks import FloatArray, Split, logits, train

LANDMARKS = 128
RIDGES = np.geomspace(1e-4, 1e4, 33)
COLDEST, HOTTEST = 1e-2, 1e4


def divergence(formula: FloatArray, network: FloatArray) -> float:
    """Mean Kullback-Leibler divergence of softmax(network) from softmax(formula), logits (n, c), in nats."""
    wanted, other = log_softmax(formula, axis=1), log_softmax(network, axis=1)
    return float((np.exp(wanted) * (wanted - other)).sum(axis=1).mean())


def softness(formula: FloatArray, network: FloatArray) -> float:
    """The temperature T at which softmax(network / T) is nearest to softmax(formula)."""
    found = minimize_scalar(
        lambda power: divergence(formula, network / np.exp(power)),
        bounds=(np.log(COLDEST), np.log(HOTTEST)),
        method="bounded",
        options={"xatol": 1e-6},
    )
    return float(np.exp(found.x))


def sweep(split: Split, name: str, seed: int) -> list[dict[str, Any]]:
    """A line a ridge, and one for the ridge that robust GCV takes on the labels (`chosen`)."""
    network = train(split, name, seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", eigenstill.EigenstillWarning)
        student = eigenstill.distill(from_torch(network), split.inputs, split.labels, landmarks=LANDMARKS, seed=seed)
    outputs, held = logits(network, split.inputs), logits(network, split.test_inputs)
    chosen = student.spectrum.ridge
    lines = []
    for ridge in sorted([*map(float, RIDGES), chosen]):
        answers, used = _at_ridge(student, split, outputs, ridge)
        temperature = softness(answers, held)
        lines.append(
            {
                "network": name,
                "seed": seed,
                "ridge": ridge,
                "chosen": ridge == chosen,
                "temperature": temperature,
                "divergence": divergence(answers, held / temperature),
                "divergence_at_one": divergence(answers, held),
                "effective_parameters": used,
                "agreement": share(answers, held),
                "accuracy": share(answers, split.test_labels),
            }
        )
    return lines


def _at_ridge(student: Student, split: Split, outputs: FloatArray, ridge: float) -> tuple[FloatArray, float]:
    """The formula's logits on the hold-out rows with this ridge, and its effective parameters."""
    basis, spectrum = student.formula.basis, student.exact
    if spectrum is None:
        raise ValueError("the student was loaded: distil it again")
    fit = fit_modes(spectrum, basis, exact_columns(basis, split.inputs), outputs, ridge)
    formula = Formula(
        kernel=basis.kernel,
        landmarks=basis.landmarks,
        scales=basis.scales,
        coefficients=fit.coefficients,
        intercept=fit.intercept,
        weights=fit.weights,
        offsets=basis.offsets,
        exponents=basis.exponents,
        grid_bits=basis.grid_bits,
    )
    return np.asarray(formula.evaluate(split.test_inputs)), float(fit.kept.sum())

"""Choosing the basis: kernels at four lengths, compared by evidence in plain float64."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..arrays import FloatArray
from ..basis import KERNELS, RATIONAL_KERNELS, Basis, Metric
from ..basis.basis import linear_term
from ..errors import SelectionError
from ..moments import deviation, mean
from ..spectrum import operator_metric
from ..spectrum.spectrum import eigenpairs
from .criteria import Coordinates
from .fit import squared_totals
from .ridge import GRID, cost_of

FACTORS = (0.5, 1.0, 2.0, 4.0)
ROWS = 20_000


@dataclass(frozen=True, eq=False)
class BasisChoice:
    """The basis with the least cost; `costs` lists (kernel, length factor, evidence) of all that were tried."""

    basis: Basis
    factor: float
    costs: tuple[tuple[str, float, float], ...]


def choose_basis(
    inputs: FloatArray,
    targets: FloatArray,
    metric: Metric,
    landmarks: FloatArray,
    *,
    kernel: str = "auto",
    linear: bool = True,
    seed: int = 0,
    step: Callable[[int, int], None] | None = None,
    sample_weight: FloatArray | None = None,
) -> BasisChoice:
    """Kernel and length factor of least negative log evidence of the targets.

    Parameters
    ----------
    inputs : float64 (n, d); a sample of ROWS of them is used where there are more
    targets : float64 (n, c): labels, or the teacher's outputs where there are none
    metric, landmarks : the teacher's metric, and the landmarks (m, d)
    kernel : its name, or "auto" for the two rational ones
    linear : whether the inputs stand beside the kernel columns
    step : called with (done, total)
    sample_weight : float64 (n,), > 0

    Raises
    ------
    SelectionError : unknown kernel
    """
    if kernel not in ("auto", *KERNELS):
        raise SelectionError(f"basis {kernel}: unknown; need auto, {' or '.join(KERNELS)}")
    tried = [(name, factor) for name in (RATIONAL_KERNELS if kernel == "auto" else (kernel,)) for factor in FACTORS]
    offsets, exponents = linear_term(inputs) if linear else (None, ())
    rows, wanted, counts = inputs, targets, sample_weight
    if len(rows) > ROWS:
        places = np.sort(np.random.default_rng(seed).choice(len(rows), ROWS, replace=False))
        rows, wanted = rows[places], wanted[places]
        counts = None if counts is None else counts[places]
    powers = np.linspace(*GRID)
    costs, bases = [], []
    for done, (name, factor) in enumerate(tried):
        basis = Basis(name, landmarks, metric.scales(name, factor), offsets, exponents)
        cost = cost_of(float_coordinates(basis, rows, wanted, counts), "evidence")
        costs.append((name, factor, min(cost(float(power)) for power in powers)))
        bases.append(basis)
        if step is not None:
            step(done + 1, len(tried))
    best = min(range(len(tried)), key=lambda place: costs[place][2])
    return BasisChoice(bases[best], tried[best][1], tuple(costs))


def float_coordinates(
    basis: Basis, inputs: FloatArray, targets: FloatArray, sample_weight: FloatArray | None = None
) -> Coordinates:
    """Coordinates of the targets (n, c) in the modes, from float64 columns: quick, not exact."""
    centred = targets - mean(targets, sample_weight)
    operator = float_operator(basis, inputs, sample_weight)
    if sample_weight is not None:
        centred *= np.sqrt(sample_weight)[:, None]
    eigenvalues, vectors = eigenpairs(operator.T @ operator)
    totals, total_weight = squared_totals(targets, sample_weight)
    return Coordinates.of(eigenvalues, vectors.T @ (operator.T @ centred), totals, len(inputs), total_weight)


def float_operator(basis: Basis, inputs: FloatArray, sample_weight: FloatArray | None = None) -> FloatArray:
    """A = W^(1/2) (C - 1 cbar^T) T in float64, (n, r); W the rows' weights, if any.

    The metric is applied to the columns, not to their Gram matrix: its large entries would magnify the rounding of the
    Gram matrix into negative eigenvalues.
    """
    columns = basis.values(inputs)
    columns -= mean(columns, sample_weight)
    deviations = deviation(columns[:, len(basis.landmarks) :], sample_weight)
    operator: FloatArray = columns @ operator_metric(basis, deviations).floats()
    return operator if sample_weight is None else operator * np.sqrt(sample_weight)[:, None]

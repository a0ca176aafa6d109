"""Choosing the basis: kernels at four lengths, compared by evidence in plain float64."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..arrays import FloatArray
from ..basis import KERNELS, RATIONAL_KERNELS, Basis, Metric
from ..basis.basis import linear_term
from ..errors import SelectionError
from ..spectrum import operator_metric
from ..spectrum.spectrum import eigenpairs
from .criteria import Coordinates
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

    Raises
    ------
    SelectionError : unknown kernel
    """
    if kernel not in ("auto", *KERNELS):
        raise SelectionError(f"basis {kernel}: unknown; need auto, {' or '.join(KERNELS)}")
    tried = [(name, factor) for name in (RATIONAL_KERNELS if kernel == "auto" else (kernel,)) for factor in FACTORS]
    offsets, exponents = linear_term(inputs) if linear else (None, ())
    rows, wanted = inputs, targets
    if len(rows) > ROWS:
        places = np.sort(np.random.default_rng(seed).choice(len(rows), ROWS, replace=False))
        rows, wanted = rows[places], wanted[places]
    powers = np.linspace(*GRID)
    costs, bases = [], []
    for done, (name, factor) in enumerate(tried):
        basis = Basis(name, landmarks, metric.scales(name, factor), offsets, exponents)
        cost = cost_of(float_coordinates(basis, rows, wanted), "evidence")
        costs.append((name, factor, min(cost(float(power)) for power in powers)))
        bases.append(basis)
        if step is not None:
            step(done + 1, len(tried))
    best = min(range(len(tried)), key=lambda place: costs[place][2])
    return BasisChoice(bases[best], tried[best][1], tuple(costs))


def float_coordinates(basis: Basis, inputs: FloatArray, targets: FloatArray) -> Coordinates:
    """Coordinates of the targets (n, c) in the modes, from float64 columns: quick, not exact."""
    centred = targets - targets.mean(axis=0)
    operator = float_operator(basis, inputs)
    eigenvalues, vectors = eigenpairs(operator.T @ operator)
    return Coordinates.of(eigenvalues, vectors.T @ (operator.T @ centred), (centred**2).sum(axis=0), len(inputs))


def float_operator(basis: Basis, inputs: FloatArray) -> FloatArray:
    """A = (C - 1 cbar^T) T in float64, (n, r).

    The metric is applied to the columns, not to their Gram matrix: its large entries would magnify the rounding of the
    Gram matrix into negative eigenvalues.
    """
    columns = basis.values(inputs)
    columns -= columns.mean(axis=0)
    deviations = columns[:, len(basis.landmarks) :].std(axis=0)
    operator: FloatArray = columns @ operator_metric(basis, deviations).floats()
    return operator

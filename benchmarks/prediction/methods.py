"""Who predicts: each method as a function of the rows, made before anything is timed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from eigenstill.basis.basis import linear_term
from eigenstill.student import Formula
from eigenstill.student.evaluation import evaluate_on

INPUTS = 14
TEACHER = "teacher, torch 256-128 network"
NUMPY, ONE_THREAD, BEFORE = "formula, numpy", "formula, numpy, one thread", "formula, numpy, before threads and parts"
BATCH = 4096
Predict = Callable[[Any], Any]


def rows_of(count: int) -> Any:
    """Standard normal rows."""
    return np.random.default_rng(1).normal(size=(count, INPUTS))


def formula(landmarks: int) -> Formula:
    """A rational-quadratic formula with linear term; its numbers do not matter for time."""
    rng = np.random.default_rng(landmarks)
    places = rng.normal(size=(landmarks, INPUTS))
    coefficients, weights = rng.normal(size=(landmarks, 1)), rng.normal(size=(INPUTS, 1))
    scales = np.full(INPUTS, 1 / INPUTS)
    return Formula(
        "rational-quadratic", places, scales, coefficients, np.zeros(1), weights, *linear_term(places), grid_bits=40
    )


def before(held: Formula, rows: Any) -> Any:
    """How predictions were computed before: all basis columns of 4,096 rows at once, on one thread."""
    parts = []
    for start in range(0, len(rows), BATCH):
        block = rows[start : start + BATCH]
        phi = held.basis.values(block)[:, : len(held.landmarks)]
        parts.append(phi @ held.coefficients + held.intercept + block @ held.weights)
    return np.concatenate(parts)


def teacher() -> Predict:
    """A float32 network of 256 and 128 units, in batches, as `distill` asks it."""
    import torch

    torch.manual_seed(0)
    layers = [torch.nn.Linear(INPUTS, 256), torch.nn.ReLU(), torch.nn.Linear(256, 128), torch.nn.ReLU()]
    network = torch.nn.Sequential(*layers, torch.nn.Linear(128, 1)).eval()

    def forward(rows: Any) -> Any:
        with torch.no_grad():
            inputs = torch.tensor(rows, dtype=torch.float32)
            return torch.cat([network(part) for part in inputs.split(BATCH)]).numpy()

    return forward


def kernel_ridge(fitted_on: int) -> Predict:
    """scikit-learn's KernelRidge after a fit on so many rows, which are then its landmarks."""
    from sklearn.kernel_ridge import KernelRidge

    seen = np.random.default_rng(2).normal(size=(fitted_on, INPUTS))
    model = KernelRidge(kernel="rbf", gamma=1 / INPUTS, alpha=1e-2).fit(seen, np.sin(seen[:, 0]))
    return lambda rows: np.concatenate(
        [model.predict(rows[start : start + BATCH]) for start in range(0, len(rows), BATCH)]
    )


def methods(landmarks: int, devices: list[Any]) -> dict[str, Predict]:
    """All methods at one number of landmarks."""
    held = formula(landmarks)
    return {
        TEACHER: teacher(),
        BEFORE: lambda rows: before(held, rows),
        ONE_THREAD: lambda rows: held.evaluate(rows, 1),
        NUMPY: held.evaluate,
        **{
            f"formula, torch on {device.name}": lambda rows, device=device: evaluate_on(device, held, rows)
            for device in devices
        },
        f"KernelRidge fitted on {landmarks} rows": kernel_ridge(landmarks),
    }

"""One method at one size, alone in this process: prints a JSON object. Run by `benchmarks.scale`.

usage: python -m benchmarks.scale.measure METHOD ROWS LANDMARKS
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

INPUTS = 14
RIDGE = 1e-2


def data(rows: int) -> tuple[Any, Any, Any]:
    """Standard normal inputs, a smooth function of three of them, and noisy labels."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(rows, INPUTS))
    outputs = network(x)
    return x, outputs, outputs + 0.3 * rng.normal(size=rows)


def network(x: Any) -> Any:
    return np.sin(x[:, 0]) + x[:, 1] * x[:, 2]


def timed(stages: dict[str, Callable[[], Any]]) -> dict[str, Any]:
    """Wall and processor seconds of each stage, and the process's peak memory after all."""
    found: dict[str, Any] = {}
    for name, stage in stages.items():
        wall, processor = time.perf_counter(), time.process_time()
        stage()
        found[name] = {"wall": time.perf_counter() - wall, "processor": time.process_time() - processor}
    return {"stages": found, "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def eigenstill_fixed_basis(kernel: str, rows: int, landmarks: int) -> dict[str, Any]:
    """Landmarks, scales and kernel are given; timed are sums, spectrum, ridge and fit, then the certificate."""
    import eigenstill
    from eigenstill.basis import exact_columns
    from eigenstill.distillation import IN_BLOCKS, _in_blocks, choose, finished
    from eigenstill.problem import Settings, prepare, record
    from eigenstill.selection.fit import seen_by_columns
    from eigenstill.spectrum import decompose

    x, outputs, labels = data(rows)
    settings = Settings(kernel, landmarks)

    def silent(stage: str, done: int, total: int) -> None:
        """No bar."""

    problem = prepare(outputs, x, labels, None, settings, silent)
    chosen = choose(problem, settings, problem.labels, [], silent)
    held: dict[str, Any] = {}

    def distil() -> None:
        if rows > IN_BLOCKS:
            spectrum, seen = _in_blocks(problem, chosen.basis)
        else:
            columns = exact_columns(chosen.basis, x)
            spectrum = decompose(chosen.basis, columns)
            targets = {"teacher": problem.outputs, "wanted": problem.labels}
            seen = {name: seen_by_columns(spectrum, chosen.basis, columns, part) for name, part in targets.items()}
        held["student"] = finished(problem, settings, chosen, spectrum, seen, [])

    def certify() -> None:
        student = record(held["student"], problem, None, None, None)
        with tempfile.TemporaryDirectory() as folder:
            eigenstill.certify(student, folder)

    return timed({"distil": distil, "certify": certify})


def nystroem(kernel: str, rows: int, landmarks: int) -> dict[str, Any]:
    from sklearn.kernel_approximation import Nystroem
    from sklearn.linear_model import Ridge
    from sklearn.pipeline import make_pipeline

    x, _, labels = data(rows)
    features = Nystroem(kernel=kernel, gamma=1 / INPUTS, n_components=landmarks, random_state=0)
    model = make_pipeline(features, Ridge(alpha=RIDGE))
    return timed({"fit": lambda: model.fit(x, labels)})


def kernel_ridge(rows: int, _landmarks: int) -> dict[str, Any]:
    from sklearn.kernel_ridge import KernelRidge

    x, _, labels = data(rows)
    model = KernelRidge(kernel="rbf", gamma=1 / INPUTS, alpha=RIDGE)
    return timed({"fit": lambda: model.fit(x, labels)})


def torch_network(rows: int, _landmarks: int) -> dict[str, Any]:
    """A 64-64 network as the student, 10 epochs of Adam."""
    import torch

    torch.manual_seed(0)
    x, outputs, _ = data(rows)
    inputs, wanted = torch.tensor(x, dtype=torch.float32), torch.tensor(outputs, dtype=torch.float32)[:, None]
    layers = [torch.nn.Linear(INPUTS, 64), torch.nn.ReLU(), torch.nn.Linear(64, 64), torch.nn.ReLU()]
    model = torch.nn.Sequential(*layers, torch.nn.Linear(64, 1))
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3)

    def train() -> None:
        for _ in range(10):
            for places in torch.randperm(rows).split(256):
                optimiser.zero_grad()
                torch.nn.functional.mse_loss(model(inputs[places]), wanted[places]).backward()
                optimiser.step()

    return timed({"fit": train})


METHODS: dict[str, Callable[[int, int], dict[str, Any]]] = {
    "eigenstill rational-quadratic": lambda n, m: eigenstill_fixed_basis("rational-quadratic", n, m),
    "eigenstill rational-l1": lambda n, m: eigenstill_fixed_basis("rational-l1", n, m),
    "Nystroem + Ridge, rbf": lambda n, m: nystroem("rbf", n, m),
    "Nystroem + Ridge, laplacian": lambda n, m: nystroem("laplacian", n, m),
    "KernelRidge, rbf": kernel_ridge,
    "torch 64-64 network": torch_network,
}


def main(method: str, rows: str, landmarks: str) -> None:
    warnings.simplefilter("ignore")
    print(json.dumps(METHODS[method](int(rows), int(landmarks))))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Demo teacher: raw columns -> a fully connected network trained until it overfits.

The network is a `torch.nn.Module` from RAW input columns to the RAW target: both standardisations are inside, so that
what is distilled takes the columns as the user has them. torch is imported when a network is trained, not before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import torch

FloatArray = npt.NDArray[np.float64]

TRAIN_ROWS = 1400
TARGET = "Sale_Price"
TARGET_UNIT = 1e4


@dataclass(frozen=True, eq=False)
class Split:
    """Training and test rows of the Ames data; the target is the sale price in units of 10,000 dollars.

    `inputs`, `test_inputs`: float64 (n, 14), raw columns; `labels`, `test_labels`: float64 (n,); `names`: 14 columns.
    """

    inputs: FloatArray
    labels: FloatArray
    test_inputs: FloatArray
    test_labels: FloatArray
    names: tuple[str, ...]


def load_ames() -> tuple[FloatArray, FloatArray, tuple[str, ...]]:
    """All 2930 rows of the vendored data: inputs (2930, 14), prices (2930,) in 10,000 dollars, input names."""
    source = files("eigenstill").joinpath("data/ames.csv")
    with source.open("r", encoding="utf-8") as stream:
        header = stream.readline().strip().split(",")
        values = np.array([[float(cell) for cell in line.split(",")] for line in stream], dtype=np.float64)
    place = header.index(TARGET)
    inputs = np.delete(values, place, axis=1)
    return inputs, values[:, place] / TARGET_UNIT, tuple(name for name in header if name != TARGET)


def split_ames(seed: int = 0) -> Split:
    """1400 training and 1530 test rows, drawn with `numpy.random.RandomState(1000 + seed)`."""
    inputs, prices, names = load_ames()
    order = np.random.RandomState(1000 + seed).permutation(len(prices))
    train, test = order[:TRAIN_ROWS], order[TRAIN_ROWS:]
    return Split(inputs[train], prices[train], inputs[test], prices[test], names)


def build_network(inputs: FloatArray, labels: FloatArray, hidden: Sequence[int]) -> torch.nn.Module:
    """An untrained ReLU network whose first and last steps standardise by the given rows' means and deviations.

    Parameters
    ----------
    inputs : float64 (n, d), raw columns
    labels : float64 (n,), raw target
    hidden : widths of the hidden layers; (512, 256) has 139,265 trainable parameters for d = 14
    """
    import torch

    class Network(torch.nn.Module):
        """x -> mean_y + std_y * core((x - mean_x) / std_x); the four statistics are buffers, not parameters."""

        def __init__(self) -> None:
            super().__init__()
            statistics = {
                "input_mean": inputs.mean(axis=0),
                "input_std": inputs.std(axis=0),
                "target_mean": labels.mean(),
                "target_std": labels.std(),
            }
            for name, value in statistics.items():
                self.register_buffer(name, torch.as_tensor(np.asarray(value), dtype=torch.float64))
            widths = [inputs.shape[1], *hidden]
            layers: list[torch.nn.Module] = []
            for fan_in, fan_out in pairwise(widths):
                layers += [torch.nn.Linear(fan_in, fan_out), torch.nn.ReLU()]
            self.core = torch.nn.Sequential(*layers, torch.nn.Linear(widths[-1], 1))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            """x (n, d), raw columns -> (n,), raw target. Standardises in float64: longitudes need it."""
            statistics: Any = self
            standard = (x.double() - statistics.input_mean) / statistics.input_std
            core = self.core(standard.to(next(self.core.parameters()).dtype))[:, 0]
            answer: torch.Tensor = statistics.target_mean + statistics.target_std * core.double()
            return answer

    return Network()


def train_network(
    inputs: FloatArray,
    labels: FloatArray,
    hidden: Sequence[int] = (512, 256),
    *,
    seed: int = 0,
    epochs: int = 300,
    batch: int = 64,
    learning_rate: float = 1e-3,
    progress: Callable[[str, int, int], None] | None = None,
) -> torch.nn.Module:
    """Train on the mean squared error with Adam and no weight decay: it overfits on purpose.

    Returns the network in eval mode, float32 inside, mapping raw float64 columns (n, d) to the raw target (n,).
    The same seed gives the same weights on the same machine and torch version.
    """
    import torch

    torch.manual_seed(seed)
    network = build_network(inputs, labels, hidden)
    fit_network(network, inputs, labels, epochs=epochs, batch=batch, learning_rate=learning_rate, progress=progress)
    return network


def fit_network(
    network: torch.nn.Module,
    inputs: FloatArray,
    labels: FloatArray,
    *,
    epochs: int = 300,
    batch: int = 64,
    learning_rate: float = 1e-3,
    progress: Callable[[str, int, int], None] | None = None,
    observe: Callable[[int], None] | None = None,
) -> None:
    """Train a network from `build_network` in place, on one thread; it ends in eval mode.

    `observe` is called with the number of epochs done after each one, the network in eval mode.
    """
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # batches of 64 rows are too small to share: one thread is 5 to 10 times faster than two
    try:
        _minimise(network, inputs, labels, epochs, batch, learning_rate, progress, observe)
    finally:
        torch.set_num_threads(threads)
    network.eval()


def _minimise(
    network: torch.nn.Module,
    inputs: FloatArray,
    labels: FloatArray,
    epochs: int,
    batch: int,
    learning_rate: float,
    progress: Callable[[str, int, int], None] | None,
    observe: Callable[[int], None] | None,
) -> None:
    """Adam on the mean squared error of the standardised target, in place."""
    import torch

    core: Any = network.core
    functional: Any = torch.nn.functional
    permutation: Any = torch.randperm
    x = torch.as_tensor((inputs - inputs.mean(axis=0)) / inputs.std(axis=0), dtype=torch.float32)
    y = torch.as_tensor((labels - labels.mean()) / labels.std(), dtype=torch.float32)
    optimiser = torch.optim.Adam(core.parameters(), lr=learning_rate, fused=True)
    for epoch in range(epochs):
        for rows in permutation(len(x)).split(batch):
            loss = functional.mse_loss(core(x[rows])[:, 0], y[rows])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        if progress is not None:
            progress("training the network", epoch + 1, epochs)
        if observe is not None:
            network.eval()
            observe(epoch + 1)
            network.train()

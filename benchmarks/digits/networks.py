"""Digits, and four classifiers of them: three multilayer perceptrons and a small convolutional network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
ROWS, CLASSES, SIDE = 1200, 10, 8
NETWORKS: dict[str, tuple[int, ...]] = {"32": (32,), "64": (64,), "128-64": (128, 64), "convolutions": ()}
EPOCHS, BATCH, RATE = 60, 64, 1e-3


@dataclass(frozen=True, eq=False)
class Split:
    """Pixels (n, d) that vary on the training rows, and 0/1 labels (n, 10); `places` of those pixels among the 64."""

    inputs: FloatArray
    labels: FloatArray
    test_inputs: FloatArray
    test_labels: FloatArray
    places: NDArray[np.int64]


def split_digits(seed: int) -> Split:
    """1,200 training and 597 test rows; each seed another split."""
    from sklearn.datasets import load_digits

    pixels, digits = load_digits(return_X_y=True)
    order = np.random.default_rng(seed).permutation(len(pixels))
    pixels, labels = pixels[order], np.eye(CLASSES)[digits[order]]
    places = np.flatnonzero(pixels[:ROWS].std(axis=0) > 0)
    pixels = pixels[:, places]
    return Split(pixels[:ROWS], labels[:ROWS], pixels[ROWS:], labels[ROWS:], places)


def train(split: Split, name: str, seed: int) -> Any:
    """A torch module, pixels -> logits: Adam 1e-3, batches of 64, 60 epochs, cross-entropy."""
    import torch

    torch.manual_seed(seed)
    network = _convolutions(split) if name == "convolutions" else _layers(split, NETWORKS[name])
    inputs = torch.as_tensor(split.inputs, dtype=torch.float32)
    classes = torch.as_tensor(split.labels.argmax(axis=1))
    optimiser = torch.optim.Adam(network.parameters(), lr=RATE)
    for _ in range(EPOCHS):
        for rows in torch.randperm(len(inputs)).split(BATCH):
            optimiser.zero_grad()
            torch.nn.functional.cross_entropy(network(inputs[rows]), classes[rows]).backward()
            optimiser.step()
    return network


def logits(network: Any, rows: FloatArray) -> FloatArray:
    import torch

    with torch.no_grad():
        return np.asarray(network(torch.as_tensor(rows, dtype=torch.float32)).numpy(), dtype=np.float64)


def _layers(split: Split, hidden: tuple[int, ...]) -> Any:
    from torch import nn

    widths = (split.inputs.shape[1], *hidden)
    inner = [part for a, b in zip(widths, hidden, strict=False) for part in (nn.Linear(a, b), nn.ReLU())]
    return nn.Sequential(*inner, nn.Linear(widths[-1], CLASSES))


def _convolutions(split: Split) -> Any:
    """Two layers of 3 x 3 filters on the whole picture: the pixels that never vary are put back as zeros."""
    import torch
    from torch import nn

    class Picture(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.register_buffer("places", torch.as_tensor(split.places))

        def forward(self, rows: torch.Tensor) -> torch.Tensor:
            whole = rows.new_zeros((len(rows), SIDE * SIDE)).index_copy(1, self.places, rows)  # type: ignore[arg-type]
            return whole.reshape(-1, 1, SIDE, SIDE)

    return nn.Sequential(
        Picture(),
        nn.Conv2d(1, 16, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(32 * (SIDE // 2) ** 2, CLASSES),
    )

"""Networks of six sizes, trained until they overfit, with their outputs at chosen epochs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from eigenstill.demo.teacher import FloatArray, build_network, fit_network

from .data import Split

ARCHITECTURES: dict[str, tuple[int, ...]] = {
    "32": (32,),
    "64": (64,),
    "128": (128,),
    "64-32": (64, 32),
    "256-128": (256, 128),
    "512-256": (512, 256),
}
EPOCHS = 300
SNAPSHOTS = (1, 2, 3, 5, 7, 10, 15, 20, 30, 40, 50, 60, 80, 100, 120, 140, 160, 180, 200, 220, 240, 260, 280, 300)


@dataclass(frozen=True, eq=False)
class Trained:
    """A network and what it said: outputs (snapshots, n) on training and test rows."""

    network: object
    parameters: int
    train_outputs: FloatArray
    test_outputs: FloatArray


def train(
    split: Split, architecture: str, seed: int, progress: Callable[[str, int, int], None] | None = None
) -> Trained:
    """Adam 1e-3, batches of 64, 300 epochs, no weight decay.

    As in the paper's table the largest one has no bias in its second hidden layer: 139,009 parameters for 14 inputs.
    """
    import torch

    torch.manual_seed(seed)
    hidden = ARCHITECTURES[architecture]
    network = build_network(split.inputs, split.labels, hidden)
    if hidden == (512, 256):
        core = network.core
        core[2] = torch.nn.Linear(512, 256, bias=False)  # type: ignore[index,operator]
    said: list[tuple[FloatArray, FloatArray]] = []

    def answers(rows: FloatArray) -> FloatArray:
        with torch.no_grad():
            return np.asarray(network(torch.as_tensor(rows)).numpy(), dtype=np.float64)

    def observe(epoch: int) -> None:
        if epoch in SNAPSHOTS:
            said.append((answers(split.inputs), answers(split.test_inputs)))

    fit_network(network, split.inputs, split.labels, epochs=EPOCHS, progress=progress, observe=observe)
    trainable = sum(parameter.numel() for parameter in network.parameters() if parameter.requires_grad)
    return Trained(network, trainable, np.stack([a for a, _ in said]), np.stack([b for _, b in said]))

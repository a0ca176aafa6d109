"""A plain ReLU network as weights: steps that are affine are folded in float64, everything else is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ..arrays import FloatArray
from ..errors import TeacherError

NEEDED = "a plain ReLU network: affine steps and ReLU only, as a torch module or an ONNX file"


@dataclass(frozen=True, eq=False)
class ReluNetwork:
    """Weights (out, in) and biases (out,) float64, ReLU between the layers; the outputs are the last layer's."""

    name: str
    sha256: str | None
    weights: tuple[FloatArray, ...]
    biases: tuple[FloatArray, ...]

    def evaluate(self, rows: FloatArray) -> FloatArray:
        """The outputs (n, c) at rows (n, d), in float64."""
        values = rows
        for place, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            values = values @ weight.T + bias
            if place < len(self.weights) - 1:
                values = np.maximum(values, 0.0)
        return values


@dataclass(frozen=True, eq=False)
class Chain:
    """Finished layers, and the affine map that is still open."""

    weight: FloatArray
    bias: FloatArray
    done: tuple[tuple[FloatArray, FloatArray], ...] = field(default=())

    def affine(self, weight: FloatArray, bias: FloatArray) -> Chain:
        return Chain(weight @ self.weight, weight @ self.bias + bias, self.done)

    def scaled(self, factor: Any) -> Chain:
        factors = np.broadcast_to(np.asarray(factor, dtype=np.float64).reshape(-1), self.bias.shape)
        return Chain(self.weight * factors[:, None], self.bias * factors, self.done)

    def moved(self, step: Any) -> Chain:
        steps = np.broadcast_to(np.asarray(step, dtype=np.float64).reshape(-1), self.bias.shape)
        return Chain(self.weight, self.bias + steps, self.done)

    def column(self, place: int) -> Chain:
        return Chain(self.weight[[place]], self.bias[[place]], self.done)

    def relu(self) -> Chain:
        size = len(self.bias)
        return Chain(np.eye(size), np.zeros(size), (*self.done, (self.weight, self.bias)))

    def network(self, name: str, sha256: str | None) -> ReluNetwork:
        layers = (*self.done, (self.weight, self.bias))
        return ReluNetwork(name, sha256, tuple(w for w, _ in layers), tuple(b for _, b in layers))


def start(inputs: int) -> Chain:
    """The identity on rows of so many inputs."""
    return Chain(np.eye(inputs), np.zeros(inputs))


def arithmetic(kind: str, left: Any, right: Any, name: str) -> Any:
    """left (+, -, *, /) right, of which one may be a chain."""
    if isinstance(left, Chain) and isinstance(right, Chain):
        raise TeacherError(f"{name}: step {kind} of two values that depend on the inputs; need {NEEDED}")
    if kind == "add":
        return left.moved(right) if isinstance(left, Chain) else right.moved(left)
    if kind == "sub":
        return left.moved(-np.asarray(right)) if isinstance(left, Chain) else right.scaled(-1.0).moved(left)
    if kind == "mul":
        return left.scaled(right) if isinstance(left, Chain) else right.scaled(left)
    if kind == "div" and isinstance(left, Chain):
        return left.scaled(1.0 / np.asarray(right, dtype=np.float64))
    raise TeacherError(f"{name}: step {kind} by a value that depends on the inputs; need {NEEDED}")


def relu_network(subject: Any, inputs: int) -> ReluNetwork:
    """The weights of a torch module, of an ONNX file, or of a `Teacher` named by either.

    Raises
    ------
    TeacherError : a step that is neither affine nor ReLU, or no such file
    """
    if isinstance(subject, ReluNetwork):
        return subject
    if isinstance(subject, (str, Path)):
        from .onnx_network import from_onnx

        return from_onnx(Path(subject), inputs)
    from .torch_network import from_torch

    return from_torch(subject, inputs)


def require_shape(network: ReluNetwork, inputs: int, outputs: int) -> None:
    """Raise TeacherError unless the network goes from so many inputs to so many outputs."""
    found = network.weights[0].shape[1], len(network.biases[-1])
    if found != (inputs, outputs):
        raise TeacherError(f"{network.name}: {found[0]} inputs, {found[1]} outputs; need {inputs} and {outputs}")


def constants(values: Sequence[Any]) -> list[Any]:
    """Tensors as float64 arrays, other things as they are."""
    return [value.detach().cpu().double().numpy() if hasattr(value, "detach") else value for value in values]

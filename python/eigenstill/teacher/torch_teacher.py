"""torch modules as teachers: eval mode, slopes by automatic differentiation, the caller's module left as it was."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arrays import FloatArray
from ..device import Device
from ..errors import TeacherError
from .teacher import Function, Teacher, finite_differences

if TYPE_CHECKING:
    import torch

BATCH = 4096


class Placed:
    """A module, or a copy of it on a device, made when it is first asked for: it may be sent to other machines."""

    def __init__(self, module: torch.nn.Module, device: Device | None) -> None:
        self._module, self._device = module, device
        self._held: torch.nn.Module | None = None

    def __call__(self) -> torch.nn.Module:
        if self._held is None:
            here = None if self._device is None else self._device.here()
            self._held = self._module if here is None else deepcopy(self._module).to(here.name)
        return self._held

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_held": None}


def from_torch(
    module: torch.nn.Module, name: str | None = None, batch: int = BATCH, device: Device | None = None
) -> Teacher:
    """A torch module from rows (n, d) to (n,) or (n, c).

    Inputs are given in the widest floating type among the module's parameters and buffers, `batch` rows at a time, on the
    module's device, or to a copy of it on `device`: float32 outputs may differ there in last bits, and by more where
    torch is told to shorten float32 products (TF32). Parameters are counted once each; the digest covers the state's
    names, types, shapes, bytes.

    Raises
    ------
    TeacherError : when called, where the module cannot take such rows
    """
    label, placed = name or type(module).__name__, Placed(module, device)

    def outputs(inputs: FloatArray) -> FloatArray:
        import torch

        network = placed()
        with evaluating(network), torch.no_grad():
            parts = [_forward(network, rows, label) for rows in _batches(network, inputs, batch)]
        return np.concatenate([part.detach().double().cpu().numpy() for part in parts])

    def slopes(inputs: FloatArray) -> FloatArray:
        import torch

        total: FloatArray | None = None
        network = placed()
        with evaluating(network), torch.enable_grad():
            for rows in _batches(network, inputs, batch):
                rows.requires_grad_(True)
                values = _forward(network, rows, label).reshape(len(rows), -1)
                if not values.requires_grad:  # a step that autograd does not follow
                    return finite_differences(outputs, inputs)
                sums = [
                    torch.autograd.grad(values[:, place].sum(), rows, retain_graph=place + 1 < values.shape[1])[0]
                    for place in range(values.shape[1])
                ]
                part = np.stack([one.abs().double().sum(dim=0).cpu().numpy() for one in sums])
                total = part if total is None else total + part
        if total is None:
            raise TeacherError(f"{label}: no rows; need at least one")
        return total / len(inputs)

    count = sum(parameter.numel() for parameter in module.parameters())
    return Teacher(
        label, outputs, slopes, count, state_digest(module), hidden=hidden_layer(module, label, batch, device)
    )


def hidden_layer(
    module: torch.nn.Module, name: str | None = None, batch: int = BATCH, device: Device | None = None
) -> Function:
    """Rows (n, d) -> the last hidden layer (n, h): what the torch.nn.Linear that runs last is given, in eval mode.

    Raises
    ------
    TeacherError : when called, where no such layer runs, or it is given something else than rows
    """
    label, placed = name or type(module).__name__, Placed(module, device)

    def features(inputs: FloatArray) -> FloatArray:
        import torch

        network = placed()
        given: list[torch.Tensor] = []
        linear = [part for part in network.modules() if isinstance(part, torch.nn.Linear)]
        hooks = [part.register_forward_pre_hook(lambda _, arguments: given.append(arguments[0])) for part in linear]
        parts = []
        try:
            with evaluating(network), torch.no_grad():
                for rows in _batches(network, inputs, batch):
                    given.clear()
                    _forward(network, rows, label)
                    if not given or given[-1].shape[:1] != rows.shape[:1] or given[-1].ndim != 2:
                        shape = tuple(given[-1].shape) if given else "no linear layer"
                        raise TeacherError(
                            f"{label}: last hidden layer: got {shape}; need (rows, units) before a torch.nn.Linear; "
                            "give the features as a function of rows"
                        )
                    parts.append(given[-1].detach().double().cpu().numpy())
        finally:
            for hook in hooks:
                hook.remove()
        return np.concatenate(parts)

    return features


@contextmanager
def evaluating(module: torch.nn.Module) -> Iterator[None]:
    """Eval mode inside; afterwards each submodule is back in the mode it had, whatever happened."""
    before = [(part, part.training) for part in module.modules()]
    try:
        module.eval()
        yield
    finally:
        for part, mode in before:
            part.training = mode


def state_digest(module: torch.nn.Module) -> str:
    """SHA-256 over the sorted state: name, type, shape and little-endian bytes of every tensor."""
    digest = hashlib.sha256()
    for key, value in sorted(module.state_dict().items()):
        if not hasattr(value, "detach"):
            continue
        tensor = value.detach().cpu().contiguous()
        digest.update(f"{key} {tensor.dtype} {tuple(tensor.shape)}\n".encode())
        digest.update(bytes(tensor.reshape(-1).view(_bytes_type()).numpy()) if tensor.numel() else b"")
    return digest.hexdigest()


def _bytes_type() -> Any:
    import torch

    return torch.uint8


def _batches(module: torch.nn.Module, inputs: FloatArray, batch: int) -> Iterator[torch.Tensor]:
    import torch

    state = [value for value in chain(module.parameters(), module.buffers()) if value.is_floating_point()]
    kinds = {value.dtype for value in state}
    kind = torch.float64 if torch.float64 in kinds else torch.float32
    if kinds and kinds <= {torch.float16, torch.bfloat16}:
        kind = next(iter(kinds))
    device = state[0].device if state else torch.device("cpu")
    for start in range(0, len(inputs), batch):
        yield torch.tensor(inputs[start : start + batch], dtype=kind, device=device)


def _forward(module: torch.nn.Module, rows: torch.Tensor, label: str) -> torch.Tensor:
    import torch

    try:
        values = module(rows)
    except (RuntimeError, TypeError, ValueError, IndexError) as error:
        reason = str(error).strip().splitlines()[0][:200]
        raise TeacherError(
            f"{label}: cannot take {tuple(rows.shape)} rows of type {rows.dtype} ({reason}); "
            "need a module from (rows, columns) to (rows, outputs); wrap it in a function"
        ) from None
    if not isinstance(values, torch.Tensor):
        raise TeacherError(f"{label}: returns {type(values).__name__}; need one tensor; wrap it to return the output")
    return values


def from_exported(program: Any, name: str, sha256: str) -> Teacher:
    """A program of torch.export.load: its module has no eval mode to set (it was traced in one); slopes by differences.

    Parameters are those of the exported program; a fixed batch size is not supported and fails with a message.
    """
    module = program.module()

    def outputs(inputs: FloatArray) -> FloatArray:
        import torch

        with torch.no_grad():
            parts = [_forward(module, rows, name) for rows in _batches(module, inputs, BATCH)]
        return np.concatenate([part.detach().double().cpu().numpy() for part in parts])

    count = sum(parameter.numel() for parameter in program.parameters())
    return Teacher(name, outputs, None, count, sha256)

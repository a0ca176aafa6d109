"""A torch module, traced symbolically, as a ReLU network."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import TeacherError
from ..teacher.torch_teacher import evaluating, state_digest
from .relu import NEEDED, Chain, ReluNetwork, arithmetic, constants, start

UNCHANGED = {"double", "float", "to", "contiguous", "flatten", "squeeze", "view", "reshape", "clone", "detach"}
ARITHMETIC = {"add": "add", "sub": "sub", "mul": "mul", "truediv": "div", "div": "div"}


def from_torch(module: Any, inputs: int) -> ReluNetwork:
    """Raises TeacherError where the module holds another step than affine ones and ReLU."""
    try:
        import torch
        from torch import fx
    except ImportError:
        raise TeacherError("regions: torch is not installed; run: pip install 'eigenstill[torch]'") from None
    if not isinstance(module, torch.nn.Module):
        raise TeacherError(f"regions: a teacher of type {type(module).__name__}; need {NEEDED}")
    name = type(module).__name__
    with evaluating(module):
        try:
            graph = fx.symbolic_trace(module)
        except Exception as error:  # noqa: BLE001 (whatever a module does that cannot be traced)
            reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
            raise TeacherError(f"{name}: cannot be traced ({reason}); need {NEEDED}") from None
        values: dict[Any, Any] = {}
        for node in graph.graph.nodes:
            values[node] = _step(node, graph, values, inputs, name)
            if node.op == "output":
                found = values[node]
                if not isinstance(found, Chain):
                    raise TeacherError(f"{name}: the output does not depend on the inputs alone; need {NEEDED}")
                return found.network(name, state_digest(module))
    raise TeacherError(f"{name}: no output; need {NEEDED}")


def _step(node: Any, graph: Any, values: dict[Any, Any], inputs: int, name: str) -> Any:
    arguments = [values.get(entry, entry) for entry in map(_hashable, node.args)]
    if node.op == "placeholder":
        return start(inputs)
    if node.op == "get_attr":
        found: Any = graph
        for part in node.target.split("."):
            found = getattr(found, part)
        return constants([found])[0]
    if node.op == "output":
        return arguments[0]
    if node.op == "call_module":
        return _module(graph.get_submodule(node.target), arguments[0], name)
    label = node.target if isinstance(node.target, str) else getattr(node.target, "__name__", str(node.target))
    label = label.strip("_")
    if label in ARITHMETIC and len(arguments) == 2:
        return arithmetic(ARITHMETIC[label], arguments[0], arguments[1], name)
    if label in ("relu", "relu_") and isinstance(arguments[0], Chain):
        return arguments[0].relu()
    if label in UNCHANGED and isinstance(arguments[0], Chain):
        return arguments[0]
    if label == "linear" and isinstance(arguments[0], Chain):
        weight = arguments[1]
        bias = arguments[2] if len(arguments) > 2 and arguments[2] is not None else np.zeros(len(weight))
        return arguments[0].affine(weight, bias)
    if label == "getitem" and isinstance(arguments[0], Chain):
        place = node.args[1]
        if isinstance(place, tuple) and len(place) == 2 and isinstance(place[1], int) and place[0] == slice(None):
            return arguments[0].column(place[1])
    raise TeacherError(f"{name}: step {label}; need {NEEDED}")


def _hashable(entry: Any) -> Any:
    try:
        hash(entry)
    except TypeError:
        return repr(entry)
    return entry


def _module(module: Any, value: Any, name: str) -> Any:
    import torch

    if isinstance(module, torch.nn.Linear):
        weight, bias = constants([module.weight, module.bias])
        return value.affine(weight, np.zeros(len(weight)) if bias is None else bias)
    if isinstance(module, torch.nn.ReLU):
        return value.relu()
    if isinstance(module, (torch.nn.Identity, torch.nn.Dropout, torch.nn.Flatten)):
        return value
    if isinstance(module, torch.nn.BatchNorm1d) and module.running_mean is not None:
        mean, variance = constants([module.running_mean, module.running_var])
        value = value.moved(-mean).scaled(1.0 / np.sqrt(variance + module.eps))
        if module.affine:
            weight, bias = constants([module.weight, module.bias])
            value = value.scaled(weight).moved(bias)
        return value
    raise TeacherError(f"{name}: step {type(module).__name__}; need {NEEDED}")

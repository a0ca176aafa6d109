"""An ONNX file as a ReLU network: its graph, step by step."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import TeacherError
from ..tables.load import read_file
from .relu import NEEDED, Chain, ReluNetwork, arithmetic, start

ARITHMETIC = {"Add": "add", "Sub": "sub", "Mul": "mul", "Div": "div"}
UNCHANGED = {"Identity", "Cast", "Flatten", "Squeeze", "Dropout", "Reshape"}


def from_onnx(path: Path, inputs: int) -> ReluNetwork:
    """Raises TeacherError (another step, no network, the package onnx missing) or UnreadableError (no such file)."""
    data = read_file(path)
    try:
        import onnx
        from onnx import numpy_helper
    except ImportError:
        raise TeacherError(f"{path.name}: needs the package onnx; run: pip install 'eigenstill[onnx]'") from None
    try:
        graph = onnx.load_model_from_string(data).graph
    except Exception:  # noqa: BLE001 (whatever the parser of protocol buffers raises)
        raise TeacherError(f"{path.name}: no ONNX network; need {NEEDED}") from None
    values: dict[str, Any] = {entry.name: numpy_helper.to_array(entry) for entry in graph.initializer}
    given = [entry.name for entry in graph.input if entry.name not in values]
    if len(given) != 1 or len(graph.output) != 1:
        raise TeacherError(f"{path.name}: {len(given)} inputs and {len(graph.output)} outputs; need one of each")
    values[given[0]] = start(inputs)
    for node in graph.node:
        attributes = {entry.name: onnx.helper.get_attribute_value(entry) for entry in node.attribute}
        arguments = [values.get(name) for name in node.input]
        values[node.output[0]] = _step(node.op_type, arguments, attributes, path.name)
    found = values.get(graph.output[0].name)
    if not isinstance(found, Chain):
        raise TeacherError(f"{path.name}: the output does not depend on the inputs alone; need {NEEDED}")
    return found.network(path.name, hashlib.sha256(data).hexdigest())


def _step(kind: str, arguments: list[Any], attributes: dict[str, Any], name: str) -> Any:
    if kind == "Constant":
        from onnx import numpy_helper

        return numpy_helper.to_array(attributes["value"]) if "value" in attributes else None
    value = next((entry for entry in arguments if isinstance(entry, Chain)), None)
    if value is None and kind in ("Identity", "Cast"):
        return arguments[0]
    if kind in ARITHMETIC and value is not None:
        return arithmetic(ARITHMETIC[kind], arguments[0], arguments[1], name)
    if isinstance(arguments[0] if arguments else None, Chain):
        value = arguments[0]
        if kind == "Relu":
            return value.relu()
        if kind in UNCHANGED:
            return value
        if kind == "MatMul":
            return arguments[0].affine(np.asarray(arguments[1], np.float64).T, np.zeros(arguments[1].shape[1]))
        if kind == "Gemm" and not attributes.get("transA"):
            weight = np.asarray(arguments[1], np.float64) * attributes.get("alpha", 1.0)
            weight = weight if attributes.get("transB") else weight.T
            bias = np.zeros(len(weight))
            if len(arguments) > 2:
                bias = bias + attributes.get("beta", 1.0) * np.asarray(arguments[2], np.float64)
            return arguments[0].affine(weight, bias)
        if kind == "BatchNormalization":
            scale, bias, mean, variance = (np.asarray(entry, np.float64) for entry in arguments[1:5])
            return value.moved(-mean).scaled(scale / np.sqrt(variance + attributes.get("epsilon", 1e-5))).moved(bias)
        if kind == "Gather" and attributes.get("axis", 0) in (1, -1) and np.ndim(arguments[1]) == 0:
            return arguments[0].column(int(arguments[1]))
    raise TeacherError(f"{name}: step {kind}; need {NEEDED}")

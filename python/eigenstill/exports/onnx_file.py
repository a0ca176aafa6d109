"""The formula as an ONNX graph; column names in its metadata.

Every division is a Div: Reciprocal may be approximate, and x (1 / s) is not x / s.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from eigenstill_check.version import __version__

from ..arrays import FloatArray
from .numbers import Numbers, header

OPSET, IR_VERSION = 17, 8  # understood by onnxruntime since 1.12
BYTES = 1 << 26  # of the differences of a batch


def render(numbers: Numbers, name: str, note: str) -> bytes:
    """The bytes of an ONNX file with input `inputs` (rows, d) and output `outputs`; it passes onnx.checker."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    kind = TensorProto.FLOAT if numbers.float32 else TensorProto.DOUBLE
    constants = {**numbers.arrays(), "one": np.array(1.0), "three": np.array(3.0), "far": np.array(2.0**20)}
    nodes = [helper.make_node(operation, taken, [given]) for operation, taken, given in _steps(numbers)]
    used = {taken for node in nodes for taken in node.input}
    initialisers = [
        numpy_helper.from_array(array.astype(numbers.type), key) for key, array in constants.items() if key in used
    ]
    axis = numpy_helper.from_array(np.array([1], dtype=np.int64), "axis")
    inputs, outputs = len(numbers.input_names), len(numbers.output_names)
    graph = helper.make_graph(
        nodes,
        "student",
        [helper.make_tensor_value_info("inputs", kind, ["rows", inputs])],
        [helper.make_tensor_value_info("outputs", kind, ["rows"] if numbers.flat else ["rows", outputs])],
        [*initialisers, axis],
        doc_string="\n".join(header(numbers, note)),
    )
    model = helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="eigenstill",
        producer_version=__version__,
    )
    helper.set_model_props(
        model,
        {
            "eigenstill.input_names": json.dumps(numbers.input_names),
            "eigenstill.output_names": json.dumps(numbers.output_names),
            "eigenstill.kernel": numbers.kernel,
            "eigenstill.student_sha256": numbers.digest,
            "eigenstill.compared": note,
        },
    )
    onnx.checker.check_model(model, full_check=True)
    return bytes(model.SerializeToString(deterministic=True))


def _steps(numbers: Numbers) -> list[tuple[str, list[str], str]]:
    """The graph: (operation, inputs, output)."""
    size = ("Abs", ["gaps"], "sizes") if numbers.kernel == "rational-l1" else ("Mul", ["gaps", "gaps"], "sizes")
    steps: list[tuple[str, list[str], str]] = [
        ("Unsqueeze", ["inputs", "axis"], "rows"),
        ("Sub", ["rows", "landmarks"], "gaps"),
        size,
        ("MatMul", ["sizes", "scales"], "q"),
    ]
    if numbers.kernel == "gaussian":
        steps += [("Neg", ["q"], "minus"), ("Exp", ["minus"], "phi")]
    elif numbers.kernel == "matern-3/2":
        steps += [
            ("Mul", ["q", "three"], "triple"),
            ("Sqrt", ["triple"], "root"),
            ("Min", ["root", "far"], "t"),
            ("Neg", ["t"], "minus"),
            ("Exp", ["minus"], "decay"),
            ("Add", ["t", "one"], "grown"),
            ("Mul", ["grown", "decay"], "phi"),
        ]
    else:
        steps += [("Add", ["q", "one"], "below"), ("Div", ["one", "below"], "phi")]
    last = "values" if numbers.flat else "outputs"
    steps.append(("MatMul", ["phi", "coefficients"], "kernel_part"))
    if numbers.weights is None:
        steps.append(("Add", ["kernel_part", "intercept"], last))
    else:
        steps += [
            ("Add", ["kernel_part", "intercept"], "with_intercept"),
            ("MatMul", ["inputs", "weights"], "linear_part"),
            ("Add", ["with_intercept", "linear_part"], last),
        ]
    if numbers.flat:
        steps.append(("Squeeze", ["values", "axis"], "outputs"))
    return steps


def evaluate(path: Path, numbers: Numbers, rows: FloatArray) -> FloatArray:
    """What onnxruntime computes from the written file, (n, c)."""
    import onnxruntime

    options: Any = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    batch = max(1, BYTES // (8 * numbers.landmarks.size))
    parts = [
        session.run(["outputs"], {"inputs": rows[start : start + batch].astype(numbers.type)})[0]
        for start in range(0, len(rows), batch)
    ]
    return np.concatenate(parts).astype(np.float64).reshape(len(rows), -1)

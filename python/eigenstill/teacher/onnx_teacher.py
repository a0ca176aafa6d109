"""ONNX files as teachers, run by onnxruntime on the CPU; slopes by finite differences."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from ..arrays import FloatArray
from ..errors import TeacherError
from ..tables.load import read_file
from .teacher import Teacher

BATCH = 4096
KINDS = {"tensor(float)": np.float32, "tensor(double)": np.float64, "tensor(float16)": np.float16}


def from_onnx(path: Path, output: str | None = None) -> Teacher:
    """A network with one input (n, d) of float16, float32 or float64.

    Parameters
    ----------
    path : the .onnx file
    output : name of the output to imitate; needed where the network has several

    Names of columns are taken from the metadata entry `eigenstill.input_names`, which `eigenstill export` writes.
    A fixed batch size is respected: rows are given in such batches, the last one filled up with its last row.
    Parameters are the floating-point numbers of the initialisers, None where the package onnx is missing. The digest is
    the file's; where tensors lie in further files it covers those too (`_digest`).

    Raises
    ------
    TeacherError : not a network, several inputs or outputs, a type that is not floating point, onnxruntime missing
    UnreadableError : the file is missing
    """
    data = read_file(path)
    session = _session(path)
    name, kind, batch, width = _input(session, path.name)
    chosen = _output(session, path.name, output)

    def outputs(inputs: FloatArray) -> FloatArray:
        if width is not None and inputs.shape[1] != width:
            raise TeacherError(f"{path.name}: {inputs.shape[1]} columns; the network takes {width}; choose the columns")
        size = batch or BATCH
        parts = []
        for start in range(0, len(inputs), size):
            rows = inputs[start : start + size].astype(kind)
            count = len(rows)
            if batch is not None and count < batch:
                rows = np.concatenate([rows, np.repeat(rows[-1:], batch - count, axis=0)])
            parts.append(np.asarray(_run(session, chosen, {name: rows}, path.name))[:count])
        return np.concatenate(parts).astype(np.float64)

    names = _names(session, path.name)
    return Teacher(path.name, outputs, None, _parameters(path), _digest(path, data), names=names)


def _session(path: Path) -> Any:
    try:
        import onnxruntime
    except ImportError:
        raise TeacherError(f"{path.name}: needs onnxruntime; run: pip install 'eigenstill[onnx]'") from None
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # noqa: BLE001 (onnxruntime's exceptions share no base class)
        raise TeacherError(f"{path.name}: not a network onnxruntime can run ({_first_line(error)})") from None


NAMES = "eigenstill.input_names"
"""Entry of the metadata that `eigenstill export` writes: a JSON list of the columns' names."""


def _names(session: Any, label: str) -> tuple[str, ...] | None:
    """The columns' names, where the file has that entry."""
    text = session.get_modelmeta().custom_metadata_map.get(NAMES)
    if text is None:
        return None
    try:
        held = json.loads(text)
    except ValueError:
        held = None
    if not isinstance(held, list) or not all(isinstance(name, str) for name in held):
        raise TeacherError(f"{label}: metadata {NAMES}: got {text[:60]!r}; need a JSON list of names")
    return tuple(held)


def _run(session: Any, output: str, feed: dict[str, Any], label: str) -> Any:
    try:
        return session.run([output], feed)[0]
    except Exception as error:  # noqa: BLE001 (as above)
        raise TeacherError(f"{label}: onnxruntime failed ({_first_line(error)}); need rows it can take") from None


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]


def _input(session: Any, label: str) -> tuple[str, Any, int | None, int | None]:
    held = session.get_inputs()
    if len(held) != 1:
        raise TeacherError(f"{label}: {len(held)} inputs; need one input (rows, columns); join them in one")
    entry = held[0]
    if entry.type not in KINDS or len(entry.shape) != 2:
        raise TeacherError(
            f"{label}: input {entry.name} is {entry.type} of shape {entry.shape}; need floating point (rows, columns)"
        )
    batch, width = (size if isinstance(size, int) else None for size in entry.shape)
    return entry.name, KINDS[entry.type], batch, width


def _output(session: Any, label: str, wanted: str | None) -> str:
    names = [entry.name for entry in session.get_outputs()]
    if wanted is None and len(names) == 1:
        return str(names[0])
    if wanted in names:
        return str(wanted)
    got = f"no output {wanted}" if wanted else f"{len(names)} outputs"
    raise TeacherError(f"{label}: {got}; it has {', '.join(names)}; name one, as in {label}:{names[0]}")


def _digest(path: Path, data: bytes) -> str | None:
    """SHA-256 of the file; with tensors in further files, that of the digests of all, the file's first, then by name.

    None where further files may be and the package onnx, which tells their names, is missing.
    """
    own = hashlib.sha256(data)
    try:
        import onnx
    except ImportError:
        return None if b"location" in data else own.hexdigest()
    model = onnx.load_model_from_string(data)
    locations = {entry.value for tensor in _tensors(model) for entry in tensor.external_data if entry.key == "location"}
    if not locations:
        return own.hexdigest()
    whole = hashlib.sha256(own.digest())
    for location in sorted(locations):
        whole.update(hashlib.sha256(read_file(path.parent / location)).digest())
    return whole.hexdigest()


def _tensors(message: Any) -> Iterator[Any]:
    """Every TensorProto in a protobuf message: initialisers, attributes, subgraphs, functions."""
    for field, value in message.ListFields():
        if field.message_type is None or field.message_type.full_name == "onnx.StringStringEntryProto":
            continue
        for part in [value] if hasattr(value, "ListFields") else value:
            if field.message_type.full_name == "onnx.TensorProto":
                yield part
            else:
                yield from _tensors(part)


def _parameters(path: Path) -> int | None:
    """Numbers in the floating-point initialisers; external data need not be there."""
    try:
        import onnx
    except ImportError:
        return None
    model = onnx.load(str(path), load_external_data=False)
    floating = {onnx.TensorProto.FLOAT, onnx.TensorProto.DOUBLE, onnx.TensorProto.FLOAT16, onnx.TensorProto.BFLOAT16}
    return sum(int(np.prod(entry.dims)) for entry in model.graph.initializer if entry.data_type in floating)

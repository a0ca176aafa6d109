"""What numpy and a device each do with the same rows, and whether the results are the same bytes."""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import eigenstill
from eigenstill.basis.basis import Basis, linear_term
from eigenstill.basis.rounding import round_bits, round_columns
from eigenstill.device import Device
from eigenstill.engine import Local, total
from eigenstill.spectrum.block_sums import block_sums, sums_of_block
from eigenstill.streaming import distill_stream, open_rows
from eigenstill.tables.blocks import ArrayBlocks

from ..scale.rows import INPUTS, data

Entry = dict[str, Any]


def seconds(task: Callable[[], Any]) -> tuple[float, Any]:
    """Wall-clock seconds, and what the task returns: numbers on this machine, so a device has finished."""
    start = time.perf_counter()
    found = task()
    return time.perf_counter() - start, found


def exact_sums(kernel: str, rows: int, landmarks: int, device: Device | None) -> Entry:
    """All exact sums over the rows in blocks: columns, their Gram matrix, products with outputs and labels."""
    x, outputs, labels = data(rows)
    deviations = x.std(axis=0)
    scales = round_bits(1.0 / (deviations * INPUTS if kernel == "rational-l1" else deviations**2 * INPUTS))
    basis = Basis(kernel, round_columns(x[:landmarks], deviations), scales, *linear_term(x))
    targets = {"teacher": outputs[:, None], "labels": labels[:, None]}
    block_sums(basis, x[:100], {name: values[:100] for name, values in targets.items()}, device)
    blocks = ArrayBlocks(x, targets)
    wall, sums = seconds(lambda: total(Local(), partial(sums_of_block, basis, device), blocks.read()))
    digest = hashlib.sha256(sums.gram.tobytes())
    digest.update(sums.trace.tobytes())
    digest.update(repr((sums.rows, sums.columns, sums.totals, sums.products)).encode())
    return {"wall": wall, "sha256": digest.hexdigest()}


def streamed(rows: int, landmarks: int, device: Device | None) -> Entry:
    """Everything from a file of rows to student and certificate; the teacher is a function of numpy."""
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder) / "rows.npy", Path(folder) / "out"
        np.save(path, data(rows)[0])
        wall, _ = seconds(
            lambda: distill_stream(
                smooth, open_rows(path), out, landmarks=landmarks, basis="rational-quadratic", device=device
            )
        )
        digest = hashlib.sha256()
        for file in sorted(out.iterdir()):
            digest.update(file.name.encode() + hashlib.sha256(file.read_bytes()).digest())
    return {"wall": wall, "sha256": digest.hexdigest()}


def smooth(x: Any) -> Any:
    """The teacher: a function of three inputs."""
    return np.sin(x[:, 0]) + x[:, 1] * x[:, 2]


def predictions(rows: int, landmarks: int, device: Device | None) -> Entry:
    """The formula at the rows; a device's values differ from numpy's in last bits, so there is no digest."""
    x, outputs, _ = data(rows)
    student = eigenstill.distill(smooth, x[:5_000], landmarks=landmarks, basis="rational-quadratic", holdout=x[:10])
    student.predict(x[:5_000], device=device)
    wall, found = seconds(lambda: student.predict(x, device=device))
    return {"wall": wall, "root_mean_square_error": float(np.sqrt(np.mean((found - outputs) ** 2)))}

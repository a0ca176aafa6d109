"""The formula in float64: blocks of rows on several threads with numpy, or on a torch device."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np

from eigenstill_check.parallel import processors

from ..arrays import FloatArray
from ..basis import kernel_values
from ..basis.device_kernels import device_kernel_values
from ..device import Device, fetched

if TYPE_CHECKING:
    from .parts import Formula

BLOCK = 4096
"""Rows that a matrix product is given at once, whatever the threads: another number could change last bits."""
PART = 1 << 16
"""Kernel values at a time: they stay in a processor's second cache until they are finished."""
CPU_VALUES = 1 << 15
"""The same for torch on the processor: it deals out larger operations to threads that wait for each other each time."""
DEVICE_VALUES = 1 << 25
"""Kernel values at a time on a device other than the processor: 256 MiB."""


def evaluate(formula: Formula, inputs: FloatArray, threads: int | None = None) -> FloatArray:
    """Values, float64 (n, c), at rows (n, d): the same bits on any number of threads.

    Memory: BLOCK m numbers a thread beside the result. Without ``threads`` there are as many as processors.
    """
    values = np.empty((len(inputs), len(formula.intercept)))
    starts = range(0, len(inputs), BLOCK)
    count = max(1, min(threads or processors(), len(starts)))

    def work(first: int) -> None:
        held = np.empty((min(BLOCK, len(inputs)), len(formula.landmarks)))
        for start in starts[first::count]:
            rows = inputs[start : start + BLOCK]
            values[start : start + len(rows)] = _block(formula, rows, held[: len(rows)])

    if count == 1:
        work(0)
    else:
        with ThreadPoolExecutor(count) as pool:
            list(pool.map(work, range(count)))
    return values


def _block(formula: Formula, rows: FloatArray, phi: FloatArray) -> FloatArray:
    """The values at at most BLOCK rows; ``phi`` (n, m) is overwritten."""
    count = len(formula.landmarks)
    if count:
        size = max(1, PART // count)
        for start in range(0, len(rows), size):
            part = slice(start, start + size)
            kernel_values(formula.kernel, rows[part], formula.landmarks, formula.scales, phi[part])
    values: FloatArray = phi @ formula.coefficients + formula.intercept
    return values if formula.weights is None else values + rows @ formula.weights


def evaluate_on(device: Device, formula: Formula, inputs: FloatArray) -> FloatArray:
    """Values, float64 (n, c), on a torch device: the same formula from differences, added in another order.

    They differ from `evaluate` in last bits; the certificate's claim `evaluation` bounds both.
    """
    send = device.sent
    landmarks, coefficients, intercept = map(send, (formula.landmarks, formula.coefficients, formula.intercept))
    weights = None if formula.weights is None else send(formula.weights)
    at_once = CPU_VALUES if device.name == "cpu" else DEVICE_VALUES
    size = max(1, at_once // max(1, len(formula.landmarks)))
    parts = []
    for start in range(0, len(inputs), size):
        rows = send(inputs[start : start + size])
        values: Any = intercept.expand(len(rows), -1)
        if len(landmarks):
            values = device_kernel_values(formula.kernel, rows, landmarks, formula.scales) @ coefficients + values
        parts.append(fetched(values if weights is None else values + rows @ weights))
    return np.concatenate(parts) if parts else np.empty((0, len(formula.intercept)))

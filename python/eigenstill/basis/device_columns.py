"""The exact columns with the floating-point work on a torch device: candidates there, every doubt settled here.

As in `exact_columns` and `fine_floors` a float64 value decides a floor only where it is farther from an integer than its
error bound, which holds for any order of summation. All other entries are decided in pairs or integers on this machine,
so the columns are the same on every device.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..arrays import FloatArray, IntArray
from ..device import Device, fetched
from .basis import Basis
from .device_kernels import device_kernel_values
from .exact_columns import exact_floors, linear_floors
from .fine_floors import decided, within_pairs
from .kernels import error_factors
from .pairs import SquaredPairs, prepare_pairs

BLOCK = 8192


def device_columns(device: Device, basis: Basis, inputs: FloatArray) -> IntArray:
    """`exact_columns`, int64 (n, r), for a basis of at most 53 grid bits."""
    columns = np.empty((len(inputs), basis.columns), dtype=np.int64)
    for start in range(0, len(inputs), BLOCK):
        rows = slice(start, start + BLOCK)
        columns[rows] = fetched(device_floats(device, basis, inputs[rows]))
    return columns


def device_floats(device: Device, basis: Basis, inputs: FloatArray) -> Any:
    """The exact columns of some rows (n, d) as a float64 tensor (n, r) on the device; they must be below 2^53."""
    import torch

    parts = []
    if len(basis.landmarks):
        parts.append(_kernel_floors(device, basis, inputs))
    if basis.offsets is not None:
        parts.append(device.sent(linear_floors(basis, basis.offsets, inputs)[0].astype(np.float64)))
    return torch.cat(parts, dim=1)


def _kernel_floors(device: Device, basis: Basis, inputs: FloatArray) -> Any:
    import torch

    scaled, relative, absolute = _proposed(device, basis, inputs)
    floors = torch.floor(scaled)
    above = scaled - floors
    doubtful = torch.minimum(above, 1.0 - above) <= absolute + relative * (floors + 1.0)
    doubtful &= (floors > 0) | (above > 0.5)  # phi > 0, so a floor of 0 cannot be too large
    places = torch.nonzero(doubtful, as_tuple=True)
    if len(places[0]):
        rows, landmarks = (place.cpu().numpy() for place in places)
        if within_pairs(basis, inputs):
            settled = decided(basis, inputs, rows, landmarks)
        else:
            settled = np.array(exact_floors(basis, inputs, rows, landmarks), dtype=np.float64)
        floors[places] = device.sent(settled)
    return floors


def _proposed(device: Device, basis: Basis, inputs: FloatArray) -> tuple[Any, float, float]:
    """2^p phi, and its error bound as relative (floor + 1) + absolute; for the bounds see `fine_floors`."""
    unit, send = 2.0**basis.grid_bits, device.sent
    pairs = (
        prepare_pairs(basis, inputs) if basis.kernel == "rational-quadratic" and within_pairs(basis, inputs) else None
    )
    if isinstance(pairs, SquaredPairs):
        leading, rest = (send(left) @ send(right) for left, right in (pairs.leading, pairs.rest))
        return unit / (leading + rest), 2.0**-51, 2.0 * pairs.error * unit
    relative, absolute = error_factors(basis.kernel, basis.inputs)
    phi = device_kernel_values(basis.kernel, send(inputs), send(basis.landmarks), basis.scales)
    return phi * unit, relative, absolute * unit

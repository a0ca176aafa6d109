"""A torch device for float64 arrays, "cpu" included; numpy computes where there is none.

Only float64 goes there. TF32 and the like shorten products of float32 and do not concern it. Integers whose products and
partial sums stay below 2^53 come out the same on every device that rounds as IEEE 754 asks, in whatever order it adds;
one product of the largest size is tried before a device is used, and residues modulo a prime verify the sums afterwards.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from .arrays import FloatArray
from .errors import DeviceError, EigenstillWarning

NAMED = re.compile(r"(cpu|cuda|mps|xpu)(:\d+)?")
WITHOUT_FLOAT64 = ("mps",)
TRIED_ROWS, TRIED = 8192, 2.0**20 - 1.0
"""The inner dimension and the entries of the largest exact product: 2^13 2^40 = 2^53."""


@dataclass(frozen=True)
class Device:
    """A torch device that was found and tried. It may be sent to another machine: see `here`."""

    name: str

    def sent(self, values: FloatArray) -> Any:
        """float64 array -> tensor on the device."""
        import torch

        return torch.from_numpy(np.require(values, requirements=("C", "W"))).to(self.name)

    def here(self) -> Device | None:
        """Itself where this machine has such a device; None, without a word, where numpy must do."""
        return find_device(self.name)[0]


def fetched(tensor: Any) -> FloatArray:
    """A tensor of any device -> float64 array."""
    values: FloatArray = tensor.detach().cpu().double().numpy()
    return values


@cache
def find_device(name: str) -> tuple[Device | None, str]:
    """The device, or None with a sentence that says why numpy computes instead.

    Parameters
    ----------
    name : as torch names it: cpu, cuda, cuda:1, xpu; mps has no float64 and is never used

    Raises
    ------
    DeviceError : no such name
    """
    if not NAMED.fullmatch(name):
        raise DeviceError(f"device {name[:40]}: unknown; need cpu, cuda, cuda:0 or another number, or xpu")
    instead = "numpy computes instead, with the same exact numbers"
    try:
        import torch
    except ImportError:
        return None, f"device {name}: torch is not installed, so {instead}; run: pip install 'eigenstill[torch]'"
    if name.partition(":")[0] in WITHOUT_FLOAT64:
        return None, f"device {name}: has no float64, so {instead}"
    try:
        row = torch.full((1, TRIED_ROWS), TRIED, dtype=torch.float64, device=name)
        exact = int((row @ row.T).item()) == TRIED_ROWS * int(TRIED) ** 2
    except Exception as error:  # noqa: BLE001  torch and its drivers raise many kinds for one fault: no such device
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:120]
        return None, f"device {name}: not there ({reason}), so {instead}"
    if not exact:
        return None, f"device {name}: rounds where float64 is exact, so {instead}"
    return Device(name), ""


def as_device(asked: str | Device | None) -> Device | None:
    """The device that was asked for; None for numpy. Raises DeviceError for a name that there is not.

    Warns
    -----
    EigenstillWarning : it is not there, and numpy computes instead
    """
    if asked is None or isinstance(asked, Device):
        return asked
    device, reason = find_device(asked)
    if device is None:
        warnings.warn(reason, EigenstillWarning, stacklevel=3)
    return device

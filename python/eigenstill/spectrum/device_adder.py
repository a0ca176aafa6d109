"""The sums of `adder` from products on a torch device: IEEE 754 leaves an exact result no choice, so the integers are equal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..arrays import FloatArray
from ..device import Device, fetched
from ..errors import SpectrumError
from .adder import CENTRE, UNIT, Adder
from .limbs import PRIME


class DeviceAdder(Adder):
    """All rows of a block at once; digits and their products stay on the device, sums and residues come here."""

    def __init__(self, device: Device, size: int, digits_of_targets: int) -> None:
        super().__init__(size, digits_of_targets)
        self.device = device

    def add(self, floors: Any, numbers: Sequence[FloatArray]) -> None:
        """Some rows of C, a tensor on the device, and of the targets' digits."""
        high = (floors * (1.0 / UNIT)).round_()
        if len(high) and not 0.0 <= float(high.min()) <= float(high.max()) <= UNIT:
            raise SpectrumError("exact sums: a column outside [0, 2^40] on a training row; this is a fault of ours")
        low = floors - high * UNIT
        high -= CENTRE
        for square, part in zip(self.squares, (low, low + high, high), strict=True):
            square += np.triu(fetched(part.T @ part))
        vectors = self.device.sent(self.vectors)
        constant = CENTRE * UNIT % PRIME * (self.vectors.sum(axis=0) % PRIME)
        image = (fetched(low @ vectors) % PRIME + fetched(high @ vectors) % PRIME * UNIT + constant) % PRIME
        beside = np.hstack([np.ones((len(image), 1)), image, *numbers])
        there = self.device.sent(beside)
        self.rows += len(beside)
        self.lows += fetched(there.T @ low)
        self.highs += fetched(there.T @ high)
        self.beside += beside.sum(axis=0)

"""Integer matrices as the checker has them, lists of rows, without losing the array that they come from."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..arrays import IntArray, frozen


class ListedMatrix(list[list[int]]):
    """Rows of Python integers; numpy reads them from the array, int64 (a, b), many times as fast. Not to be changed."""

    def __init__(self, values: IntArray) -> None:
        super().__init__(values.tolist())
        self.values = frozen(values)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray[Any, Any]:
        """What ``np.array(self)`` is made of."""
        return np.array(self.values, dtype=dtype) if copy else np.asarray(self.values, dtype=dtype)

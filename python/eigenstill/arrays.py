"""Array types and the checks that every stage shares."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from .errors import DataError

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
ObjectArray = npt.NDArray[np.object_]
"""Python integers of any size, shape as stated where it is used."""

EXACT_INTEGER = 1 << 53


def float_array(values: Any, where: str) -> FloatArray:
    """A float64 copy or view of real numbers.

    Raises
    ------
    DataError : text, objects, complex numbers, or integers beyond 2^53 that float64 would round
    """
    array = np.asarray(values)
    if array.dtype.kind not in "biuf":
        raise DataError(f"{where}: values of type {array.dtype}; need real numbers; encode or drop them first")
    if array.dtype.kind in "iu" and array.dtype.itemsize == 8 and array.size:
        largest = max(abs(int(array.min())), abs(int(array.max())))
        if largest > EXACT_INTEGER:
            raise DataError(f"{where}: integer of size {largest}; need at most 2^53 for an exact float64; rescale it")
    with np.errstate(over="ignore"):
        return np.ascontiguousarray(array, dtype=np.float64)


def require_finite(values: FloatArray, where: str, names: tuple[str, ...] | None = None) -> None:
    """Refuse NaN and infinities, naming the first row and column (counted from 0)."""
    finite = np.isfinite(values)
    if finite.all():
        return
    place = tuple(int(index) for index in np.argwhere(~finite)[0])
    column = ""
    if len(place) > 1:
        column = f", column {names[place[1]]}" if names else f", column {place[1]}"
    count = int(finite.size - finite.sum())
    raise DataError(
        f"{where}: row {place[0]}{column}: got {values[place]} ({count} such in all); need finite numbers; "
        "drop or fill these rows"
    )


def frozen(values: npt.NDArray[Any]) -> Any:
    """The same array, contiguous and read-only."""
    array = np.ascontiguousarray(values)
    if array is values or array.base is not None:
        array = array.copy()
    array.setflags(write=False)
    return array

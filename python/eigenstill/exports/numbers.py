"""What every export writes: the formula's own numbers, unchanged, or each rounded once to float32."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from eigenstill_check.version import __version__

from ..basis import FEATURES
from ..errors import StudentError
from ..student import Student

Array = npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class Numbers:
    """student_o(x) = b_o + sum_d w_do x_d + sum_j a_jo phi_j(x), as in `Formula`, in one type of float.

    Attributes
    ----------
    kernel : one of the four kernels
    landmarks, scales, coefficients, intercept : (m, d), (d,), (m, c), (c,)
    weights : (d, c), or None without the linear term
    input_names, output_names : of the columns
    flat : predictions have shape (n,)
    digest : SHA-256 of the student's file
    float32 : every number was rounded to float32, and so the export computes
    """

    kernel: str
    landmarks: Array
    scales: Array
    coefficients: Array
    intercept: Array
    weights: Array | None
    input_names: tuple[str, ...]
    output_names: tuple[str, ...]
    flat: bool
    digest: str
    float32: bool

    @property
    def type(self) -> type[np.floating[Any]]:
        """numpy's type of every number."""
        return np.float32 if self.float32 else np.float64

    @property
    def real(self) -> str:
        """Its name: float64 or float32."""
        return "float32" if self.float32 else "float64"

    def arrays(self) -> dict[str, Array]:
        """The arrays by name, weights only where there are any."""
        names = ("landmarks", "scales", "coefficients", "intercept", "weights")
        return {name: getattr(self, name) for name in names if getattr(self, name) is not None}


def numbers_of(student: Student, *, float32: bool = False) -> Numbers:
    """The student's numbers.

    Raises
    ------
    StudentError : the basis is features, which only the user's own function can compute; or a number overflows float32
    """
    formula = student.formula
    if formula.kernel == FEATURES:
        raise StudentError(
            "export: the basis is features, which your own function computes; need a kernel basis; "
            "export that function with its own tools and multiply by the student's weights"
        )
    kind = np.float32 if float32 else np.float64
    held: dict[str, Any] = {}
    for name in ("landmarks", "scales", "coefficients", "intercept", "weights"):
        array = getattr(formula, name)
        with np.errstate(over="ignore"):
            held[name] = None if array is None else array.astype(kind)
        if held[name] is not None and not np.isfinite(held[name]).all():
            raise StudentError(f"export: {name} beyond the range of float32; leave --float32 away")
    if not (held["scales"] > 0).all():
        raise StudentError("export: a scale is 0 in float32; leave --float32 away")
    return Numbers(
        formula.kernel,
        **held,
        input_names=student.input_names,
        output_names=student.output_names,
        flat=student.flat,
        digest=hashlib.sha256(student.encode()).hexdigest(),
        float32=float32,
    )


def header(numbers: Numbers, note: str) -> list[str]:
    """What every export says of itself; nothing in it comes from data."""
    lines = [
        f"Written by eigenstill {__version__} from the student with sha256 {numbers.digest}.",
        f"{numbers.kernel}, {counted(len(numbers.landmarks), 'landmark')}, {counted(len(numbers.input_names), 'input')}, "
        f"{counted(len(numbers.output_names), 'output')}, {numbers.real}.",
    ]
    return [*lines, note] if note else lines


def counted(count: int, name: str) -> str:
    """The count with its noun."""
    return f"{count} {name}{'' if count == 1 else 's'}"


def listed(array: Array, number: Any = repr, brackets: str = "[]", indent: str = "    ") -> str:
    """An array as nested literals, one row a line; ``number`` writes a Python float."""

    def row(values: Iterable[float]) -> str:
        return f"{brackets[0]}{', '.join(number(float(value)) for value in values)}{brackets[1]}"

    if array.ndim == 1:
        return row(array)
    body = "".join(f"{indent}{row(values)},\n" for values in array)
    return f"{brackets[0]}\n{body}{brackets[1]}"

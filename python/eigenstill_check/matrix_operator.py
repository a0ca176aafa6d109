"""M = A^T A (or A A^T) of a recorded matrix, in integers (FORMAT.md section 4)."""

from __future__ import annotations

from .arithmetic import STANDARD, Arithmetic
from .errors import Rejected
from .matrix_certificate import MatrixCertificate
from .operator import Operator
from .packed import Matrix, transpose


def form_matrix_operator(certificate: MatrixCertificate, arithmetic: Arithmetic = STANDARD) -> Operator:
    """A is the matrix, minus the column means rounded down to its grid where it is centred.

    Raises
    ------
    Rejected : the matrix is declared symmetric and is not
    """
    settings, entries = certificate.basis, certificate.entries
    if settings.symmetric:
        _require_symmetric(entries)
    if settings.centred:
        entries = centred(entries)
    turned = transpose(entries)
    factors = (entries, turned) if settings.transposed else (turned, entries)
    matrix = arithmetic.symmetric_product(*factors)
    return Operator(matrix, 2 * certificate.exponent)


def centred(entries: Matrix) -> Matrix:
    """Each column minus the floor of its mean."""
    means = [sum(column) // len(entries) for column in zip(*entries, strict=True)]
    return [[entry - mean for entry, mean in zip(row, means, strict=True)] for row in entries]


def _require_symmetric(entries: Matrix) -> None:
    if len(entries) != len(entries[0]):
        raise Rejected("matrix.symmetric", f"{len(entries)} x {len(entries[0])}", "a square matrix")
    for row, (line, column) in enumerate(zip(entries, zip(*entries, strict=True), strict=True)):
        if line != list(column):
            other = next(index for index, (a, b) in enumerate(zip(line, column, strict=True)) if a != b)
            raise Rejected("matrix.symmetric", f"entries ({row}, {other}) and ({other}, {row}) differ", "equal entries")

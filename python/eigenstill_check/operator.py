"""The operator's matrix M = A^T A in integers, from the sums over the rows (FORMAT.md section 3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .arithmetic import STANDARD, Arithmetic
from .certificate import Basis, Model
from .dyadic import Dyadic
from .packed import Matrix
from .rows import RowSums


@dataclass(frozen=True)
class Operator:
    """M = ``matrix`` 2^``exponent``, r x r and symmetric."""

    matrix: Matrix
    exponent: int

    @property
    def diagonal(self) -> list[int]:
        """M_jj in units 2^exponent."""
        return [row[index] for index, row in enumerate(self.matrix)]

    @property
    def trace(self) -> Dyadic:
        """tr M = norm(A)_F^2."""
        return Dyadic(sum(self.diagonal), self.exponent)

    def images(self, vectors: Sequence[Sequence[int]], arithmetic: Arithmetic) -> Callable[[Sequence[int]], list[int]]:
        """vector -> M @ vector in units 2^exponent, made ready for these vectors."""
        return arithmetic.images(self.matrix, vectors)

    def image(self, vector: Sequence[int], arithmetic: Arithmetic) -> list[int]:
        """M @ vector in units 2^exponent."""
        return arithmetic.image(self.matrix, vector)


def centre(gram: Matrix, column_sums: list[int], rows: int) -> Matrix:
    """N = G - S c^T - c S^T + n c c^T with c = floor(S / n): the Gram matrix of C - 1 c^T."""
    means = [total // rows for total in column_sums]
    return [
        [
            entry - total * other_mean - mean * other_total + rows * mean * other_mean
            for entry, other_total, other_mean in zip(row, column_sums, means, strict=True)
        ]
        for row, total, mean in zip(gram, column_sums, means, strict=True)
    ]


def block_metric(metric: Matrix, linear_metric: list[int]) -> Matrix:
    """T = blockdiag(T_z, diag(T_l)) as integers."""
    m, d = len(metric), len(linear_metric)
    kernel = [row + [0] * d for row in metric]
    linear = [
        [0] * m + [value if column == index else 0 for column in range(d)] for index, value in enumerate(linear_metric)
    ]
    return kernel + linear


def form_operator(basis: Basis, model: Model, sums: RowSums, arithmetic: Arithmetic = STANDARD) -> Operator:
    """M = A^T A = 2^-2p T^T N T."""
    centred = centre(sums.gram, sums.column_sums, sums.rows)
    matrix = arithmetic.congruence(block_metric(model.metric, model.linear_metric), centred)
    return Operator(matrix, 2 * (basis.metric_exponent - basis.grid_bits))

"""The targets seen by the operator: A^T (t - tbar), and how much of t the kept modes hold (FORMAT.md section 3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from .arithmetic import STANDARD, Arithmetic
from .certificate import Basis, Model
from .dyadic import ZERO, Dyadic, integers, quotient53
from .rows import RowSums, TargetSums
from .spectral import Modes
from .vectors import Vector


@dataclass(frozen=True)
class Target:
    """One output of one target on the n training rows, exact.

    products : n A^T (t - tbar), r numbers
    total : n norm(t - tbar)^2
    """

    products: Vector
    total: Dyadic


def targets_of(basis: Basis, model: Model, sums: RowSums, arithmetic: Arithmetic = STANDARD) -> dict[str, list[Target]]:
    """n A^T (t - tbar) = 2^-p T^T (n C^T t - F S), F the sum of t: the mean c of the columns drops out."""
    count = len(model.metric)
    rows, column_sums = Dyadic(sums.rows), Vector(sums.column_sums, 0)
    result: dict[str, list[Target]] = {}
    for name, outputs in sums.products.items():
        result[name] = []
        for product, target in zip(outputs, sums.splits["train"].targets[name], strict=True):
            centred = product.scaled(rows) - column_sums.scaled(target.values)
            kernel, linear = centred.entries[:count], centred.entries[count:]  # T = blockdiag(T_z, diag(T_l))
            image = arithmetic.coimage(model.metric, kernel) if count else []
            image += [own * entry for own, entry in zip(model.linear_metric, linear, strict=True)]
            unit = centred.exponent + basis.metric_exponent - basis.grid_bits
            result[name].append(Target(Vector(image, unit), total_of(sums.rows, target)))
    return result


def total_of(rows: int, sums: TargetSums) -> Dyadic:
    """n norm(t - tbar)^2 = n sum t^2 - (sum t)^2."""
    return Dyadic(rows) * sums.squared_values - sums.values * sums.values


def along_modes(
    basis: Basis, vectors: list[list[int]], count: int, products: Vector, arithmetic: Arithmetic = STANDARD
) -> Vector:
    """V^T of a vector of r numbers, for the first ``count`` modes of V."""
    return Vector(arithmetic.image(vectors, products.entries, count), basis.vector_exponent + products.exponent)


def mode_energies(modes: Modes, along: Vector) -> list[tuple[Dyadic, Dyadic]]:
    """For each mode, bounds of its part of norm(P x)^2, P the projection on the span of the A v_k; outward to 53 bits.

    ``along`` is V^T A^T x. With E = V^T M V and R_k = sum over j != k of |E_kj| < E_kk the inverse of E lies between
    diag(1 / (E_kk + R_k)) and diag(1 / (E_kk - R_k)), so the sum over any set of modes bounds the projection on their
    span: sum x_k^2 / (E_kk + R_k) <= norm(P x)^2 <= sum x_k^2 / (E_kk - R_k).

    Raises
    ------
    ValueError : a mode with R_k >= E_kk
    """
    result = []
    shift = 2 * along.exponent - modes.energy_exponent
    for entry, energy, radius in zip(along.entries, modes.energies, modes.energy_radii, strict=False):
        if not radius < energy:
            raise ValueError("modes that mix")
        square = (entry * entry) << max(0, shift)
        least, most = ((energy + sign * radius) << max(0, -shift) for sign in (1, -1))
        result.append((quotient53(square, least, up=False), quotient53(square, most, up=True)))
    return result


def span_energy(modes: Modes, along: Vector) -> tuple[Dyadic, Dyadic]:
    """Bounds of norm(P x)^2 over the modes of ``along``."""
    parts = mode_energies(modes, along)
    return sum((low for low, _ in parts), ZERO), sum((high for _, high in parts), ZERO)


def share(part: Dyadic, whole: Dyadic, *, up: bool, bits: int = 30) -> Dyadic:
    """part / whole on the grid 2^-bits, rounded up or down, at most 1; whole > 0."""
    (top, top_low), (bottom, bottom_low) = part.ratio(), whole.ratio()
    numerator, denominator = (top * bottom_low) << bits, top_low * bottom
    value = -(-numerator // denominator) if up else numerator // denominator
    return Dyadic(min(value, 1 << bits), -bits)


def largest_sums(values: Sequence[Dyadic], counts: Sequence[int]) -> list[Dyadic]:
    """The sum of the k largest values, for each k of ``counts``."""
    entries, exponent = integers(list(values))
    totals = list(accumulate(sorted(entries, reverse=True), initial=0))
    return [Dyadic(totals[count], exponent) for count in counts]

"""What V, d, mu and L prove about M: one positive semidefinite matrix and nearly orthogonal modes (FORMAT.md 3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from .arithmetic import STANDARD, Arithmetic
from .dyadic import ONE, ZERO, Dyadic, quotient53
from .operator import Operator
from .packed import Matrix, largest, slot_width, transpose


class Units(Protocol):
    """Exponents of the units in which V, d and L are stored."""

    @property
    def vector_exponent(self) -> int: ...

    @property
    def excess_exponent(self) -> int: ...

    @property
    def factor_exponent(self) -> int: ...


class Witnesses(Protocol):
    """V (K rows of r), d (K) and L (r x r) as stored."""

    @property
    def eigenvectors(self) -> Matrix: ...

    @property
    def excess(self) -> list[int]: ...

    @property
    def factor(self) -> Matrix: ...

    @property
    def columns(self) -> int: ...


@dataclass(frozen=True)
class Modes:
    """What V and M say together, exact, one entry a mode.

    norms, norm_radii : |v_k|^2 and sum over j != k of |v_k . v_j|, in units 2^gram_exponent
    energies, energy_radii : v_k^T M v_k and sum over j != k of |v_k^T M v_j|, in units 2^energy_exponent
    defect : delta, the largest absolute row sum of V^T V - I
    """

    norms: list[int]
    norm_radii: list[int]
    gram_exponent: int
    energies: list[int]
    energy_radii: list[int]
    energy_exponent: int
    defect: Dyadic


def mode_products(units: Units, model: Witnesses, operator: Operator, arithmetic: Arithmetic = STANDARD) -> Modes:
    """V^T V and V^T M V; the latter as a congruence, so that only the entries of V multiply packed rows."""
    columns = transpose(model.eigenvectors)
    gram = arithmetic.symmetric_product(model.eigenvectors, columns)
    energy = arithmetic.congruence(columns, operator.matrix)
    return modes_of(gram, energy, units.vector_exponent, operator.exponent)


def modes_of(gram: Matrix, energy: Matrix, vector_exponent: int, operator_exponent: int) -> Modes:
    """From V^T V and V^T M V in integers."""
    return modes_from(_split(gram), _split(energy), vector_exponent, operator_exponent)


def modes_from(
    gram: tuple[list[int], list[int]], energy: tuple[list[int], list[int]], vector_exponent: int, operator_exponent: int
) -> Modes:
    """From the diagonals of both, and the sums of the absolute values beside them."""
    unit = 2 * vector_exponent
    low = min(unit, 0)
    one = 1 << -low
    norms, norm_radii = gram
    worst = max(
        abs((norm << (unit - low)) - one) + (radius << (unit - low))
        for norm, radius in zip(norms, norm_radii, strict=True)
    )
    energies, energy_radii = energy
    return Modes(norms, norm_radii, unit, energies, energy_radii, unit + operator_exponent, Dyadic(worst, low))


def _split(matrix: Matrix) -> tuple[list[int], list[int]]:
    """Diagonal, and sums of the absolute values beside it."""
    diagonal = [row[index] for index, row in enumerate(matrix)]
    return diagonal, [sum(map(abs, row)) - abs(entry) for row, entry in zip(matrix, diagonal, strict=True)]


def enclosures(modes: Modes, excess: list[int], excess_exponent: int, threshold: Dyadic) -> list[tuple[Dyadic, Dyadic]]:
    """(lo_k, hi_k) for k = 1..K, outward to 53 bits: the k-th largest eigenvalue of M lies between them.

    hi_k = mu + (1 + delta) d_k on the complement of v_1 .. v_(k-1). lo_k is the least of
    (e_ii - sum |e_ij|) / (g_ii + sum |g_ij|), i <= k, with E = V^T M V and G = V^T V: both sides of
    x^T M x >= lo_k x^T x on the span of v_1 .. v_k by diagonal dominance; 0 where a numerator is negative (M is A^T A).
    """
    result = []
    least: Dyadic | None = None
    shift = modes.energy_exponent - modes.gram_exponent
    for index, d in enumerate(excess):
        top = max(0, modes.energies[index] - modes.energy_radii[index])
        bottom = modes.norms[index] + modes.norm_radii[index]
        ratio = quotient53(top << max(0, shift), bottom << max(0, -shift), up=False) if top else ZERO
        least = ratio if least is None else min(least, ratio)
        high = threshold + (ONE + modes.defect) * Dyadic(d, excess_exponent)
        result.append((least, quotient53(*high.ratio(), up=True)))
    return result


def psd_failure(
    units: Units,
    model: Witnesses,
    operator: Operator,
    threshold: Dyadic,
    slack: Dyadic,
    arithmetic: Arithmetic = STANDARD,
) -> tuple[str, str, str] | None:
    """None where W = V D V^T + mu I - M equals L L^T + sigma I + E with r |E_ij| <= sigma; else field, got, needed.

    The slot width is derived from the measured entries, so no slot of the compared rows can overflow.
    """
    threshold, slack = threshold.reduced(), slack.reduced()
    spectral_unit, factor_unit = 2 * units.vector_exponent + units.excess_exponent, 2 * units.factor_exponent
    low = min(spectral_unit, factor_unit, operator.exponent, threshold.exponent, slack.exponent)
    spectral, factor, matrix = (1 << (unit - low) for unit in (spectral_unit, factor_unit, operator.exponent))
    diagonal, sigma = threshold.at(low) - slack.at(low), slack.at(low)
    size, modes = model.columns, len(model.excess)
    bits = (sigma // size).bit_length()  # the largest t with r 2^(t-1) <= sigma
    if bits < 1:
        return ".slack", str(slack), f"at least {size} units of 2^{low}"
    bound = (
        modes * largest(model.eigenvectors) ** 2 * max(model.excess) * spectral
        + size * largest(model.factor) ** 2 * factor
        + largest(operator.matrix) * matrix
        + abs(diagonal)
        + (1 << bits)
    )
    weighted = [
        [spectral * weight * value for value in vector]
        for weight, vector in zip(model.excess, model.eigenvectors, strict=True)
    ]
    negative = [[-factor * row[k] for row in model.factor] for k in range(size)]
    left = [
        list(coordinates) + row
        for coordinates, row in zip(zip(*model.eigenvectors, strict=True), model.factor, strict=True)
    ]
    rest = [
        [(diagonal if other == index else 0) - matrix * value for other, value in enumerate(row)]
        for index, row in enumerate(operator.matrix)
    ]
    index = arithmetic.first_outside(left, weighted + negative, rest, slot_width(bound), bits)
    if index is None:
        return None
    return (
        "",
        f"row {index} of W - L L^T - sigma I has an entry outside [-2^{bits - 1}, 2^{bits - 1}) 2^{low}",
        "every entry inside, so that W is positive semidefinite",
    )

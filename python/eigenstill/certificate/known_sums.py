"""The training rows' errors from sums that are known already, so that the rows need not be floored again.

With G = C^T C, P = C^T t and the formula s = c + C k on the floored columns, sum (t - s)^2 is a polynomial in k. What is
a maximum over the rows is left to `open_rows`, from float64 values far beyond rounding (`basis.fine_values`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from eigenstill_check.certificate import Certificate
from eigenstill_check.dyadic import Dyadic
from eigenstill_check.packed import combine
from eigenstill_check.rows import Form, SplitSums, TargetSums

from ..arrays import FloatArray
from ..basis import Basis, fine_values
from ..spectrum import BlockSums
from ..spectrum.float_digits import DIGIT, FloatDigits
from ..spectrum.limbs import join, split
from .open_rows import OpenRows
from .split import Split

LARGEST = 2.0**200
TWO = Dyadic(2)


@dataclass(frozen=True, eq=False)
class TargetMoments:
    """Sums over rows of one output: of the targets, of their squares, of (label - teacher)^2; by target name."""

    values: dict[str, Dyadic]
    squares: dict[str, Dyadic]
    gap: Dyadic

    def __add__(self, other: TargetMoments) -> TargetMoments:
        return TargetMoments(
            {name: value + other.values[name] for name, value in self.values.items()},
            {name: value + other.squares[name] for name, value in self.squares.items()},
            self.gap + other.gap,
        )


@dataclass(frozen=True, eq=False)
class KnownBlock:
    """What a block of training rows adds: moments, one an output, and rows where a maximum may be attained."""

    rows: int
    moments: list[TargetMoments]
    open_rows: OpenRows

    def __add__(self, other: KnownBlock) -> KnownBlock:
        moments = [a + b for a, b in zip(self.moments, other.moments, strict=True)]
        return KnownBlock(self.rows + other.rows, moments, self.open_rows + other.open_rows)


@dataclass(frozen=True, eq=False)
class KnownScanner:
    """The formula, in floats and on the floored columns, and the sums over the training rows."""

    certificate: Certificate
    basis: Basis
    forms: list[Form]
    known: BlockSums

    def task(self) -> Callable[[Split], KnownBlock | None]:
        """What is done with each block; the sums stay here."""
        model = self.certificate.model
        shift = np.array([_shift(self.basis, model.coefficients, model.weights, o) for o in range(model.outputs)])
        weights = np.array(model.weights) if model.weights else None
        return partial(_block, self.basis, np.array(model.coefficients), np.array(model.intercept), weights, shift)

    def sums(self, whole: KnownBlock) -> SplitSums | None:
        """The sums of the split, without its maxima; None where the known sums are not those of these rows."""
        if whole.rows != self.known.rows or set(self.known.totals) != set(whole.moments[0].values):
            return None
        result = SplitSums(rows=whole.rows, targets={name: [] for name in whole.moments[0].values})
        for output, (form, moments) in enumerate(zip(self.forms, whole.moments, strict=True)):
            unit = Dyadic(1, form.exponent)
            linear = combine(form.coefficients, self.known.columns)
            square = self._square(form.coefficients)
            squares = Dyadic(whole.rows * form.constant**2 + 2 * form.constant * linear + square) * unit * unit
            for name in result.targets:
                total = self.known.totals[name][output]
                if (total.values, total.squares) != (moments.values[name], moments.squares[name]):
                    return None
                product = self.known.products[name][output]
                along = Dyadic(combine(form.coefficients, product.entries), product.exponent)
                crossed = (Dyadic(form.constant) * total.values + along) * unit
                errors = total.squares - TWO * crossed + squares
                target = TargetSums(squared_errors=errors, values=total.values, squared_values=total.squares)
                if name == "labels":
                    target.teacher_squared_errors = moments.gap
                result.targets[name].append(target)
        return result

    def _square(self, coefficients: list[int]) -> int:
        """k^T G k."""
        limbs = [limb.astype(np.float64) for limb in split(np.array(coefficients, dtype=object), DIGIT)]
        stacked = np.stack(limbs, axis=1)
        sums = [np.zeros(len(coefficients), dtype=np.int64) for _ in range(len(self.known.gram) + len(limbs) - 1)]
        for place, digit in enumerate(self.known.gram):
            high = digit >> DIGIT  # the last digit may be longer than the others
            for limb, column in enumerate(((digit - (high << DIGIT)).astype(np.float64) @ stacked).T):
                sums[place + limb] += column.astype(np.int64)
            if high.any():
                for limb, column in enumerate((high.astype(np.float64) @ stacked).T):
                    if place + limb + 1 == len(sums):
                        sums.append(np.zeros(len(coefficients), dtype=np.int64))
                    sums[place + limb + 1] += column.astype(np.int64)
        return combine(coefficients, join(sums, DIGIT).tolist())


def _shift(basis: Basis, coefficients: list[list[float]], weights: list[list[float]], output: int) -> float:
    """By how much flooring the columns may move the formula at a row, at most."""
    total = sum(abs(row[output]) for row in coefficients)
    total += sum(abs(row[output]) * 2.0**exponent for row, exponent in zip(weights, basis.exponents, strict=True))
    return (1.0 + 2.0**-20) * 2.0**-basis.grid_bits * total


def _block(
    basis: Basis,
    coefficients: FloatArray,
    intercept: FloatArray,
    weights: FloatArray | None,
    shift: FloatArray,
    rows: Split,
) -> KnownBlock | None:
    """None where float64 pairs do not reach."""
    if float(np.abs(rows.inputs).max()) > LARGEST:
        return None
    fine = fine_values(basis, rows.inputs, coefficients, intercept, weights)
    if fine is None:
        return None
    scores, doubts = [fine.magnitudes], [2.0**-39 * fine.magnitudes + 2.0 * fine.bound]
    exact = [(part, np.zeros_like(shift)) for part in rows.evaluations.values()]
    floored = [(part, shift) for part in rows.targets.values()]
    for values, slack in exact + floored:
        gaps = np.abs((values - fine.high) - fine.low)
        scores.append(gaps)
        doubts.append(fine.bound + slack + 2.0**-50 * gaps)
    moments = [
        _moments({name: part[:, output] for name, part in rows.targets.items()}) for output in range(len(intercept))
    ]
    return KnownBlock(len(rows.inputs), moments, OpenRows.of(rows, np.hstack(scores), np.hstack(doubts)))


def _moments(columns: dict[str, FloatArray]) -> TargetMoments:
    digits = {name: FloatDigits.of(column) for name, column in columns.items()}
    values = {name: own.total() for name, own in digits.items()}
    squares = {name: own.dot(own) for name, own in digits.items()}
    gap = Dyadic(0)
    if "labels" in digits:
        crossed = digits["labels"].dot(digits["teacher"])
        gap = squares["labels"] + squares["teacher"] - TWO * crossed
    return TargetMoments(values, squares, gap)

"""Exact sums over blocks against Python's own integers; and the spectrum that they give."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from eigenstill.basis import Basis, exact_columns
from eigenstill.basis.basis import linear_term
from eigenstill.basis.rounding import round_bits, round_columns
from eigenstill.errors import SpectrumError
from eigenstill.spectrum import decompose, decompose_sums
from eigenstill.spectrum.adder import carried, digits
from eigenstill.spectrum.block_sums import BlockSums, block_sums

KERNELS = ("rational-quadratic", "rational-l1", "gaussian", "matern-3/2")


def case(kernel="rational-quadratic", seed=0, rows=120):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, 3)) * np.array([1.0, 30.0, 0.1]) + np.array([0.0, 2000.0, 5.0])
    power = 1 if kernel == "rational-l1" else 2
    scales = round_bits((0.7 / x.std(axis=0)) ** power)
    return (
        Basis(kernel, round_columns(x[:6], x.std(axis=0)), scales, *linear_term(x)),
        x,
        rng.normal(size=(rows, 2)) * 1e3,
    )


def sums_of(basis, x, targets, cuts) -> BlockSums:
    parts = [
        block_sums(basis, x[a:b], {"teacher": targets[a:b]}) for a, b in zip([0, *cuts], [*cuts, len(x)], strict=True)
    ]
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total


@pytest.mark.parametrize("kernel", KERNELS)
def test_sums_are_exact(kernel):
    basis, x, t = case(kernel)
    sums = sums_of(basis, x, t, [50])
    columns = exact_columns(basis, x).astype(object)
    assert np.array_equal(sums.full_gram(), columns.T.dot(columns))
    assert list(sums.columns) == columns.sum(axis=0).tolist()
    for output in range(2):
        values = [Fraction(float(value)) for value in t[:, output]]
        vector, total = sums.products["teacher"][output], sums.totals["teacher"][output]
        unit = Fraction(2) ** vector.exponent
        expected = [sum(a * b for a, b in zip(column, values, strict=True)) for column in columns.T]
        assert [entry * unit for entry in vector.entries] == expected
        assert Fraction(*total.values.ratio()) == sum(values)
        assert Fraction(*total.squares.ratio()) == sum(value * value for value in values)


def test_sums_are_the_same_whatever_the_blocks_and_their_order():
    basis, x, t = case()
    first, second = sums_of(basis, x, t, [10, 11, 90]), sums_of(basis, x, t, [])
    third = block_sums(basis, x[70:], {"teacher": t[70:]}) + block_sums(basis, x[:70], {"teacher": t[:70]})
    for other in (second, third):
        assert first.gram.tobytes() == other.gram.tobytes()
        assert (first.rows, first.columns) == (other.rows, other.columns)
        assert [v.at(-2000) for v in first.products["teacher"]] == [v.at(-2000) for v in other.products["teacher"]]


@pytest.mark.parametrize("kernel", KERNELS)
def test_spectrum_is_that_of_all_columns_at_once(kernel):
    basis, x, t = case(kernel)
    whole, blocks = decompose(basis, exact_columns(basis, x)), decompose_sums(basis, sums_of(basis, x, t, [64]))
    assert np.array_equal(whole.operator, blocks.operator)
    assert np.array_equal(whole.eigenvalues, blocks.eigenvalues)
    assert (whole.column_sums, whole.column_means, whole.rows) == (blocks.column_sums, blocks.column_means, blocks.rows)


def test_rounded_product_is_noticed():
    basis, x, t = case()
    sums = sums_of(basis, x, t, [])
    bent = sums.gram.copy()
    bent[0, 1, 2] += 1
    with pytest.raises(SpectrumError, match="not exact on integers"):
        BlockSums(sums.rows, sums.columns, bent, sums.trace, sums.products, sums.totals).full_gram()


def test_digits_are_balanced():
    floors = np.array([[0.0, 2.0**40, 2.0**40 - 1, 2.0**19, 2.0**19 - 1, 12345678901.0]])
    low, high = np.empty_like(floors), np.empty_like(floors)
    left = floors.copy()
    digits(left, low, high)
    assert np.array_equal(low + 2.0**20 * (high + 2.0**19), floors)
    assert np.array_equal(left, low + high)
    assert np.abs(low).max() <= 2**19
    assert np.abs(high).max() <= 2**19
    for outside in (2.0**41, -(2.0**20)):
        with pytest.raises(SpectrumError, match="outside"):
            digits(np.array([[outside]]), np.empty((1, 1)), np.empty((1, 1)))


def test_carrying_keeps_the_number():
    sums = np.array([[[-5]], [[2**60]], [[-(2**55)]], [[7]]])
    others = np.array([[[3]], [[-(2**40)]], [[2**54]], [[-9]]])
    result = carried(sums, others)
    first, second, after = (
        sum(int(d[0, 0]) << (20 * k) for k, d in enumerate(digits)) for digits in (sums, others, result)
    )
    assert first + second == after
    assert all(0 <= int(d[0, 0]) < 2**20 for d in result[:-1])

"""Products by residues against Python's integers, at the edges of what float64 holds."""

from __future__ import annotations

import random
from math import gcd, prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eigenstill.errors import SpectrumError
from eigenstill.spectrum import residue_product
from eigenstill.spectrum.limb_matrix import LimbMatrix
from eigenstill.spectrum.moduli import ROOM, SLACK, Moduli, reduce
from eigenstill.spectrum.residue_product import congruence, weighted_square

WIDTHS = (20, 21, 22)


def whole(seed: int, shape: tuple[int, int], bits: int) -> np.ndarray:
    draw = random.Random(seed)
    edges = [0, 1, -1, 2**bits - 1, -(2**bits)]
    entries = [
        [draw.choice(edges) if draw.random() < 0.5 else draw.randrange(-(2**bits), 2**bits) for _ in range(shape[1])]
        for _ in range(shape[0])
    ]
    return np.array(entries, dtype=object)


@given(st.integers(0, 10**6), st.integers(0, 90), st.integers(0, 260), st.integers(1, 6), st.integers(1, 6), st.data())
@settings(max_examples=60, deadline=None)
def test_congruence(seed, bits, others, rows, inner, data):
    width = data.draw(st.sampled_from((*WIDTHS, 27)))  # 27: digits too long for residues where numbers are long
    columns, root = whole(seed, (rows, inner), bits), whole(seed + 1, (inner, inner), others)
    symmetric = root + root.T
    found = congruence(LimbMatrix.of_integers(columns, width), LimbMatrix.of_integers(symmetric, width))
    assert (found.integers() == columns.dot(symmetric).dot(columns.T)).all()
    assert np.abs(found.digits).max() <= 1 << (width - 1)


@given(st.integers(0, 10**6), st.integers(0, 90), st.integers(0, 61), st.integers(1, 6), st.integers(1, 6))
@settings(max_examples=60, deadline=None)
def test_weighted_square(seed, bits, others, rows, inner):
    columns, weights = whole(seed, (rows, inner), bits), whole(seed + 1, (inner, 1), others)
    found = weighted_square(LimbMatrix.of_integers(columns, 22), weights[:, 0].astype(np.int64))
    assert (found.integers() == (columns * weights[:, 0]).dot(columns.T)).all()


@pytest.mark.parametrize("size", [130, 300])
def test_several_parts_and_the_largest_entries(size):
    """All partial sums as large as they get; more rows than one part, and all equal so that nothing cancels."""
    rows, weight = 140, (1 << 60) - 1
    columns = LimbMatrix.of_int64(np.full((rows, size), (1 << 60) - 1), 22)
    middle = LimbMatrix.of_integers(np.full((size, size), -(1 << 170), dtype=object), 22)
    top = ((1 << 60) - 1) ** 2
    assert set(congruence(columns, middle).integers().ravel()) == {-top * size**2 << 170}
    assert set(weighted_square(columns, np.full(size, weight)).integers().ravel()) == {top * size * weight}


@given(st.integers(1, 2000), st.integers(1, 4096))
@settings(max_examples=40, deadline=None)
def test_moduli_are_coprime_and_multiply_exactly(bits, inner):
    values = Moduli.covering(bits, inner).values
    assert all(gcd(a, prod(values[:k])) == 1 for k, a in enumerate(values))
    assert prod(values) > 8 << bits
    assert inner * (values[0] // 2 + SLACK) ** 2 <= (1 << 53) - ROOM


@given(st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_residues_stay_small(seed):
    draw = random.Random(seed)
    top = (1 << 53) - ROOM
    numbers = [draw.choice([top, -top, draw.randrange(-top, top), draw.randrange(-(2**23), 2**23)]) for _ in range(50)]
    for modulus in Moduli.covering(300, 526).values:
        values = np.array([numbers], dtype=np.float64)
        reduce(values, float(modulus))
        assert np.abs(values).max() <= modulus // 2 + SLACK
        assert all((int(value) - number) % modulus == 0 for value, number in zip(values[0], numbers, strict=True))


def test_a_product_that_was_rounded_is_noticed(monkeypatch):
    right = residue_product._fill_lower

    def bent(square, left, other, modulus):
        right(square, left, other, modulus)
        square[2, 1] += 1

    monkeypatch.setattr(residue_product, "_fill_lower", bent)
    columns, middle = whole(0, (3, 4), 60), whole(1, (4, 4), 60)
    with pytest.raises(SpectrumError, match="not exact on integers"):
        congruence(LimbMatrix.of_integers(columns, 22), LimbMatrix.of_integers(middle + middle.T, 22))
    with pytest.raises(SpectrumError, match="not exact on integers"):
        weighted_square(LimbMatrix.of_integers(columns, 22), np.array([1, 2, 3, 4]))

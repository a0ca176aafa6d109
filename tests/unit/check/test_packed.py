"""Packed rows against plain loops, with entries at the edges of their slots."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eigenstill_check.packed import (
    add_gram,
    combine,
    congruence,
    entries_within,
    full_gram,
    largest,
    ones,
    pack,
    product,
    slot_width,
    symmetric_product,
    transpose,
    unpack,
    upper_rows,
)

edges = st.sampled_from([0, 1, -1, 127, -128, 128, 2**31, -(2**31), 2**62, -(2**63), 2**63 - 1, 2**200, -(2**200)])
entries = st.one_of(st.integers(-9, 9), edges, st.integers(-(2**90), 2**90))


def matrices(rows, columns, values=entries):
    return st.lists(st.lists(values, min_size=columns, max_size=columns), min_size=rows, max_size=rows)


sizes = st.integers(1, 5)
pairs = st.tuples(sizes, sizes, sizes).flatmap(lambda s: st.tuples(matrices(s[0], s[1]), matrices(s[1], s[2])))
squares = sizes.flatmap(lambda size: matrices(size, size))


def plain(left, right):
    return [
        [sum(a * b for a, b in zip(row, column, strict=True)) for column in zip(*right, strict=True)] for row in left
    ]


@given(st.integers(0, 2**300))
def test_slot_width_is_the_least_multiple_of_8(bound):
    width = slot_width(bound)
    assert width % 8 == 0
    assert bound < 2 ** (width - 1)
    assert width == 8 or bound >= 2 ** (width - 9)


@given(st.lists(st.integers(-128, 127), min_size=1, max_size=9), st.sampled_from([8, 16, 64]))
def test_pack_is_the_sum_of_powers_and_unpack_its_inverse(row, width):
    packed = pack(row, width)
    assert packed == sum(entry << (width * index) for index, entry in enumerate(row))
    assert unpack(packed, len(row), width) == row


@pytest.mark.parametrize("entry", [128, -129, 2**40, -(2**40)])
def test_pack_refuses_what_does_not_fit(entry):
    with pytest.raises(OverflowError):
        pack([0, entry], 8)


@given(st.integers(1, 9), st.sampled_from([8, 24, 64]))
def test_ones(count, width):
    assert ones(count, width) == sum(1 << (width * index) for index in range(count))


@given(pairs)
def test_product(pair):
    left, right = pair
    assert product(left, right) == plain(left, right)


@given(squares)
def test_symmetric_product(square):
    right = transpose(square)
    assert symmetric_product(square, right) == plain(square, right)


@given(sizes.flatmap(lambda size: st.tuples(matrices(size, size), matrices(size, size))))
def test_congruence(pair):
    transform, root = pair
    symmetric = plain(root, transpose(root))
    assert congruence(transform, symmetric) == plain(plain(transpose(transform), symmetric), transform)


def test_congruence_beyond_one_trimming_interval():
    """More rows than `TRIM_EVERY`."""
    size = 70
    transform = [[(7 * i + 3 * j) % 23 - 11 for j in range(size)] for i in range(size)]
    symmetric = [[(i * j) % 17 - 8 << 60 for j in range(size)] for i in range(size)]
    assert congruence(transform, symmetric) == plain(plain(transpose(transform), symmetric), transform)


@given(pairs)
def test_upper_rows_are_residues_of_the_upper_half(pair):
    left, right = pair
    left = left[: len(right[0])]
    count = len(right[0])
    width = slot_width(largest(plain(left, right)))
    packing = slot_width(max(largest(right), largest(plain(left, right))))
    width = max(width, packing)
    rows = [pack(row[::-1], width) for row in right]
    for index, residue in upper_rows(left, rows, count, width):
        part = plain(left, right)[index][index:][::-1]
        assert residue == pack(part, width) % (1 << (width * (count - index)))


@given(
    st.tuples(st.integers(1, 9), sizes).flatmap(lambda s: matrices(*s, values=st.integers(0, 2**40))),
    st.integers(1, 9),
)
def test_add_gram_in_blocks(rows, cut):
    size = len(rows[0])
    width = slot_width(len(rows) << 80)
    gram = [0] * size
    for block in (rows[:cut], rows[cut:]):
        if block:
            add_gram(gram, block, width)
    assert full_gram(gram, width) == plain(transpose(rows), rows)


def test_add_gram_at_the_largest_sum():
    """All entries 2^p: the sum is the bound from which the width comes."""
    grid, count = 40, 255
    width = slot_width(count << (2 * grid))
    gram = [0, 0]
    add_gram(gram, [[1 << grid, 1 << grid]] * count, width)
    assert full_gram(gram, width) == [[count << (2 * grid)] * 2] * 2


windows = st.tuples(st.sampled_from([8, 16, 64]), st.integers(1, 63)).filter(lambda pair: pair[1] < pair[0])


@given(windows.flatmap(lambda pair: st.tuples(st.just(pair), st.lists(st.integers(0, 10), min_size=1, max_size=6))))
def test_entries_within_its_window_only(drawn):
    """Around both ends of the window and of the slot."""
    (width, bits), choices = drawn
    low, high = -(1 << (bits - 1)), (1 << (bits - 1)) - 1
    slot = (1 << (width - 1)) - 1
    values = [low, high, low - 1, high + 1, 0, 1, -1, slot, -slot, low + 1, high - 1]
    row = [min(max(values[choice], -slot), slot) for choice in choices]
    residue = pack(row, width) % (1 << (width * len(row)))
    assert entries_within(residue, len(row), width, bits) == all(low <= entry <= high for entry in row)


@given(st.lists(st.integers(-5, 5), min_size=3, max_size=3), matrices(3, 4))
def test_combine(coefficients, rows):
    width = slot_width(15 * max(1, largest(rows)))
    packed = combine(coefficients, [pack(row, width) for row in rows])
    assert unpack(packed, 4, width) == plain([coefficients], rows)[0]


def test_the_cheat_of_fixed_slots():
    """DESIGN section 4: W - L L^T has entries of 2^94, yet with slots of 94 bits one entry overflows into the next."""
    psd, factor = [[0, 2**94 + 1], [2**94 + 1, 2**60]], [[2**64, 0], [2**30, 0]]
    gram = plain(factor, transpose(factor))
    error = [[a - b for a, b in zip(left, right, strict=True)] for left, right in zip(psd, gram, strict=True)]
    width = slot_width(largest(error))
    for row in error:
        assert entries_within(pack(row, width) % (1 << (2 * width)), 2, width, 20) == all(abs(e) < 2**19 for e in row)
    assert largest(error) == 2**128

"""Curves in text: as many cells as fit, level by value, the mark where it belongs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eigenstill.reporting.sparkline import ASCII, UNICODE, logarithms, sparkline


def test_levels_rise_with_the_values():
    assert sparkline(np.arange(8.0), 8, 8) == "▁▂▃▄▅▆▇█│"
    assert sparkline(np.arange(8.0)[::-1].copy(), 8, 0) == "│█▇▆▅▄▃▂▁"
    assert sparkline(np.arange(8.0), 8, 3, ASCII) == "_.,|-~+*#"


def test_a_cell_is_the_mean_of_its_share_and_the_mark_stands_between_cells():
    assert sparkline(np.array([1.0, 1.0, 0.0, 1.0, 0.0, 0.0]), 3, 2) == "█│▅▁"


def test_a_given_span_is_not_stretched():
    assert sparkline(np.array([1.0, 0.5]), 2, 2, span=(0.0, 1.0)) == "█▅│"
    assert sparkline(np.array([1.0, 0.5]), 2, 2) == "█▁│"


def test_equal_values_are_full():
    assert sparkline(np.full(3, 0.7), 9, 3) == "███│"


@given(values=st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=60), cells=st.integers(1, 80), data=st.data())
def test_never_more_than_the_cells_and_a_mark(values, cells, data):
    mark = data.draw(st.integers(0, len(values)))
    drawn = sparkline(np.array(values), cells, mark)
    assert len(drawn) == min(cells, len(values)) + 1
    assert set(drawn) <= set(UNICODE.levels + UNICODE.mark)
    assert drawn.count("│") == 1


@pytest.mark.parametrize("values", [[1e3, 1.0, -1e-12], [1e3, 1.0, 0.0]])
def test_what_rounding_made_zero_or_negative_is_the_least(values):
    assert logarithms(np.array(values)).tolist() == [3.0, 0.0, 0.0]
    assert logarithms(np.array([0.0])).tolist() == [0.0]

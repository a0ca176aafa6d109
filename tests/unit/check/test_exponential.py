"""Floors of exp(-q) and of the Matern kernel in integers, against mpmath with hundreds of digits."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from math import floor

import mpmath
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from eigenstill_check.basis import EXPONENTIAL
from eigenstill_check.exponential import exponential
from support.reference import exponential as reference

kernels = st.sampled_from(sorted(EXPONENTIAL))
bits = st.sampled_from([8, 16, 40, 80, 128])
shifts = st.sampled_from([0, 1, 7, 60, 200, 1100])
arguments = st.one_of(
    st.floats(0, 1e6), st.floats(0, 100), st.floats(0, 1e-9), st.integers(0, 300).map(float), st.floats(0, 1e300)
)


@given(kernels, arguments, shifts, bits)
@example("gaussian", 0.0, 60, 80)
@example("matern-3/2", 0.0, 60, 80)
@example("gaussian", 80.0, 60, 80)
@example("gaussian", 81.0, 60, 80)
@example("matern-3/2", 4 * 80.0**2 / 3, 60, 80)
@example("matern-3/2", 1e300, 0, 8)
@example("gaussian", 2.0**-80, 200, 80)
@example("gaussian", 2.0**-80 + 2.0**-130, 200, 80)
@example("matern-3/2", 2.0**-81, 200, 80)
@example("gaussian", 5e-324, 1100, 80)
def test_floor_is_the_floor(kernel, argument, shift, grid):
    numerator = floor(Fraction(argument) * 2**shift)
    found = EXPONENTIAL[kernel](numerator, shift, grid)
    assert found == floor(reference(kernel, Fraction(numerator, 2**shift)) * 2**grid)
    assert 0 <= found <= 2**grid


@given(kernels, st.integers(1, 2**40), st.integers(30, 60), st.sampled_from([8, 40, 80]))
def test_floor_where_the_value_is_nearest_to_the_grid(kernel, multiple, shift, grid):
    """q such that 2^grid phi(q) is within about 2^-60 of an integer, on either side: precision must grow."""
    with mpmath.workprec(400):
        target = mpmath.mpf(multiple % 2**grid or 1) / mpmath.mpf(2) ** grid
        q = -mpmath.log(target)
        if kernel != "gaussian":
            q = (1 + mpmath.lambertw(-target / mpmath.e, -1).real) ** 2 / 3
        numerator = int(mpmath.floor(q * 2 ** (shift + 60)))
    for near in (numerator, numerator + 1):
        expected = floor(reference(kernel, Fraction(near, 2 ** (shift + 60))) * 2**grid)
        assert EXPONENTIAL[kernel](near, shift + 60, grid) == expected


@given(st.floats(0, 200), st.sampled_from([56, 88, 128, 300]))
def test_exponential_is_within_its_stated_error(argument, width):
    x = floor(Fraction(argument) * 2**width)
    value, error = exponential(x, width)
    exact = reference("gaussian", Fraction(x, 2**width)) * 2**width
    assert abs(value - exact) <= error
    assert error <= 2 ** (width // 2)


@pytest.mark.parametrize("kernel", EXPONENTIAL)
def test_tiny_distances_cost_no_precision(kernel):
    """q = 2^-100000 would need as many bits; the floor follows from 1 - q."""
    assert EXPONENTIAL[kernel](1, 100_000, 80) == 2**80 - 1


@pytest.mark.parametrize("kernel", EXPONENTIAL)
def test_floors_fall(kernel):
    values = [EXPONENTIAL[kernel](q, 6, 80) for q in range(2_000)]
    assert all(a > b or a == b == 0 for a, b in pairwise(values))


@pytest.mark.parametrize(
    ("kernel", "slope"), [("rational-quadratic", 27 / 64), ("gaussian", 3 / 4), ("matern-3/2", 13 / 32)]
)
def test_slopes_of_the_kernels_are_below_their_bounds_and_near_them(kernel, slope):
    """max over x of (d phi / dx)^2 / s, by derivatives on a fine grid."""
    from eigenstill_check.claims.global_bounds import SLOPES

    assert float(SLOPES[kernel]) == slope
    functions = {
        "rational-quadratic": lambda x: 1 / (1 + x**2),
        "gaussian": lambda x: mpmath.exp(-(x**2)),
        "matern-3/2": lambda x: (1 + mpmath.sqrt(3) * x) * mpmath.exp(-mpmath.sqrt(3) * x),
    }
    steepest = max(mpmath.diff(functions[kernel], mpmath.mpf(k) / 200) ** 2 for k in range(1, 600))
    assert 0.97 * slope < steepest <= slope

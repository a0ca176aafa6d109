"""The producer's quick way to the modes' products is the checker's own, integer by integer."""

from __future__ import annotations

import numpy as np
import pytest

from eigenstill.certificate.digit_operator import DigitOperator
from eigenstill.certificate.listed_matrix import ListedMatrix
from eigenstill.certificate.prove import limb_modes
from eigenstill.certificate.witness import VECTOR_EXPONENT, Spectral
from eigenstill.errors import SpectrumError
from eigenstill.spectrum.limb_matrix import LimbMatrix, digit_width
from eigenstill_check.arithmetic import arithmetic
from eigenstill_check.exact import MatrixExact
from eigenstill_check.matrix_certificate import MatrixCertificate, Settings, Witnesses
from eigenstill_check.operator import Operator
from eigenstill_check.spectral import mode_products


@pytest.mark.parametrize("modes", [1, 4, 7])
def test_limb_modes_are_the_checkers(modes):
    rng = np.random.default_rng(modes)
    half = [[int(value) << 90 | 5 for value in row] for row in rng.integers(-(2**60), 2**60, (7, 7))]
    matrix = [[half[i][j] + half[j][i] for j in range(7)] for i in range(7)]
    vectors = rng.integers(-(2**60), 2**60, (modes, 7)).tolist()
    operator = Operator(matrix, -130)
    pairs = Spectral(vectors, [3] * modes, -40, 0.0, 1.0)
    settings = Settings(False, False, False, VECTOR_EXPONENT, -40, -20)
    limbs = LimbMatrix.of_integers(matrix, digit_width(7))
    assert limb_modes(pairs, limbs, -130) == mode_products(settings, Witnesses(vectors, [3] * modes, matrix), operator)


@pytest.mark.parametrize("name", ["stdlib", "numpy"])
def test_operator_in_digits_is_that_in_integers(name):
    rng = np.random.default_rng(3)
    half = [[int(value) << 90 | 5 for value in row] for row in rng.integers(-(2**60), 2**60, (7, 7))]
    matrix = [[half[i][j] + half[j][i] for j in range(7)] for i in range(7)]
    plain, digits = Operator(matrix, -130), DigitOperator(LimbMatrix.of_integers(matrix, digit_width(7)), -130)
    assert (digits.matrix, digits.diagonal, digits.trace) == (plain.matrix, plain.diagonal, plain.trace)
    vectors = [[int(value) << 40 for value in row] for row in rng.integers(-(2**60), 2**60, (2, 7))] + [[0] * 7]
    who = arithmetic(name)
    for vector in vectors:
        assert digits.image(vector, who) == plain.image(vector, who)
        assert digits.images(vectors, who)(vector) == plain.images(vectors, who)(vector)


def test_inherited_parts_are_those_of_the_other():
    settings = Settings(False, False, False, VECTOR_EXPONENT, -40, -20)
    witnesses = Witnesses([[1 << 60, 0]], [1], [[1, 0], [0, 1]])
    certificate = MatrixCertificate({}, settings, witnesses, [[1, 0], [0, 1]], 0, ())
    first, second = MatrixExact(certificate), MatrixExact(certificate)
    second.inherit(first)
    assert second.modes is first.modes


def test_a_rounded_image_is_noticed():
    operator = DigitOperator(LimbMatrix.of_integers([[1 << 100, 7], [7, 1 << 90]], 22), -130)
    image = operator.image([3, 4], arithmetic())
    operator._ready[0][1, 0, 0] += 1  # the digits that are multiplied, not those that the product is compared with
    with pytest.raises(SpectrumError, match="not exact on integers"):
        operator.image([3, 4], arithmetic())
    assert image == [(3 << 100) + 28, 21 + (4 << 90)]


def test_a_listed_matrix_is_its_lists_and_its_array():
    values = np.arange(-6, 6).reshape(3, 4)
    listed = ListedMatrix(values)
    assert listed == values.tolist()
    assert all(type(entry) is int for row in listed for entry in row)
    again = np.array(listed, dtype=np.int64)
    assert np.array_equal(again, values)
    again[0, 0] = 99  # a copy: neither the array nor the lists have changed
    assert np.array_equal(np.asarray(listed), values)
    assert np.array(listed, dtype=np.float64).dtype == np.float64
    assert not np.asarray(listed).flags.writeable

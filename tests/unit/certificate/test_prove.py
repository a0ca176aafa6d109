"""The producer's quick way to the modes' products is the checker's own, integer by integer."""

from __future__ import annotations

import numpy as np
import pytest

from eigenstill.certificate.digit_operator import DigitOperator
from eigenstill.certificate.prove import limb_modes
from eigenstill.certificate.witness import VECTOR_EXPONENT, Spectral
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

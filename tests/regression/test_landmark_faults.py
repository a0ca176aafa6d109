"""Faults of other software with landmarks: more of them asked for than there are different points."""

from __future__ import annotations

import numpy as np
import pytest

from eigenstill import certify, check, distill
from eigenstill.basis import KERNELS, kernel_values
from eigenstill.errors import EigenstillWarning
from support.cases import table

DISTINCT = [[0.0, 0.0], [0.0, 2.0], [1.0, 0.0]]


@pytest.mark.parametrize("asked", [3, 4, 6, 50])
def test_more_clusters_than_different_points_gave_equal_centres(asked, tmp_path):
    """scikit-learn #10059: the Gram matrix of equal landmarks has the eigenvalue 0."""
    rows = table("04_points.csv")
    points, values = rows.without(["y"]), rows.columns(["y"]).values
    with pytest.warns(EigenstillWarning) as caught:
        student = distill(values, points, landmarks=asked, linear=False)
    reduced = [str(notice.message) for notice in caught if "only 3 different rows; reduced" in str(notice.message)]
    assert len(reduced) == (asked > 3)
    assert [notice for notice in student.provenance.notices if "reduced" in notice] == reduced
    assert student.formula.landmarks.tolist() == DISTINCT
    for kernel in KERNELS:
        gram = kernel_values(kernel, student.formula.landmarks, student.formula.landmarks, student.formula.scales)
        assert np.linalg.eigvalsh(gram).min() > 1e-3
    assert check(certify(student, tmp_path)).accepted


def test_gram_matrix_of_the_distinct_points_is_definite():
    """The numbers of the case, with its Gaussian; of all six points the matrix is singular."""
    gram = kernel_values("gaussian", np.array(DISTINCT), np.array(DISTINCT), np.ones(2))
    expected = [0.631938254584855, 0.999330955366646, 1.3687307900485]
    assert np.linalg.eigvalsh(gram) == pytest.approx(expected, rel=1e-12)
    every = table("04_points.csv").without(["y"]).values
    assert abs(np.linalg.eigvalsh(kernel_values("gaussian", every, every, np.ones(2))).min()) < 1e-15

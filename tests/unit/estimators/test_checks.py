"""scikit-learn's own checks of estimators, all of them, for both estimators and several settings."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from eigenstill import SpectralDistiller, SpectralDistillerClassifier

pytestmark = pytest.mark.filterwarnings("ignore::eigenstill.errors.EigenstillWarning")


class First:
    """A teacher whose name is the same in every process, as the names of tests must be."""

    def __call__(self, rows):
        return np.asarray(rows)[:, 0] + 0.1 * np.asarray(rows).sum(axis=1) ** 2

    def __repr__(self) -> str:
        return "first"


REASONS = {
    "check_regressors_train": "the formula imitates its teacher, and this one is no model of the check's labels: score",
    "check_regressor_multioutput": "this teacher has one output, the check five labels a row, which is refused",
}


def failures(estimator):
    """Checks that cannot pass, with the reason. Without a teacher there are none."""
    return {} if estimator.teacher is None else REASONS


@parametrize_with_checks(
    [
        SpectralDistiller(),
        SpectralDistiller(basis="gaussian", landmarks=12, landmarks_by="pivoted-cholesky", linear=False),
        SpectralDistiller(First()),
        SpectralDistillerClassifier(),
    ],
    expected_failed_checks=failures,
)
def test_scikit_learn_checks(estimator, check):
    check(estimator)

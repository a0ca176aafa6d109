"""SpectralDistiller: a regressor that imitates a teacher, or the labels, by an explicit formula."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Self

import numpy as np
from sklearn.base import MultiOutputMixin, RegressorMixin
from sklearn.utils.validation import check_consistent_length, validate_data

from ..arrays import FloatArray
from ..errors import EigenstillError, EstimatorError, TeacherError
from ..teacher import as_teacher
from .base import Distiller, checked_weights, classifies, require_fitted


class SpectralDistiller(RegressorMixin, MultiOutputMixin, Distiller):  # type: ignore[misc]  # untyped base
    """An explicit formula for a fitted regressor, under scikit-learn's conventions.

    Parameters
    ----------
    teacher : what is imitated: a fitted estimator with `predict`, a torch module, a function of rows (n, d), a Teacher or
        a path, as `eigenstill.distill` takes them. It is never fitted and never cloned, but shared by all clones.
        None: the formula is fitted to the labels themselves, the control that says how much of a result is the kernel
        smoother's own
    basis : "auto", "rational-quadratic", "rational-l1", "gaussian" or "matern-3/2"
    landmarks, landmarks_by, numbers, linear, select : as in `eigenstill.distill`
    random_state : int, RandomState or None; the same int gives the same formula

    Attributes
    ----------
    student_ : the Student, with its recording: `eigenstill.certify(estimator.student_, folder)`
    n_features_in_, feature_names_in_ : as everywhere in scikit-learn; the names are the student's too
    """

    def fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> Self:
        """Fit the formula.

        Parameters
        ----------
        X : rows (n, d), array or data frame of numbers; no column constant
        y : (n,) or (n, c): chooses basis and ridge; may be left out where there is a teacher
        sample_weight : (n,), 0 or more: a row of weight w counts as w rows; such a student cannot be certified

        Raises
        ------
        ValueError : rows, labels, weights, parameters or a teacher that cannot be used; an EigenstillError too
        """
        if y is None and self.teacher is not None:
            rows = validate_data(self, X, dtype=np.float64, ensure_min_samples=2)
        else:
            rows, y = validate_data(
                self, X, y, dtype=np.float64, multi_output=True, y_numeric=True, ensure_min_samples=2
            )
            check_consistent_length(rows, y)
        try:
            teacher = self._teacher()
        except EigenstillError as error:
            raise EstimatorError(str(error)) from error
        checked_weights(sample_weight, len(rows))
        student = self._distil(rows, y, teacher, sample_weight)
        if y is not None and len(student.output_names) == 1:
            student = replace(student, flat=np.ndim(y) == 1)
        self.student_ = student
        return self

    def predict(self, X: Any) -> FloatArray:
        """The formula's values, float64 (n,) or (n, c) as the labels were, or the teacher's outputs without labels."""
        rows = self._rows(X)
        return self.student_.predict(rows)

    def _teacher(self) -> Any:
        if self.teacher is None:
            return None
        require_fitted(self.teacher)
        if classifies(self.teacher):
            raise TeacherError(
                f"teacher {type(self.teacher).__name__}: a classifier; need a regressor, or SpectralDistillerClassifier"
            )
        return as_teacher(self.teacher)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.required = self.teacher is None
        return tags

"""SpectralDistillerClassifier: a classifier that imitates a teacher's probabilities or logits by an explicit formula."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import column_or_1d, validate_data

from ..arrays import FloatArray
from ..errors import EigenstillError, EstimatorError, TeacherError
from ..teacher import Teacher, as_teacher, from_estimator
from .base import Distiller, checked_weights, classifies, require_fitted
from .scores import SCORES, as_scores, probabilities, targets


class SpectralDistillerClassifier(ClassifierMixin, Distiller):  # type: ignore[misc]  # untyped base
    """An explicit formula for a fitted classifier, under scikit-learn's conventions.

    The formula has one output for two classes, the score of the second, and one a class for more; the scores are the
    teacher's probabilities or logits. A certificate is about the formula, before scores become probabilities.

    Parameters
    ----------
    teacher : a fitted classifier with `predict_proba`, or a torch module, function, Teacher or path that gives a score a
        class, in sorted order, or one for the second of two. It is never fitted and never cloned. None: the formula is
        fitted to the labels' 0/1 columns themselves, the control
    scores : "probability", or "logit" for outputs of any size; with logits the labels do not choose basis and ridge
    basis, landmarks, landmarks_by, numbers, linear, select, random_state : as in `SpectralDistiller`

    Attributes
    ----------
    classes_ : the classes, sorted; those of the teacher where it has any
    student_ : the Student; `student_.predict` gives the scores
    n_features_in_, feature_names_in_ : as everywhere in scikit-learn; the names are the student's too
    """

    classes_: npt.NDArray[Any]

    def __init__(
        self,
        teacher: Any = None,
        *,
        scores: str = "probability",
        basis: str = "auto",
        landmarks: int | None = None,
        landmarks_by: str = "k-means",
        numbers: int | None = None,
        linear: bool = True,
        select: str = "auto",
        random_state: Any = 0,
    ) -> None:
        super().__init__(
            teacher,
            basis=basis,
            landmarks=landmarks,
            landmarks_by=landmarks_by,
            numbers=numbers,
            linear=linear,
            select=select,
            random_state=random_state,
        )
        self.scores = scores

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Fit the formula.

        Parameters
        ----------
        X : rows (n, d), array or data frame of numbers; no column constant
        y : (n,), class labels of any kind
        sample_weight : (n,), 0 or more: a row of weight w counts as w rows; such a student cannot be certified

        Raises
        ------
        ValueError : rows, labels, weights, parameters or a teacher that cannot be used; an EigenstillError too
        """
        rows, y = validate_data(self, X, y, dtype=np.float64, ensure_min_samples=2)
        check_classification_targets(y)
        labels = column_or_1d(y, warn=True)
        try:
            teacher, self.classes_ = self._teacher(np.unique(labels))
        except EigenstillError as error:
            raise EstimatorError(str(error)) from error
        weights = checked_weights(sample_weight, len(rows))
        found = np.unique(labels if weights is None else labels[weights > 0])
        if len(self.classes_) < 2 or len(found) < 2:
            raise EstimatorError(f"y: one class only ({', '.join(map(str, found))}); need rows of at least 2 classes")
        columns = targets(np.searchsorted(self.classes_, labels), len(self.classes_))
        logits = teacher is not None and self.scores == "logit"
        self.student_ = replace(
            self._distil(rows, None if logits else columns, teacher, sample_weight),
            output_names=_names(self.classes_),
            flat=False,
        )
        return self

    def predict_proba(self, X: Any) -> FloatArray:
        """Probabilities of the classes, float64 (n, classes), rows that sum to 1."""
        rows = self._rows(X)
        scores = "probability" if self.teacher is None else self.scores
        return probabilities(self.student_.predict(rows), len(self.classes_), scores)

    def predict(self, X: Any) -> npt.NDArray[Any]:
        """The likeliest class of each row, (n,)."""
        likeliest = self.predict_proba(X).argmax(axis=1)
        named: npt.NDArray[Any] = self.classes_[likeliest]
        return named

    def _teacher(self, found: npt.NDArray[Any]) -> tuple[Teacher | None, npt.NDArray[Any]]:
        """The teacher of scores, and the classes: its own where it has any."""
        if self.scores not in SCORES:
            raise TeacherError(f"scores {self.scores}: unknown; need {' or '.join(SCORES)}")
        if self.teacher is None:
            return None, found
        require_fitted(self.teacher)
        if not classifies(self.teacher):
            if callable(getattr(self.teacher, "fit", None)):
                raise TeacherError(
                    f"teacher {type(self.teacher).__name__}: no classifier; need one with predict_proba, or its function"
                )
            return as_scores(as_teacher(self.teacher), len(found), self.scores), found
        if not callable(getattr(self.teacher, "predict_proba", None)):
            raise TeacherError(
                f"teacher {type(self.teacher).__name__}: no predict_proba; need one, or a function of scores"
            )
        classes = np.asarray(self.teacher.classes_)
        unknown = found[~np.isin(found, classes)]
        if unknown.size:
            raise TeacherError(
                f"teacher {type(self.teacher).__name__}: knows no class {unknown[0]}; it has {', '.join(map(str, classes))}"
            )
        return as_scores(from_estimator(self.teacher, "predict_proba"), len(classes), self.scores), classes


def _names(classes: npt.NDArray[Any]) -> tuple[str, ...]:
    """Names of the formula's outputs: of the second of two classes, or of each."""
    return tuple(str(name) for name in (classes[1:] if len(classes) == 2 else classes))

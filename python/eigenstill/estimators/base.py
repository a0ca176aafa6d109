"""What both estimators share: parameters, cloning, the fit behind scikit-learn's conventions, modes as features."""

from __future__ import annotations

import copy
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin, is_classifier
from sklearn.exceptions import NotFittedError
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

from ..arrays import FloatArray
from ..basis import KERNELS
from ..distillation import distill, labels_only
from ..errors import BasisError, EigenstillError, EstimatorError, TeacherError
from ..moments import row_weights
from ..student import Student

LARGEST_SEED = 2**31


class Distiller(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):  # type: ignore[misc]  # untyped base
    """Parameters, cloning and features; see `SpectralDistiller`."""

    student_: Student

    def __init__(
        self,
        teacher: Any = None,
        *,
        basis: str = "auto",
        landmarks: int | None = None,
        landmarks_by: str = "k-means",
        numbers: int | None = None,
        linear: bool = True,
        select: str = "auto",
        random_state: Any = 0,
    ) -> None:
        self.teacher = teacher
        self.basis = basis
        self.landmarks = landmarks
        self.landmarks_by = landmarks_by
        self.numbers = numbers
        self.linear = linear
        self.select = select
        self.random_state = random_state

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The parameters. The teacher's own are not among them: it is fitted already and never fitted again."""
        held: dict[str, Any] = super().get_params(deep=False)
        return held

    def set_params(self, **params: Any) -> Self:
        """Set parameters by name. Raises ValueError for parameters of the teacher."""
        for name in params:
            if name.startswith("teacher__"):
                raise ValueError(
                    f"{name}: the teacher is fitted already and is never fitted again; need another fitted teacher"
                )
        super().set_params(**params)
        return self

    def __sklearn_clone__(self) -> Self:
        """A copy that is not fitted and shares the teacher: a clone of that would have forgotten what it learned."""
        bare = copy.copy(self)
        bare.teacher = None
        fresh: Self = super(Distiller, bare).__sklearn_clone__()
        fresh.teacher = self.teacher
        return fresh

    def transform(self, X: Any) -> FloatArray:
        """The modes at the rows, float64 (n, K*), orthonormal on the training rows: features for other models.

        `get_feature_names_out` names them, and `set_output(transform="pandas")` makes them a data frame.
        """
        modes: FloatArray = self._student().modes(self._rows(X))
        return modes

    @property
    def _n_features_out(self) -> int:
        return self._student().rank

    def _student(self) -> Student:
        check_is_fitted(self, "student_")
        return self.student_

    def _rows(self, X: Any) -> FloatArray:
        """Rows (n, d) checked against those of `fit`: as many columns, and where both are named the same names in order."""
        self._student()
        values: FloatArray = validate_data(self, X, reset=False, dtype=np.float64)
        return values

    def _distil(self, X: FloatArray, y: FloatArray | None, teacher: Any, sample_weight: Any) -> Student:
        """The student of checked rows. What eigenstill refuses becomes a ValueError, as scikit-learn expects it."""
        options: dict[str, Any] = {
            "basis": self.basis,
            "landmarks": self.landmarks,
            "landmarks_by": self.landmarks_by,
            "numbers": self.numbers,
            "linear": self.linear,
            "select": self.select,
            "seed": self._seed(),
            "names": getattr(self, "feature_names_in_", None),
            "sample_weight": None if sample_weight is None else np.asarray(sample_weight),
        }
        try:
            if self.basis not in ("auto", *KERNELS):
                raise BasisError(f"basis {self.basis}: got it for an estimator; need auto, {' or '.join(KERNELS)}")
            if teacher is None:
                return labels_only(None, X, y, **options)
            return distill(teacher, X, y, **options)
        except EigenstillError as error:
            raise EstimatorError(str(error)) from error

    def _seed(self) -> int:
        if isinstance(self.random_state, int | np.integer):
            return int(self.random_state)
        return int(check_random_state(self.random_state).randint(LARGEST_SEED))


def checked_weights(values: Any, rows: int) -> FloatArray | None:
    """Weights (n,), or None where every row counts once. Raises ValueError for what are no weights."""
    try:
        return row_weights(values, rows)
    except EigenstillError as error:
        raise EstimatorError(str(error)) from error


def classifies(teacher: Any) -> bool:
    """Whether the teacher is a classifier by its own word; functions and networks say nothing."""
    return not isinstance(teacher, type) and hasattr(teacher, "__sklearn_tags__") and bool(is_classifier(teacher))


def require_fitted(teacher: Any) -> None:
    """Refuse an estimator that is not fitted.

    Raises
    ------
    TeacherError : with the remedy for searches, which clone what they are given
    """
    if not isinstance(teacher, BaseEstimator):
        return
    try:
        check_is_fitted(teacher)
    except NotFittedError:
        raise TeacherError(
            f"teacher {type(teacher).__name__}: not fitted; need a fitted one; where a search tries several teachers, "
            "wrap each in sklearn.frozen.FrozenEstimator, or it is cloned without what it learned"
        ) from None

"""scikit-learn estimators: distillation inside pipelines and searches. Importing this imports scikit-learn."""

from importlib import import_module

from ..errors import EigenstillError

try:
    import_module("sklearn.utils.validation").validate_data  # noqa: B018  new in 1.6
except (ImportError, AttributeError):
    raise EigenstillError(
        "estimators: scikit-learn 1.6 or newer is not installed; run: pip install 'eigenstill[sklearn]'"
    ) from None

from .classifier import SpectralDistillerClassifier
from .regressor import SpectralDistiller

__all__ = ["SpectralDistiller", "SpectralDistillerClassifier"]

"""SpectralDistillerClassifier: scores of a teacher or of the labels, and the probabilities that belong to them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.datasets import load_iris
from sklearn.ensemble import AdaBoostClassifier
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.multioutput import MultiOutputClassifier
from sklearn.svm import LinearSVC

import eigenstill
from eigenstill import SpectralDistillerClassifier, check
from eigenstill.errors import EstimatorError
from eigenstill.estimators.scores import probabilities

pytestmark = pytest.mark.filterwarnings("ignore::eigenstill.errors.EigenstillWarning")

IRIS = load_iris(as_frame=True)
X, Y = IRIS.data, IRIS.target_names[IRIS.target]
TWO = np.where(Y == "setosa", "yes", "no")
LOGISTIC = LogisticRegression(max_iter=1000).fit(X, Y)


def test_a_classifier_is_imitated_and_certified(tmp_path):
    held = SpectralDistillerClassifier(LOGISTIC, landmarks=24).fit(X, Y)
    assert held.classes_.tolist() == ["setosa", "versicolor", "virginica"]
    assert held.student_.output_names == ("setosa", "versicolor", "virginica")
    assert np.abs(held.predict_proba(X) - LOGISTIC.predict_proba(X)).max() < 0.1
    assert (held.predict(X) == LOGISTIC.predict(X)).mean() > 0.97
    assert held.score(X, Y) > 0.95
    assert check(eigenstill.certify(held.student_, tmp_path)).accepted


def test_two_classes_need_one_output():
    teacher = LogisticRegression(max_iter=1000).fit(X, TWO)
    for held in (SpectralDistillerClassifier(teacher, landmarks=16), SpectralDistillerClassifier(landmarks=16)):
        held.fit(X, TWO)
        assert held.student_.output_names == ("yes",)
        assert held.predict_proba(X).shape == (150, 2)
        assert held.score(X, TWO) == 1


def test_the_control_and_searches():
    search = GridSearchCV(SpectralDistillerClassifier(), {"landmarks": [4, 16], "basis": ["gaussian"]}, cv=3).fit(X, Y)
    assert search.best_score_ > 0.9
    assert cross_val_score(SpectralDistillerClassifier(LOGISTIC, landmarks=8), X, Y, cv=3).min() > 0.9
    assert clone(SpectralDistillerClassifier(LOGISTIC)).teacher is LOGISTIC


def test_a_fold_without_a_class_keeps_the_teachers_classes():
    held = SpectralDistillerClassifier(LOGISTIC, landmarks=8).fit(X[:100], Y[:100])
    assert held.classes_.tolist() == LOGISTIC.classes_.tolist()
    with pytest.raises(EstimatorError, match="LogisticRegression: knows no class tulip; it has setosa, versicolor"):
        SpectralDistillerClassifier(LOGISTIC).fit(X, np.where(Y == "setosa", "tulip", Y))


def test_networks_give_logits():
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    network = torch.nn.Sequential(
        torch.nn.Linear(4, 16), torch.nn.Tanh(), torch.nn.Dropout(0.5), torch.nn.Linear(16, 3)
    )
    network.train()
    held = SpectralDistillerClassifier(network, scores="logit", landmarks=40).fit(X.to_numpy(), Y)
    assert all(part.training for part in network.modules())
    with torch.no_grad():
        expected = network.eval()(torch.tensor(X.to_numpy(), dtype=torch.float32)).softmax(dim=1).numpy()
    assert np.abs(held.predict_proba(X.to_numpy()) - expected).max() < 0.02
    assert held.student_.spectrum.criterion == "evidence", "0/1 labels say nothing of logits"
    with pytest.raises(EstimatorError, match=r"outputs from -.* need probabilities; say scores='logit'"):
        SpectralDistillerClassifier(network).fit(X.to_numpy(), Y)


@pytest.mark.parametrize("shape", ["flat", "column", "two"])
def test_two_logits_are_one(shape):
    def logits(rows):
        values = 2 * rows[:, 0] - 12
        return {"flat": values, "column": values[:, None], "two": np.stack([0 * values + 1, values + 1], axis=1)}[shape]

    rows = X.to_numpy()
    held = SpectralDistillerClassifier(logits, scores="logit", landmarks=8).fit(rows, rows[:, 0] > 6)
    assert np.allclose(held.predict_proba(rows)[:, 1], 1 / (1 + np.exp(12 - 2 * rows[:, 0])), atol=1e-3)
    assert np.array_equal(held.predict(rows), held.predict_proba(rows)[:, 1] > 0.5)


@given(st.lists(st.lists(st.floats(-2, 3), min_size=4, max_size=4), min_size=1, max_size=5))
def test_probabilities_are_the_nearest_point_of_the_simplex(rows):
    """Second route: the point p with p = max(s - t, 0), found by bisection on t."""
    values = np.array(rows)
    found = probabilities(values, 4, "probability")
    assert np.allclose(found.sum(axis=1), 1)
    assert found.min() >= 0
    for scores, point in zip(values, found, strict=True):
        low, high = scores.max() - 2, scores.max()
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if np.maximum(scores - middle, 0).sum() > 1 else (low, middle)
        assert np.allclose(point, np.maximum(scores - low, 0), atol=1e-9)
    assert np.allclose(found.max(axis=1), found[np.arange(len(found)), values.argmax(axis=1)], atol=1e-12)


def test_weights_of_rows():
    weights = np.random.default_rng(0).integers(0, 3, 150)
    rows = np.repeat(np.arange(150), weights)
    weighted = SpectralDistillerClassifier(landmarks=400).fit(X, Y, sample_weight=weights)
    repeated = SpectralDistillerClassifier(landmarks=400).fit(X.iloc[rows], Y[rows])
    assert np.allclose(weighted.predict_proba(X), repeated.predict_proba(X), atol=1e-6)


def test_inside_of_other_estimators():
    """AdaBoost gives weights that sum to 1; calibration and one-classifier-a-label clone and refit."""
    boosted = AdaBoostClassifier(SpectralDistillerClassifier(landmarks=6), n_estimators=3).fit(X, Y)
    assert boosted.score(X, Y) > 0.9
    several = MultiOutputClassifier(SpectralDistillerClassifier(landmarks=6)).fit(X, np.column_stack([Y, TWO]))
    assert several.predict(X).shape == (150, 2)
    assert cross_val_score(SpectralDistillerClassifier(landmarks=6), X, Y, cv=3, scoring="roc_auc_ovr").min() > 0.9


@pytest.mark.parametrize(
    ("options", "labels", "message"),
    [
        ({}, np.zeros(150), "y: one class only .*need rows of at least 2 classes"),
        ({"teacher": LogisticRegression()}, Y, "LogisticRegression: not fitted"),
        ({"teacher": LinearSVC().fit(X, Y)}, Y, "LinearSVC: no predict_proba; need one, or a function of scores"),
        ({"teacher": Ridge().fit(X, Y == "setosa")}, TWO, "Ridge: no classifier; need one with predict_proba"),
        ({"teacher": lambda rows: np.ones((len(rows), 5)) / 5}, Y, "5 columns for 3 classes; need one a class"),
        ({"teacher": lambda rows: np.abs(np.tile(rows[:, :1], 3)) / 10}, Y, r"rows that sum to .*, which sum to 1"),
        ({"teacher": LOGISTIC, "scores": "odds"}, Y, "scores odds: unknown; need probability or logit"),
    ],
)
def test_what_cannot_be_used_is_refused(options, labels, message):
    rows = X.to_numpy() if callable(options.get("teacher")) else X
    with pytest.raises(EstimatorError, match=message):
        SpectralDistillerClassifier(**options).fit(rows, labels)
    with pytest.raises(ValueError, match="y should be a 1d array"):
        SpectralDistillerClassifier(**options).fit(rows, np.column_stack([Y == "setosa", Y == "virginica"]).astype(int))

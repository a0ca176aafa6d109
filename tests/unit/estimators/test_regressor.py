"""SpectralDistiller as a user of scikit-learn has it: pipelines, searches, frames, weights, teachers of every kind."""

from __future__ import annotations

import pickle
import subprocess
import sys

import numpy as np
import pandas
import pytest
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestRegressor
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

import eigenstill
from eigenstill import SpectralDistiller, check
from eigenstill.errors import EigenstillError, EstimatorError

pytestmark = pytest.mark.filterwarnings("ignore::eigenstill.errors.EigenstillWarning")

RNG = np.random.default_rng(4)
X = pandas.DataFrame(RNG.normal(size=(160, 3)) * [1, 50, 0.01], columns=["a", "b", "c"])
Y = pandas.Series(np.sin(2 * X["a"]) + X["b"] / 50 + 0.1 * RNG.normal(size=160), name="price")
FOREST = RandomForestRegressor(20, random_state=0).fit(X, Y)


def curve(rows):
    return np.sin(2 * rows[:, 0]) + rows[:, 1] / 50


def test_it_is_distill_under_other_names():
    held = SpectralDistiller(curve, landmarks=20, random_state=3).fit(X.to_numpy(), Y)
    plain = eigenstill.distill(curve, X.to_numpy(), Y, landmarks=20, seed=3)
    assert np.array_equal(held.predict(X.to_numpy()), plain.predict(X))
    assert held.student_.provenance.teacher == "curve"
    control = SpectralDistiller(landmarks=20).fit(X, Y)
    assert control.student_.provenance.teacher == "labels, not a network"
    assert np.array_equal(control.predict(X), eigenstill.labels_only(None, X, Y, landmarks=20).predict(X))


def test_labels_may_be_left_out_where_there_is_a_teacher():
    held = SpectralDistiller(curve, landmarks=20).fit(X.to_numpy())
    assert held.student_.spectrum.criterion == "evidence"
    assert np.abs(held.predict(X.to_numpy()) - curve(X.to_numpy())).mean() < 0.1
    with pytest.raises(ValueError, match="requires y to be passed"):
        SpectralDistiller().fit(X)


def test_a_student_of_an_estimator_is_certified_like_any_other(tmp_path):
    held = SpectralDistiller(FOREST, landmarks=16).fit(X, Y)
    verdict = check(eigenstill.certify(held.student_, tmp_path))
    assert verdict.accepted
    held.student_.save(tmp_path / "student.safetensors")
    assert np.array_equal(eigenstill.load_student(tmp_path / "student.safetensors").predict(X), held.predict(X))


def test_clones_share_the_fitted_teacher():
    held = SpectralDistiller(FOREST, landmarks=8)
    held.set_output(transform="pandas")
    again = clone(held)
    assert again.teacher is FOREST
    assert again.landmarks == 8
    assert not hasattr(again.fit(X, Y), "nothing")
    assert isinstance(again.transform(X), pandas.DataFrame)
    assert "teacher__n_estimators" not in held.get_params()
    with pytest.raises(
        ValueError, match="teacher__n_estimators: the teacher is fitted already and is never fitted again"
    ):
        held.set_params(teacher__n_estimators=3)


def test_pipeline_and_search():
    steps = make_pipeline(StandardScaler().set_output(transform="pandas"), SpectralDistiller(select="evidence"))
    search = GridSearchCV(
        steps, {"spectraldistiller__landmarks": [4, 24], "spectraldistiller__linear": [True, False]}, cv=3
    )
    search.fit(X, Y)
    assert search.best_score_ > 0.8
    assert search.best_estimator_[-1].student_.input_names == ("a", "b", "c")
    teachers = {"teacher": [FOREST.predict, FrozenEstimator(LinearRegression().fit(X, Y)), curve, None]}
    search = GridSearchCV(SpectralDistiller(landmarks=12), teachers, cv=3, error_score="raise").fit(X.to_numpy(), Y)
    assert search.best_params_["teacher"] in (curve, None)
    assert cross_val_score(SpectralDistiller(FOREST, landmarks=12), X, Y, cv=3).min() > 0.5


def test_a_search_that_clones_a_teacher_says_what_to_do():
    search = GridSearchCV(SpectralDistiller(landmarks=4), {"teacher": [FOREST]}, cv=2, error_score="raise")
    with pytest.raises(EstimatorError, match=r"RandomForestRegressor: not fitted.*sklearn\.frozen\.FrozenEstimator"):
        search.fit(X, Y)


def test_frames_in_and_out():
    held = SpectralDistiller(FOREST, landmarks=12).fit(X, Y).set_output(transform="pandas")
    assert held.feature_names_in_.tolist() == ["a", "b", "c"]
    assert held.student_.input_names == ("a", "b", "c")
    modes = held.transform(X)
    assert list(modes.columns) == held.get_feature_names_out().tolist()
    assert len(modes.columns) == held.student_.rank
    assert np.allclose(modes.to_numpy().T @ modes.to_numpy(), np.eye(len(modes.columns)), atol=1e-6)
    assert modes.index.equals(X.index)
    with pytest.raises(ValueError, match="feature names should match"):
        held.predict(X[["b", "a", "c"]])
    assert np.array_equal(held.student_.predict(X[["b", "a", "c"]]), held.predict(X)), "the student goes by name"
    with pytest.raises(ValueError, match="NaN"):
        held.predict(X.mask(X > 100))
    with pytest.raises(ValueError, match="could not convert string to float"):
        SpectralDistiller().fit(X.assign(d="red"), Y)


def test_modes_are_features_for_other_models():
    steps = make_pipeline(SpectralDistiller(curve, landmarks=24), Ridge(1e-3)).fit(X.to_numpy(), Y)
    assert steps.score(X.to_numpy(), Y) > 0.9
    assert steps[:-1].get_feature_names_out()[0] == "spectraldistiller0"


def test_several_outputs_and_shapes():
    both = np.column_stack([Y, 3 * X["b"]])
    control = SpectralDistiller(landmarks=20).fit(X, both)
    assert control.predict(X).shape == (160, 2)
    assert control.score(X, both) > 0.9
    linear = LinearRegression().fit(X, both)
    assert SpectralDistiller(linear, landmarks=5).fit(X, both).predict(X).shape == (160, 2)
    column = SpectralDistiller(lambda rows: curve(rows)[:, None], landmarks=5)
    assert column.fit(X.to_numpy(), Y).predict(X.to_numpy()).shape == (160,), "as the labels"
    assert column.fit(X.to_numpy()).predict(X.to_numpy()).shape == (160, 1), "as the teacher"
    with pytest.raises(EstimatorError, match=r"y: 2 columns for 1 outputs of .*<lambda>"):
        column.fit(X.to_numpy(), both)


def test_weights_of_rows():
    weights = RNG.integers(0, 3, 160)
    rows = np.repeat(np.arange(160), weights)
    weighted = SpectralDistiller(FOREST, landmarks=400).fit(X, Y, sample_weight=weights)
    repeated = SpectralDistiller(FOREST, landmarks=400).fit(X.iloc[rows], Y.iloc[rows])
    assert np.allclose(weighted.predict(X), repeated.predict(X), atol=1e-6)
    with pytest.raises(EigenstillError, match="fitted with sample weights"):
        eigenstill.certify(weighted.student_, "nowhere")
    for wrong in (np.ones(3), -np.ones(160), np.full(160, np.nan)):
        with pytest.raises(ValueError, match="sample_weight"):
            SpectralDistiller(FOREST).fit(X, Y, sample_weight=wrong)


def test_a_teacher_that_chooses_columns_by_name_gets_names():
    """And in its own order, whatever the order of the rows to distil on."""
    chosen = ColumnTransformer([("two", PolynomialFeatures(2), ["b", "a"])])
    teacher = make_pipeline(chosen, LinearRegression()).fit(X, Y)
    held = SpectralDistiller(teacher, landmarks=30).fit(X, Y)
    assert np.array_equal(held.student_.recording.train.teacher[:, 0], teacher.predict(X))
    turned = X[["c", "b", "a"]]
    again = SpectralDistiller(teacher, landmarks=30).fit(turned, Y)
    assert np.array_equal(again.student_.recording.train.teacher[:, 0], teacher.predict(X))
    assert np.allclose(again.predict(turned), held.predict(X), atol=0.2)
    with pytest.raises(EstimatorError, match="Pipeline: no column c; it takes a, b, c"):
        SpectralDistiller(teacher).fit(X[["a", "b"]], Y)
    with pytest.raises(EstimatorError, match="Pipeline: does not know column d; it takes a, b, c; drop d"):
        SpectralDistiller(teacher).fit(X.assign(d=X["a"] ** 2), Y)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"teacher": RandomForestRegressor()}, "RandomForestRegressor: not fitted; need a fitted one"),
        ({"teacher": RandomForestRegressor}, "RandomForestRegressor is a class; need an object of it"),
        ({"teacher": 7}, "teacher of type int; need a torch module, a function of rows"),
        ({"teacher": "model.pkl"}, "a pickle can run any code"),
        (
            {"teacher": LogisticRegression().fit(X, Y > 0)},
            "a classifier; need a regressor, or SpectralDistillerClassifier",
        ),
        ({"basis": "features"}, "basis features: got it for an estimator; need auto, "),
        ({"select": "loo"}, "select loo: unknown"),
        ({"landmarks": 4, "numbers": 100}, "landmarks and numbers: got both"),
    ],
    ids=lambda held: next(iter(held)) if isinstance(held, dict) else "",
)
def test_what_cannot_be_used_is_refused(options, message):
    with pytest.raises(EstimatorError, match=message) as caught:
        SpectralDistiller(**options).fit(X, Y)
    assert isinstance(caught.value, ValueError)
    with pytest.raises(EstimatorError, match=r"column c is constant .*drop c"):
        SpectralDistiller().fit(X.assign(c=1.0), Y)


def test_random_states():
    first, again = (SpectralDistiller(landmarks=9, random_state=np.random.RandomState(1)).fit(X, Y) for _ in range(2))
    assert first.student_.encode() == again.student_.encode()
    other = SpectralDistiller(landmarks=9, random_state=2).fit(X, Y)
    assert other.student_.encode() != first.student_.encode()


def test_it_is_pickled_by_its_user():
    held = SpectralDistiller(FOREST, landmarks=9).fit(X, Y)
    assert np.array_equal(pickle.loads(pickle.dumps(held)).predict(X), held.predict(X))


def test_without_scikit_learn_the_message_says_what_to_install():
    code = "import sys; sys.modules['sklearn'] = None; import eigenstill; print(eigenstill.distill); eigenstill.SpectralDistiller"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "function distill" in done.stdout
    assert "scikit-learn 1.6 or newer is not installed; run: pip install 'eigenstill[sklearn]'" in done.stderr

"""Prediction intervals: the order statistics, both guarantees by simulation, MAPIE on the same data, messages."""

from __future__ import annotations

import json
import warnings
from dataclasses import replace
from math import ceil

import numpy as np
import pytest

import eigenstill
from eigenstill.errors import StudentError
from eigenstill.student import Recording, Split

RNG = np.random.default_rng(5)
ROWS, NEW = RNG.uniform(-2, 2, (80, 2)), RNG.uniform(-2, 2, (160, 2))


def teacher(rows):
    return np.sin(rows[:, 0]) + rows[:, 1] ** 2


def labels(rows):
    return teacher(rows) + 0.3 * np.sin(40 * rows[:, 0])


@pytest.fixture(scope="module")
def student():
    return eigenstill.distill(
        teacher, ROWS, labels(ROWS), holdout=NEW[:120], holdout_y=labels(NEW[:120]), landmarks=10, names=("a", "b")
    )


@pytest.mark.parametrize("target", ["teacher", "labels"])
def test_marginal_width_is_the_split_conformal_order_statistic(student, target):
    found = student.predict(NEW[120:], interval=0.9, target=target)
    values = (teacher if target == "teacher" else labels)(NEW[:120])
    errors = np.sort(np.abs(values - student.predict(NEW[:120])))
    assert found.half_width[0] == pytest.approx(errors[ceil(0.9 * 121) - 1], rel=1e-12)
    assert (found.target, found.rows, found.confidence) == (target, 120, None)
    assert (found.prediction == student.predict(NEW[120:])).all()
    assert (found.upper - found.lower) / 2 == pytest.approx(found.half_width[0])


def test_conditional_intervals_are_wider_and_are_those_of_tolerance(student, tmp_path):
    narrow, wide = (student.predict(NEW, interval=0.9, confidence=c).half_width[0] for c in (None, 0.99))
    assert narrow < wide
    document = json.loads(eigenstill.certify(student, tmp_path).read_text())
    claims = {claim["claim"]: claim for claim in document["claims"]}
    widths = claims["interval"]["targets"][1]["outputs"][0]["intervals"]
    assert narrow <= float(widths[1]["half_width_at_most"]["decimal"]) <= narrow * (1 + 1e-6) + 1e-6
    # the claim shares its risk between eight bounds: compare at the confidence of one of them
    bounds = claims["tolerance"]["targets"][1]["outputs"][0]["bounds"]
    share = int(0.01 * 2**16) / 2**16 / 8
    alone = student.predict(NEW, interval=1 - int(0.1 * 2**16) / 2**16, confidence=1 - share).half_width[0]
    assert float(bounds[1]["error_at_most"]["decimal"]) == pytest.approx(alone, rel=1e-5)


def test_mapie_gives_the_same_intervals(student):
    """Split-conformal of another library, prefitted, on the same hold-out rows."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        regression = pytest.importorskip("mapie.regression", reason="mapie is not installed: nothing to compare with")
    from sklearn.base import BaseEstimator, RegressorMixin

    class Fitted(RegressorMixin, BaseEstimator):
        def fit(self, X, y):
            return self

        def predict(self, X):
            return student.predict(X)

        def __sklearn_is_fitted__(self):
            return True

    for level in (0.8, 0.9, 0.95):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            other = regression.SplitConformalRegressor(Fitted(), confidence_level=level, prefit=True)
            other.conformalize(NEW[:120], labels(NEW[:120]))
            _, ends = other.predict_interval(NEW[120:])
        ours = student.predict(NEW[120:], interval=level)
        assert ours.lower == pytest.approx(ends[:, 0, 0], rel=1e-9)
        assert ours.upper == pytest.approx(ends[:, 1, 0], rel=1e-9)


@pytest.mark.parametrize("law", ["cauchy", "ties"])
def test_both_guarantees_hold(student, law):
    """2,000 hold-out splits of 60 rows: the marginal coverage on average, the conditional one in all but 5 percent."""
    rng, repetitions, rows = np.random.default_rng(len(law)), 2_000, 60
    draws = rng.standard_cauchy((repetitions, rows)) if law == "cauchy" else rng.integers(0, 9, (repetitions, rows))
    covered = {None: [], 0.95: []}
    for errors in np.abs(draws):
        split = Split(np.zeros((rows, 2)), errors[:, None], np.zeros((rows, 1)))
        held = replace(student, recording=Recording(student.recording.train, split))
        for confidence, found in covered.items():
            width = held.predict(ROWS[:1], interval=0.8, confidence=confidence).half_width[0]
            found.append(2 / np.pi * np.arctan(width) if law == "cauchy" else min(np.floor(width) + 1, 9) / 9)
    deviation = (0.8 * 0.2 / repetitions) ** 0.5
    assert np.mean(covered[None]) >= 0.8 - 3 * deviation
    assert np.mean(np.array(covered[0.95]) < 0.8) <= 0.05 + 3 * (0.05 * 0.95 / repetitions) ** 0.5


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"interval": 1.0}, "interval 1; need a number between 0 and 1"),
        ({"interval": 0.9, "confidence": 0.0}, "confidence 0; need a number between 0 and 1"),
        ({"interval": 0.999}, "120 hold-out rows are too few for interval 0.999"),
        ({"interval": 0.97, "confidence": 0.99}, "too few for interval 0.97 with confidence 0.99"),
        ({"interval": 0.9, "target": "noise"}, "target noise; need one of teacher, labels"),
    ],
)
def test_what_cannot_be_said_is_refused(student, options, reason):
    with pytest.raises(StudentError, match=reason):
        student.predict(NEW, **options)


def test_without_hold_out_rows_there_are_no_intervals(student):
    bare = eigenstill.distill(teacher, ROWS, landmarks=5)
    for held in (bare, replace(student, recording=None)):
        with pytest.raises(StudentError, match="no hold-out rows"):
            held.predict(NEW, interval=0.9)


def test_the_command_line_adds_two_columns(student, tmp_path, capsys):
    from eigenstill import folder
    from eigenstill.cli import main
    from eigenstill.tables import load_table, save_table

    folder.save(student, tmp_path / "own")
    save_table(tmp_path / "new.csv", ("a", "b"), NEW[120:])
    call = ["predict", str(tmp_path / "own"), "--data", str(tmp_path / "new.csv")]
    assert main([*call, "--interval", "0.9", "--out", str(tmp_path / "out.csv")]) == 0
    table = load_table(tmp_path / "out.csv")
    assert table.names == ("output", "output_lower", "output_upper")
    expected = student.predict(NEW[120:], interval=0.9)
    assert (table.values == np.stack([expected.prediction, expected.lower, expected.upper], axis=1)).all()
    assert main([*call, "--target", "labels"]) == 2
    assert "need --interval too" in capsys.readouterr().err

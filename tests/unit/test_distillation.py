"""The whole producer: what users give, what they get, and what is refused."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eigenstill import distill, labels_only
from eigenstill.basis import KERNELS
from eigenstill.basis.landmarks import METHODS
from eigenstill.errors import DataError, EigenstillError, EigenstillWarning, SelectionError, TeacherError
from eigenstill.tables import as_table

RNG = np.random.default_rng(7)
ROWS = RNG.standard_normal((150, 3)) * [1, 50, 0.01] + [0, 1900, -93]
QUERIES = RNG.standard_normal((60, 3)) * [1, 50, 0.01] + [0, 1900, -93]


def teacher(rows):
    return np.sin(2 * rows[:, 0]) + (rows[:, 1] - 1900) / 50 + 20 * np.abs(rows[:, 2] + 93)


LABELS = teacher(ROWS) + 0.2 * RNG.standard_normal(150)


def test_a_smooth_teacher_is_imitated():
    student = distill(teacher, ROWS, LABELS, landmarks=60)
    values = teacher(QUERIES)
    assert student.predict(QUERIES).shape == (60,)
    assert ((student.predict(QUERIES) - values) ** 2).mean() < 0.1 * values.var()
    assert student.spectrum.criterion == "robust-gcv"
    assert student.provenance.labels
    assert student.provenance.rows == 150


def test_without_labels_evidence_chooses():
    student = distill(teacher, ROWS, landmarks=60)
    assert student.spectrum.criterion == "evidence"
    assert not student.provenance.labels
    values = teacher(QUERIES)
    assert ((student.predict(QUERIES) - values) ** 2).mean() < 0.05 * values.var()


def test_gcv_without_labels():
    with pytest.raises(SelectionError, match="no labels, and on a noise-free teacher GCV degenerates; need y"):
        distill(teacher, ROWS, select="gcv")
    with pytest.warns(EigenstillWarning, match="select robust-gcv: no labels.*evidence used instead"):
        student = distill(teacher, ROWS, select="robust-gcv", landmarks=5)
    assert student.spectrum.criterion == "evidence"
    assert len(student.provenance.notices) == 1
    with pytest.raises(SelectionError, match="select loo: unknown; need auto, robust-gcv, evidence, gcv"):
        distill(teacher, ROWS, select="loo")


def test_several_outputs():
    def both(rows):
        return np.stack([teacher(rows), 1000 * rows[:, 0], np.zeros(len(rows))], axis=1)

    with pytest.warns(EigenstillWarning, match="lower end of the grid"):  # one output is linear and free of noise
        student = distill(both, ROWS, landmarks=40, holdout=QUERIES)
    assert student.predict(QUERIES).shape == (60, 3)
    assert student.output_names == ("output0", "output1", "output2")
    assert np.abs(student.predict(QUERIES)[:, 2]).max() < 1e-9
    assert np.abs(student.predict(QUERIES)[:, 1] - 1000 * QUERIES[:, 0]).max() < 50
    m = len(student.formula.landmarks)
    assert student.stored_numbers == m * 6 + 9 + 6


def test_one_column_stays_a_column():
    student = distill(lambda rows: teacher(rows)[:, None], ROWS, landmarks=5)
    assert student.predict(QUERIES).shape == (60, 1)


def test_recorded_outputs_and_holdout():
    outputs = teacher(ROWS)
    student = distill(outputs, ROWS, LABELS, landmarks=10, holdout=QUERIES, holdout_outputs=teacher(QUERIES))
    assert student.recording.holdout.teacher.shape == (60, 1)
    assert student.recording.holdout.labels is None
    with pytest.raises(TeacherError, match="recorded outputs belong to the training rows; need holdout_outputs"):
        distill(outputs, ROWS, landmarks=10, holdout=QUERIES)
    with pytest.raises(DataError, match="labels or outputs without rows; need holdout"):
        distill(teacher, ROWS, landmarks=10, holdout_y=LABELS)


def test_holdout_columns_follow_their_names():
    names = ("a", "b", "c")
    swapped = as_table(QUERIES[:, ::-1], names[::-1])
    student = distill(teacher, ROWS, landmarks=10, names=names, holdout=swapped, holdout_y=teacher(QUERIES))
    assert np.array_equal(student.recording.holdout.inputs, QUERIES)
    assert np.array_equal(student.recording.holdout.teacher, student.recording.holdout.labels)


def test_without_the_linear_term():
    student = distill(teacher, ROWS, LABELS, landmarks=30, linear=False, basis="rational-l1")
    assert student.formula.weights is None
    assert student.formula.kernel == "rational-l1"
    assert len(student.spectrum.eigenvalues) == 30
    assert student.stored_numbers == 30 * 4 + 4


def test_landmarks_are_reduced_with_a_notice():
    few = np.repeat(ROWS[:6], 4, axis=0)
    with pytest.warns(EigenstillWarning) as caught:
        student = distill(teacher, few, landmarks=9)
    assert any("landmarks: 9 asked, but only 6 different rows; reduced" in str(notice.message) for notice in caught)
    assert len(student.formula.landmarks) == 6
    assert any("reduced" in notice for notice in student.provenance.notices)


def test_the_same_seed_gives_the_same_bytes():
    first, again, other = (distill(teacher, ROWS, LABELS, landmarks=20, seed=seed).encode() for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_scaling_the_columns_changes_nothing_but_the_numbers():
    factors = np.array([2.0**7, 2.0**-5, 2.0**3])
    plain = distill(teacher, ROWS, LABELS, landmarks=20)
    scaled = distill(lambda rows: teacher(rows / factors), ROWS * factors, LABELS, landmarks=20)
    assert np.allclose(plain.predict(QUERIES), scaled.predict(QUERIES * factors), atol=1e-6)


def test_labels_only_imitates_the_labels():
    student = labels_only(teacher, ROWS, LABELS, landmarks=20, holdout=QUERIES, holdout_y=teacher(QUERIES))
    assert np.array_equal(student.recording.train.teacher[:, 0], LABELS)
    assert np.array_equal(student.recording.holdout.teacher[:, 0], teacher(QUERIES))
    assert student.provenance.teacher == "labels, not a network"
    assert student.provenance.teacher_parameters is None
    with pytest.raises(SelectionError, match="labels_only: no labels"):
        labels_only(teacher, ROWS, None)


def test_progress_is_told_and_ends():
    seen = []
    distill(teacher, ROWS, landmarks=5, progress=lambda *step: seen.append(step))
    last = {stage: (done, total) for stage, done, total in seen}
    assert list(last) == ["asking the teacher", "choosing landmarks", "choosing the basis", "exact spectrum"]
    assert all(done == total for done, total in last.values())


@pytest.mark.parametrize(
    ("inputs", "labels", "message"),
    [
        (np.full((5, 2), 3.0), None, r"X: column x0 is constant \(3 in all 5 rows\)"),
        (ROWS[:1], None, "X: 1 row; need at least 2"),
        (ROWS[:, 0], None, r"X: shape \(150,\); need \(rows, columns\)"),
        (np.where(ROWS > 1e9, 0, np.inf), None, "X: row 0, column x0: got inf"),
        (ROWS, LABELS[:10], r"y: shape \(10,\) for 150 rows"),
        (ROWS, np.stack([LABELS, LABELS], axis=1), "y: 2 columns for 1 outputs of teacher"),
        (ROWS, np.full(150, np.nan), "y: row 0: got nan"),
        (ROWS, ["red"] * 150, "y: values of type <U3; need real numbers"),
        (ROWS, np.zeros(150), "every target is constant"),
    ],
)
def test_bad_input_gets_one_sentence(inputs, labels, message):
    with pytest.raises(EigenstillError, match=message) as caught:
        distill(teacher, inputs, labels, landmarks=5)
    assert caught.value.exit_code == 2
    assert "\n" not in str(caught.value)


def test_a_constant_teacher_is_refused():
    with pytest.raises(TeacherError, match="the same output on every row"):
        distill(lambda rows: np.ones(len(rows)), ROWS)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(2, 9),
    st.integers(1, 3),
    st.integers(1, 12),
    st.booleans(),
    st.sampled_from(["auto", "evidence", "robust-gcv", "gcv"]),
    st.sampled_from(["auto", *KERNELS]),
    st.sampled_from(METHODS),
    st.randoms(use_true_random=False),
)
def test_small_problems_give_a_finite_student_or_one_sentence(
    count, width, landmarks, linear, select, basis, method, random
):
    """Few rows, repeated rows, more columns than rows: never a NaN, never another exception."""
    rows = np.array([[float(random.randint(-3, 3)) for _ in range(width)] for _ in range(count)])
    labels = np.array([random.gauss(0, 1) for _ in range(count)])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", EigenstillWarning)
        try:
            student = distill(
                lambda x: x.sum(axis=1),
                rows,
                labels,
                landmarks=landmarks,
                landmarks_by=method,
                linear=linear,
                select=select,
                basis=basis,
            )
        except EigenstillError as error:
            assert "\n" not in str(error)  # noqa: PT017
            return
    assert np.isfinite(student.predict(rows)).all()
    assert np.isfinite(student.modes(rows)).all()
    assert 1 <= student.rank <= len(student.spectrum.eigenvalues)


def test_many_rows_are_summed_in_blocks_to_the_same_student(monkeypatch):
    """Blocks of rows instead of all columns at once: the same operator, the fit up to the rounding of sums."""
    import eigenstill.tables.blocks as blocks

    rng = np.random.default_rng(4)
    x = rng.normal(size=(300, 3))
    y = np.sin(x[:, 0]) + x[:, 1]
    labels = y + 0.1 * rng.normal(size=300)
    whole = distill(y, x, labels, landmarks=12)
    monkeypatch.setattr("eigenstill.distillation.IN_BLOCKS", 50)
    monkeypatch.setattr(blocks, "ROWS", 64)
    parts = distill(y, x, labels, landmarks=12)
    assert np.array_equal(whole.exact.operator, parts.exact.operator)
    assert abs(whole.predict(x) - parts.predict(x)).max() < 1e-5  # the ridge is found within a millionth

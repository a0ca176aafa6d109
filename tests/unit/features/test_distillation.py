"""Students of features: a hidden layer, a function, recorded features, a kernel of the user's own."""

from __future__ import annotations

import numpy as np
import pytest

from eigenstill import certify, check, distill, gram_features, load_student
from eigenstill.cli import main
from eigenstill.errors import BasisError, DataError, EigenstillError, TeacherError
from eigenstill.tables import as_table
from eigenstill.teacher import as_teacher

RNG = np.random.default_rng(9)
ROWS, OTHERS = RNG.normal(size=(80, 3)), RNG.normal(size=(20, 3))
LABELS = np.sin(ROWS[:, 0]) + ROWS[:, 1] * ROWS[:, 2] + 0.1 * RNG.normal(size=80)


def teacher(rows):
    return np.sin(rows[:, 0]) + rows[:, 1] * rows[:, 2]


def features(rows):
    return np.column_stack([np.tanh(rows), np.tanh(rows[:, :1] * rows[:, 1:]), rows[:, 0] * 0 + 2])


def test_a_function_of_rows(tmp_path):
    student = distill(teacher, ROWS, LABELS, basis="features", features=features, holdout=OTHERS)
    assert np.array_equal(student.recording.train.inputs, features(ROWS))
    assert np.array_equal(student.recording.holdout.inputs, features(OTHERS))
    assert np.array_equal(student.recording.holdout.teacher[:, 0], teacher(OTHERS))
    assert student.stored_numbers == 6 + 1
    assert student.input_names[:2] == ("feature0", "feature1")
    plain = features(OTHERS) @ student.formula.weights + student.formula.intercept
    assert np.allclose(student.predict(features(OTHERS)), plain[:, 0], rtol=1e-12)
    verdict = check(certify(student, tmp_path))
    assert verdict.accepted, verdict.message
    assert verdict.claims[2].claim == "eckart_young"


def test_the_spectrum_is_that_of_the_centred_features():
    student = distill(teacher, ROWS, LABELS, basis="features", features=features)
    held = features(ROWS) - features(ROWS).mean(axis=0)
    assert np.allclose(student.spectrum.eigenvalues[:5], np.linalg.eigvalsh(held.T @ held)[::-1][:5], rtol=1e-9)


def test_the_file_of_a_student_of_features(tmp_path, capsys):
    student = distill(teacher, ROWS, LABELS, basis="features", features=features)
    student.save(tmp_path / "s.safetensors")
    loaded = load_student(tmp_path / "s.safetensors")
    assert loaded.encode() == student.encode()
    assert np.array_equal(loaded.predict(features(OTHERS)), student.predict(features(OTHERS)))
    assert np.array_equal(loaded.modes(features(OTHERS)), student.modes(features(OTHERS)))
    assert main(["show", str(tmp_path / "s.safetensors")]) == 0
    out = capsys.readouterr().out
    assert "b + w . x, x the features" in out
    assert "scale s_d" not in out


def test_recorded_features():
    recorded = distill(LABELS, ROWS, basis="features", features=features(ROWS))
    assert np.array_equal(recorded.recording.train.inputs, features(ROWS))
    with pytest.raises(TeacherError, match="80 recorded outputs for 20 rows"):
        distill(teacher, ROWS, basis="features", features=features(ROWS), holdout=OTHERS)


def test_holdout_columns_follow_their_names():
    names = ("a", "b", "c")
    swapped = as_table(OTHERS[:, ::-1], names[::-1])
    student = distill(teacher, ROWS, LABELS, names=names, basis="features", features=features, holdout=swapped)
    assert np.array_equal(student.recording.holdout.inputs, features(OTHERS))
    with pytest.raises(DataError, match="2 columns; need 3"):
        distill(teacher, ROWS, LABELS, basis="features", features=features, holdout=OTHERS[:, :2])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"basis": "features"}, "teacher: shows no hidden layer; need a torch module, or the features as a function"),
        ({"features": features}, "features: given with basis auto; need basis features"),
        ({"basis": "features", "features": features, "linear": False}, "its columns are the linear term; need linear"),
        (
            {"basis": "features", "features": lambda rows: rows[:, 0]},
            r"features of shape \(80,\); need 2 to 8192 columns",
        ),
        ({"basis": "features", "features": lambda rows: rows - rows.mean(axis=0)}, "depends on its own row only"),
        ({"basis": "features", "features": lambda rows: rows / 0 * 0}, "need finite numbers"),
        ({"basis": lambda a, b: a[:, :1] - b[:, 0]}, "not symmetric"),
        ({"basis": "features", "features": features, "numbers": 100}, "need numbers left out"),
    ],
    ids=["no layer", "other basis", "no linear term", "one", "batch", "nan", "kernel", "numbers"],
)
def test_faults_get_one_sentence(options, message):
    with np.errstate(all="ignore"), pytest.raises(EigenstillError, match=message) as caught:
        distill(teacher, ROWS, LABELS, **options)
    assert caught.value.exit_code == 2
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("method", ["k-means", "pivoted-cholesky"])
def test_a_kernel_of_ones_own(tmp_path, method):
    def kernel(a, b):
        return np.exp(-np.abs(a[:, None, :] - b[None, :, :]).sum(axis=2) / 8)

    student = distill(teacher, ROWS, LABELS, basis=kernel, landmarks=25, landmarks_by=method, holdout=OTHERS)
    assert len(student.input_names) == 25
    assert student.provenance.settings["features"] == "kernel features"
    assert check(certify(student, tmp_path)).accepted
    errors = student.recording.train.predictions[:, 0] - teacher(ROWS)
    assert (errors**2).mean() < 0.3 * teacher(ROWS).var()


def test_a_kernel_of_ones_own_that_is_indefinite():
    with pytest.raises(BasisError, match="kernel on these landmarks: not positive semidefinite: v"):
        distill(teacher, ROWS, LABELS, basis=lambda a, b: np.tanh(a @ b.T), landmarks=20)


def test_a_precomputed_kernel(tmp_path):
    gram = np.exp(-((ROWS[:, None, :] - ROWS[None, :, :]) ** 2).sum(axis=2) / 4)
    held = gram_features(gram, 40)
    student = distill(LABELS, held, basis="features", features=held)
    assert check(certify(student, tmp_path)).accepted


# torch


@pytest.fixture
def network():
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    return torch.nn.Sequential(
        torch.nn.Linear(3, 8), torch.nn.BatchNorm1d(8), torch.nn.ReLU(), torch.nn.Dropout(0.5), torch.nn.Linear(8, 1)
    )


@pytest.mark.torch
def test_the_last_hidden_layer_is_the_default(network, tmp_path):
    torch = pytest.importorskip("torch")
    student = distill(network, ROWS, LABELS, basis="features", holdout=OTHERS)
    with torch.no_grad():
        expected = network.eval()[:4](torch.tensor(ROWS, dtype=torch.float32)).double().numpy()
    assert np.array_equal(student.recording.train.inputs, expected)
    assert check(certify(student, tmp_path)).accepted
    assert not network[0]._forward_pre_hooks, "hooks are taken off again"


@pytest.mark.torch
def test_the_layer_that_runs_last_counts_not_the_one_written_last(network):
    torch = pytest.importorskip("torch")

    class Reversed(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.head, self.body = torch.nn.Linear(5, 1), torch.nn.Linear(3, 5)

        def forward(self, rows):
            return self.head(torch.tanh(self.body(rows)))

    assert as_teacher(Reversed()).hidden(ROWS).shape == (80, 5)
    with pytest.raises(TeacherError, match="got no linear layer; need"):
        as_teacher(torch.nn.Tanh()).hidden(ROWS)


@pytest.mark.torch
def test_binding_recomputes_the_layer(network, tmp_path, capsys):
    import eigenstill

    np.save(tmp_path / "rows.npy", np.column_stack([LABELS, ROWS]))
    table = eigenstill.load_table(tmp_path / "rows.npy")
    student = distill(network, table.without(["x0"]), table.columns(["x0"]), basis="features")
    certificate = certify(student, tmp_path)
    found = check(certificate, bind=eigenstill.binders(data=[tmp_path / "rows.npy"], teacher=network))
    assert found.accepted, found.message
    assert "last hidden layer recomputed" in found.bound[1]
    assert not any("taken as they are" in line for line in found.not_covered)
    assert check(certificate, bind=eigenstill.binders(teacher=network)).code == 2
    network[1].running_mean += 1
    assert check(certificate, bind=eigenstill.binders(data=[tmp_path / "rows.npy"], teacher=network)).code == 1


@pytest.mark.torch
def test_binding_recomputes_the_holdout_too(network, tmp_path):
    """Ours: the hold-out was not recomputed, and the verdict said nothing of it."""
    import eigenstill

    np.save(tmp_path / "rows.npy", ROWS)
    np.save(tmp_path / "others.npy", OTHERS)
    np.save(tmp_path / "wrong.npy", OTHERS + 1)
    table = eigenstill.load_table(tmp_path / "rows.npy")
    certificate = certify(distill(network, table, LABELS, basis="features", holdout=OTHERS), tmp_path)

    def bound(*names, teacher=network):
        return check(certificate, bind=eigenstill.binders(data=[tmp_path / name for name in names], teacher=teacher))

    whole = bound("rows.npy", "others.npy")
    assert whole.accepted, whole.message
    assert "as many rows as the hold-out" in whole.bound[1]
    assert not any("taken as they are" in line or "came from the network" in line for line in whole.not_covered)
    part = bound("rows.npy")
    assert part.accepted, part.message
    assert "on the training rows only" in part.bound[1]
    assert sum("taken as they are" in line or "came from the network" in line for line in part.not_covered) == 2
    wrong = bound("rows.npy", "wrong.npy")
    assert (wrong.code, "holdout row" in wrong.message) == (1, True)
    assert bound("rows.npy", "others.npy", teacher=teacher).code == 1  # no layer: the digest is another table's


# the command line


def test_features_on_the_command_line(tmp_path, monkeypatch, capsys):
    (tmp_path / "my_features.py").write_text(
        "import numpy as np\n"
        "def network(rows):\n    return np.sin(rows[:, 0]) + rows[:, 1] * rows[:, 2]\n"
        "def layer(rows):\n    return np.column_stack([np.tanh(rows), rows[:, 1] * rows[:, 2]])\n"
    )
    np.save(tmp_path / "rows.npy", ROWS)
    np.save(tmp_path / "labels.npy", LABELS)
    monkeypatch.chdir(tmp_path)
    options = ["--teacher", "my_features:network", "--data", "rows.npy", "--labels", "labels.npy", "--out", "out"]
    assert main(["distill", *options, "--basis", "features", "--features", "my_features:layer"]) == 0
    assert main(["check", "out/student.cert.json", "--data", "rows.npy", "--teacher", "my_features:network"]) == 0
    assert "outputs recomputed" in capsys.readouterr().out
    assert main(["distill", *options, "--basis", "features"]) == 2
    assert "shows no hidden layer" in capsys.readouterr().err

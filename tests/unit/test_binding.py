"""A certificate against the files it is about: the formula, the rows, the network asked again."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

import eigenstill
from eigenstill.cli import main
from eigenstill.errors import TeacherError
from eigenstill_check.binding import OUTPUTS_OF_THE_NETWORK

RNG = np.random.default_rng(5)
ROWS, OTHERS = RNG.normal(size=(60, 2)), RNG.normal(size=(25, 2))


def network(rows):
    return np.stack([np.sin(rows[:, 0]) + rows[:, 1], 100 * rows[:, 0] * rows[:, 1]], axis=1)


def write(path: Path, rows, extra=None) -> Path:
    columns = rows if extra is None else np.column_stack([extra, rows])
    names = ["price"] * (extra is not None) + ["a", "b"]
    np.savetxt(path, columns, delimiter=",", header=",".join(names), comments="", fmt="%.17g")
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A table with a label column, a hold-out table, the student and the certificate."""
    folder = tmp_path_factory.mktemp("bound")
    table = eigenstill.load_table(write(folder / "train.csv", ROWS, RNG.normal(size=60)))
    aside = eigenstill.load_table(write(folder / "test.csv", OTHERS))
    teacher = eigenstill.Teacher("network", network, parameters=500)
    student = eigenstill.distill(teacher, table.without(["price"]), holdout=aside, landmarks=8)
    student.save(folder / "student.safetensors")
    eigenstill.certify(student, folder)
    return folder


def verdict(folder: Path, **options):
    return eigenstill.check(folder / "student.cert.json", bind=eigenstill.binders(**options))


def test_everything_bound(folder):
    found = verdict(
        folder,
        student=folder / "student.safetensors",
        data=[folder / "train.csv", folder / "test.csv"],
        teacher=network,
    )
    assert found.accepted
    assert found.bound[:4] == (
        "student student.safetensors: sha256 as recorded",
        "student student.safetensors: its formula is the certified one",
        "data train.csv: sha256 as recorded; holds the 60 training rows",
        "data test.csv: holds the 25 hold-out rows",
    )
    assert found.bound[4].startswith("teacher network: outputs recomputed, within ")
    assert found.bound[4].endswith("of the largest (tolerance 1e-05)")
    assert OUTPUTS_OF_THE_NETWORK not in found.not_covered


def test_nothing_bound_covers_nothing_more(folder):
    assert OUTPUTS_OF_THE_NETWORK in verdict(folder, student=folder / "student.safetensors").not_covered


@pytest.mark.parametrize(("shift", "tolerance", "code"), [(1e-4, 1e-5, 0), (1e-2, 1e-5, 1), (1e-2, 1e-3, 0), (0, 0, 0)])
def test_outputs_within_the_tolerance_of_the_largest(folder, shift, tolerance, code):
    """The largest output is about 300."""
    found = verdict(folder, teacher=lambda rows: network(rows) + shift * (rows[:, :1] > 1), tolerance=tolerance)
    assert found.code == code, found.message
    if code:
        assert "within 1e-05 of the largest recorded one" in found.message


def test_one_wrong_hold_out_row_is_found(folder):
    def almost(rows):
        return network(rows) + np.where(rows[:, :1] == OTHERS[7, 0], [[0.0, 1.0]], 0.0)

    found = verdict(folder, teacher=almost)
    assert found.code == 1
    assert "holdout row 7, output 1" in found.message


def test_a_network_with_another_number_of_outputs(folder):
    found = verdict(folder, teacher=lambda rows: rows[:, 0])
    assert (found.code, "got 1 outputs, need 2 as recorded" in found.message) == (1, True)


def test_a_network_with_another_number_of_parameters(folder):
    found = verdict(folder, teacher=eigenstill.Teacher("network", network, parameters=499))
    assert (found.code, "parameters: got 499, need 500 as recorded" in found.message) == (1, True)
    found = verdict(folder, teacher=eigenstill.Teacher("network", network, parameters=500))
    assert "500 parameters counted" in found.bound[0]


def test_recorded_outputs_are_read_not_recomputed(folder, tmp_path):
    np.save(tmp_path / "outputs.npy", network(ROWS))
    assert (
        verdict(folder, teacher=tmp_path / "outputs.npy")
        .bound[0]
        .startswith("teacher outputs.npy: recorded outputs read, within ")
    )
    np.save(tmp_path / "outputs.npy", network(ROWS)[::-1])
    assert verdict(folder, teacher=str(tmp_path / "outputs.npy")).code == 1


def test_another_table_is_rejected_with_both_digests(folder, tmp_path):
    write(tmp_path / "train.csv", ROWS[::-1])
    found = verdict(folder, data=[tmp_path / "train.csv"])
    assert found.code == 1
    for path in (tmp_path / "train.csv", folder / "train.csv"):
        assert hashlib.sha256(path.read_bytes()).hexdigest() in found.message


def test_the_recorded_digest_of_a_table_with_other_rows(folder, tmp_path):
    """Only the digest was made to fit: the rows of the table are not the certified ones."""
    write(tmp_path / "other.csv", ROWS[::-1])
    document = json.loads((folder / "student.cert.json").read_text())
    document["subject"]["data"]["sha256"] = hashlib.sha256((tmp_path / "other.csv").read_bytes()).hexdigest()
    (folder / "forged.cert.json").write_text(json.dumps(document))
    found = eigenstill.check(folder / "forged.cert.json", bind=eigenstill.binders(data=[tmp_path / "other.csv"]))
    assert (found.code, "got other rows" in found.message) == (1, True)


@pytest.mark.parametrize("options", [{"seed": 1}, {"linear": False}, {"basis": "rational-l1"}])
def test_the_recorded_digest_of_another_formula(folder, tmp_path, options):
    """A forger who records the digest of a student that was never certified."""
    other = eigenstill.distill(network, ROWS, landmarks=8, **{"basis": "rational-quadratic", **options})
    other.save(tmp_path / "other.safetensors")
    document = json.loads((folder / "student.cert.json").read_text())
    document["subject"]["student"]["sha256"] = hashlib.sha256((tmp_path / "other.safetensors").read_bytes()).hexdigest()
    (folder / "forged.cert.json").write_text(json.dumps(document))
    bind = eigenstill.binders(student=tmp_path / "other.safetensors")
    found = eigenstill.check(folder / "forged.cert.json", bind=bind)
    assert found.code == 1
    assert found.message.startswith("student other.safetensors: ")


def test_a_teacher_that_cannot_be_asked_is_an_error_of_its_own(folder):
    with pytest.raises(TeacherError, match="unknown kind"):
        eigenstill.binders(teacher="nonsense")


# the command line


def test_check_binds_a_named_callable(folder, tmp_path, capsys, monkeypatch):
    (tmp_path / "bound_network.py").write_text(
        "import numpy as np\n"
        "def network(rows):\n"
        "    return np.stack([np.sin(rows[:, 0]) + rows[:, 1], 100 * rows[:, 0] * rows[:, 1]], axis=1)\n"
        "def other(rows):\n"
        "    return network(rows) + 1\n"
    )
    monkeypatch.chdir(tmp_path)
    certificate, files = str(folder / "student.cert.json"), ["--student", str(folder / "student.safetensors")]
    files += ["--data", str(folder / "train.csv"), "--data", str(folder / "test.csv")]
    assert main(["check", certificate, *files, "--teacher", "bound_network:network"]) == 0
    out = capsys.readouterr().out
    assert "bound:" in out
    assert out.index("checked:") < out.index("bound:") < out.index("recorded only:")
    assert main(["check", "--json", certificate, *files, "--teacher", "bound_network:network"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert len(found["bound"]) == 5
    assert main(["check", certificate, "--teacher", "bound_network:other"]) == 1
    assert capsys.readouterr().out.startswith("REJECTED")
    assert main(["check", certificate, "--teacher", "bound_network:other", "--tolerance", "0.1", "--quiet"]) == 0
    assert main(["check", certificate, "--teacher", "bound_network:missing"]) == 2
    assert main(["check", certificate, "--data", str(tmp_path / "missing.csv")]) == 3
    assert main(["check", certificate, certificate, "--teacher", "bound_network:network"]) == 0
    *each, last = capsys.readouterr().out.splitlines()[-3:]
    assert all(line.startswith(f"ACCEPTED  {certificate}: ") for line in each)
    assert last == "ACCEPTED  2 certificates: 2 accepted"


def test_certify_detached_then_check_with_data(folder, tmp_path, capsys):
    np.save(tmp_path / "rows.npy", ROWS)
    np.save(tmp_path / "outputs.npy", network(ROWS))
    options = ["--teacher", str(tmp_path / "outputs.npy"), "--data", str(tmp_path / "rows.npy")]
    out = tmp_path / "out"
    assert main(["distill", *options, "--out", str(out), "--landmarks", "8", "--no-certify", "--quiet"]) == 0
    assert main(["certify", str(out), "--detached"]) == 0
    assert "check needs it as --data" in capsys.readouterr().out
    certificate = out / "student.cert.json"
    handed_on = [path.read_bytes() for path in (certificate, out / "student.cert.safetensors")]
    for row in ROWS:
        assert not any(row.tobytes() in data for data in handed_on)
    assert main(["show", str(certificate)]) == 0
    kept = tmp_path / "kept.safetensors"
    (out / "student.cert.rows.safetensors").rename(kept)
    capsys.readouterr()
    assert main(["check", str(certificate)]) == 3
    assert main(["check", str(certificate), "--data", str(kept)]) == 0
    assert "kept.safetensors: detached rows, sha256 as recorded" in capsys.readouterr().out
    assert main(["check", str(certificate), "--data", str(out / "recording.safetensors")]) == 1


@pytest.mark.parametrize("suffix", [".onnx"])
def test_an_onnx_file_is_run_again(tmp_path, suffix):
    onnx = pytest.importorskip("onnx")
    pytest.importorskip("onnxruntime")
    helper, kind = onnx.helper, onnx.TensorProto.FLOAT
    weights = np.array([[1.0], [2.0]], dtype=np.float32)

    def save(path: Path, scale: float) -> Path:
        graph = helper.make_graph(
            [helper.make_node("MatMul", ["x", "w"], ["h"]), helper.make_node("Tanh", ["h"], ["y"])],
            "network",
            [helper.make_tensor_value_info("x", kind, ["n", 2])],
            [helper.make_tensor_value_info("y", kind, ["n", 1])],
            [onnx.numpy_helper.from_array(scale * weights, "w")],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        onnx.save(model, str(path))
        return path

    network_file = save(tmp_path / f"network{suffix}", np.float32(1))
    student = eigenstill.distill(str(network_file), ROWS, landmarks=8)
    certificate = eigenstill.certify(student, tmp_path)
    found = eigenstill.check(certificate, bind=eigenstill.binders(teacher=network_file))
    assert found.accepted
    assert "sha256 as recorded; 2 parameters counted; outputs recomputed" in found.bound[0]
    other = save(tmp_path / "other.onnx", np.float32(1.01))
    assert eigenstill.check(certificate, bind=eigenstill.binders(teacher=other)).code == 1


# matrices


def test_a_matrix_is_bound_by_its_data_alone(tmp_path, capsys):
    matrix = RNG.normal(size=(12, 4))
    np.save(tmp_path / "matrix.npy", matrix)
    certificate = tmp_path / "m.cert.json"
    assert main(["svd", str(tmp_path / "matrix.npy"), "--rank", "2", "--out", str(certificate)]) == 0
    bind = eigenstill.binders(data=[tmp_path / "matrix.npy"])
    assert eigenstill.check(certificate, bind=bind).bound == (
        "data matrix.npy: sha256 as recorded; holds the certified matrix",
    )
    np.save(tmp_path / "other.npy", matrix + 1e-9)
    assert eigenstill.check(certificate, bind=eigenstill.binders(data=[tmp_path / "other.npy"])).code == 1
    assert main(["check", "--teacher", str(tmp_path / "matrix.npy"), str(certificate)]) == 2
    assert "bind it by its data alone" in capsys.readouterr().out
    assert main(["show", str(certificate)]) == 0
    assert "spectrum" in capsys.readouterr().out

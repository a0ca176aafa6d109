"""Boxes: every number by a second route, bounds against sampling and exact mixed-integer optima, hostile files."""

from __future__ import annotations

import hashlib
import json
import warnings
from dataclasses import replace
from itertools import pairwise

import jsonschema
import numpy as np
import pytest

import eigenstill
from eigenstill.errors import EigenstillWarning, StudentError, TeacherError
from eigenstill.files import encode_tensors
from eigenstill.regions import ReluNetwork, certify_regions, relu_network
from eigenstill_check import check, schema_text
from eigenstill_check.cost import region_seconds
from eigenstill_check.dyadic import Dyadic
from eigenstill_check.limits import read_limits
from eigenstill_check.regions.cells import Cell, leaves, trees
from eigenstill_check.regions.network import Layer, network_over
from support.files import read_arrays
from support.milp import largest_output
from support.reference_region import Boxes

RNG = np.random.default_rng(2)
ROWS = RNG.uniform(-2, 2, (60, 2))


def network(widths: tuple[int, ...], seed: int, inputs: int = 2, outputs: int = 1) -> ReluNetwork:
    rng, sizes = np.random.default_rng(seed), (inputs, *widths, outputs)
    pairs = list(pairwise(sizes))
    weights = tuple(np.float32(rng.standard_normal((out, into)) / np.sqrt(into)).astype(float) for into, out in pairs)
    return ReluNetwork("net", None, weights, tuple(0.3 * rng.standard_normal(out) for _, out in pairs))


def student_of(plain: ReluNetwork, landmarks: int = 8, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", EigenstillWarning)  # the ridge of a linear network is the least of its grid
        return eigenstill.distill(plain.evaluate, ROWS, landmarks=landmarks, basis="rational-quadratic", **options)


@pytest.fixture(scope="module")
def plain():
    return network((6, 5), 3)


@pytest.fixture(scope="module")
def student(plain):
    return student_of(plain)


@pytest.fixture
def written(student, plain, tmp_path):
    return certify_regions(student, plain, ROWS[:2], [0.3, 0.2], tmp_path, cells=4)


def dyadics(values):
    return tuple(Dyadic.of_float(float(value)) for value in values)


# numbers


@pytest.mark.parametrize(
    ("widths", "outputs", "linear"), [((6, 5), 1, True), ((4,), 2, False), ((), 1, True), ((3, 3, 3), 1, True)]
)
def test_numbers_are_those_of_the_reference(tmp_path, widths, outputs, linear):
    plain = network(widths, len(widths), outputs=outputs)
    student = student_of(plain, landmarks=5, linear=linear)
    path = certify_regions(student, plain, ROWS[:2], [[0.5, 0.0], [0.1, 0.4]], tmp_path, cells=3).path
    tensors = read_arrays((tmp_path / "region.cert.safetensors").read_bytes())
    assert json.loads(path.read_text())["claims"] == [Boxes(tensors).claim()]
    verdict = check(path)
    assert verdict.code == 0, verdict.message


@pytest.mark.parametrize("radius", [0.0, 0.02, 0.2, 1.0])
@pytest.mark.parametrize("widths", [(6, 5), (12,), (4, 4, 4)])
def test_bounds_are_never_below_what_is_seen(tmp_path, widths, radius):
    plain = network(widths, 7)
    student = student_of(plain)
    found = certify_regions(student, plain, ROWS[:3], [radius, radius], tmp_path, cells=6)
    for place, centre in enumerate(ROWS[:3]):
        rows = centre + radius * np.concatenate([RNG.uniform(-1, 1, (4000, 2)), RNG.choice([-1, 1], (8, 2))])
        values = student.predict(rows).reshape(len(rows))
        difference = np.abs(values - plain.evaluate(rows)[:, 0]).max()
        assert found.sampled[place] <= found.difference_at_most[place, 0] + 1e-12
        assert difference <= found.difference_at_most[place, 0] + 1e-12
        assert found.formula_at_least[place, 0] - 1e-12 <= values.min()
        assert values.max() <= found.formula_at_most[place, 0] + 1e-12
        for axis in range(2):
            step = np.eye(2)[axis] * 1e-6
            inside = rows[np.abs(rows[:, axis] - centre[axis]) < 0.999 * radius] if radius else rows[:1]
            slopes = np.abs(student.predict(inside + step) - student.predict(inside - step)) / 2e-6
            assert slopes.max() <= found.slopes_at_most[place, 0, axis] + 1e-6
        if radius <= 0.02:
            assert found.difference_at_most[place, 0] <= 1.05 * difference + 1e-3


def test_slopes_on_a_box_are_far_below_those_everywhere(student, plain, tmp_path):
    found = certify_regions(student, plain, ROWS[:1], [0.05, 0.05], tmp_path)
    claims = json.loads(eigenstill.certify(student, tmp_path).read_text())["claims"]
    (everywhere,) = (claim["outputs"][0]["slopes_at_most"] for claim in claims if claim["claim"] == "global")
    assert all(
        2 * here < float(there["decimal"]) for here, there in zip(found.slopes_at_most[0, 0], everywhere, strict=True)
    )


# exact optima


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("widths", [(5,), (4, 4)])
def test_network_bounds_hold_the_exact_optimum(widths, seed):
    """The range of the network over a box by mixed-integer programming, and by the linear form: never inside it."""
    plain = network(widths, seed)
    layers = tuple(Layer.of(w.tolist(), b.tolist()) for w, b in zip(plain.weights, plain.biases, strict=True))
    box = Cell(dyadics(ROWS[seed]), dyadics([0.5, 0.5]))
    most = largest_output(plain, ROWS[seed], np.array([0.5, 0.5]))
    least = -largest_output(plain, ROWS[seed], np.array([0.5, 0.5]), sign=-1.0)
    (form,) = network_over(layers, box)
    assert float(form.at_least) <= least + 1e-7
    assert most <= float(form.at_most) + 1e-7
    cells = list(leaves(box, full_tree(5)))
    assert len(cells) == 32
    forms = [network_over(layers, cell)[0] for cell in cells]
    assert min(float(f.at_least) for f in forms) <= least + 1e-7 <= most - 1e-7 <= max(float(f.at_most) for f in forms)
    assert max(float(f.at_most) for f in forms) - most <= 0.5 * (float(form.at_most) - most) + 1e-3


@pytest.mark.parametrize("seed", range(3))
def test_difference_is_the_exact_one_where_the_formula_is_linear(tmp_path, seed):
    """A formula without kernel part: |formula - network| over a box is a mixed-integer optimum, met from above."""
    plain = network((5,), seed)
    student = student_of(plain)
    formula = replace(student.formula, coefficients=np.zeros_like(student.formula.coefficients))
    bare = replace(student, formula=formula)
    found = certify_regions(bare, plain, ROWS[:1], [0.4, 0.4], tmp_path, cells=64)
    weights, intercept = formula.weights[:, 0], float(formula.intercept[0])
    optimum = max(
        largest_output(plain, ROWS[0], np.array([0.4, 0.4]), sign=sign, weights=-sign * weights) - sign * intercept
        for sign in (1.0, -1.0)
    )
    assert optimum <= found.difference_at_most[0, 0] + 1e-7
    assert found.difference_at_most[0, 0] <= 1.05 * optimum + 1e-3


def full_tree(depth: int) -> list[int]:
    return [-1] if depth == 0 else [depth % 2, *full_tree(depth - 1), *full_tree(depth - 1)]


def test_halvings_cover_the_box():
    box = Cell(dyadics([1.0, -2.0]), dyadics([0.5, 4.0]))
    cells = list(leaves(box, [1, 0, -1, -1, 1, -1, -1]))
    corners = [[(float(c - h), float(c + h)) for c, h in zip(cell.centre, cell.half, strict=True)] for cell in cells]
    assert corners == [
        [(0.5, 1.0), (-6.0, -2.0)],
        [(1.0, 1.5), (-6.0, -2.0)],
        [(0.5, 1.5), (-2.0, 0.0)],
        [(0.5, 1.5), (0.0, 2.0)],
    ]


@pytest.mark.parametrize(
    ("partition", "boxes", "found"),
    [([-1, 0, -1, -1], 2, [[-1], [0, -1, -1]]), ([0, -1], 1, None), ([-1, -1], 1, None), ([], 1, None)],
)
def test_partitions_are_whole_trees(partition, boxes, found):
    assert trees(partition, boxes) == found


# networks


@pytest.mark.torch
def test_weights_of_torch_and_onnx_are_the_network(tmp_path):
    torch = pytest.importorskip("torch", reason="torch is not installed: no module to read")
    pytest.importorskip("onnx", reason="onnx is not installed: no file to read")
    from eigenstill.demo.teacher import build_network

    torch.manual_seed(0)
    module = build_network(ROWS, ROWS[:, 0] * 3 + 1, (7, 4)).eval()
    read = relu_network(module, 2)
    with torch.no_grad():
        expected = module(torch.tensor(ROWS)).numpy()
    assert [weight.shape for weight in read.weights] == [(7, 2), (4, 7), (1, 4)]
    assert np.abs(read.evaluate(ROWS)[:, 0] - expected).max() < 1e-5
    simple = torch.nn.Sequential(
        torch.nn.BatchNorm1d(2), torch.nn.Linear(2, 5), torch.nn.ReLU(), torch.nn.Dropout(), torch.nn.Linear(5, 2)
    ).eval()
    options = {"input_names": ["rows"], "output_names": ["out"], "dynamo": False}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.onnx.export(simple, torch.zeros(1, 2), tmp_path / "net.onnx", **options)
    with torch.no_grad():
        expected = simple(torch.tensor(ROWS, dtype=torch.float32)).numpy()
    for subject in (simple, tmp_path / "net.onnx"):
        assert np.abs(relu_network(subject, 2).evaluate(ROWS) - expected).max() < 1e-5


@pytest.mark.torch
def test_other_networks_are_refused():
    torch = pytest.importorskip("torch", reason="torch is not installed: no module to read")
    with pytest.raises(TeacherError, match="step Tanh; need a plain ReLU network"):
        relu_network(torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Tanh(), torch.nn.Linear(3, 1)), 2)
    with pytest.raises(TeacherError, match="a teacher of type function"):
        relu_network(lambda rows: rows, 2)


def test_what_does_not_fit_is_refused(student, plain, tmp_path):
    with pytest.raises(TeacherError, match="3 inputs, 1 outputs; need 2 and 1"):
        certify_regions(student, network((4,), 0, inputs=3), ROWS[:1], [0.1, 0.1], tmp_path)
    with pytest.raises(StudentError, match="none below 0"):
        certify_regions(student, plain, ROWS[:1], [0.1, -0.1], tmp_path)
    other = eigenstill.distill(plain.evaluate, ROWS, landmarks=4, basis="rational-l1")
    with pytest.raises(StudentError, match="basis rational-l1; need rational-quadratic"):
        certify_regions(other, plain, ROWS[:1], [0.1, 0.1], tmp_path)


# files


def bent(written, change) -> tuple[int, str]:
    """The verdict on the file with its tensors changed, length and digest made right."""
    arrays = written.path.with_name("region.cert.safetensors")
    tensors = {name: np.array(value) for name, value in read_arrays(arrays.read_bytes()).items()}
    change(tensors)
    data = encode_tensors(tensors)
    arrays.write_bytes(data)
    document = json.loads(written.path.read_text())
    document["arrays"][0] |= {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
    written.path.write_text(json.dumps(document))
    verdict = check(written.path)
    return verdict.code, verdict.message


def shifted(name: str, step: float):
    def change(tensors) -> None:
        tensors[name].ravel()[0] += step

    return change


@pytest.mark.parametrize(
    ("name", "step"),
    [("radii", 0.25), ("centres", 0.25), ("network.1.bias", 0.5), ("network.2.bias", 1.0), ("coefficients", 1.0)],
)
def test_other_tensors_are_another_claim(written, name, step):
    code, message = bent(written, shifted(name, step))
    assert code == 1
    assert "claims[0] region.boxes[0]" in message


def test_a_box_cannot_be_left_half_covered(written):
    def change(tensors) -> None:
        tensors["partition"] = np.array([0, -1, -1])

    assert bent(written, change) == (
        2,
        "region.cert.safetensors: tensor partition: not 2 trees; need for each box its "
        "halvings in preorder, an input 0 to 1 or -1 for a cell",
    )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda t: t.update(radii=-t["radii"]), "tensor radii: a negative entry"),
        (lambda t: t.update(scales=t["scales"] * 0), "tensor scales: an entry is not positive"),
        (lambda t: t.pop("network.2.weight"), "a network of 2 layers and 5 outputs"),
        (lambda t: t.update(partition=np.where(t["partition"] >= 0, 2, -1)), "an input 0 to 1"),
        (lambda t: t.update(note=np.zeros(1)), "tensor note: unknown"),
        (lambda t: t.update({"network.1.weight": np.zeros((5, 4))}), "tensor network.1.weight: 5 x 4; need 6 columns"),
    ],
)
def test_malformed_tensors_are_refused(written, change, reason):
    code, message = bent(written, change)
    assert (code, reason in message) == (2, True), message


def test_no_digit_can_be_changed(written):
    document = json.loads(written.path.read_text())
    for box in range(2):
        for key in ("difference_at_most", "formula_at_least", "formula_at_most", "slopes_at_most"):
            changed = json.loads(json.dumps(document))
            place = changed["claims"][0]["boxes"][box]["outputs"][0]
            number = place[key][1] if key == "slopes_at_most" else place[key]
            mantissa, exponent = number["exact"].split("p")
            value = Dyadic(int(mantissa) - 2, int(exponent))
            number |= {"exact": str(value), "decimal": value.decimal(up="least" not in key)}
            written.path.write_text(json.dumps(changed))
            verdict = check(written.path)
            assert verdict.code == 1
            assert f"boxes[{box}].outputs[0].{key}" in verdict.message


def test_verdict_schema_and_binding(written, student, tmp_path):
    verdict = check(written.path)
    assert verdict.message == "1 claims hold"
    assert "at every point of 2 boxes" in verdict.claims[0].statement
    assert "points outside the boxes" in verdict.not_covered
    schema, document = json.loads(schema_text("region-1")), json.loads(written.path.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(document, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document | {"kernel": "gaussian"}, schema)
    student.save(tmp_path / "student.safetensors")
    from eigenstill_check.binding import same_digest

    assert check(written.path, bind=[same_digest("student", tmp_path / "student.safetensors")]).code == 0
    assert check(written.path, bind=[same_digest("student", written.path)]).code == 1
    assert check(written.path, bind=[same_digest("data", written.path)]).code == 2


def test_a_run_may_take_on_less(written):
    verdict = check(written.path, limits=read_limits(["memory=1"]))
    assert (verdict.code, "memory" in verdict.message) == (3, True), verdict.message
    assert 5 < region_seconds(14, 128, 1, [512, 256, 1], 40) < 60, (
        "ten boxes on Ames: 23 s, on a machine shared by eight"
    )


@pytest.mark.torch
def test_the_command_line(tmp_path, monkeypatch, capsys):
    pytest.importorskip("torch", reason="torch is not installed: no module to read")
    from eigenstill import folder
    from eigenstill.cli import main

    (tmp_path / "my_network.py").write_text(
        "import torch\ntorch.manual_seed(1)\n"
        "net = torch.nn.Sequential(torch.nn.Linear(2, 6), torch.nn.ReLU(), torch.nn.Linear(6, 1)).double().eval()\n"
    )
    monkeypatch.chdir(tmp_path)
    teacher = eigenstill.load_teacher("my_network:net")
    own = eigenstill.distill(teacher, ROWS, landmarks=6, basis="rational-quadratic", holdout=ROWS[:5] / 2)
    folder.save(own, tmp_path / "own")
    call = ["region", "own", "--teacher", "my_network:net", "--boxes", "3", "--radius", "0.1"]
    assert main([*call, "--quiet"]) == 0
    assert check(tmp_path / "own" / "region.cert.json").code == 0
    capsys.readouterr()
    assert main([*call, "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["sampled"]) == 3
    assert main(["check", "--quiet", "own/region.cert.json"]) == 0
    assert main([*call[:-4], "--boxes", "6"]) == 2

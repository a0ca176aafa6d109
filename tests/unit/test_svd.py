"""`certify_svd` and the checker's profile svd-1: any real matrix, two routes, and files that are wrong in one thing."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import eigenstill
from eigenstill.files import encode_tensors
from eigenstill_check import check, schema_text
from eigenstill_check.tensors import parse


def decaying(rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    return rng.standard_normal(shape) * np.exp(-np.arange(shape[1]) / 3)


def exact_singular_values(matrix: np.ndarray, *, centre: bool = False) -> list[Any]:
    """Descending, with 60 digits."""
    with mpmath.workdps(60):
        exact = mpmath.matrix(matrix.tolist())
        if centre:
            for column in range(exact.cols):
                mean = mpmath.fsum(exact[row, column] for row in range(exact.rows)) / exact.rows
                for row in range(exact.rows):
                    exact[row, column] -= mean
        gram = exact.T * exact if exact.rows >= exact.cols else exact * exact.T
        values = mpmath.eigsy(gram, eigvals_only=True)
        return sorted((mpmath.sqrt(max(value, mpmath.mpf(0))) for value in values), reverse=True)


@pytest.mark.parametrize("shape", [(12, 5), (5, 12), (6, 6)])
@pytest.mark.parametrize("centre", [False, True])
def test_every_singular_value_lies_in_its_interval_and_the_bounds_enclose_the_tail(tmp_path, shape, centre):
    matrix = decaying(np.random.default_rng(sum(shape)), shape)
    result = eigenstill.certify_svd(matrix, 3, tmp_path, centre=centre)
    truth = exact_singular_values(matrix, centre=centre)
    tolerance = 1e-13 if centre else 0  # means are rounded down to the grid
    for (low, high), value, rounded in zip(result.intervals, truth, result.singular_values, strict=False):
        assert low - tolerance <= value <= high + tolerance
        assert high - low < 1e-9
        assert abs(rounded - value) < 1e-9
    tail = mpmath.fsum(value**2 for value in truth[3:])
    assert result.error_at_least <= tail * (1 + 1e-12)
    assert tail <= result.error_at_most * (1 + 1e-12)
    assert result.error_at_most / result.error_at_least - 1 < 1e-6
    assert check(result.path).accepted


@st.composite
def matrices(draw: st.DrawFn) -> np.ndarray:
    """Small matrices with clusters, repeated and zero singular values, and wild scales."""
    rows, columns = draw(st.integers(2, 6)), draw(st.integers(2, 6))
    size = min(rows, columns)
    values = draw(st.lists(st.sampled_from([0.0, 1e-3, 1.0, 1.0, 1.0 + 1e-9, 7.0]), min_size=size, max_size=size))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    left, right = (np.linalg.qr(rng.standard_normal((n, n)))[0][:, :size] for n in (rows, columns))
    return 2.0 ** draw(st.sampled_from([-60, 0, 40])) * (left * values) @ right.T


@given(matrices(), st.integers(1, 5), st.booleans())
@settings(max_examples=40, deadline=None)
def test_any_matrix_is_accepted_at_any_rank_or_refused_in_a_sentence(tmp_path_factory, matrix, rank, centre):
    rank = min(rank, min(matrix.shape) - 1)
    folder = tmp_path_factory.mktemp("svd")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", eigenstill.EigenstillWarning)
        try:
            result = eigenstill.certify_svd(matrix, rank, folder, centre=centre)
        except eigenstill.EigenstillError as refusal:
            sentence = str(refusal)
            result = None
    if result is None:
        assert "\n" not in sentence
        assert not list(folder.iterdir())
        return
    assert check(result.path).accepted
    if not centre:
        for (low, high), value in zip(result.intervals, exact_singular_values(matrix), strict=False):
            assert low <= value <= high


def test_components_project_as_numpy_does(tmp_path):
    matrix = decaying(np.random.default_rng(3), (40, 6))
    result = eigenstill.certify_svd(matrix, 2, tmp_path, centre=True)
    centred = matrix - matrix.mean(axis=0)
    _, _, right = np.linalg.svd(centred, full_matrices=False)
    assert np.allclose(np.abs(result.components @ right[:2].T), np.eye(2), atol=1e-9)
    assert np.allclose(result.transform(matrix), centred @ result.components.T, atol=1e-9)


def test_a_symmetric_matrix_has_the_absolute_eigenvalues(tmp_path):
    half = np.random.default_rng(4).standard_normal((6, 6))
    matrix = half + half.T
    result = eigenstill.certify_svd(matrix, 3, tmp_path, symmetric=True)
    expected = np.sort(np.abs(np.linalg.eigvalsh(matrix)))[::-1][:3]
    assert np.allclose(result.singular_values, expected, rtol=1e-9)
    assert check(result.path).accepted


@pytest.mark.parametrize(
    ("matrix", "rank", "options", "reason"),
    [
        ([[1.0, 2.0]], 1, {}, "two rows"),
        (np.eye(3), 3, {}, "need 1 to 2"),
        (np.eye(3), 0, {}, "need 1 to 2"),
        (np.zeros((3, 3)), 1, {}, "all entries are 0"),
        ([[1.0, float("nan")], [0.0, 1.0]], 1, {}, "finite"),
        ([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], 1, {"symmetric": True}, "not square"),
        ([[2.0, 0.5, 0.0], [0.7, 2.0, 1.0], [0.0, 1.0, 2.0]], 1, {"symmetric": True}, r"gap 0.2 at \(0, 1\)"),
        ([[1e300, 1.0], [1.0, 1e-300]], 1, {}, "too far apart"),
        (np.outer([1.0, 2.0, 3.0], [1.0, 2.0]), 1, {}, "rank one"),
    ],
)
def test_bad_matrices_are_refused_and_leave_nothing(tmp_path, matrix, rank, options, reason):
    with pytest.raises(eigenstill.EigenstillError, match=reason):
        eigenstill.certify_svd(matrix, rank, tmp_path / "out", **options)
    assert not (tmp_path / "out").exists()


def test_a_rank_beyond_the_matrix_is_lowered_with_a_notice(tmp_path):
    rng = np.random.default_rng(5)
    matrix = rng.integers(-9, 9, (8, 2)) @ rng.integers(-9, 9, (2, 5))
    with pytest.warns(eigenstill.EigenstillWarning, match="beyond rank 1"):
        result = eigenstill.certify_svd(matrix, 3, tmp_path)
    assert result.rank == 1
    assert check(result.path).accepted


# wrong in one thing


@pytest.fixture
def honest(tmp_path) -> Path:
    matrix = decaying(np.random.default_rng(6), (9, 4))
    return eigenstill.certify_svd(matrix, 2, tmp_path, name="m").path


def rewrite(path: Path, bend: Callable[[dict[str, Any], dict[str, np.ndarray]], object]) -> Path:
    """Change document or tensors, and record size and digest again."""
    document = json.loads(path.read_text())
    arrays = path.parent / document["arrays"][0]["file"]
    tensors = {
        name: np.array(tensor.floats() if tensor.dtype == "F64" else tensor.integers()).reshape(tensor.shape)
        for name, tensor in parse(memoryview(arrays.read_bytes()), arrays.name).items()
    }
    bend(document, tensors)
    data = encode_tensors(tensors)
    arrays.write_bytes(data)
    document["arrays"][0] |= {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    path.write_text(json.dumps(document))
    return path


def set_entry(name: str, place: tuple[int, ...], value: float) -> Callable[[Any, Any], object]:
    return lambda document, tensors: tensors[name].__setitem__(place, value)


BENT: dict[str, tuple[int, str, Callable[[Any, Any], object]]] = {
    "matrix_entry": (1, "matrix", set_entry("matrix", (0, 0), 3.0)),
    "mode_dropped_in_favour_of_another": (
        1,
        "eckart_young",
        lambda d, t: t["eigenvectors"].__setitem__(0, t["eigenvectors"][1]),
    ),
    "excess_negative": (1, "excess", set_entry("excess", (1,), -5)),
    "factor_entry": (1, "of W - L L", set_entry("factor", (3, 3), 0)),
    "declared_symmetric": (1, "a square matrix", lambda d, t: d["matrix"].update(symmetric=True)),
    "declared_centred": (1, "trace", lambda d, t: d["matrix"].update(centred=True)),
    "rows_off": (2, "shape", lambda d, t: d["arrays"][0].update(rows=8)),
    "rows_transposed": (2, "need", lambda d, t: d["matrix"].update(transposed=True)),
    "claim_missing": (2, "need a list of 3", lambda d, t: d["claims"].pop()),
    "claim_twice": (2, "stands 2 times", lambda d, t: d["claims"].__setitem__(2, d["claims"][1])),
    "claim_unknown": (2, "stands 0 times", lambda d, t: d["claims"][2].update(claim="metric")),
    "unknown_tensor": (2, "unknown or not allowed", lambda d, t: t.update(extra=np.ones(1))),
    "above_diagonal": (2, "above the diagonal", set_entry("factor", (0, 3), 1)),
    "entries_too_far_apart": (2, "need at most 640", set_entry("matrix", (0, 0), 1e-250)),
    "not_finite": (2, "finite", set_entry("matrix", (0, 0), float("inf"))),
    "unknown_key": (2, "unknown key", lambda d, t: d["matrix"].update(scaled=True)),
    "profile_of_a_student": (2, "", lambda d, t: d.update(profile="distillation-1")),
}


@pytest.mark.parametrize("case", BENT)
def test_one_thing_wrong(honest, case):
    code, reason, bend = BENT[case]
    verdict = check(rewrite(honest, bend))
    assert (verdict.code, reason in verdict.message) == (code, True), verdict.message


def test_each_recorded_number_counts(honest):
    """All but the slack: it is a witness, and another one may prove the same."""
    text = honest.read_text()
    document = json.loads(text)

    def numbers(value: Any) -> Any:
        if isinstance(value, dict) and value.keys() == {"exact", "decimal"}:
            yield value
        elif isinstance(value, dict | list):
            for inner in value.values() if isinstance(value, dict) else value:
                yield from numbers(inner)

    for claim in document["claims"]:
        claim.pop("slack", None)
    count = len(list(numbers(document["claims"])))
    assert count >= 9
    for index in range(count):
        changed = json.loads(text)
        hidden = [claim.pop("slack", None) for claim in changed["claims"]]
        number = list(numbers(changed["claims"]))[index]
        mantissa, exponent = number["exact"].split("p")
        number["exact"] = f"{int(mantissa) + 2}p{exponent}"
        for claim, slack in zip(changed["claims"], hidden, strict=True):
            if slack is not None:
                claim["slack"] = slack
        honest.write_text(json.dumps(changed))
        assert check(honest).code != 0, number


def test_the_schema_accepts_it_and_knows_the_profile(honest):
    schema = json.loads(schema_text("svd-1"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(honest.read_text()), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(json.loads(honest.read_text()) | {"profile": "distillation-1"}, schema)


def test_sharded_rows_are_the_same_matrix(honest):
    document = json.loads(honest.read_text())
    first = honest.parent / document["arrays"][0]["file"]
    tensors = parse(memoryview(first.read_bytes()), first.name)
    matrix = np.array(tensors["matrix"].floats()).reshape(tensors["matrix"].shape)
    witnesses = {
        name: np.array(tensors[name].integers()).reshape(tensors[name].shape)
        for name in ("eigenvectors", "excess", "factor")
    }
    shards = {"m.0.safetensors": {"matrix": matrix[:4], **witnesses}, "m.1.safetensors": {"matrix": matrix[4:]}}
    document["arrays"] = []
    for name, part in shards.items():
        data = encode_tensors(part)
        (honest.parent / name).write_bytes(data)
        document["arrays"].append(
            {"file": name, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data), "rows": len(part["matrix"])}
        )
    honest.write_text(json.dumps(document))
    assert check(honest).accepted

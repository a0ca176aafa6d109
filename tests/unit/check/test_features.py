"""Certificates about features: no kernel, the recorded inputs are the basis, in their own units."""

from __future__ import annotations

import json
import warnings
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import eigenstill
from eigenstill.errors import EigenstillWarning
from eigenstill_check import check
from eigenstill_check.layout import PROFILES
from support.drafts import Draft, entry
from support.files import draft_from
from support.reference import two


def features(seed: int = 0, rows: int = 10) -> np.ndarray:
    """Four columns of very different size, one of them dead and one far from 0."""
    rng = np.random.default_rng(seed)
    return np.column_stack([rng.normal(size=(rows, 2)) * [1.0, 1e-6], np.zeros(rows), 1e6 + rng.normal(size=rows)])


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Path:
    h = features()
    outputs = np.column_stack([h[:, 0] ** 2, np.sin(5 * h[:, 3])])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", EigenstillWarning)
        student = eigenstill.distill(outputs, h, basis="features", features=h)
    return eigenstill.certify(student, tmp_path_factory.mktemp("features"))


@pytest.fixture
def draft(written) -> Draft:
    """With the claims of the profile only."""
    draft = draft_from(written)
    draft.further = {}
    for name in ("ridge", "solution", "ridge_edges", "ridge_trials"):
        draft.tensors.pop(name, None)
    return draft


def test_numbers_are_those_of_the_reference(written):
    """Every claim by two routes, those beyond the profile too."""
    found = check(written)
    assert found.accepted, found.message
    recorded = json.loads(written.read_text())["claims"]
    assert {claim["claim"] for claim in recorded} > {*PROFILES["distillation-1"], "spectrum", "shrinkage", "global"}
    for claim in draft_from(written).seal().document["claims"]:
        assert claim in recorded


def test_the_operator_is_the_centred_representation(draft):
    """Within 2^(E_d - p) of the features less their means, in their own units."""
    reference = draft.reference()
    for column, exponent in zip(range(4), draft.basis["linear_exponents"], strict=True):
        values = [Fraction(row[column]) for row in draft.tensors["train.inputs"]]
        mean = sum(values) / len(values)
        for value, row in zip(values, reference.operator, strict=True):
            assert abs(row[column] - (value - mean)) <= 2 * two(exponent - draft.basis["grid_bits"])


def test_the_verdict_speaks_of_features(written):
    found = check(written)
    assert any("features are a layer of the network" in line for line in found.not_covered)
    assert not any("basis operator" in line for line in found.not_covered)
    assert found.claims[1].statement == "A is measured in the features' own units, exactly"


@pytest.mark.parametrize("factor", [Fraction(0), Fraction(1, 2), Fraction(2)])
def test_a_metric_that_scales_the_features_is_rejected(draft, tmp_path, factor):
    """T = 0 would make every bound trivially true; half of it every error four times smaller."""
    draft.basis["metric_exponent"] -= 1
    first, *others = (2 * value for value in draft.tensors["linear_metric"])
    draft.tensors["linear_metric"] = [int(first * factor), *others]
    path = draft.prove([1]).seal().write(tmp_path, "base")
    found = check(path)
    assert [claim.claim for claim in found.claims if not claim.accepted] == ["metric"]
    assert "need 0: features in their own units" in found.message


@pytest.mark.parametrize("name", ["landmarks", "scales", "coefficients", "metric"])
def test_tensors_of_a_kernel_are_refused(draft, tmp_path, name):
    values = {"scales": [1.0] * 4, "metric": [[1]]}.get(name, [[1.0] * 4])
    bundle = draft.seal()
    bundle.files["base.cert.safetensors"][name] = entry(name, values)
    found = check(bundle.write(tmp_path, "base"))
    assert (found.code, f"tensor {name}: unknown or not allowed here" in found.message) == (2, True)


def test_features_need_the_linear_term(draft, tmp_path):
    bundle = draft.seal()
    bundle.document["basis"]["linear"] = False
    found = check(bundle.write(tmp_path, "base"))
    assert (found.code, "need true with features" in found.message) == (2, True)


def test_a_kernel_is_not_left_out_by_another_name(tmp_path):
    """A certificate of a kernel that says `features` lacks nothing but has too much."""
    base = Path(__file__).parents[2] / "corpus" / "accept" / "quadratic_linear.cert.json"
    bundle = draft_from(base).seal()
    bundle.document["basis"]["kernel"] = "features"
    assert check(bundle.write(tmp_path, "base")).code == 2

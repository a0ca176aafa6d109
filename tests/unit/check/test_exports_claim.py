"""Claim exports: other programs' predictions, by a second route, by meaning, and as the producer records them."""

from __future__ import annotations

import json
from fractions import Fraction
from importlib.util import find_spec

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import eigenstill
from eigenstill import folder as places
from eigenstill.cli import main
from eigenstill.errors import StudentError
from eigenstill.exports.c_source import compiler
from eigenstill_check import check
from eigenstill_check.certificate import read
from eigenstill_check.claims import exports
from eigenstill_check.exact import Exact
from support import reference
from support.files import draft_from
from support.folders import distilled
from support.reference_exports import PROGRAMS
from support.small import small_certificate

READY = ["numpy", *(["c"] if compiler() else []), *(["onnx"] if find_spec("onnxruntime") else [])]


@settings(max_examples=25)
@given(
    seed=st.integers(0, 10_000),
    programs=st.sets(st.sampled_from(PROGRAMS), min_size=1),
    kernel=st.sampled_from(["rational-quadratic", "rational-l1", "gaussian"]),
    off=st.sampled_from([0.0, 2.0**-52, 2.0**-40]),
)
def test_checker_and_reference_agree(tmp_path_factory, seed, programs, kernel, off):
    folder = tmp_path_factory.mktemp("random")
    draft = draft_from(small_certificate(folder, seed, outputs=2, rows=9, landmarks=3, kernel=kernel, rank=1))
    rng = np.random.default_rng(seed)
    for split in ("train", "holdout"):
        own = np.array(draft.tensors[f"{split}.predictions"])
        for name in programs:
            draft.tensors[f"{split}.predictions.{name}"] = (own + off * rng.standard_normal(own.shape)).tolist()
    draft.further = {"exports": {}}
    bundle = draft.seal()
    path = bundle.write(folder, "base")
    verdict = check(path)
    assert verdict.code == (0 if draft.further_reference().holds("exports") else 1)
    if verdict.accepted:
        assert exports.compute(Exact(read(path)), {}) == bundle.claim("exports")
    else:
        assert [claim.claim for claim in verdict.claims if not claim.accepted] == ["exports"]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """A student's certificate with everything that can be run here, and the same without."""
    folder = distilled(tmp_path_factory.mktemp("recorded"))
    plain = json.loads((folder / "student.cert.json").read_text())
    words = [word for name in READY for word in ("--export", name)]
    assert main(["certify", str(folder), "--quiet", *words]) == 0
    return folder, plain


def test_recorded_differences_are_those_of_the_exact_formula(recorded):
    folder, _ = recorded
    path = folder / "student.cert.json"
    assert check(path).accepted
    draft, claims = draft_from(path), {entry["claim"]: entry for entry in json.loads(path.read_text())["claims"]}
    for split, bound in zip(claims["exports"]["splits"], claims["evaluation"]["splits"], strict=True):
        assert [entry["export"] for entry in split["exports"]] == sorted(READY)
        for entry in split["exports"]:
            name = f"{split['split']}.predictions.{entry['export']}"
            gap = max(
                abs(Fraction(values[0]) - draft.reference().formula(row, 0))
                for row, values in zip(draft.tensors[f"{split['split']}.inputs"], draft.tensors[name], strict=True)
            )
            stated = reference.parse_exact(entry["difference_at_most"]["exact"])
            assert gap <= stated <= reference.parse_exact(bound["a_priori_at_most"]["exact"])
            assert stated - gap < Fraction(1, 2**60)


def test_what_is_recorded_is_what_the_exports_compute(recorded):
    folder, _ = recorded
    student, recording = places.load(folder)
    tensors = draft_from(folder / "student.cert.json").tensors
    for name in READY:
        values = eigenstill.exports.evaluate_export(student, name, recording.train.inputs)
        assert values.tolist() == tensors[f"train.predictions.{name}"]
    assert tensors["train.predictions"] == recording.train.predictions.tolist()


def test_all_other_claims_are_as_without(recorded):
    folder, plain = recorded
    claims = json.loads((folder / "student.cert.json").read_text())["claims"]
    assert [claim for claim in claims if claim["claim"] != "exports"] == plain["claims"]
    assert len(claims) == len(plain["claims"]) + 1


def test_detached_certificates_keep_them_with_the_rows(tmp_path):
    folder = distilled(tmp_path, certify=False)
    student, recording = places.load(folder)
    path = eigenstill.certify(student, folder, recording=recording, exports=["numpy"], detached=True)
    assert check(path).code == 3
    assert check(path, data=[folder / places.ROWS], require=["exports"]).accepted


def test_what_cannot_be_recorded_is_refused(tmp_path, monkeypatch, capsys):
    folder = distilled(tmp_path, certify=False)
    student, recording = places.load(folder)
    with pytest.raises(StudentError, match="export latex: unknown; need c, numpy, onnx, torch"):
        eigenstill.certify(student, folder, recording=recording, exports=["latex"])
    monkeypatch.setenv("CC", "no-such-compiler")
    assert main(["certify", str(folder), "--export", "c"]) == 2
    assert "need a C compiler" in capsys.readouterr().err
    assert not (folder / "student.cert.json").exists()


def test_an_export_beyond_the_bound_is_refused(tmp_path, monkeypatch):
    from eigenstill.exports import TARGETS

    folder = distilled(tmp_path, certify=False)
    student, recording = places.load(folder)
    own = TARGETS["numpy"]
    wrong = own._replace(evaluate=lambda path, numbers, rows: own.evaluate(path, numbers, rows) + 1e-9)
    monkeypatch.setitem(TARGETS, "numpy", wrong)
    with pytest.raises(StudentError, match="a recorded prediction of numpy"):
        eigenstill.certify(student, folder, recording=recording, exports=["numpy"])
    assert not (folder / "student.cert.json").exists()


def test_sentence_names_the_worst_of_each_program():
    def entry(name: str, exponent: int) -> dict:
        return {
            "export": name,
            "difference_at_most": reference.number(Fraction(2) ** exponent, "difference_at_most"),
        }

    splits = [
        {"split": "train", "exports": [entry("c", -40), entry("onnx", -50)]},
        {"split": "holdout", "exports": [entry("c", -45), entry("onnx", -41)]},
    ]
    said = exports.say({"claim": "exports", "splits": splits})
    assert said == "recorded predictions of c within 9.1e-13, onnx within 4.6e-13 of the formula"

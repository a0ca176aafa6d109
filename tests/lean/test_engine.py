"""Both engines on the same files: exit code, reason and claims, for the corpus, for cases of other software, for oddities.

One Lean process checks all files.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eigenstill.lean import engine
from eigenstill.lean.agreement import compare
from eigenstill_check import check
from eigenstill_check.claims import CLAIMS
from support.engine_files import engine_files

pytestmark = pytest.mark.lean
CORPUS = Path(__file__).parents[1] / "corpus"
EXPECTED = json.loads((CORPUS / "expected.json").read_text())
EVERY = "accept/every_claim.cert.json"
OTHER_PROFILES = {"matrix", "region"}
EXPORTED = "accept/exported.cert.json"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return engine_files(tmp_path_factory.mktemp("files"))


@pytest.fixture(scope="module")
def verdicts(toolchain, files):
    """The Lean checker's verdict on every file, by name or by path in the corpus."""
    named = {path: CORPUS / path for path in EXPECTED} | {name: case.path for name, case in files.items()}
    found = engine.check(list(named.values()), toolchain=toolchain, folder=CORPUS.parents[1] / "Lean")
    return dict(zip(named, found, strict=True))


def covered(path: Path) -> bool:
    """Whether the Lean checker decides this certificate: a student's, with a rational basis."""
    try:
        document = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return True
    profile = document.get("profile") if isinstance(document, dict) else None
    kernel = document.get("basis", {}).get("kernel") if isinstance(document, dict) else None
    return profile != "svd-1" and kernel not in ("gaussian", "matern-3/2", "features")


@pytest.mark.parametrize("path", EXPECTED)
def test_corpus_has_the_expected_verdict_reason_and_failed_claims(verdicts, path):
    expected, found = EXPECTED[path], verdicts[path]
    if not covered(CORPUS / path) and expected["code"] < 2:
        assert found.code == 3, found.message
        assert "not covered by the Lean checker" in found.message
        return
    assert [claim.claim for claim in found.claims if not claim.accepted] == expected["failed"], found.message
    assert found.code == expected["code"], found.message
    assert (f"{len(found.claims)} claims hold" if found.code == 0 else expected["reason"]) in found.message


@pytest.mark.parametrize("path", EXPECTED)
def test_engines_agree_on_the_corpus(verdicts, path):
    agreement = compare(check(CORPUS / path), verdicts[path])
    assert not agreement.differences
    if covered(CORPUS / path):
        assert agreement.code == EXPECTED[path]["code"], agreement.message


def test_reasons_are_the_same_words(verdicts):
    """Not only the code: what was got, what is needed, and where, wherever a claim of a student fails."""
    for path, expected in EXPECTED.items():
        if expected["code"] == 1 and covered(CORPUS / path):
            ours = {c.claim: (c.where, c.got, c.needed) for c in check(CORPUS / path).claims if not c.accepted}
            theirs = {c.claim: (c.where, c.got, c.needed) for c in verdicts[path].claims if not c.accepted}
            assert ours == theirs, path


def test_cases_and_odd_files(verdicts, files):
    for name, case in files.items():
        ours, theirs = check(case.path), verdicts[name]
        assert ours.code == case.python, f"{name}: {ours.message}"
        assert theirs.code == case.lean, f"{name}: {theirs.message}"
        assert case.reason in ours.message, f"{name}: {ours.message}"
        assert case.reason in theirs.message, f"{name}: {theirs.message}"
        assert not compare(ours, theirs).differences, name
        assert len(theirs.message) < 500, name


def test_every_claim_is_decided(verdicts, files):
    shown = [(verdicts[path], CORPUS / path) for path in (EVERY, EXPORTED)]
    for found, path in [*shown, (verdicts["more_claims"], files["more_claims"].path)]:
        claimed = [claim["claim"] for claim in json.loads(path.read_text())["claims"]]
        assert [claim.claim for claim in found.claims] == claimed
        assert found.message == f"{len(claimed)} claims hold"
        assert list(found.not_covered) == list(check(path).not_covered)
    assert {claim.claim for path in (EVERY, EXPORTED) for claim in verdicts[path].claims} == set(
        CLAIMS
    ) - OTHER_PROFILES


def test_kernel_left_open_is_named(verdicts):
    assert "gaussian is not rational; not covered by the Lean checker: basis, metric" in verdicts["gaussian"].message

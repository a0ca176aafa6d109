"""Certificates that Hypothesis makes and damages: both engines say the same of every one."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from eigenstill.errors import SpectrumError
from eigenstill.lean import engine
from eigenstill.lean.agreement import compare
from eigenstill_check import check
from support.engine_files import mutations
from support.small import small_certificate

pytestmark = [pytest.mark.lean, pytest.mark.slow]
LEAN = Path(__file__).parents[2] / "Lean"
ACCEPT = Path(__file__).parents[1] / "corpus" / "accept"
MAKING = settings(
    max_examples=60, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck), database=None
)


def assert_agreement(paths: list[Path], toolchain) -> dict[int, int]:
    """One Lean process for all; how many there are of each exit code."""
    codes: dict[int, int] = {}
    for path, theirs in zip(paths, engine.check(paths, toolchain=toolchain, folder=LEAN), strict=True):
        ours = check(path)
        found = compare(ours, theirs)
        assert not found.differences, f"{path}: {found.message}"
        left_open = found.open or (theirs.code == 3 and "not covered by the Lean checker" in theirs.message)
        assert theirs.code == ours.code or left_open, f"{path}: {ours.message} | {theirs.message}"
        codes[ours.code] = codes.get(ours.code, 0) + 1
    return codes


def test_made_certificates(toolchain, tmp_path):
    paths: list[Path] = []

    @MAKING
    @given(st.data())
    def make(data):
        inputs, landmarks = data.draw(st.integers(1, 3)), data.draw(st.integers(2, 6))
        rows = data.draw(st.integers(landmarks, 14))
        spread = data.draw(st.sampled_from([1e-6, 1.0, 1e5]))
        points = np.random.default_rng(data.draw(st.integers(0, 999))).standard_normal((rows, inputs)) * spread
        if spread >= 1 and data.draw(st.booleans()):
            points = np.round(points, 2)
        folder = tmp_path / f"made{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        try:
            path = small_certificate(
                folder,
                data.draw(st.integers(0, 99)),
                points=points,
                landmarks=landmarks,
                linear=data.draw(st.booleans()),
                kernel=data.draw(st.sampled_from(["rational-quadratic", "rational-l1"])),
                outputs=data.draw(st.integers(1, 3)),
                rank=data.draw(st.integers(1, landmarks)),
                holdout=data.draw(st.booleans()),
            )
        except (SpectrumError, np.linalg.LinAlgError, OverflowError):
            return
        paths.append(path)

    make()
    assert len(paths) >= 20
    assert assert_agreement(paths, toolchain)[0] >= 15


def test_damaged_json(toolchain, tmp_path):
    paths: list[Path] = []
    bases = sorted(ACCEPT.glob("*.cert.json"))

    @MAKING
    @given(st.data())
    def make(data):
        base = data.draw(st.sampled_from(bases))
        for text in mutations(base.read_bytes(), lambda low, high: data.draw(st.integers(low, high))):
            folder = tmp_path / f"json{len(paths)}"
            folder.mkdir()
            for arrays in base.parent.glob(base.name.removesuffix("json") + "*safetensors"):
                shutil.copy(arrays, folder)
            path = folder / base.name
            path.write_bytes(text)
            paths.append(path)

    make()
    assert 2 in assert_agreement(paths, toolchain)


def test_damaged_arrays(toolchain, tmp_path):
    """Bytes of an array file changed, its length and digest made right again: what fails then is a claim or the form."""
    paths: list[Path] = []
    bases = [path for path in sorted(ACCEPT.glob("*.cert.json")) if len(json.loads(path.read_text())["arrays"]) == 1]

    @MAKING
    @given(st.data())
    def make(data):
        base = data.draw(st.sampled_from(bases))
        document = json.loads(base.read_text())
        arrays = document["arrays"][0]
        for text in mutations((ACCEPT / arrays["file"]).read_bytes(), lambda a, b: data.draw(st.integers(a, b))):
            folder = tmp_path / f"arrays{len(paths)}"
            folder.mkdir()
            (folder / arrays["file"]).write_bytes(text)
            arrays |= {"bytes": len(text), "sha256": hashlib.sha256(text).hexdigest()}
            path = folder / base.name
            path.write_text(json.dumps(document))
            paths.append(path)

    make()
    assert assert_agreement(paths, toolchain).keys() >= {1, 2}

"""The positive-semidefinite test of one certificate at r = 64, 142, 256 and 526, by several means, in one run.

numpy.linalg.eigh finds the eigenvalues and proves nothing; the packed test proves W = V D V^T + mu I - M positive
semidefinite in Python's integers; python-flint forms the same integers with FLINT's matrices; mpmath's interval Cholesky
factorisation does it entry by entry (small sizes only: minutes beyond). `certify` finds the witnesses too.
Two rows do more than that test, Lean's start included (15 to 20 s): the interpreted Lean checker decides the six claims of
a student's certificate, and Lean's kernel proves the bound and the fidelity from the raw data (`eigenstill lean export`,
sizes up to r = 142 only: its modules grow with r^4).
Run: make bench. Nothing is asserted about time.
"""

from __future__ import annotations

import shutil

import numpy as np
import pytest

import eigenstill
from eigenstill.certificate.prove import claimed_ranks, prove
from eigenstill.demo.teacher import split_ames
from eigenstill.lean.build import build
from eigenstill.lean.engine import check, lean_sources
from eigenstill.lean.export import export
from eigenstill.lean.toolchain import setup
from eigenstill.spectrum.limb_floats import rounded
from eigenstill_check.certificate import read
from eigenstill_check.dyadic import Dyadic
from eigenstill_check.exact import Exact
from eigenstill_check.spectral import psd_failure

from .checking.psd import flint_psd, interval_cholesky

LANDMARKS = {64: 50, 142: 128, 256: 242, 526: 512}  # r = landmarks + 14 inputs
INTERVALS_UP_TO = 142
KERNEL_UP_TO = 142


@pytest.fixture(scope="module", params=LANDMARKS, ids=lambda size: f"r{size}")
def case(request, tmp_path_factory):
    split = split_ames()
    student = eigenstill.distill(split.labels, split.inputs, split.labels, landmarks=LANDMARKS[request.param])
    path = eigenstill.certify(student, tmp_path_factory.mktemp("sizes"))
    certificate = read(path)
    exact = Exact(certificate)
    claim = next(claim for claim in certificate.claims if claim["claim"] == "eckart_young")
    witnesses = [Dyadic.parse(claim[name]["exact"]) for name in ("threshold", "slack")]
    return student, certificate, exact.operator, witnesses, path


@pytest.fixture(scope="module")
def lean():
    """The registry's Lean, and the library built in place."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EIGENSTILL_LEAN", "registry")
        toolchain = setup()
    folder = lean_sources()
    assert build(folder, toolchain).exit_code == 0
    return toolchain, folder


def run(benchmark, case, function, *arguments):
    benchmark.group = f"r = {case[1].model.columns}"
    return benchmark.pedantic(function, args=arguments, rounds=2, warmup_rounds=0)


def test_numpy_eigh(benchmark, case):
    student = case[0]
    run(benchmark, case, np.linalg.eigh, rounded(student.exact.limbs, student.exact.exponent))


def test_packed_python(benchmark, case):
    _, certificate, operator, (threshold, slack), _ = case
    failure = run(benchmark, case, psd_failure, certificate.basis, certificate.model, operator, threshold, slack)
    assert failure is None


def test_lean_interpreted(benchmark, case, lean):
    toolchain, folder = lean
    benchmark.group = f"r = {case[1].model.columns}"
    (verdict,) = benchmark.pedantic(
        check, args=([case[4]],), kwargs={"toolchain": toolchain, "folder": folder}, rounds=1, warmup_rounds=0
    )
    assert verdict.accepted


def test_lean_kernel(benchmark, case, lean, tmp_path):
    toolchain, folder = lean
    size = case[1].model.columns
    if size > KERNEL_UP_TO:
        pytest.skip(f"modules grow with r^4: sizes up to r = {KERNEL_UP_TO}")
    shutil.copytree(folder, tmp_path / "Lean")
    module = tmp_path / "Lean/Certified/Model.lean"
    module.write_text(export(case[4], module).text, encoding="utf-8")
    benchmark.group = f"r = {size}"
    outcome = benchmark.pedantic(
        build, args=(tmp_path / "Lean", toolchain), kwargs={"wanted": ["Certified.Model"]}, rounds=1, warmup_rounds=0
    )
    assert outcome.exit_code == 0


def test_flint(benchmark, case):
    flint = pytest.importorskip("flint")
    _, certificate, operator, (threshold, slack), _ = case
    assert run(benchmark, case, flint_psd, flint, certificate, operator, threshold, slack)


def test_mpmath_intervals(benchmark, case):
    _, certificate, operator, (threshold, _), _ = case
    if certificate.model.columns > INTERVALS_UP_TO:
        pytest.skip(f"entry by entry: minutes beyond r = {INTERVALS_UP_TO}")
    assert run(benchmark, case, interval_cholesky, certificate, operator, threshold)


def test_certify(benchmark, case):
    student, _, operator, _, _ = case
    exact = Exact(case[1])

    def attach(pairs, witness):
        from dataclasses import replace

        certificate = exact.certificate
        basis = replace(
            certificate.basis, excess_exponent=pairs.excess_exponent, factor_exponent=witness.factor_exponent
        )
        model = replace(certificate.model, eigenvectors=pairs.vectors, excess=pairs.excess, factor=witness.factor)
        return Exact(replace(certificate, basis=basis, model=model), operator=operator)

    run(benchmark, case, prove, operator, claimed_ranks(student.rank, case[1].model.columns), attach)


def test_check_whole_certificate(benchmark, case, tmp_path):
    path = eigenstill.certify(case[0], tmp_path)
    assert run(benchmark, case, eigenstill.check, path).accepted

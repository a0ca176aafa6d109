"""One way to the bound of one certificate, alone in this process: prints a JSON object. Run by `benchmarks.lean`.

usage: python -m benchmarks.lean.measure make LANDMARKS FOLDER
       python -m benchmarks.lean.measure WAY CERTIFICATE
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from eigenstill_check.certificate import read
from eigenstill_check.dyadic import Dyadic
from eigenstill_check.exact import Exact
from eigenstill_check.spectral import psd_failure

from ..clock import processor_seconds


def make(landmarks: str, folder: str) -> dict[str, Any]:
    """The certificate of a student of Ames' labels, with its claims and no hold-out rows."""
    import eigenstill
    from eigenstill.demo.teacher import split_ames

    split = split_ames()
    student = eigenstill.distill(split.labels, split.inputs, split.labels, landmarks=int(landmarks))
    path = eigenstill.certify(student, folder)
    return {"certificate": str(path), "claims": len(read(path).claims)}


def _exact(path: str) -> tuple[Exact, Dyadic, Dyadic]:
    certificate = read(Path(path))
    claim = next(claim for claim in certificate.claims if claim["claim"] == "eckart_young")
    exact = Exact(certificate)
    exact.operator  # noqa: B018  what all of these start from
    return exact, Dyadic.parse(claim["threshold"]["exact"]), Dyadic.parse(claim["slack"]["exact"])


def eigh(path: str) -> Callable[[], bool]:
    """numpy's eigenvalues in float64: no proof."""
    import numpy as np

    operator = _exact(path)[0].operator
    matrix = np.array([[float(entry) for entry in row] for row in operator.matrix])
    return lambda: bool(np.isfinite(np.linalg.eigh(matrix)[0]).all())


def psd(path: str) -> Callable[[], bool]:
    """That W is positive semidefinite, in the Python checker's packed integers."""
    exact, threshold, slack = _exact(path)
    certificate = exact.certificate
    return lambda: psd_failure(certificate.basis, certificate.model, exact.operator, threshold, slack) is None


def intervals(path: str) -> Callable[[], bool]:
    """The same by mpmath's intervals, entry by entry."""
    from ..test_sizes import interval_cholesky

    exact, threshold, _ = _exact(path)
    return lambda: bool(interval_cholesky(exact.certificate, exact.operator, threshold))


def python(path: str) -> Callable[[], bool]:
    """All claims, by the Python checker."""
    from eigenstill_check import check

    return lambda: check(path).accepted


def interpreted(path: str) -> Callable[[], bool]:
    """All claims, by the Lean checker, which the registry's Lean interprets; its start included."""
    from eigenstill.lean.engine import check, lean_sources
    from eigenstill.lean.toolchain import setup

    toolchain, folder = setup(), lean_sources()
    return lambda: check([path], toolchain=toolchain, folder=folder)[0].accepted


def kernel(path: str) -> Callable[[], bool]:
    """Bound and fidelity from the raw data, evaluated by Lean's kernel; its start and the reading of the module included."""
    from eigenstill.lean.build import build
    from eigenstill.lean.engine import lean_sources
    from eigenstill.lean.export import export
    from eigenstill.lean.toolchain import RegistryToolchain, setup

    toolchain = setup()
    if not isinstance(toolchain, RegistryToolchain):
        raise SystemExit("lake is on the PATH; set EIGENSTILL_LEAN=registry to measure the registry's Lean")
    folder = Path(tempfile.mkdtemp(dir=Path(path).parent)) / "Lean"
    shutil.copytree(lean_sources(), folder)
    if build(folder, toolchain, wanted=["Eigenstill.Claims.RawData.ExactStudent"]).exit_code != 0:
        raise SystemExit("the library does not build; run `eigenstill lean build`")
    module = folder / "Certified" / "Model.lean"
    module.write_text(export(Path(path), module).text, encoding="utf-8")

    def run() -> bool:
        passed = build(folder, toolchain, wanted=["Certified.Model"]).exit_code == 0
        shutil.rmtree(folder.parent)
        return passed

    return run


WAYS: dict[str, Callable[[str], Callable[[], bool]]] = {
    way.__name__: way for way in (eigh, psd, intervals, python, interpreted, kernel)
}


def timed(way: str, path: str) -> dict[str, Any]:
    """Processor and wall-clock seconds of one way, processes that it started included."""
    run = WAYS[way](path)
    wall, before = time.perf_counter(), processor_seconds()
    if not run():
        raise SystemExit(f"{way}: did not pass")
    return {"processor": processor_seconds() - before, "wall": time.perf_counter() - wall}


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    print(json.dumps(make(*sys.argv[2:]) if sys.argv[1] == "make" else timed(*sys.argv[1:])))

"""Wheel and source distribution: what is in them, and that the wheel alone works in a fresh environment, without torch."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

from support.small import small_certificate

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "python"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not find_spec("build"), reason="the package build is not installed: nothing was built"),
]


def run(*command: object, cwd: Path) -> str:
    """Standard output; Python's own path settings are left out, pip's are kept."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    words = list(map(str, command))
    done = subprocess.run(words, capture_output=True, text=True, cwd=cwd, env=environment, check=False)
    assert done.returncode == 0, f"{words}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """sdist from the checkout, wheel from the sdist."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--outdir", folder, ROOT, cwd=folder)
    return folder


@pytest.fixture(scope="module")
def fresh(built, tmp_path_factory) -> Path:
    """The Python of a new environment with nothing but the wheel and what it asks for."""
    folder = tmp_path_factory.mktemp("fresh")
    venv.create(folder / "env", with_pip=True)
    python = folder / "env" / "bin" / "python"
    (wheel,) = built.glob("*.whl")
    run(python, "-m", "pip", "install", "--quiet", wheel, cwd=folder)
    return python


def test_the_wheel_holds_every_file_of_the_packages(built):
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    expected = {
        path.relative_to(SOURCE).as_posix()
        for package in ("eigenstill", "eigenstill_check")
        for path in (SOURCE / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert held == expected
    assert {"eigenstill/py.typed", "eigenstill_check/py.typed"} <= held


def test_the_source_distribution_holds_what_a_checkout_needs(built):
    (source,) = built.glob("*.tar.gz")
    with tarfile.open(source) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "LICENSE", "README.md", "lakefile.lean", "lean-toolchain", "Makefile"} <= held
    for folder in ("Lean/Eigenstill", "docs", "tests/unit", "tests/corpus/accept", "examples"):
        assert any(name.startswith(f"{folder}/") for name in held), folder
    assert not [name for name in held if "/.build/" in name or name.endswith(".pyc")]


def test_installing_it_brings_no_torch(fresh, tmp_path):
    names = {line.partition("==")[0].lower() for line in run(fresh, "-m", "pip", "freeze", cwd=tmp_path).splitlines()}
    assert {"numpy", "scipy", "typer", "rich"} <= names
    assert not names & {"torch", "onnx", "onnxruntime", "scikit-learn", "pyarrow", "matplotlib", "sympy"}


def test_it_works_alone(fresh, tmp_path):
    """Distil a function, check, predict, export, in the fresh environment."""
    program = """
import numpy as np, eigenstill
from eigenstill import folder
from pathlib import Path
rng = np.random.default_rng(0)
x = rng.standard_normal((80, 2))
network = lambda r: np.sin(2 * r[:, 0]) * r[:, 1]
labels = network(x) + 0.3 * rng.standard_normal(80)
student = eigenstill.distill(network, x, labels, landmarks=10, names=("a", "b"))
folder.save(student, Path("model"))
print(eigenstill.certify(student, "model").name, Path(eigenstill.__file__).parts[-3])
"""
    assert run(fresh, "-W", "error", "-c", program, cwd=tmp_path).split() == ["student.cert.json", "site-packages"]
    (tmp_path / "rows.csv").write_text("b,a\n1,2\n")
    for command in (
        ["-m", "eigenstill", "check", "model/student.cert.json"],
        ["-m", "eigenstill_check", "model/student.cert.json"],
        ["-m", "eigenstill", "predict", "model", "--data", "rows.csv"],
        ["-m", "eigenstill", "export", "model", "--to", "numpy", "--out", "model.py"],
        ["-m", "eigenstill", "card", "model"],
    ):
        assert run(fresh, *command, cwd=tmp_path)
    shown = run(fresh.with_name("eigenstill"), "--version", cwd=tmp_path).strip()
    assert shown == run(fresh, "-c", "import eigenstill; print(eigenstill.__version__)", cwd=tmp_path).strip()


def test_the_checker_command_is_there(fresh, tmp_path):
    certificate = small_certificate(tmp_path)
    assert "ACCEPTED" in run(fresh.with_name("eigenstill-check"), certificate, cwd=tmp_path)


def test_type_checkers_see_its_types(fresh, tmp_path):
    if not find_spec("mypy"):
        pytest.skip("mypy is not installed: no types were checked")
    (tmp_path / "use.py").write_text(
        "import eigenstill\nfrom pathlib import Path\n"
        "student: eigenstill.Student = eigenstill.load_student('x')\n"
        "path: Path = eigenstill.certify(student)\nwrong: int = eigenstill.certify(student)\n"
    )
    words = [sys.executable, "-m", "mypy", "--python-executable", str(fresh), "--strict", "use.py"]
    done = subprocess.run(words, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert "use.py:5: error: Incompatible types in assignment" in done.stdout, done.stdout + done.stderr
    assert "Found 1 error in 1 file" in done.stdout

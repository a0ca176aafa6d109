"""Who may import whom: the checker only the standard library, the producer its earlier stages."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PYTHON = Path(__file__).parents[2] / "python"
CHECKER, PRODUCER = PYTHON / "eigenstill_check", PYTHON / "eigenstill"

# Data flows one way. A stage imports stages of earlier lines only, and modules of its own folder.
STAGES = (
    {"errors"},
    {"arrays", "files", "engine"},
    {"moments", "device", "workers"},
    {"storage"},
    {"tables"},
    {"teacher"},
    {"basis"},
    {"features"},
    {"spectrum"},
    {"selection"},
    {"student"},
    {"exports"},
    {"folder"},
    {"problem"},
    {"distillation"},
    {"certificate", "diagnosis", "estimators"},
    {"streaming"},
    {"binding", "regions"},
    {"reporting"},
    {"demo"},
    {"cli"},
    {"__main__"},
)
LEVEL = {stage: level for level, stages in enumerate(STAGES) for stage in stages}
ACCELERATORS = {"accelerated.py": {"numpy", "gmpy2"}}  # optional, and never imported unless asked for
APART = {"lean"}  # sets up Lean: no part of the pipeline


def modules(package: Path) -> list[Path]:
    return sorted(path for path in package.rglob("*.py"))


def imported(path: Path) -> set[str]:
    """Absolute dotted names of everything a module imports, lazily or not."""
    relative = path.relative_to(PYTHON).with_suffix("").parts
    package = relative[:-1]  # of an __init__ it is the folder, and of a module too
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            stem = ".".join([*base, *([node.module] if node.module else [])])
            names |= {f"{stem}.{alias.name}" for alias in node.names}
    return names


def own_stage(path: Path) -> str:
    return path.relative_to(PRODUCER).with_suffix("").parts[0]


@pytest.mark.parametrize("path", modules(CHECKER), ids=lambda path: path.relative_to(CHECKER).as_posix())
def test_checker_imports_the_standard_library_and_itself(path):
    roots = {name.partition(".")[0] for name in imported(path)}
    assert roots <= sys.stdlib_module_names | {"eigenstill_check"} | ACCELERATORS.get(path.name, set())


def test_accelerators_are_imported_where_one_is_asked_for():
    """Inside functions, of one module that is itself imported inside a function."""
    for name, found in ((name, PYTHON / "eigenstill_check" / name) for name in (*ACCELERATORS, "arithmetic.py")):
        top = ast.parse(found.read_text(encoding="utf-8")).body
        held = [node for node in top if isinstance(node, (ast.Import, ast.ImportFrom))]
        text = " ".join(ast.unparse(node) for node in held)
        assert not {"numpy", "gmpy2"} & set(text.replace(",", " ").split()), name
        assert name in ACCELERATORS or "accelerated" not in text, name


@pytest.mark.parametrize("path", modules(CHECKER), ids=lambda path: path.relative_to(CHECKER).as_posix())
def test_checker_evaluates_no_text_and_loads_no_pickle(path):
    roots = {name.partition(".")[0] for name in imported(path)}
    assert not roots & {"pickle", "marshal", "shelve", "ctypes", "subprocess", "socket", "urllib", "http", "runpy"}
    called = {
        node.func.id
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not called & {"eval", "exec", "compile", "__import__"}


@pytest.mark.parametrize("path", modules(CHECKER), ids=lambda path: path.relative_to(CHECKER).as_posix())
def test_checker_decides_nothing_by_assert(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Assert)], "python -O drops asserts"


def test_checker_at_work_loads_nothing_of_the_producer(tmp_path):
    from support.small import small_certificate

    certificate = small_certificate(tmp_path)
    code = (
        f"import sys; sys.path.insert(0, {str(PYTHON)!r}); from eigenstill_check import check; "
        f"verdict = check({str(certificate)!r}); print(verdict.code, *sorted(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-S", "-I", "-c", code], capture_output=True, text=True, check=True)
    code, *loaded = done.stdout.split()
    assert code == "0"
    roots = {name.partition(".")[0] for name in loaded}
    assert roots <= sys.stdlib_module_names | {"eigenstill_check", "__main__", "_distutils_hack", "sitecustomize"}
    assert not roots & {"eigenstill", "numpy", "scipy", "torch", "mpmath"}


def test_every_stage_has_its_place():
    found = {own_stage(path) for path in modules(PRODUCER)} - {"__init__"}
    assert found - APART == set(LEVEL), "a new stage needs a line in STAGES"


@pytest.mark.parametrize(
    "path",
    [path for path in modules(PRODUCER) if own_stage(path) not in APART | {"__init__"}],
    ids=lambda path: path.relative_to(PRODUCER).as_posix(),
)
def test_producer_stages_flow_one_way(path):
    own = own_stage(path)
    for name in imported(path):
        parts = name.split(".")
        if parts[0] != "eigenstill" or len(parts) < 2 or parts[1] == own:
            continue
        if parts[1] not in LEVEL:  # a name of the package's own front, such as eigenstill.distill
            assert parts[1] not in APART or own == "cli", f"{name}: only the command line reaches the Lean set-up"
            assert LEVEL[own] >= LEVEL["demo"] or parts[1] in {"__version__"} | APART, f"{name}: a stage uses the front"
            continue
        assert LEVEL[parts[1]] < LEVEL[own], f"{own} imports the later stage {parts[1]}"


def test_lean_setup_imports_no_stage():
    for path in modules(PRODUCER / "lean"):
        for name in imported(path):
            parts = name.split(".")
            # the witness of a theorem is rounded as a certificate's is
            front = {"__main__.py": {"cli"}, "witness.py": {"certificate"}}.get(path.name, set())
            assert parts[0] != "eigenstill" or parts[1] in {"lean", "errors", "__version__"} | front, (
                f"{path.name}: {name}"
            )


def test_the_producer_never_gives_a_verdict_before_the_command_line():
    """What the pipeline computes with is exact arithmetic and claims; only report, demo and cli ask for a verdict."""
    for path in modules(PRODUCER):
        if own_stage(path) in {"reporting", "demo", "cli", "lean", "__init__", "__main__"}:
            continue
        assert not {name for name in imported(path) if name.startswith("eigenstill_check.verdict")}, path


@pytest.mark.parametrize(
    "heavy",
    ["torch", "onnx", "onnxruntime", "sklearn", "pandas", "pyarrow", "matplotlib", "jinja2", "lightgbm", "xgboost"],
)
def test_import_of_eigenstill_loads_nothing_heavy(heavy):
    code = f"import sys, eigenstill, eigenstill.cli; print({heavy!r} in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"

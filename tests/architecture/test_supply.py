"""What may not be in our code: loaders that run code, shells, evaluation, names that can be guessed; and what is pinned."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from eigenstill.lean import registry

ROOT = Path(__file__).parents[2]
SOURCES = sorted([*(ROOT / "python").rglob("*.py"), *(ROOT / "tools").rglob("*.py")])
MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve", "xmlrpc", "telnetlib"}
CALLS = {"eval", "exec", "compile", "__import__"}
ALLOWED = {  # the caller's own function, sent to the workers of the caller's own scheduler, which runs it anyway
    "python/eigenstill/engine.py": {"import pickle", "import cloudpickle"},
}
METHODS = {
    ("os", "system"),
    ("os", "popen"),
    ("tempfile", "mktemp"),
    ("yaml", "load"),
}


def faults(tree: ast.AST) -> list[str]:
    """What is forbidden in a module, by line."""
    found = []
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name.partition(".")[0] for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [(node.module or "").partition(".")[0]]
        elif isinstance(node, ast.Call):
            found += [f"{node.lineno}: {fault}" for fault in called(node)]
        found += [f"{node.lineno}: import {name}" for name in names if name in MODULES]
    return found


def called(node: ast.Call) -> list[str]:
    found = []
    if isinstance(node.func, ast.Name) and node.func.id in CALLS:
        found.append(node.func.id)
    if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
        place = (node.func.value.id, node.func.attr)
        found += [".".join(place)] if place in METHODS else []
        if place in {("np", "load"), ("numpy", "load")} and not given(node, "allow_pickle", False):
            found.append("np.load without allow_pickle=False")
        if place in {("torch", "load")} and not given(node, "weights_only", True):
            found.append("torch.load without weights_only=True")
    if any(word.arg == "shell" and not is_constant(word.value, False) for word in node.keywords):
        found.append("shell=")
    return found


def given(node: ast.Call, name: str, value: bool) -> bool:
    return any(word.arg == name and is_constant(word.value, value) for word in node.keywords)


def is_constant(node: ast.expr, value: bool) -> bool:
    return isinstance(node, ast.Constant) and node.value is value


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_source_runs_what_it_reads(path):
    allowed = ALLOWED.get(path.relative_to(ROOT).as_posix(), set())
    found = {fault.partition(": ")[2] for fault in faults(ast.parse(path.read_text(encoding="utf-8")))}
    assert found == allowed


@pytest.mark.parametrize(
    "code",
    [
        "import pickle",
        "from joblib import load",
        "eval('1')",
        "exec(text)",
        "subprocess.run('ls', shell=True)",
        "subprocess.run('ls', shell=flag)",
        "os.system('ls')",
        "tempfile.mktemp()",
        "np.load(path)",
        "np.load(path, allow_pickle=True)",
        "torch.load(path)",
    ],
)
def test_the_test_sees_it(code):
    assert faults(ast.parse(code))


def test_lint_has_the_rules_of_security():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert '"S"' in re.search(r"^select = \[(.*?)\]", text, re.MULTILINE)[1]
    (ignored,) = re.findall(r"^ignore = \[(.*?)^\]", text, re.MULTILINE | re.DOTALL)
    assert set(re.findall(r'"(S\d+)"', ignored)) == {"S101", "S603", "S607"}, "programs by name, no shell"


def test_the_fuzzer_has_its_version():
    names = re.findall(r"^([\w.-]+)==", (ROOT / "constraints.txt").read_text(encoding="utf-8"), re.MULTILINE)
    assert {"torch", "atheris"} <= set(names)


def test_downloaded_parts_of_the_toolchain_are_pinned_by_digest():
    assert re.fullmatch(r"sha512-[A-Za-z0-9+/]{86}==", registry.LEAN_INTEGRITY)
    assert len(registry.NODE_DIGESTS) >= 6
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in registry.NODE_DIGESTS)

"""lakefile.lean and lean-toolchain against the files: lake itself is not run here."""

from __future__ import annotations

import re
from pathlib import Path

from eigenstill.lean.sources import read_sources, with_imports

ROOT = Path(__file__).parents[2]
LAKEFILE = (ROOT / "lakefile.lean").read_text(encoding="utf-8")
TOOLCHAIN = (ROOT / "lean-toolchain").read_text(encoding="utf-8").strip()
TARGET = re.compile(r"^lean_(lib|exe) «?([\w-]+)»? where\n((?:  .*\n)*)", re.MULTILINE)


def roots() -> dict[str, str]:
    """Target -> the module it starts from, or the folder whose modules it takes."""
    found = {}
    for kind, name, body in TARGET.findall(LAKEFILE):
        assert '  srcDir := "Lean"\n' in body, name
        root = re.search(r"  root := `([\w.]+)\n", body)
        assert root or kind == "lib", f"{name}: an executable names its module"
        found[name] = root[1] if root else name
    return found


def test_targets_are_read():
    assert LAKEFILE.count("\nlean_lib") + LAKEFILE.count("\nlean_exe") == len(roots())
    assert roots()["Eigenstill"] == "Eigenstill"


def test_every_target_has_its_modules():
    sources = read_sources(ROOT / "Lean")
    assert set(roots().values()) - {"Certified"} <= set(sources)
    assert any(name.startswith("Certified.") for name in sources)


def test_lake_builds_every_module():
    """The library takes what is below its name, whether its root imports it or not; executables what they import."""
    assert "  globs := #[.andSubmodules `Eigenstill]\n" in LAKEFILE
    assert 'lean_lib Certified where\n  srcDir := "Lean"\n  globs := #[.submodules `Certified]\n' in LAKEFILE
    sources = read_sources(ROOT / "Lean")
    executables = [root for name, root in roots().items() if name != root]
    below = {name for name in sources if f"{name}.".startswith(("Eigenstill.", "Certified."))}
    assert below | set(with_imports(sources, executables)) == set(sources)


def test_library_is_what_lake_builds_and_tests():
    assert "@[default_target, test_driver]\nlean_lib Eigenstill" in LAKEFILE


def test_release_is_named_alike_everywhere():
    assert re.fullmatch(r"leanprover/lean4:v\d+\.\d+\.\d+", TOOLCHAIN)
    version = TOOLCHAIN.partition(":v")[2]
    for path in ("docs/lean.md", "python/eigenstill/lean/toolchain.py"):
        text = (ROOT / path).read_text(encoding="utf-8")
        assert set(re.findall(r"\b4\.\d+\.\d+\b", text)) == {version}, path

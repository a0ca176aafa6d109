"""With elan's Lean, lake builds and tests; the sources and the axioms are audited beside it.

Statements are compared with the registry's Lean only: another release may print the same term differently.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from eigenstill.lean.audit import audit_sources, statements_file
from eigenstill.lean.axioms import axiom_problems
from eigenstill.lean.errors import LeanError
from eigenstill.lean.sources import read_sources
from eigenstill.lean.statements import pinned_theorems
from eigenstill.lean.toolchain import Lake

ROOT = "Eigenstill"


def build_with_lake(lake: Lake, folder: Path, modules: list[str]) -> list[str]:
    """`lake build`, warnings being errors: what is wrong, one sentence each. Lake's own output goes to the terminal."""
    return _lake_problems(lake, folder, ["build", "--wfail", *modules])


def test_with_lake(lake: Lake, folder: Path) -> list[str]:
    """`lake build`, `lake test`, the forbidden words, and the axioms of every pinned theorem: what is wrong."""
    problems = audit_sources(read_sources(folder)) + _lake_problems(lake, folder, ["build", "--wfail"])
    if not problems:
        problems = _lake_problems(lake, folder, ["test"])
    return problems or _axiom_problems(lake, folder)


def _lake_problems(lake: Lake, folder: Path, arguments: list[str]) -> list[str]:
    code = _run(lake, folder, arguments, capture=False).returncode
    command = " ".join(["lake", *arguments])
    return [f"`{command}` ended with exit code {code}, need 0; its messages are above"] if code else []


def _axiom_problems(lake: Lake, folder: Path) -> list[str]:
    path = statements_file(folder)
    try:
        theorems = pinned_theorems(path.read_text(encoding="utf-8"))
    except OSError as error:
        return [f"{path}: {error.strerror}, need the pinned theorems; restore the file"]
    with tempfile.TemporaryDirectory() as place:
        # Not in the library: lake's Lean reads this file as no module, so `#print axioms` sees every proof.
        program = Path(place) / "Axioms.lean"
        lines = [f"import {ROOT}", *(f"#print axioms {name}" for name in theorems)]
        program.write_text("\n".join(lines) + "\n", encoding="utf-8")
        done = _run(lake, folder, ["env", "lean", str(program)], capture=True)
    if done.returncode:
        last = (done.stdout.strip() or done.stderr.strip() or "nothing").splitlines()[-1]
        return [f"`lake env lean` ended with exit code {done.returncode} ({last}), need 0; run `lake build` first"]
    return axiom_problems(done.stdout, theorems)


def _run(lake: Lake, folder: Path, arguments: list[str], *, capture: bool) -> subprocess.CompletedProcess[str]:
    """Run lake in the checkout.

    Raises
    ------
    LeanError : it does not start, or a signal ended it.
    """
    command = [str(lake.program), *arguments]
    try:
        done = subprocess.run(
            command,
            cwd=folder.parent,
            capture_output=capture,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise LeanError(f"{lake.program}: {error.strerror}; repair elan, or set EIGENSTILL_LEAN=registry") from error
    if done.returncode < 0:
        raise LeanError(f"`lake {arguments[0]}` was ended by signal {-done.returncode}; run it again")
    return done

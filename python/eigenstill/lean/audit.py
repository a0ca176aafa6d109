"""The audit: nothing in the sources or in Lean's environment goes round the kernel, and every theorem is exercised."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from eigenstill.lean.axioms import ALLOWED_AXIOMS, foreign_axioms
from eigenstill.lean.environment import Constant, read_environment
from eigenstill.lean.errors import LeanError
from eigenstill.lean.forbidden import scan
from eigenstill.lean.sources import Source, read_sources
from eigenstill.lean.statements import REGENERATE, compare, pinned, write_statements
from eigenstill.lean.worker import LeanProgram

INSTANCES = "Eigenstill.Instances."
EXERCISED = "Eigenstill.Theory."
_FLAGS = {
    "unsafe": "is unsafe",
    "extern": "is extern: its code is not what is proved",
    "implemented_by": "has implemented_by: its code is not what is proved",
}
_KINDS = {"axiom": "is an axiom of our own", "missing": "is declared, but Lean cannot find it"}


@dataclass(frozen=True)
class Findings:
    """What the audit saw, and what is wrong, one sentence each."""

    modules: int
    theorems: int
    pinned: int
    problems: list[str]


def statements_file(folder: Path) -> Path:
    """The pinned statements of a checkout, beside its Lean folder."""
    return folder.parent / "tests" / "lean" / "statements.txt"


def audit(folder: Path, program: LeanProgram, *, write: bool = False) -> Findings:
    """Audit the built modules below `folder`; with `write`, pin the statements as they are.

    Raises
    ------
    LeanError : Lean gave no answer, or the statements cannot be written.
    """
    sources = read_sources(folder)
    problems = audit_sources(sources)
    constants = read_environment(folder, program, list(sources))
    if write:
        _write(statements_file(folder), write_statements(constants))
    problems += audit_constants(constants) + audit_instances(constants)
    problems += audit_statements(constants, statements_file(folder))
    theorems = sum(constant.theorem for constant in constants.values())
    return Findings(len(sources), theorems, len(pinned(constants)), problems)


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial")
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        raise LeanError(f"{path}: {error.strerror}; make it writable") from error


def audit_sources(sources: dict[str, Source]) -> list[str]:
    """Forbidden words in the sources, one sentence each."""
    return [str(place) for source in sources.values() for place in scan(source.path)]


def audit_constants(constants: dict[str, Constant]) -> list[str]:
    """What is wrong with the constants that Lean has, one sentence each."""
    problems = []
    for constant in constants.values():
        where = f"{constant.name} ({constant.module})"
        if constant.kind in _KINDS:
            problems.append(f"{where}: {_KINDS[constant.kind]}, need none; prove it")
        problems += [
            f"{where}: {_FLAGS[flag]}, need none; remove it" for flag in sorted(constant.flags & _FLAGS.keys())
        ]
        foreign = [name for name in constant.axioms if name not in ALLOWED_AXIOMS]
        if foreign and constant.kind != "axiom":
            problems.append(foreign_axioms(where, foreign))
    return sorted(problems)


def audit_statements(constants: dict[str, Constant], path: Path) -> list[str]:
    """What differs from the pinned statements, one sentence each."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        return [f"{path}: {error.strerror}, need the pinned statements; restore it, or run `{REGENERATE}`"]
    return compare(constants, text)


def audit_instances(constants: dict[str, Constant]) -> list[str]:
    """Public theorems that no worked instance uses, one sentence each."""
    used = exercised(constants)
    return [
        f"{theorem.name}: no worked instance uses it, need one in Lean/Eigenstill/Instances; add it"
        for theorem in pinned(constants)
        if theorem.module.startswith(EXERCISED) and theorem.name not in used
    ]


def exercised(constants: dict[str, Constant]) -> set[str]:
    """The constants that a proof of a worked instance reaches, itself or through other theorems."""
    pending = [name for name, constant in constants.items() if constant.module.startswith(INSTANCES)]
    reached = set(pending)
    while pending:
        constant = constants[pending.pop()]
        for name in (*constant.uses, *constant.proof):
            if name in constants and name not in reached:
                reached.add(name)
                pending.append(name)
    return reached

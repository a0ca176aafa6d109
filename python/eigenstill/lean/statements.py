"""The file of pinned statements: every public theorem, its axioms, its text, and a digest of it in full.

The text is for people. The digest covers what the text leaves out: implicit arguments, instances, and every definition
of the project that the statement rests on, so that no theorem can be weakened unseen by changing a definition.
"""

from __future__ import annotations

from eigenstill.lean.environment import Constant, digest, meaning

# Theorems of these modules are what the project promises.
PINNED = ("Eigenstill.Theory.", "Eigenstill.Claims.", "Eigenstill.Format.Float64Sound")
_MADE_BY_LEAN = {
    "inductive": {
        "rec",
        "recOn",
        "casesOn",
        "below",
        "brecOn",
        "noConfusion",
        "noConfusionType",
        "ctorIdx",
        "toCtorIdx",
    },
    "constructor": {"inj", "injEq", "sizeOf_spec", "noConfusion", "elim", "congr_simp"},
    "definition": {"eq_def", "induct", "induct_unfolding", "fun_cases", "fun_cases_unfolding", "congr_simp"},
}
REGENERATE = "eigenstill lean test --write"
_HEADER = f"""\
# Every public theorem, exactly as Lean states it; then the definitions that they rest on. Do not edit: after a change
# that is meant, run `{REGENERATE}` and read the difference. A digest covers the full term and all definitions below it.
# Axioms are those that a proof reaches outside the theorems of Lean's own library.
"""


def pinned(constants: dict[str, Constant]) -> list[Constant]:
    """The public theorems that are pinned, by module and name."""
    chosen = [
        constant
        for constant in constants.values()
        if constant.theorem and constant.module.startswith(PINNED) and not _follows(constants, constant.name)
    ]
    return sorted(chosen, key=lambda constant: (constant.module, constant.name))


def _follows(constants: dict[str, Constant], name: str) -> bool:
    """Whether Lean made the constant by itself, out of a type or a function that has an entry of its own."""
    parent, _, last = name.rpartition(".")
    return parent in constants and last in _MADE_BY_LEAN.get(constants[parent].kind, ())


def entries(constants: dict[str, Constant]) -> dict[str, str]:
    """For each pinned theorem, and each definition that one rests on, its entry in the file."""
    theorems = pinned(constants)
    used = {name for theorem in theorems for name in meaning(constants, theorem.name)}
    definitions = sorted(
        name
        for name in used
        if constants[name].public and not constants[name].theorem and not _follows(constants, name)
    )
    return {constant.name: _entry(constants, constant) for constant in theorems} | {
        name: _entry(constants, constants[name]) for name in definitions
    }


def _entry(constants: dict[str, Constant], constant: Constant) -> str:
    lines = [f"## {constant.kind} {constant.name}", f"digest: {digest(constants, constant.name)}"]
    if constant.theorem:
        lines.append(f"axioms: {', '.join(constant.axioms) or 'none'}")
    lines.append(constant.statement)
    if constant.body:
        lines.append(f":= {constant.body}")
    return "\n".join(lines)


def write_statements(constants: dict[str, Constant]) -> str:
    """The file's text."""
    return _HEADER + "".join(f"\n{entry}\n" for entry in entries(constants).values())


def read_statements(text: str) -> dict[str, str]:
    """The entries of such a file by name."""
    found = {}
    for part in ("\n" + text).split("\n## ")[1:]:
        entry = "## " + part.strip()
        found[entry.split("\n", 1)[0].split(" ", 2)[2]] = entry
    return found


def pinned_theorems(text: str) -> list[str]:
    """The names of the theorems in such a file."""
    return [name for name, entry in read_statements(text).items() if entry.startswith("## theorem ")]


def compare(constants: dict[str, Constant], text: str) -> list[str]:
    """What differs between the environment and the pinned file, one sentence each; nothing when all agree."""
    needed, got = read_statements(text), entries(constants)
    remedy = f"undo the change, or run `{REGENERATE}` if it is meant"
    problems = [f"{name}: pinned, but Lean does not have it; {remedy}" for name in needed.keys() - got.keys()]
    problems += [f"{name}: not pinned; run `{REGENERATE}`" for name in got.keys() - needed.keys()]
    problems += [
        f"{name}: differs from what is pinned\n  got:\n{_indent(got[name])}\n  needed:\n{_indent(needed[name])}\n  {remedy}"
        for name in got.keys() & needed.keys()
        if got[name] != needed[name]
    ]
    return sorted(problems)


def _indent(text: str) -> str:
    return "\n".join("    " + line for line in text.splitlines())

"""The audit against attacks: each way round the kernel, and each way of weakening a statement, is found."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from eigenstill.lean.audit import audit_constants, audit_instances, audit_sources, audit_statements
from eigenstill.lean.environment import Constant, read_answer, read_environment
from eigenstill.lean.errors import LeanError
from eigenstill.lean.forbidden import FORBIDDEN, scan
from eigenstill.lean.sources import read_sources
from eigenstill.lean.statements import compare, pinned, write_statements
from eigenstill.lean.worker import Event
from support.stand_in_lean import StandInLean

TEXTS = ("name", "type", "value", "statement", "body")
LISTS = ("uses", "proof", "axioms")


def part(constants: dict[str, Constant], namespace: str) -> dict[str, Constant]:
    """The constants of one namespace, as if it were called `Shared`."""

    def renamed(text: str) -> str:
        return text.replace(f"{namespace}.", "Shared.").replace(f"Theory.{namespace}", "Theory.Shared")

    found = {}
    for constant in constants.values():
        if constant.module == f"Eigenstill.Theory.{namespace}":
            texts = {name: renamed(getattr(constant, name)) for name in TEXTS}
            lists = {name: tuple(map(renamed, getattr(constant, name))) for name in LISTS}
            moved = dataclasses.replace(constant, module="Eigenstill.Theory.Shared", **texts, **lists)
            found[moved.name] = moved
    return found


@pytest.fixture(scope="module")
def honest(attacks):
    return part(attacks.constants, "Honest")


@pytest.fixture(scope="module")
def differences(attacks, honest) -> dict[str, str]:
    """What the audit says of `Weakened` where `Honest` is pinned, by theorem or definition."""
    problems = compare(part(attacks.constants, "Weakened"), write_statements(honest))
    return {problem.partition(":")[0].removeprefix("Shared."): problem for problem in problems}


@pytest.mark.lean
@pytest.mark.parametrize(
    ("name", "finding"),
    [
        ("Tainted.silent_gap", "rests on sorryAx"),
        ("Tainted.on_hidden_gap", "rests on sorryAx"),
        ("_private.Eigenstill.Theory.Tainted.0.Tainted.hidden_gap", "rests on sorryAx"),
        ("Tainted.assumed", "is an axiom of our own"),
        ("Tainted.on_axiom", "rests on Tainted.assumed"),
        ("Tainted.native", "rests on Lean.ofReduceBool"),
        ("Tainted.without_end", "is unsafe"),
        ("Tainted.replaced", "has implemented_by"),
        ("Tainted.foreign", "is extern"),
        ("gap", "rests on sorryAx"),
    ],
)
def test_audit_finds_tainted_constant(attacks, name, finding):
    sentences = [problem for problem in audit_constants(attacks.constants) if problem.startswith(f"{name} (")]
    assert len(sentences) == 1
    assert finding in sentences[0]


@pytest.mark.lean
def test_audit_accuses_no_honest_constant(attacks):
    accused = {problem.partition(" ")[0] for problem in audit_constants(attacks.constants)}
    assert not [name for name in accused if "Honest" in name or "Weakened" in name or "clean" in name]


@pytest.mark.lean
@pytest.mark.parametrize(
    "name",
    [
        "assumes_more",
        "says_less",
        "on_changed_definition",
        "on_definition_below",
        "on_changed_structure",
        "reads_the_same",
    ],
)
def test_audit_finds_changed_statement(differences, name):
    assert "differs from what is pinned" in differences[name]
    assert "got:" in differences[name]
    assert "needed:" in differences[name]


@pytest.mark.lean
@pytest.mark.parametrize("name", ["half", "Box", "Box.mk"])
def test_audit_finds_changed_definition(differences, name):
    assert "differs from what is pinned" in differences[name]


@pytest.mark.lean
@pytest.mark.parametrize("name", ["missing", "made_private"])
def test_audit_finds_missing_theorem(differences, name):
    assert "pinned, but Lean does not have it" in differences[name]


@pytest.mark.lean
def test_audit_finds_theorem_that_is_not_pinned(differences):
    assert "not pinned" in differences["added"]


@pytest.mark.lean
def test_audit_lets_a_proof_change(honest, differences):
    assert "unchanged" not in differences
    assert not compare(honest, write_statements(honest))


@pytest.mark.lean
def test_audit_sees_what_the_text_hides(attacks, honest):
    """`≤` with another meaning: the text of the statement is the same in both."""
    weakened = part(attacks.constants, "Weakened")
    assert weakened["Shared.reads_the_same"].statement == honest["Shared.reads_the_same"].statement
    assert weakened["Shared.reads_the_same"].type != honest["Shared.reads_the_same"].type


@pytest.mark.lean
def test_audit_finds_changed_axioms(honest):
    text = write_statements(honest).replace("axioms: none", "axioms: propext", 1)
    assert len(compare(honest, text)) == 1


@pytest.mark.lean
def test_audit_finds_theorem_without_worked_instance(attacks):
    idle = {problem.partition(":")[0] for problem in audit_instances(attacks.constants)}
    assert "Honest.says_less" not in idle, "used by a theorem that an instance uses"
    assert "Honest.unchanged" not in idle
    assert {"Honest.missing", "Honest.assumes_more"} <= idle


@pytest.mark.lean
def test_pins_leave_out_what_lean_makes(attacks):
    names = {constant.name for constant in pinned(attacks.constants)}
    assert {"Honest.Box.mk.inj", "Honest.Box.mk.injEq", "Honest.Box.mk.sizeOf_spec"} <= attacks.constants.keys()
    assert not [name for name in names if ".mk." in name]


def test_audit_needs_the_pinned_file(tmp_path):
    assert "need the pinned statements" in audit_statements({}, tmp_path / "statements.txt")[0]


# Words in the sources


def test_every_attack_on_sources_is_found():
    folder = Path(__file__).with_name("tainted")
    found = [re.search(r"/(\w+)\.lean:(\d+): `([^`]+)`", problem) for problem in audit_sources(read_sources(folder))]
    words = {(match[1], match[3]) for match in found}
    tainted = {"sorry", "warn.sorry", "axiom", "native_decide", "unsafe", "implemented_by", "extern", "skipKernelTC"}
    assert words == {("Gap", "sorry")} | {("Tainted", word) for word in tainted | {"csimp"}}


@pytest.mark.parametrize("word", FORBIDDEN)
def test_scan_finds_word(tmp_path, word):
    path = tmp_path / "Module.lean"
    path.write_text(f"-- nothing here\n/- nor {word} here -/\nexample : 1 = 1 := by\n  {word}\n", encoding="utf-8")
    assert [(place.line, place.word) for place in scan(path)] == [(4, word)]


@pytest.mark.parametrize(
    "text",
    [
        "-- sorry",
        "/- a /- nested -/ sorry -/",
        "/-- says: axiom -/",
        'def s := "sorry"',
        'def s := "a \\" sorry"',
        'def s := r"sorry"',
        'def s := r#"a " sorry"#',
        "theorem not_sorry' : 1 = 1 := rfl",
        "theorem axiomatic : 1 = 1 := rfl",
    ],
)
def test_scan_lets_text_and_other_words_be(tmp_path, text):
    path = tmp_path / "Module.lean"
    path.write_text(text + "\n", encoding="utf-8")
    assert scan(path) == []


@pytest.mark.parametrize(
    "text",
    [
        "/- closed -/ theorem x : 1 = 2 := sorry",
        "def c := '\"' theorem x : 1 = 2 := sorry -- \"",
        'def s := "/-" theorem x : 1 = 2 := sorry -- -/',
        'def s := r#"""# theorem x : 1 = 2 := sorry def t := "',
        'def s := "--" theorem x : 1 = 2 := sorry',
        "theorem x' : 1 = 2 := sorry",
        "/- /- -/ -/ theorem x : 1 = 2 := (sorry)",
    ],
)
def test_scan_is_not_led_astray(tmp_path, text):
    path = tmp_path / "Module.lean"
    path.write_text(text + "\n", encoding="utf-8")
    assert [place.word for place in scan(path)] == ["sorry"]


# The driver's answer


def event(kind: str, *fields: str) -> Event:
    return Event(None, kind, fields)


CONSTANT = ("constant", '"A.b"', "theorem", "", '"t"', '""', '" u v"', '""', '" propext"', '"text"', '""')


def test_answer_is_read_to_its_end():
    events = [event("module", "A"), event(*CONSTANT), event("line", "noise"), event("audited"), event(*CONSTANT)]
    constants = read_answer(iter(events), ["A"])
    assert constants["A.b"].uses == ("u", "v")
    assert constants["A.b"].axioms == ("propext",)
    assert constants["A.b"].module == "A"


def test_answer_without_a_module_is_no_pass():
    with pytest.raises(LeanError, match="said nothing of B"):
        read_answer(iter([event("module", "A"), event("audited")]), ["A", "B"])


def test_answer_that_stops_early_is_no_pass():
    with pytest.raises(LeanError, match="stopped"):
        read_answer(iter([event("module", "A"), event(*CONSTANT)]), ["A"])


@pytest.mark.parametrize("fields", [CONSTANT[1:-1], (*CONSTANT[1:], '""'), (CONSTANT[1][:-1], *CONSTANT[2:])])
def test_answer_that_does_not_read_is_no_pass(fields):
    with pytest.raises(LeanError, match="unreadable answer"):
        read_answer(iter([event("module", "A"), event("constant", *fields), event("audited")]), ["A"])


# With a stand-in: how the process ends


@pytest.fixture
def folder(tmp_path) -> Path:
    folder = tmp_path / "Le an"
    (folder / ".build").mkdir(parents=True)
    return folder


def test_answer_goes_through_a_file_that_does_not_stay(folder, tmp_path):
    modules = [f"A.B{number}" for number in range(2000)]
    constants = read_environment(folder, StandInLean(tmp_path / "log"), modules)
    assert {name: constant.module for name, constant in constants.items()} == {
        f"{name}.holds": name for name in modules
    }
    assert not list((folder / ".build").iterdir())


@pytest.mark.parametrize(
    ("module", "message"),
    [
        ("Crash", r"ended with exit code 134 \(RuntimeError: memory access out of bounds\)"),
        ("Hang", "did not answer within 2 s"),
        ("Cut", "stopped before its end"),
    ],
)
def test_audit_that_does_not_end_well_is_no_pass(folder, tmp_path, module, message):
    with pytest.raises(LeanError, match=message):
        read_environment(folder, StandInLean(tmp_path / "log"), ["A", module], seconds=2.0)
    assert not list((folder / ".build").iterdir())


def test_audit_without_a_build_folder_is_no_pass(tmp_path):
    with pytest.raises(LeanError, match="No such file"):
        read_environment(tmp_path, StandInLean(tmp_path / "log"), ["A"])

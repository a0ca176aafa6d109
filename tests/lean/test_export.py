"""`eigenstill lean export`: theorems about the model of a certificate, which Lean's kernel refuses where a number was changed."""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from eigenstill.cli import main
from eigenstill.lean.build import Outcome, build
from eigenstill.lean.errors import LeanUsageError
from eigenstill.lean.export import study_of
from eigenstill_check.basis import LinearColumns, evaluator
from eigenstill_check.certificate import read
from eigenstill_check.dyadic import Dyadic
from eigenstill_check.exact import Exact
from support.small import small_certificate

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "tests/corpus/accept"
CERTIFICATE = CORPUS / "quadratic_linear.cert.json"
EXAMPLE = ROOT / "Lean/Certified/Example.lean"


def exported(tmp_path: Path, *more: str, certificate: Path = CERTIFICATE, name: str = "Model.lean") -> str:
    out = tmp_path / name
    assert main(["lean", "export", str(certificate), "--out", str(out), "--quiet", *more]) == 0
    return out.read_text(encoding="utf-8")


# The file


def test_example_is_about_its_certificate(capsys):
    assert main(["lean", "export", str(CERTIFICATE), "--out", str(EXAMPLE), "--compare"]) == 0
    assert capsys.readouterr().out.startswith("ACCEPTED  Lean: ")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  rank := 2", "  rank := 1"),  # the claim
        ("theorem Example_size", "/-- Found -/\ntheorem Example_size"),
        ("(X : Mat K Example.size 2)", "(X : Mat K Example.size 1)"),  # the theorem
        ("grid := 40", "grid := 41"),  # the raw data
        ("0xcc73", "0xcc74"),
        ("/-- Found by floating point", "axiom easy : False\n\n/-- Found by floating point"),
        ("  vectorBits := 64", "  vectorBits := 64\n\naxiom easy : False"),  # nothing but numbers in the witness
    ],
)
def test_another_statement_is_told_apart(tmp_path, capsys, old, new):
    text = EXAMPLE.read_text(encoding="utf-8")
    assert text.count(old) == 1
    (tmp_path / "Example.lean").write_text(text.replace(old, new), encoding="utf-8")
    command = ["lean", "export", str(CERTIFICATE), "--out", str(tmp_path / "Example.lean"), "--compare"]
    assert main(command) == 1
    assert "differs from what the certificate gives; export it again" in capsys.readouterr().out


def test_another_witness_says_the_same(tmp_path):
    """Another machine's floating point finds one, or the same machine's with another OPENBLAS_CORETYPE."""
    text = EXAMPLE.read_text(encoding="utf-8")
    assert text.count("0x7ffffc94eeb7ffffc9268380001e79f6b8") == 1
    changed = text.replace("0x7ffffc94eeb7ffffc9268380001e79f6b8", "0x7ffffc94eeb7ffffc9268280001e79f6b8")
    (tmp_path / "Example.lean").write_text(changed, encoding="utf-8")
    assert main(["lean", "export", str(CERTIFICATE), "--out", str(tmp_path / "Example.lean"), "--compare"]) == 0


def test_another_certificate_is_told_apart(tmp_path):
    exported(tmp_path, certificate=CORPUS / "one_input.cert.json", name="Example.lean")
    assert main(["lean", "export", str(CERTIFICATE), "--out", str(tmp_path / "Example.lean"), "--compare"]) == 1


def test_bound_is_the_certificates(tmp_path):
    """At every rank the theorem states what the certificate records."""
    claims = json.loads(CERTIFICATE.read_text(encoding="utf-8"))["claims"]
    entries = next(claim for claim in claims if claim["claim"] == "eckart_young")["ranks"]
    assert len(entries) == 2
    for entry in entries:
        text = exported(tmp_path, "--rank", str(entry["rank"]))
        stated = re.search(r"Y : Mat K (\d+) .*\n    \(\((\d+) : Nat\) : K\) / 2 \^ (\d+) ≤", text)
        assert stated
        assert int(stated[1]) == entry["rank"]
        recorded = Dyadic.parse(entry["lower"]["exact"])
        assert Fraction(int(stated[2]), 2 ** int(stated[3])) == Fraction(*recorded.ratio())


@pytest.mark.parametrize("more", [(), ("--matrix",)])
def test_several_ranks_stand_in_one_module(tmp_path, capsys, more):
    """Each with the bound that the certificate records; asked for one by one or all at once, the text is the same."""
    claims = json.loads(CERTIFICATE.read_text(encoding="utf-8"))["claims"]
    entries = next(claim for claim in claims if claim["claim"] == "eckart_young")["ranks"]
    every = exported(tmp_path, "--all-ranks", *more)
    chosen = [word for entry in reversed(entries) for word in ("--rank", str(entry["rank"]))]
    assert exported(tmp_path, *chosen, *more) == every
    stated = re.findall(
        r"theorem (\w+)_eckartYoung (?:.*\n)*?.*Mat K (\d+) .*\n?.*\(\((\d+) : Nat\) : K\) / 2 \^ (\d+) ≤", every
    )
    assert [(name, int(rank)) for name, rank, *_ in stated] == [("Model", 2), ("ModelRank1", 1)]
    for entry, (_, _, lower, unit) in zip(reversed(entries), stated, strict=True):
        assert Fraction(int(lower), 2 ** int(unit)) == Fraction(*Dyadic.parse(entry["lower"]["exact"]).ratio())
    out = str(tmp_path / "Model.lean")
    assert main(["lean", "export", str(CERTIFICATE), "--out", out, "--all-ranks", "--json", *more]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [bound["rank"] for bound in document["bounds"]] == [1, 2]
    assert all(f"{bound['lower']}`" in every for bound in document["bounds"])


@pytest.mark.parametrize("limit", [None, 50_000])
def test_blocks_cover_the_matrices_and_their_traces_give_the_bound(tmp_path, monkeypatch, limit):
    """Row after row, and tr(V D V^T) - tr M = -(rank mu + lower), as the certificate says of the whole."""
    if limit:
        monkeypatch.setattr("eigenstill.lean.export.THEOREM_BYTES", limit)
    text = exported(tmp_path)
    traces = [int(trace) for trace in re.findall(r"Trace\d+ : Int := (-?\d+)\n", text)]
    blocks = [
        (int(i), int(h)) for i, h in re.findall(r"checkBlock Model ModelWitness ModelSums\d+ (\d+) (\d+) Model", text)
    ]
    assert len(blocks) == len(traces) == (2 if limit else 1)
    assert [row for i, h in blocks for row in range(i, i + h)] == list(range(5))
    rank, lower, threshold = (
        int(re.search(rf"  {word} := (\d+)\n", text)[1]) for word in ("rank", "lower", "threshold")
    )
    assert sum(traces) == -(rank * threshold + lower)


@pytest.mark.parametrize("name", ["l1_linear", "quadratic_alone", "two_outputs_linear", "gaussian_linear", "features"])
def test_matrix_form_takes_any_basis(tmp_path, name):
    """The stored matrix is the checker's, and the bound is the certificate's."""
    certificate = read(CORPUS / f"{name}.cert.json")
    operator = Exact(certificate).operator
    text = exported(tmp_path, "--matrix", certificate=CORPUS / f"{name}.cert.json")
    assert "NOT verified here" in text
    bits, unit = (int(re.search(rf"  {word} := (\d+)\n", text)[1]) for word in ("entryBits", "unit"))
    rows = [int(row, 16) for row in re.findall(r"0x[0-9a-f]+", text.partition("rows := [")[2].partition("]")[0])]
    matrix = [[((row >> (bits * j)) % 2**bits) - 2 ** (bits - 1) for j in range(len(rows))] for row in rows]
    assert (matrix, -unit) == ([list(row) for row in operator.matrix], operator.exponent)
    recorded = next(claim for claim in certificate.claims if claim["claim"] == "eckart_young")["ranks"][-1]["lower"][
        "exact"
    ]
    stated = re.search(r"\(\((\d+) : Nat\) : K\) / 2 \^ (\d+) ≤ frobDistSq A", text)
    assert Fraction(int(stated[1]), 2 ** int(stated[2])) == Fraction(*Dyadic.parse(recorded).ratio())


def test_errors_are_those_of_the_formula(tmp_path):
    """The formula evaluated in fractions, without any floor: its largest error is the stated one, to 10 digits."""
    certificate = read(CERTIFICATE)
    model, (shard,) = certificate.model, certificate.shards["train"]
    errors = []
    for row, recorded in zip(shard.inputs, shard.teacher, strict=True):
        x = [Fraction(value) for value in row]
        value = Fraction(model.intercept[0]) + sum(Fraction(w[0]) * v for w, v in zip(model.weights, x, strict=True))
        for landmark, coefficient in zip(model.landmarks, model.coefficients, strict=True):
            squares = [(v - Fraction(z)) ** 2 for v, z in zip(x, landmark, strict=True)]
            q = sum(Fraction(s) * square for s, square in zip(model.scales, squares, strict=True))
            value += Fraction(coefficient[0]) / (1 + q)
        errors.append(abs(Fraction(recorded[0]) - value))
    stated = re.search(r"exactStudent K i\) ≤ \(\((\d+) : .* 2 \^ (\d+)\) ∧\n.* ≤ \(\(\((\d+) : ", exported(tmp_path))
    assert stated
    unit = 2 ** int(stated[2])
    worst, root = Fraction(int(stated[1]), unit), Fraction(int(stated[3]), unit)
    assert max(errors) <= worst <= max(errors) * (1 + Fraction(1, 10**9))
    squares = sum(error**2 for error in errors)
    assert squares <= root**2 <= squares * (1 + Fraction(1, 10**9))


POINTS = np.array([[0.25, -1.0], [1.5, 0.5], [0.75, 2.0], [2.25, 1.25], [1.0, -0.5], [2.0, 0.0]])


def with_landmarks_below(folder: Path) -> Path:
    """A student of which one landmark lies one unit of the last place below all rows, another one far below."""
    folder.mkdir(exist_ok=True)
    centres = np.array([[np.nextafter(0.25, 0), 0.5], [1.5, -3.5], [2.0, 1.0]])
    return small_certificate(folder, points=POINTS, centres=centres, rank=1, holdout=False)


@pytest.mark.parametrize("made", [with_landmarks_below, lambda _: CERTIFICATE])
def test_study_has_the_checkers_basis(tmp_path, made):
    """From its numbers, as Lean's statement reads them: every entry of C, and where the offsets stand."""
    certificate = read(made(tmp_path))
    basis, model, (shard,) = certificate.basis, certificate.model, certificate.shards["train"]
    study = study_of(certificate, [shard])
    block = evaluator(basis, model).block(shard.inputs)
    floors = [[value >> basis.grid_bits for value in row] for row in block.fine]
    expected = [floor + tail for floor, tail in zip(floors, LinearColumns(basis, model).rows(block), strict=True)]
    mask = 2**study.slot - 1
    found = []
    for packed in study.rows:
        x = [(packed >> study.slot * (k + 1)) & mask for k in range(len(study.axes))]
        row = []
        for j in range(len(study.landmarks)):
            z = [(axis.points >> study.slot * j) & mask for axis in study.axes]
            gaps = sum(a.weight * (v - w) ** 2 for a, v, w in zip(study.axes, x, z, strict=True))
            row.append(2**study.grid * study.one // (study.one + gaps))
        found.append(row + [(v - a.origin) * 2**a.up // 2**a.down for a, v in zip(study.axes, x, strict=True)])
    assert found == expected
    assert any(axis.origin for axis in study.axes) == (made is with_landmarks_below)


def test_rows_below_the_offset_are_refused():
    """Their linear column is negative. Certificates of this project have none: the offset is the smallest value."""
    certificate = read(CERTIFICATE)
    above = dataclasses.replace(certificate.model, offsets=[value + 1.0 for value in certificate.model.offsets])
    with pytest.raises(LeanUsageError, match=r"input 0: a recorded row lies below the student's offset .* or --matrix"):
        study_of(dataclasses.replace(certificate, model=above), certificate.shards["train"])


def test_words_of_the_certificate_stay_in_the_comment(tmp_path):
    for path in CORPUS.glob("quadratic_linear.cert.*"):
        shutil.copy(path, tmp_path)
    certificate = tmp_path / CERTIFICATE.name
    document = json.loads(certificate.read_text(encoding="utf-8"))
    document["subject"]["student"]["name"] = "a -/ axiom easy : False /-.safetensors"
    certificate.write_text(json.dumps(document), encoding="utf-8")
    text = exported(tmp_path, certificate=certificate)
    assert "a __ axiom easy _ False __.safetensors" in text
    assert text.count("-/") == text.count("/-")


@pytest.mark.parametrize(
    ("certificate", "more", "message"),
    [
        ("l1_linear", [], "its basis is rational-l1; need rational-quadratic for a theorem from the raw data"),
        ("quadratic_alone", [], "it has no linear term; need one for a theorem from the raw data"),
        ("two_outputs_linear", [], "it has 2 outputs; need one for a theorem from the raw data"),
        ("quadratic_linear", ["--rank", "3"], "it has no bound at rank 3; need one of 1, 2"),
        ("nowhere", [], "nowhere.cert.json"),
    ],
)
def test_certificates_without_a_theorem(tmp_path, capsys, certificate, more, message):
    out = tmp_path / "Model.lean"
    code = main(["lean", "export", str(CORPUS / f"{certificate}.cert.json"), "--out", str(out), *more])
    assert code == (3 if certificate == "nowhere" else 2)
    assert message in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize(
    "name", ["model.lean", "Model.txt", "My-Model.lean", "K.lean", "Study.lean", "Vector.lean", "Ünit.lean"]
)
def test_names_that_no_theorem_can_have(tmp_path, capsys, name):
    assert main(["lean", "export", str(CERTIFICATE), "--out", str(tmp_path / name)]) == 2
    assert "need a file name of letters and digits like Ames.lean" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_place_that_cannot_be_written(tmp_path, capsys):
    (tmp_path / "file").touch()
    assert main(["lean", "export", str(CERTIFICATE), "--out", str(tmp_path / "file/Model.lean")]) == 2
    assert "name a file in a folder that can be written" in capsys.readouterr().err


# The kernel

TAMPERED = {
    # name -> what is changed in the example, and the theorem at which the build fails
    "Row": (r"0xcc73fd", "0xcc73fe", "Row_rows1"),
    "Scale": (r"0x1a3bcd35", "0x1a3bcd36", "Scale_rows1"),
    "Bound": (r"lower := (\d+)(\d)\n", r"lower := \g<1>\g<2>0\n", "Bound_sums"),
    "Rank": (r"rank := 2", "rank := 1", "Rank_sums"),
    "Error": (r"tolerance := (\d)", r"tolerance := 1", "Error_rows1"),
    "Residual": (r"residual := (\d+)", r"residual := \g<1>0", "Residual_sums"),
    "Mode": (r"0x7627f1", "0x1627f1", "Mode_block1"),
    "Weight": (r"\(0x46397026ef649", "(0x86397026ef649", "Weight_block1"),
    "Trace": (r"Trace1 : Int := -(\d)", r"Trace1 : Int := -1\1", "Trace_block1"),
    "Mean": (r"mean := nat_lit 0x30", "mean := nat_lit 0x31", "Mean_rows1"),
    "Shift": (r"shift := (\d+)", r"shift := \g<1>0", "Shift_exactFidelity"),
    "Root": (r"root := (\d+)\d\)", r"root := \g<1>)", "Root_exactFidelity"),
    "Statement": (r"/ 2 \^ 167 ≤", "/ 2 ^ 166 ≤", "Statement_eckartYoung"),
}

MATRIX = {
    # the same for a module from the matrix
    "Entry": (r"rows := \[\n    nat_lit 0x(.)", r"rows := [\n    nat_lit 0x\g<1>1", "Entry_block1"),
    "Larger": (r"lower := (\d+)\n", r"lower := \g<1>0\n", "Larger_check"),
}

BOTH = r"\(SplitTrace1 \+ SplitTrace2\)"
SPLIT = {
    # the same for a module whose rows and matrices are taken in parts
    "Late": (r"Trace2 : Int := -(\d)", r"Trace2 : Int := -1\1", "Late_block2"),
    "Between": (r"Sums5 : Sums :=\n  ⟨5", r"Sums5 : Sums :=\n  ⟨6", "Between_rows5"),
    "Rest": (  # the second block is left out
        rf" 0 5 {BOTH} :=\n  .more Split_block1 \(.one Split_block2\)((?s:.*)) 5 {BOTH} =",
        r" 0 3 SplitTrace1 :=\n  .one Split_block1\1 3 SplitTrace1 =",
        "Rest_sums",
    ),
}

RANKS = {
    # the same for a module with the bounds at two ranks: what is said of the further one
    "Further": (r"(FurtherRank1Bounds (?:.*\n)*?  lower := \d+)", r"\g<1>0", "FurtherRank1_sums"),
    "Turned": (r"(TurnedRank1Witness (?:.*\n)*?.*0x7)6", r"\g<1>5", "TurnedRank1_block1"),
}

BELOW = {
    # the same for a module of a student of which landmarks lie below its offsets
    "Origin": (r"0xa, 35, 0, ", "0x9, 35, 0, ", "Origin_rows1"),
}

CHANGED = {**TAMPERED, **MATRIX, **SPLIT, **RANKS, **BELOW}


@pytest.fixture(scope="module")
def tampered(library, toolchain, tmp_path_factory) -> tuple[Path, Outcome]:
    """The checkout's Lean folder, built, with modules added that differ from the example in one number each."""
    assert library.exit_code == 0
    folder = tmp_path_factory.mktemp("checkout") / "Lean"
    shutil.copytree(ROOT / "Lean", folder, ignore=shutil.ignore_patterns("without-code", "scratch"))
    text = EXAMPLE.read_text(encoding="utf-8")
    for name, (old, new, _) in TAMPERED.items():
        changed, count = re.subn(old, new, text)
        assert count == 1, name
        (folder / f"Certified/{name}.lean").write_text(changed.replace("Example", name), encoding="utf-8")
    (folder / "Certified/Other.lean").write_text(
        exported(folder.parent, "--rank", "1", name="Other.lean"), encoding="utf-8"
    )
    plain = exported(
        folder / "Certified", "--matrix", certificate=CORPUS / "gaussian_linear.cert.json", name="Plain.lean"
    )
    for name, (old, new, _) in MATRIX.items():
        changed, count = re.subn(old, new, plain)
        assert count == 1, name
        (folder / f"Certified/{name}.lean").write_text(changed.replace("Plain", name), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("eigenstill.lean.export.THEOREM_BYTES", 50_000)
        split = exported(folder / "Certified", name="Split.lean")
    for name, (old, new, _) in SPLIT.items():
        changed, count = re.subn(old, new, split)
        assert count == 1, name
        (folder / f"Certified/{name}.lean").write_text(changed.replace("Split", name), encoding="utf-8")
    exported(folder / "Certified", "--all-ranks", name="All.lean")
    exported(folder / "Certified", "--all-ranks", "--matrix", name="PlainAll.lean")
    for name, (old, new, _) in RANKS.items():
        path = folder / f"Certified/{name}.lean"
        changed, count = re.subn(old, new, exported(path.parent, "--all-ranks", name=path.name))
        assert count == 1, name
        path.write_text(changed, encoding="utf-8")
    below = exported(folder / "Certified", certificate=with_landmarks_below(folder.parent / "below"), name="Below.lean")
    for name, (old, new, _) in BELOW.items():
        changed, count = re.subn(old, new, below)
        assert count == 1, name
        (folder / f"Certified/{name}.lean").write_text(changed.replace("Below", name), encoding="utf-8")
    wanted = [f"Certified.{name}" for name in (*CHANGED, *GOOD)]
    return folder, build(folder, toolchain, wanted=wanted)


GOOD = (
    "Other",
    "Plain",
    "Split",
    "All",
    "PlainAll",
    "Below",
)  # another rank, a matrix, in parts, several ranks, landmarks


@pytest.mark.lean
@pytest.mark.parametrize("name", GOOD)
def test_other_forms_are_proved(tampered, name):
    _, outcome = tampered
    assert f"Certified.{name}" in outcome.built
    assert f"Certified.{name}" not in {*outcome.rejected, *outcome.no_verdict}


@pytest.mark.lean
@pytest.mark.parametrize("name", CHANGED)
def test_a_changed_number_fails_the_build(tampered, name):
    folder, outcome = tampered
    assert outcome.exit_code == 1
    path = folder / f"Certified/{name}.lean"
    assert f"Certified.{name}" in outcome.rejected, outcome.no_verdict
    first = min((message for message in outcome.messages if message.file == str(path)), key=lambda found: found.line)
    lines = path.read_text(encoding="utf-8").splitlines()
    before = [line for line in lines[: first.line] if line.startswith("theorem ")]
    assert before[-1].split()[1] == CHANGED[name][2], first

"""`eigenstill show` of a folder, as a user runs it at 80 columns: whole, true to the report, and never wrapped."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len

from eigenstill import folder as places
from eigenstill.cli import main
from eigenstill.student import load_student
from eigenstill_check import check
from support.folders import distilled, several

HEADINGS = ["SPECTRUM", "INPUTS", "MODES", "FIDELITY", "DIAGNOSIS", "VERDICT", "DIGESTS"]
DOCUMENT = Path(__file__).parents[3] / "docs" / "show.md"
NAMES = ["width of the whole building", "高さ高さ高さ", "age"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return distilled(tmp_path_factory.mktemp("student"), names=NAMES)


def shown(folder: Path, *more: str, width: int = 80, encoding: str = "utf-8") -> subprocess.CompletedProcess[str]:
    """A process of its own with the screen's width and encoding."""
    return subprocess.run(
        [sys.executable, "-m", "eigenstill", "show", str(folder), *more],
        capture_output=True,
        text=True,
        encoding=encoding,
        check=False,
        timeout=120,
        env={**os.environ, "COLUMNS": str(width), "PYTHONIOENCODING": encoding},
    )


def headings(text: str) -> list[str]:
    return re.findall(r"^([A-Z]{5,})\b", text, re.MULTILINE)


@pytest.mark.parametrize(("width", "encoding"), [(80, "utf-8"), (132, "utf-8"), (80, "ascii"), (60, "utf-8")])
def test_the_whole_report_without_a_wrapped_line(folder, width, encoding):
    done = shown(folder, width=width, encoding=encoding)
    assert (done.returncode, done.stderr) == (0, "")
    assert headings(done.stdout) == HEADINGS
    lines = done.stdout.splitlines()
    assert max(map(cell_len, lines)) <= width
    assert len(lines) <= 70
    assert all(lines)
    assert ("█" in done.stdout) == (encoding == "utf-8")
    words = sum(len(line) > 0.5 * width for line in lines)
    assert words > 10, "the lines use the width"


def test_its_numbers_are_those_of_student_and_certificate(folder, capsys):
    assert main(["show", str(folder)]) == 0
    text = capsys.readouterr().out
    student, verdict = load_student(folder / places.STUDENT), check(folder / places.CERTIFICATE)
    assert f"K* = {student.rank} of {len(student.spectrum.eigenvalues)} modes" in text
    assert f"ridge {student.spectrum.ridge:.4g} by robust-gcv\n  certified: no ridge from" in text
    assert re.findall(r"^  ok   (\w+)", text, re.MULTILINE) == [claim.claim for claim in verdict.claims]
    assert f"VERDICT  ACCEPTED: {len(verdict.claims)} claims hold" in text
    claims = {claim["claim"]: claim for claim in json.loads((folder / places.CERTIFICATE).read_text())["claims"]}
    bound = float(claims["fidelity"]["splits"][0]["targets"][0]["outputs"][0]["rmse_at_most"]["decimal"])
    (row,) = re.findall(r"^  train     network +(\S+)", text, re.MULTILINE)
    assert bound <= float(row) <= 1.001 * bound
    for file in (places.STUDENT, places.CERTIFICATE):
        assert hashlib.sha256((folder / file).read_bytes()).hexdigest() in text


def test_several_outputs_show_the_agreement(tmp_path, capsys):
    assert main(["show", str(distilled(tmp_path, function=several))]) == 0
    text = capsys.readouterr().out
    assert headings(text) == [*HEADINGS[:4], "AGREEMENT", *HEADINGS[4:]]
    claims = json.loads((tmp_path / places.CERTIFICATE).read_text())["claims"]
    counted = next(claim["splits"] for claim in claims if claim["claim"] == "agreement")
    for split, name in zip(counted, ("train", "hold-out"), strict=True):
        assert re.search(rf"^  {name} +{split['rows']} +{split['agree']} +{split['disagree']} ", text, re.MULTILINE)
    assert "worst of 3 outputs" in text


def test_a_certificate_that_does_not_hold_is_1_and_says_where(tmp_path, capsys):
    distilled(tmp_path)
    path = tmp_path / places.CERTIFICATE
    document = json.loads(path.read_text())
    next(claim for claim in document["claims"] if claim["claim"] == "compression")["stored_numbers"] += 1
    path.write_text(json.dumps(document))
    assert main(["show", str(tmp_path)]) == 1
    text = capsys.readouterr().out
    assert "VERDICT  REJECTED" in text
    assert re.search(r"^  FAIL compression   claims\[4\] compression\.stored_numbers: got", text, re.MULTILINE)
    path.write_text("{")
    assert main(["show", str(tmp_path)]) == 2
    text = capsys.readouterr().out
    assert "VERDICT  MALFORMED" in text
    assert "FIDELITY, computed, not certified" in text


@pytest.mark.parametrize("options", [{"certify": False}, {"certify": False, "labels": False, "holdout": False}])
def test_without_a_certificate_nothing_is_called_certified(tmp_path, capsys, options):
    assert main(["show", str(distilled(tmp_path, **options))]) == 0
    text = capsys.readouterr().out
    assert "FIDELITY, computed, not certified" in text
    assert "VERDICT  none: nothing here is proved" in text
    assert "certified" not in text.replace("not certified", "")


def test_without_a_check_nothing_is_decided(folder, capsys):
    assert main(["show", "--no-check", str(folder)]) == 0
    assert "VERDICT  none: nothing here is proved; eigenstill check decides" in capsys.readouterr().out


def test_text_from_data_is_text(tmp_path, capsys):
    """Markup, escape sequences and line ends of names and notices reach no terminal."""
    hostile = "[red]a[/]\x1b[31m\n\r" + "b" * 200
    provenance = {"teacher": hostile, "data": hostile, "notices": (hostile,)}
    assert main(["show", str(distilled(tmp_path, names=[hostile, "c", "d"], provenance=provenance))]) == 0
    text = capsys.readouterr().out
    assert "\x1b" not in text
    assert "\r" not in text
    assert "[red]a[/]\\x1b[31m\\n\\r" in text
    assert max(map(cell_len, text.splitlines())) <= 80


@pytest.mark.parametrize(
    "options",
    [{"basis": "rational-l1", "linear": False}, {"basis": "gaussian"}, {"rows": 14}, {"landmarks": 2, "linear": False}],
    ids=str,
)
def test_every_kind_of_student(tmp_path, capsys, options):
    assert main(["show", str(distilled(tmp_path, **options))]) == 0
    assert headings(capsys.readouterr().out) == HEADINGS


def test_rows_with_weights_show_the_formula_alone(tmp_path, capsys):
    """No certificate, no report and no diagnosis count such rows."""
    distilled(tmp_path, certify=False, provenance={"settings": {"total_weight": 7.0}})
    assert main(["show", str(tmp_path)]) == 0
    text = capsys.readouterr().out
    assert text.startswith("student(x) = ")
    assert headings(text) == []


def test_features(tmp_path, capsys):
    distilled(tmp_path, basis="features", features=lambda rows: rows**3, landmarks=None)
    assert main(["show", str(tmp_path)]) == 0
    assert "x the 3 features" in capsys.readouterr().out


def test_the_sample_of_the_documentation_has_the_form_of_the_command():
    (sample,) = re.findall(r"^\$ eigenstill show .*?\n(.*?)^```", DOCUMENT.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert headings(sample) == HEADINGS
    assert max(map(cell_len, sample.splitlines())) <= 80

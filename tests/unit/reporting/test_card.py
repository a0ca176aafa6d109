"""The model card: front matter that YAML reads, digests of the files, claims and limits in the checker's words."""

from __future__ import annotations

import hashlib
import json
import re

import numpy as np
import pytest

import eigenstill
from eigenstill.cli import main
from eigenstill.errors import StudentError, UnreadableError
from eigenstill_check.verdict import sentences
from support.folders import distilled, several

HOSTILE = ("<script>alert(1)</script>", "a|b`c`", "--- \nlicense: mit")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = distilled(tmp_path_factory.mktemp("card"), function=several, outputs=("p", "q", "r"))
    assert eigenstill.model_card(place) == place / "README.md"
    return place


def front_of(folder):
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed: the front matter was not read")
    text = (folder / "README.md").read_text(encoding="utf-8")
    return yaml.safe_load(re.match(r"---\n(.*?)\n---\n", text, re.DOTALL)[1])


def test_the_front_matter_holds_the_certified_errors(folder):
    front = front_of(folder)
    assert front["library_name"] == "eigenstill"
    assert front["pipeline_tag"] == "tabular-regression"
    assert "knowledge-distillation" in front["tags"]
    (entry,) = front["model-index"]
    fidelity = next(
        claim
        for claim in json.loads((folder / "student.cert.json").read_text())["claims"]
        if claim["claim"] == "fidelity"
    )
    assert [result["dataset"]["split"] for result in entry["results"]] == ["train", "holdout"]
    for result, split in zip(entry["results"], fidelity["splits"], strict=True):
        assert result["task"] == {"type": "tabular-regression"}
        assert {"type", "name"} <= set(result["dataset"])
        expected = [
            float(output[key]["decimal"])
            for target in split["targets"]
            for output in target["outputs"]
            for key in ("rmse_at_most", "r_squared_at_least")
        ]
        assert [metric["value"] for metric in result["metrics"]] == expected
        assert all(isinstance(metric["value"], float) for metric in result["metrics"])
        assert result["metrics"][0] == {
            "type": "rmse",
            "name": "RMSE at most, p to teacher, certified",
            "value": expected[0],
        }


def test_it_says_what_the_student_is_and_where_it_came_from(folder):
    card = (folder / "README.md").read_text(encoding="utf-8")
    student = eigenstill.load_student(folder / "student.safetensors")
    assert f"{student.stored_numbers} stored numbers, {student.rank} of" in card
    for name in ("student.safetensors", "student.cert.json", "student.cert.safetensors"):
        assert f"| `{name}` | `{hashlib.sha256((folder / name).read_bytes()).hexdigest()}` |" in card
    assert f"`{student.provenance.data}`" in card


def test_every_claim_and_every_limit_is_the_checkers(folder):
    card = (folder / "README.md").read_text(encoding="utf-8")
    for claim, sentence in sentences(folder / "student.cert.json"):
        shown = sentence.replace("<", "&lt;").replace("|", "\\|")  # as text of a cell
        assert f"| `{claim['claim']}` | {shown} |" in card
    for line in eigenstill.check(folder / "student.cert.json").not_covered:
        assert f"- not covered: {line}" in card


def test_without_a_certificate_nothing_is_proved(tmp_path):
    place = distilled(tmp_path, certify=False)
    card = eigenstill.model_card(place).read_text()
    assert "nothing is proved of this formula" in card
    assert "model-index" not in front_of(place)


def test_weights_of_the_rows_are_said(tmp_path):
    place = distilled(tmp_path, certify=False, sample_weight=np.full(90, 2.0))
    assert ", weights that sum to 180," in eigenstill.model_card(place).read_text()


def test_text_from_the_data_stays_text(tmp_path):
    place = distilled(
        tmp_path, names=HOSTILE, outputs=("</td>|x",), provenance={"data": "a`|\nb", "teacher": 'x"\\: - y'}
    )
    card = eigenstill.model_card(place).read_text(encoding="utf-8")
    front = front_of(place)
    assert front["model-index"][0]["results"][0]["dataset"]["name"] == "a`|?b"
    assert "license" not in front
    body = card.split("\n---\n", 1)[1]
    outside = re.sub(r"`[^`\n]*`", "", body)
    assert "<" not in outside
    assert "\n---" not in body
    for row in re.findall(r"^\|.*\|$", body, re.MULTILINE):
        assert len(re.findall(r"(?<!\\)\|", row)) == 3


def test_a_readme_of_somebody_else_is_left_alone(tmp_path, capsys):
    place = distilled(tmp_path, certify=False)
    (place / "README.md").write_text("mine")
    with pytest.raises(StudentError, match="not written by eigenstill"):
        eigenstill.model_card(place)
    assert main(["certify", str(place), "--quiet"]) == 0
    assert "no model card" in capsys.readouterr().err
    assert (place / "README.md").read_text() == "mine"


def test_a_certificate_of_another_student_is_refused(tmp_path):
    place = distilled(tmp_path / "one")
    other = distilled(tmp_path / "two", certify=False, seed=9)
    (other / "student.cert.json").write_bytes((place / "student.cert.json").read_bytes())
    with pytest.raises(StudentError, match="about another student"):
        eigenstill.model_card(other)
    with pytest.raises(UnreadableError):
        eigenstill.model_card(tmp_path / "nowhere")


def test_command_writes_it_again(tmp_path, capsys):
    place = distilled(tmp_path)
    assert main(["card", str(place)]) == 0
    first = (place / "README.md").read_bytes()
    assert main(["certify", str(place), "--rank", "4", "--detached", "--quiet"]) == 0
    second = (place / "README.md").read_text()
    assert second.encode() != first
    assert "left out of it" in second
    assert np.char.count(second, "tabular-regression") >= 2
    assert main(["card", str(tmp_path / "nowhere")]) == 3

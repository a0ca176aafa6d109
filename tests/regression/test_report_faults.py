"""Case 25: text from the data that runs as script in the HTML report (Orange-OpenSource/hurl #5228), its whole kind."""

from __future__ import annotations

import json

import pytest

import eigenstill
from eigenstill.cli import main
from support.cases import CASES
from support.folders import distilled
from support.hostile import HOSTILE, PLAIN, folder_of
from support.pages import parsed

pytest.importorskip("matplotlib", reason="matplotlib is not installed: the report was not tested")


def page(folder):
    return parsed(eigenstill.report(folder).path.read_text(encoding="utf-8"))


def test_hostile_text_changes_no_element_and_no_attribute_of_the_page(tmp_path):
    hostile, plain = (page(folder_of(tmp_path / name, texts)) for name, texts in (("a", HOSTILE), ("b", PLAIN)))
    assert hostile.faults == plain.faults == []
    assert hostile.shape == plain.shape
    assert len(hostile.all("script")) == 1
    assert hostile.all("img") == []
    for _, attributes in hostile.elements:
        assert not [name for name in attributes if name.startswith("on")]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_shown_as_text(tmp_path, text):
    found = page(distilled(tmp_path, names=[text, "b", "c"], certify=False))
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
    assert shown in "".join(found.texts["h3"]), "as the title of its own plot"
    assert json.loads("".join(found.texts["script"]))["inputs"][0] == text


def test_json_in_the_page_writes_the_less_than_sign_as_an_escape(tmp_path):
    text = eigenstill.report(folder_of(tmp_path, HOSTILE)).path.read_text(encoding="utf-8")
    block = text[text.index('id="report-data">') :].partition(">")[2].partition("</script>")[0]
    assert "\\u003cscript\\u003e" in block
    assert "<" not in block


def test_the_table_of_the_case_through_the_command_line(tmp_path, capsys):
    (tmp_path / "outputs.csv").write_text("f\n" + "\n".join(str(v) for v in (0, 1, 4, 9, 16, 25, 36, 49)) + "\n")
    named = tmp_path / '"><img src=x onerror=alert(3)>.csv'
    named.write_bytes((CASES / "25_evil_headers.csv").read_bytes())
    arguments = ["--teacher", str(tmp_path / "outputs.csv"), "--data", str(named), "--labels", "y", "--landmarks", "2"]
    assert main(["distill", *arguments, "--no-linear", "--no-certify", "--out", str(tmp_path / "out")]) == 0
    assert main(["report", str(tmp_path / "out")]) == 0
    capsys.readouterr()
    found = parsed((tmp_path / "out" / "report.html").read_text(encoding="utf-8"))
    assert found.all("img") == []
    assert len(found.all("script")) == 1
    assert "<script>alert(1)</script>" in found.texts["th"]
    assert any("<img src=x onerror=alert(3)>.csv" in text for text in found.texts["p"])

"""The page: what it says, in which order, and that its verdict is the checker's, whatever the file says."""

from __future__ import annotations

import json
import re
from itertools import pairwise

import numpy as np
import pytest

import eigenstill
from eigenstill import folder as places
from eigenstill.cli import main
from support.folders import distilled, several
from support.pages import parsed

pytest.importorskip("matplotlib", reason="matplotlib is not installed: the report was not tested")


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    return page_of(distilled(tmp_path_factory.mktemp("student"), names=["width", "height", "age"]))


def page_of(folder):
    return parsed(eigenstill.report(folder).path.read_text(encoding="utf-8"))


def machine(page):
    return json.loads("".join(page.texts["script"]))


def test_the_page_is_sound_html_with_everything_inside(page):
    assert page.faults == []
    assert page.open == []
    for _, attributes in page.elements:
        for name in ("src", "href", "data", "action", "srcset"):
            assert (attributes.get(name) or "#").startswith("#"), attributes
    assert "http:" not in "".join(page.texts["style"])
    assert "@import" not in "".join(page.texts["style"])
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert page.all("html") == [{"lang": "en"}]


def test_nothing_in_the_page_can_run(page):
    (policy,) = [meta["content"] for meta in page.all("meta") if "http-equiv" in meta]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"
    assert page.all("script") == [{"type": "application/json", "id": "report-data"}]


def test_landmarks_headings_tables_and_figures_can_be_read_out(page):
    tags = [tag for tag, _ in page.elements]
    assert [tags.count(tag) for tag in ("header", "main", "footer", "nav", "h1")] == [1, 1, 1, 1, 1]
    levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))
    assert tags.count("table") == tags.count("caption")
    assert all("scope" in heading for heading in page.all("th"))
    assert all(svg["role"] == "img" and svg["aria-label"] for svg in page.all("svg"))
    assert tags.count("figure") == tags.count("figcaption") == tags.count("svg")
    targets = {attributes.get("id") for _, attributes in page.elements}
    assert all(link["href"][1:] in targets for link in page.all("a"))
    assert all(section["aria-labelledby"] in targets for section in page.all("section"))


def test_it_shows_the_formula_the_names_and_every_claim(page, tmp_path):
    assert "width" in page.texts["h3"]
    assert len(page.all("math")) == 2
    shown = machine(page)
    assert shown["verdict"]["verdict"] == "accepted"
    assert shown["inputs"] == ["width", "height", "age"]
    names = [claim["claim"] for claim in shown["verdict"]["claims"]]
    assert [text for text in page.texts["code"] if text in names] == names
    assert "ACCEPTED" in page.texts["strong"]
    assert {"Checked", "Recorded only", "Not covered"} <= set(page.texts["h3"])


@pytest.mark.parametrize(
    "options",
    [
        {"basis": "rational-l1", "linear": False},
        {"basis": "gaussian", "labels": False},
        {"basis": "matern-3/2", "holdout": False, "labels": False},
        {"function": several},
        {"function": several, "linear": False, "labels": False},
        {"landmarks": 1, "linear": False, "certify": False},
        {"rows": 14},
    ],
    ids=lambda options: ",".join(f"{key}={getattr(value, '__name__', value)}" for key, value in options.items()),
)
def test_every_kind_of_student_has_its_page(tmp_path, options):
    page = page_of(distilled(tmp_path, **options))
    assert page.faults == []
    assert len(page.all("svg")) >= 6


def test_several_outputs_show_the_certified_agreement(tmp_path):
    folder = distilled(tmp_path, function=several)
    page = page_of(folder)
    assert [text for text in page.texts["caption"] if text.startswith("Certified counts")]
    claims = json.loads((folder / places.CERTIFICATE).read_text())["claims"]
    (train, holdout) = next(claim["splits"] for claim in claims if claim["claim"] == "agreement")
    assert f"≥ {holdout['agree']} of 30 rows" in page.texts["dd"]
    cells = page.texts["td"]
    place = cells.index("90")
    assert cells[place : place + 4] == ["90", str(train["agree"]), str(train["disagree"]), "0"]
    assert train["agree"] + train["disagree"] == 90


def test_one_output_shows_no_agreement(page):
    assert not [text for text in page.texts["caption"] if text.startswith("Certified counts")]


def test_features_have_a_page_without_scales_and_landmarks(tmp_path):
    page = page_of(
        distilled(tmp_path, basis="features", features=lambda rows: np.hstack([rows, rows**2]), landmarks=None)
    )
    assert len(page.all("math")) == 1
    assert "scale s" not in page.texts["th"]


def test_without_a_certificate_it_says_that_nothing_is_proved(tmp_path, capsys):
    folder = distilled(tmp_path, certify=False)
    assert main(["report", str(folder)]) == 0
    assert "no certificate" in capsys.readouterr().out
    page = parsed((folder / "report.html").read_text(encoding="utf-8"))
    assert "NO CERTIFICATE" in page.texts["strong"]
    assert "ACCEPTED" not in page.texts["strong"]
    assert machine(page)["verdict"] is None


def test_a_claim_that_does_not_hold_is_rejected_on_the_page_and_its_numbers_are_not_shown(tmp_path, capsys):
    folder = distilled(tmp_path)
    path = folder / places.CERTIFICATE
    document = json.loads(path.read_text())
    (claim,) = [claim for claim in document["claims"] if claim["claim"] == "fidelity"]
    number = claim["splits"][1]["targets"][1]["outputs"][0]["rmse_at_most"]
    number["exact"], number["decimal"] = "1p-20", "9.536744e-07"
    path.write_text(json.dumps(document))
    assert main(["report", str(folder), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["verdict"]["verdict"] == "rejected"
    page = parsed((folder / "report.html").read_text(encoding="utf-8"))
    assert "REJECTED" in page.texts["strong"]
    assert "NO" in page.texts["td"]
    assert not any("RMSE to labels" in text for text in page.texts["dt"])
    assert "9.537e-7" not in page.texts["td"]


def test_a_malformed_certificate_gives_a_page_that_says_so(tmp_path, capsys):
    folder = distilled(tmp_path)
    (folder / places.CERTIFICATE).write_text("{")
    assert main(["report", str(folder), "--quiet"]) == 2
    assert capsys.readouterr().out == ""
    page = parsed((folder / "report.html").read_text(encoding="utf-8"))
    assert "MALFORMED" in page.texts["strong"]


def test_a_certificate_of_another_student_is_rejected(tmp_path):
    one, other = distilled(tmp_path / "one"), distilled(tmp_path / "other", seed=6)
    for file in other.glob("student.cert.*"):
        (one / file.name).write_bytes(file.read_bytes())
    found = eigenstill.report(one)
    assert found.verdict.code == 1
    assert "sha256" in found.verdict.message


def test_a_recording_of_other_rows_is_rejected(tmp_path):
    folder = distilled(tmp_path)
    student, recording = places.load(folder)
    changed = np.array(recording.train.labels)
    changed[3] += 1e-9
    type(recording)(
        type(recording.train)(recording.train.inputs, recording.train.teacher, recording.train.predictions, changed),
        recording.holdout,
    ).save(folder / places.RECORDING)
    found = eigenstill.report(folder)
    assert found.verdict.code == 1
    assert "recording.safetensors: train labels" in found.verdict.message
    assert student.rank


def test_detached_rows_are_found_beside_the_certificate(tmp_path):
    folder = distilled(tmp_path, certify=False)
    student, recording = places.load(folder)
    eigenstill.certify(student, folder, recording=recording, detached=True)
    assert eigenstill.report(folder, tmp_path / "elsewhere.html").verdict.accepted
    assert (tmp_path / "elsewhere.html").exists()


def test_errors_are_one_sentence(tmp_path, capsys):
    assert main(["report", str(tmp_path / "nothing")]) == 3
    assert capsys.readouterr().err.count("\n") == 1
    folder = distilled(tmp_path / "student", certify=False)
    assert main(["report", str(folder), "--out", str(tmp_path / "missing" / "page.html")]) == 3
    assert "cannot be written" in capsys.readouterr().err


def test_a_missing_package_is_named_with_the_remedy(tmp_path, capsys, monkeypatch):
    folder = distilled(tmp_path, certify=False)
    monkeypatch.setitem(__import__("sys").modules, "jinja2", None)
    assert main(["report", str(folder)]) == 2
    assert "jinja2 is not installed; run: pip install 'eigenstill[report]'" in capsys.readouterr().err


def test_the_same_folder_gives_the_same_page_but_for_the_seconds(tmp_path):
    folder = distilled(tmp_path)
    first, second = (
        re.sub(r'\(\d+\.\d s\)|"seconds": [\d.]+', "", eigenstill.report(folder).path.read_text()) for _ in range(2)
    )
    assert first == second

"""A short campaign, and the judge on certificates whose answer is known."""

from __future__ import annotations

import json
import random
import struct
import time
from dataclasses import replace
from pathlib import Path

import pytest

from attacks.campaign import report
from attacks.campaign.bases import CORPUS, bases, read
from attacks.campaign.judge import FALSE, LESS, PROVED, SAME, judge
from attacks.campaign.mutant import FAMILIES, Mutant, with_entries
from attacks.campaign.run import campaign, decide, failed
from eigenstill_check import Verdict, check

EVERY = read(CORPUS / "every_claim.cert.json")
PLACE = CORPUS / "every_claim.cert.json"


def written(folder: Path, mutant: Mutant) -> Path:
    folder.mkdir(exist_ok=True)
    return mutant.write(folder)


def test_a_short_campaign(tmp_path):
    tally = campaign(250, 20_261, bases(tmp_path), tmp_path / "work", jobs=1, sample=5)
    assert (tally.cases, tally.failures) == (250, [])
    assert len(tally.sample) == 5
    assert set(tally.families) <= set(FAMILIES)
    text = report.table(tally, 1.0, None)
    assert "**0 falsely**" in text
    page = tmp_path / "page.md"
    page.write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n")
    report.write(page, text)
    assert page.read_text() == f"before\n{text}\nafter\n"


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_every_family_makes_what_it_says(tmp_path, name):
    """Of twenty mutants of a family one at least differs from the certificate it was made from."""
    made = [FAMILIES[name](random.Random(seed), EVERY) for seed in range(5 if "anew" in name else 20)]
    assert any((mutant.text, mutant.files) != (EVERY.text, EVERY.files) for mutant in made)


# the judge


def changed(bend) -> Mutant:
    document = EVERY.document
    bend(document)
    return Mutant(json.dumps(document).encode(), dict(EVERY.files))


def claim(document: dict, name: str) -> dict:
    return next(entry for entry in document["claims"] if entry["claim"] == name)


def test_the_same_is_the_same(tmp_path):
    for bend in (
        lambda d: None,
        lambda d: d["claims"].reverse(),
        lambda d: d["producer"].update(name="another"),
        lambda d: d["subject"]["data"].update(sha256=None),
    ):
        assert judge(written(tmp_path / "a", changed(bend)), PLACE) == SAME


def test_less_is_less(tmp_path):
    assert judge(written(tmp_path / "a", changed(lambda d: d["claims"].remove(claim(d, "spectrum")))), PLACE) == LESS


@pytest.mark.parametrize(
    "bend",
    [
        lambda d: d["subject"]["teacher"].update(parameters=10**6),
        lambda d: claim(d, "basis").update(rows=9),
        lambda d: d["claims"].remove(claim(d, "metric")),
        lambda d: claim(d, "eckart_young")["ranks"][0].update(rank=2),
        lambda d: d["basis"].update(metric_exponent=d["basis"]["metric_exponent"] - 1),
    ],
    ids=["parameters", "count", "required", "rank", "unit"],
)
def test_what_is_neither_is_a_false_acceptance(tmp_path, bend):
    """Had a checker accepted it: ours do not."""
    path = written(tmp_path / "a", changed(bend))
    assert judge(path, PLACE) == FALSE
    assert check(path).code in (1, 2)


@pytest.mark.parametrize("change", ["unit", "rows", "other unit", "entry"])
def test_a_matrix_by_value(tmp_path, change):
    """Another unit with numbers to match and rows in another order say the same; a unit or an entry alone does not."""
    base = next(known for known in bases(tmp_path) if known.name == "matrix")
    (file,) = base.files
    document, entries = base.document, base.entries()
    kind, shape, data = entries["excess"]
    if change in ("unit", "other unit"):
        document["matrix"]["excess_exponent"] -= 1
        doubled = [2 * value for value in struct.unpack(f"<{len(data) // 8}q", data)]
        entries["excess"] = kind, shape, struct.pack(f"<{len(doubled)}q", *doubled) if change == "unit" else data
    else:
        kind, shape, data = entries["matrix"]
        width = 8 * shape[1]
        moved = data[width:] + data[:width] if change == "rows" else data[8:16] + data[:8] + data[16:]
        entries["matrix"] = kind, shape, moved
    mutant = with_entries(replace(base, text=json.dumps(document).encode()), file, entries)
    path = written(tmp_path / "a", mutant)
    honest = change in ("unit", "rows")
    assert judge(path, tmp_path / "matrix.cert.json") == (SAME if honest else FALSE)
    assert (check(path).code == 0) is honest


def test_a_change_of_the_rows_is_proved_again_or_false(tmp_path):
    from attacks.campaign.whole import everything_computed_anew

    seen = set()
    for seed in range(12):
        path = written(tmp_path / str(seed), everything_computed_anew(random.Random(seed), EVERY))
        if check(path).code == 0:
            seen.add(judge(path, PLACE))
    assert seen <= {SAME, PROVED}
    assert PROVED in seen


def test_a_checker_that_accepts_everything_is_found_out(tmp_path):
    def credulous(path: Path) -> Verdict:
        return replace(check(path), code=0)

    path = written(tmp_path / "a", changed(lambda d: claim(d, "basis").update(rows=9)))
    outcome, _ = decide(path, PLACE, credulous)
    assert outcome == FALSE
    assert failed(outcome)


def test_a_checker_that_crashes_or_never_ends_is_found_out(tmp_path, monkeypatch):
    path = written(tmp_path / "a", changed(lambda d: None))

    def crash(_path: Path) -> Verdict:
        raise ZeroDivisionError

    def hang(_path: Path) -> Verdict:
        try:
            while True:
                time.sleep(0.001)
        except Exception:  # noqa: BLE001  what a checker catches must not stop the clock
            return check(path)

    assert decide(path, PLACE, crash)[0] == "crash: ZeroDivisionError"
    monkeypatch.setattr("attacks.campaign.run.WAITING", 0.3)
    outcome, _ = decide(path, PLACE, hang)
    assert outcome.startswith("slow")
    assert failed(outcome)

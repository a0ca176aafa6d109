"""What the verdict says in words is never better than the recorded number."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eigenstill_check import check
from eigenstill_check.certificate import read
from eigenstill_check.shapes import brief
from support.reference import number, parse_exact, two

ACCEPT = sorted((Path(__file__).parents[2] / "corpus" / "accept").glob("*.cert.json"))
values = st.builds(lambda m, e: m * two(e), st.integers(-(2**80), 2**80), st.integers(-200, 200))


@given(values, st.booleans(), st.integers(1, 6))
def test_brief_rounds_outward_again(value, up, digits):
    """Of the decimal of the same direction: beyond the exact value, by at most one unit of the digits shown."""
    text = brief(number(value, "at_most" if up else "at_least"), up=up, digits=digits)
    shown = Fraction(text)
    assert (shown >= value) if up else (shown <= value)
    figures = re.sub(r"e.*|[-.]", "", text).strip("0")
    assert len(figures) <= digits
    assert abs(shown - value) <= abs(value) * Fraction(11, 10) / 10 ** (digits - 1)


@given(st.sampled_from(["0", "1.000000e+3000", "-9.999999e-2466", "9.999999e+00"]), st.booleans())
def test_brief_takes_any_decimal_of_the_format(decimal, up):
    assert brief({"decimal": decimal}, up=up)


@pytest.mark.parametrize("path", ACCEPT, ids=lambda path: path.name.partition(".")[0])
def test_the_numbers_in_the_sentences_are_implied_by_the_recorded_ones(path):
    claims = {claim["claim"]: claim for claim in read(path).claims}
    said = {claim.claim: claim.statement for claim in check(path).claims}
    assert list(said) == list(claims)
    best = claims["eckart_young"]["ranks"][-1]
    found = re.fullmatch(
        r"no X Y of rank (\d+) has norm\(A - X Y\)\^2 < (\S+); the modes reach (\S+) \(ranks [\d, ]+\)",
        said["eckart_young"],
    )
    assert found
    assert int(found[1]) == best["rank"]
    assert Fraction(found[2]) <= parse_exact(best["lower"]["exact"])
    assert Fraction(found[3]) >= parse_exact(best["upper"]["exact"])
    for split in claims["fidelity"]["splits"]:
        for target in split["targets"]:
            part = re.search(rf"{split['split']} {target['target']}: RMSE <= (\S+?)(?=[,; ]|$)", said["fidelity"])
            assert part
            for output in target["outputs"]:
                assert Fraction(part[1]) >= parse_exact(output["rmse_at_most"]["exact"])
    for least in re.findall(r"R\^2 >= (\S+?)(?=[,; ]|$)", said["fidelity"]):
        shares = [
            parse_exact(output["r_squared_at_least"]["exact"])
            for split in claims["fidelity"]["splits"]
            for target in split["targets"]
            for output in target["outputs"]
            if output["r_squared_at_least"]
        ]
        assert Fraction(least) <= max(shares)
    within = re.findall(r"within (\S+)", said["evaluation"])
    for key, text in zip(("a_priori_at_most", "difference_at_most"), within, strict=True):
        for split in claims["evaluation"]["splits"]:
            assert Fraction(text) >= parse_exact(split[key]["exact"])
    metric = re.findall(r"within (\S+?)(?=;|$)", said["metric"])
    keys = [] if "identity" not in said["metric"] or not metric else ["defect", "linear_defect"]
    for key, text in zip(keys, metric, strict=bool(keys)):
        assert Fraction(text) >= parse_exact(claims["metric"][key]["exact"])

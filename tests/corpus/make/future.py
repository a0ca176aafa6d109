"""Claims about future rows: an accepted certificate, and what can be wrong with one."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from support.drafts import Draft
from support.reference import number
from support.ridges import predicted

from .accepted import plain
from .registry import claim, document, fails, off_by_a_digit

BOTH = ("tolerance", "closer")


def future() -> Draft:
    """Twelve hold-out rows of their own; two outputs; the risk is shared by eight statements."""
    draft = plain(31, rows=12, outputs=2, holdout=12).prove([2])
    draft.tensors["holdout.inputs"] = [[a + 0.25, b - 0.125] for a, b in draft.tensors["holdout.inputs"]]
    draft.further = {
        "tolerance": {"risk_at_most": Fraction(1, 4), "fractions": [Fraction(1, 2), Fraction(1, 4), Fraction(1, 64)]},
        "closer": {"risk_at_most": Fraction(1, 8)},
    }
    return predicted(draft)


def repeated() -> Draft:
    """Hold-out rows that are training rows: recorded, and said in the verdict."""
    draft = plain(32, holdout=8).prove([2])
    draft.further = {
        "tolerance": {"risk_at_most": Fraction(1, 2), "fractions": [Fraction(1, 2)]},
        "closer": {"risk_at_most": Fraction(1, 2)},
    }
    return draft


FUTURE = {"future_rows": future, "future_rows_repeated": repeated}

for keys in (
    ("tolerance", "targets", 0, "outputs", 0, "bounds", 0, "error_at_most"),
    ("tolerance", "targets", 1, "outputs", 1, "bounds", 0, "error_at_most"),
    ("closer", "outputs", 0, "fraction_at_least"),
):
    where = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys).removeprefix(".")
    off_by_a_digit(f"{keys[0]}/{'_'.join(map(str, keys[1:]))}_digit", f"{where}.exact: got", *keys, start=future)


def better_order_statistic(found: dict[str, Any]) -> None:
    """The bound of the next smaller error, as if one row more might exceed it."""
    first = claim(found, "tolerance")["targets"][0]["outputs"][0]["bounds"]
    first[0]["exceeded"] += 1


def null_replaced(found: dict[str, Any]) -> None:
    """Twelve rows say nothing of one row in 64."""
    bounds = claim(found, "tolerance")["targets"][0]["outputs"][0]["bounds"]
    bounds[2] = dict(bounds[0])


for name, bend, reason, failed in (
    ("tolerance/better_order_statistic", better_order_statistic, "bounds[0].exceeded: got", "tolerance"),
    ("tolerance/null_replaced", null_replaced, "bounds[2].exceeded: got", "tolerance"),
    (
        "tolerance/repeated_rows_hidden",
        lambda d: claim(d, "tolerance").update(repeated_rows=1),
        "repeated_rows: got",
        "tolerance",
    ),
    ("tolerance/rows_raised", lambda d: claim(d, "tolerance").update(rows=13), "rows: got 13", "tolerance"),
    (
        "tolerance/labels_left_out",
        lambda d: claim(d, "tolerance")["targets"].pop(),
        "targets: got a list of 1",
        "tolerance",
    ),
    ("closer/nearer_raised", lambda d: claim(d, "closer")["outputs"][0].update(nearer=12), "nearer: got 12", "closer"),
    ("closer/output_left_out", lambda d: claim(d, "closer")["outputs"].pop(), "outputs: got a list of 1", "closer"),
    (
        "closer/fraction_raised",
        lambda d: claim(d, "closer")["outputs"][0].update(
            fraction_at_least=number(Fraction(1, 2), "fraction_at_least")
        ),
        "fraction_at_least",
        "closer",
    ),
):
    document(name, 1, reason, bend, failed, start=future)


@fails("tolerance/risk_one", "a number between 0 and 1", "tolerance", start=future)
def risk_one(draft: Draft) -> Draft:
    draft.further["tolerance"]["risk_at_most"] = Fraction(1)
    return draft


@fails("closer/risk_zero", "a number between 0 and 1", "closer", start=future)
def risk_zero(draft: Draft) -> Draft:
    draft.further["closer"]["risk_at_most"] = Fraction(0)
    return draft


@fails("tolerance/fraction_too_fine", "on the grid 2^-16", "tolerance", start=future)
def fraction_too_fine(draft: Draft) -> Draft:
    draft.further["tolerance"]["fractions"][2] = Fraction(1, 2**17)
    return draft


@fails("tolerance/fractions_increasing", "not decreasing", "tolerance", start=future)
def fractions_increasing(draft: Draft) -> Draft:
    draft.further["tolerance"]["fractions"].reverse()
    return draft


def without_holdout(draft: Draft) -> Draft:
    for name in ("inputs", "teacher", "predictions", "labels"):
        del draft.tensors[f"holdout.{name}"]
    draft.shards = [(draft.shards[0][0], 0)]
    return draft


def no_rows(found: dict[str, Any]) -> None:
    """The claims of the file with hold-out rows, in one without any."""
    honest = future().seal().document
    found["claims"] += [claim(honest, name) for name in BOTH]


def future_without_holdout() -> Draft:
    draft = without_holdout(future())
    draft.further = {}
    return draft


document("tolerance/no_holdout_rows", 1, "0 hold-out rows", no_rows, *BOTH, start=future_without_holdout)


def future_without_labels() -> Draft:
    draft = future()
    del draft.tensors["holdout.labels"], draft.further["closer"]
    return draft


def closer_without_labels(found: dict[str, Any]) -> None:
    found["claims"].append(claim(future().seal().document, "closer"))


document(
    "closer/no_labels",
    1,
    "no labels on the hold-out rows",
    closer_without_labels,
    "closer",
    start=future_without_labels,
)

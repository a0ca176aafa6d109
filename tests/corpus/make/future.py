"""Claims about future rows: an accepted certificate, and what can be wrong with one."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from support.drafts import Draft
from support.reference import number
from support.ridges import predicted, with_further

from .accepted import plain
from .registry import claim, document, fails, off_by_a_digit

ALL = ("tolerance", "closer", "interval", "mean_error")


def future() -> Draft:
    """Twelve hold-out rows of their own; two outputs; the risk is shared by eight statements."""
    draft = plain(31, rows=12, outputs=2, holdout=12).prove([2])
    draft.tensors["holdout.inputs"] = [[a + 0.25, b - 0.125] for a, b in draft.tensors["holdout.inputs"]]
    draft.further = {
        "tolerance": {"risk_at_most": Fraction(1, 4), "fractions": [Fraction(1, 2), Fraction(1, 4), Fraction(1, 64)]},
        "closer": {"risk_at_most": Fraction(1, 8)},
        "interval": {"coverages": [Fraction(1, 2), Fraction(3, 4), Fraction(63, 64)]},
        "mean_error": {"risk_at_most": Fraction(1, 2), "outputs": [{"clip": Fraction(4)}, {"clip": Fraction(1, 2)}]},
    }
    return predicted(draft)


def repeated() -> Draft:
    """Hold-out rows that are training rows: recorded, and said in the verdict."""
    draft = plain(32, holdout=8).prove([2])
    draft.further = {
        "tolerance": {"risk_at_most": Fraction(1, 2), "fractions": [Fraction(1, 2)]},
        "closer": {"risk_at_most": Fraction(1, 2)},
        "interval": {"coverages": [Fraction(1, 2)]},
        "mean_error": {"risk_at_most": Fraction(1, 2), "outputs": [{"clip": Fraction(1)}]},
    }
    return draft


def every_claim() -> Draft:
    """All claims at once over two columns: where changes of every kind begin, for a check and its oracle are fast."""
    draft = with_further(plain(16, inputs=1, landmarks=1, outputs=2).prove([1], modes=2), 1)
    draft.further |= {
        "tolerance": {"risk_at_most": Fraction(1, 2), "fractions": [Fraction(3, 4)]},
        "closer": {"risk_at_most": Fraction(1, 2)},
        "interval": {"coverages": [Fraction(1, 2)]},
        "mean_error": {"risk_at_most": Fraction(1, 2), "outputs": [{"clip": Fraction(2)}] * 2},
        "agreement": {},
    }
    return draft


FUTURE = {"future_rows": future, "future_rows_repeated": repeated, "every_claim": every_claim}

for keys in (
    ("tolerance", "targets", 0, "outputs", 0, "bounds", 0, "error_at_most"),
    ("tolerance", "targets", 1, "outputs", 1, "bounds", 0, "error_at_most"),
    ("closer", "outputs", 0, "fraction_at_least"),
    ("interval", "targets", 1, "outputs", 0, "intervals", 1, "half_width_at_most"),
    ("mean_error", "outputs", 1, "teacher_at_most"),
    ("mean_error", "outputs", 0, "gain_at_least"),
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


def narrower(found: dict[str, Any]) -> None:
    """The half-width of the next smaller error, as if the future row were one of the recorded ones."""
    intervals = claim(found, "interval")["targets"][0]["outputs"][0]["intervals"]
    intervals[1]["rank"] -= 1


def width_of_too_few_rows(found: dict[str, Any]) -> None:
    """Twelve rows say nothing of 63 in 64."""
    intervals = claim(found, "interval")["targets"][0]["outputs"][0]["intervals"]
    intervals[2] = dict(intervals[1])


for name, bend, reason, failed in (
    ("interval/narrower", narrower, "intervals[1].rank: got", "interval"),
    ("interval/width_of_too_few_rows", width_of_too_few_rows, "intervals[2].rank: got", "interval"),
    (
        "interval/repeated_rows_hidden",
        lambda d: claim(d, "interval").update(repeated_rows=1),
        "repeated_rows: got",
        "interval",
    ),
    (
        "interval/labels_left_out",
        lambda d: claim(d, "interval")["targets"].pop(),
        "targets: got a list of 1",
        "interval",
    ),
    ("mean_error/rows_raised", lambda d: claim(d, "mean_error").update(rows=13), "rows: got 13", "mean_error"),
    (
        "mean_error/labels_kept_quiet",
        lambda d: claim(d, "mean_error")["outputs"][0].update(labels_at_most=None),
        "labels_at_most: got null",
        "mean_error",
    ),
    (
        "mean_error/outputs_exchanged",
        lambda d: claim(d, "mean_error")["outputs"].reverse(),
        "mean_error.outputs[0].",
        "mean_error",
    ),
    ("mean_error/output_left_out", lambda d: claim(d, "mean_error")["outputs"].pop(), "a list of 1", "mean_error"),
):
    document(name, 1, reason, bend, failed, start=future)

document(
    "format/interval_rank_zero", 2, "rank: 0; need 1 to 50000", lambda d: first_interval(d).update(rank=0), start=future
)
document(
    "format/mean_error_clip_long",
    2,
    "need at most 100 digits",
    lambda d: claim(d, "mean_error")["outputs"][0].update(clip=number(Fraction(10**100 + 1), "clip")),
    start=future,
)


def first_interval(found: dict[str, Any]) -> dict[str, Any]:
    first: dict[str, Any] = claim(found, "interval")["targets"][0]["outputs"][0]["intervals"][0]
    return first


@fails("interval/coverages_decreasing", "not increasing", "interval", start=future)
def coverages_decreasing(draft: Draft) -> Draft:
    draft.further["interval"]["coverages"].reverse()
    return draft


@fails("interval/coverage_one", "a number between 0 and 1", "interval", start=future)
def coverage_one(draft: Draft) -> Draft:
    draft.further["interval"]["coverages"][2] = Fraction(1)
    return draft


@fails("mean_error/clip_negative", "need more than 0", "mean_error", start=future)
def clip_negative(draft: Draft) -> Draft:
    draft.further["mean_error"]["outputs"][1]["clip"] = Fraction(-1)
    return draft


@fails("mean_error/risk_too_fine", "on the grid 2^-16", "mean_error", start=future)
def risk_too_fine(draft: Draft) -> Draft:
    draft.further["mean_error"]["risk_at_most"] = Fraction(1, 2**17)
    return draft


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
    found["claims"] += [claim(honest, name) for name in ALL]


def future_without_holdout() -> Draft:
    draft = without_holdout(future())
    draft.further = {}
    return draft


document("tolerance/no_holdout_rows", 1, "0 hold-out rows", no_rows, *ALL, start=future_without_holdout)


def future_without_labels() -> Draft:
    draft = future()
    del draft.tensors["holdout.labels"], draft.further["closer"], draft.further["mean_error"]
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

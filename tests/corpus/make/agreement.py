"""What is wrong with the claim agreement: counts, margins, ties, labels. The claim stands alone beyond the profile."""

from __future__ import annotations

from functools import partial
from typing import Any

from support.drafts import Draft

from . import registry
from .accepted import plain, predicted
from .registry import claim

ROWS = 12


def winners() -> Draft:
    """Three outputs, the last two of the formula equal at every row, so that neither ever wins for sure.

    The network agrees where the formula's first output is the largest, and takes the third elsewhere; then it chooses
    otherwise on one row, and on two rows its two largest outputs are equal. Labels of the training rows are classes.
    """
    draft = plain(41, outputs=3, rows=ROWS, landmarks=3)
    for name in ("coefficients", "weights"):
        for row in draft.tensors[name]:
            row[2] = row[1]
    draft.tensors["intercept"][2] = draft.tensors["intercept"][1]
    predicted(draft)
    winning = []
    for split in ("train", "holdout"):
        rows = zip(draft.tensors[f"{split}.teacher"], draft.tensors[f"{split}.predictions"], strict=True)
        for index, (row, values) in enumerate(rows):
            first = values[0] > values[1]
            row[:] = [2.5, 0.5, -1.0] if first else [0.25, 0.5, 1.75]
            winning += [index] if first and split == "train" else []
    teacher, labels = draft.tensors["train.teacher"], [[0.0, float(i % 2), float((i + 1) % 2)] for i in range(ROWS)]
    teacher[winning[0]], teacher[winning[1]], teacher[winning[2]] = [-3.0, 2.0, 1.0], [1.5, 1.5, 0.0], [0.0, 4.0, 4.0]
    for index in winning[:4]:
        labels[index] = [1.0, 0.0, 0.0]
    draft.tensors["train.labels"] = labels
    draft.further = {"agreement": {}}
    return draft.prove([1])


def winners_two_shards() -> Draft:
    draft = winners()
    draft.shards = [(5, 1), (ROWS - 5, len(draft.tensors["holdout.inputs"]) - 1)]
    return draft


AGREEMENT = {"agreement": winners, "agreement_shards": winners_two_shards}

document = partial(registry.document, start=winners)


def split(document: dict[str, Any], place: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = claim(document, "agreement")["splits"][place]
    return found


def off_by_one(field: str, by: int, *inner: str) -> None:
    """A count that is one more or less than the truth."""

    def bend(document: dict[str, Any]) -> None:
        place = split(document)
        for key in inner:
            place = place[key]
        place[field] += by

    path = "".join(f".{key}" for key in (*inner, field))
    document(f"agreement/{field}_off_by_one", 1, f"agreement.splits[0]{path}: got", bend, "agreement")


for field, by in (("rows", 1), ("agree", 1), ("disagree", -1), ("teacher_ties", -1)):
    off_by_one(field, by)
for field, by in (("right", 1), ("wrong", -1), ("teacher_right", 1)):
    off_by_one(field, by, "labels")
registry.off_by_a_digit(
    "agreement/margin_digit",
    "agreement.splits[0].margin_at_least.exact: got",
    "agreement",
    "splits",
    0,
    "margin_at_least",
    start=winners,
)
document(
    "agreement/holdout_left_out",
    1,
    "agreement.splits: got a list of 1, need a list of 2",
    lambda d: claim(d, "agreement")["splits"].pop(),
    "agreement",
)
document(
    "agreement/labels_of_other_values_counted",
    1,
    "agreement.splits[1].labels: got an object, need null",
    lambda d: split(d, 1).update(labels=dict(split(d)["labels"])),
    "agreement",
)
document(
    "agreement/labels_kept_quiet",
    1,
    "agreement.splits[0].labels: got null, need an object",
    lambda d: split(d).update(labels=None),
    "agreement",
)


def single() -> Draft:
    return plain(42).prove([1])


@registry.fails("agreement/one_output", "agreement: got one output, need at least two", "agreement", start=single)
def one_output(draft: Draft) -> Draft:
    draft.further = {"agreement": {}}
    return draft


for label, field, value in (
    ("agree_text", "agree", "3"),
    ("agree_negative", "agree", -1),
    ("split_unknown", "split", "test"),
    ("margin_plain", "margin_at_least", "1p0"),
    ("labels_list", "labels", []),
):
    document(f"format/agreement_{label}", 2, f"splits[0].{field}", lambda d, f=field, v=value: split(d).update({f: v}))
document("format/agreement_key_missing", 2, "splits[0].disagree: missing", lambda d: split(d).pop("disagree"))

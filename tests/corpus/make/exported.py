"""Claim exports: predictions of other programs than the student's own, and what can be wrong with them."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from math import nextafter
from typing import Any

from support.drafts import Draft

from . import registry
from .accepted import plain
from .registry import claim

SPLITS = ("train", "holdout")


def exported() -> Draft:
    """Two outputs; the C file is a unit in the last place above the student's predictions, ONNX below."""
    draft = plain(51, outputs=2, rows=9).prove([2])
    for split in SPLITS:
        own = draft.tensors[f"{split}.predictions"]
        for name, towards in (("c", 1e300), ("onnx", -1e300)):
            draft.tensors[f"{split}.predictions.{name}"] = [[nextafter(v, towards) for v in row] for row in own]
    draft.further = {"exports": {}}
    return draft


def exported_shards() -> Draft:
    draft = exported()
    draft.shards = [(4, 1), (5, len(draft.tensors["holdout.inputs"]) - 1)]
    return draft


EXPORTED = {"exported": exported, "exported_shards": exported_shards}

document = partial(registry.document, start=exported)
tensors = partial(registry.tensors, start=exported)


def export(document: dict[str, Any], split: int = 0, place: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = claim(document, "exports")["splits"][split]["exports"][place]
    return found


for split, place in ((0, 0), (0, 1), (1, 0)):
    registry.off_by_a_digit(
        f"exports/digit_{split}_{place}",
        f"exports.splits[{split}].exports[{place}].difference_at_most.exact: got",
        *("exports", "splits", split, "exports", place, "difference_at_most"),
        start=exported,
    )

document(
    "exports/program_left_out",
    1,
    "exports.splits[0].exports: got a list of 1, need a list of 2",
    lambda d: claim(d, "exports")["splits"][0]["exports"].pop(),
    "exports",
)
document(
    "exports/program_renamed",
    1,
    'exports.splits[0].exports[1].export: got "torch", need "onnx"',
    lambda d: export(d, place=1).update(export="torch"),
    "exports",
)
document(
    "exports/holdout_left_out",
    1,
    "exports.splits: got a list of 1, need a list of 2",
    lambda d: claim(d, "exports")["splits"].pop(),
    "exports",
)


@registry.fails(
    "exports/prediction_off",
    "exports holdout: got a recorded prediction of onnx 1.000001e-09 off",
    "exports",
    start=exported,
)
def prediction_off(draft: Draft) -> Draft:
    """One prediction of one program 1e-9 away from the formula, everything recomputed; the student's own are right."""
    exact = draft.reference().formula(draft.tensors["holdout.inputs"][0], 1)
    draft.tensors["holdout.predictions.onnx"][0][1] = float(exact + Fraction(99999997, 10**17))
    return draft


registry.stale(
    "exports/prediction_changed",
    "exports train: got a recorded prediction of c",
    lambda t: t["train.predictions.c"][0].__setitem__(0, t["train.predictions.c"][0][0] + 1e-9),
    "exports",
    start=exported,
)

for label, reason, bend in (
    ("unknown_program", "exports[0].export:", lambda d: export(d).update(export="rust")),
    ("no_program", "splits[0].exports: ", lambda d: claim(d, "exports")["splits"][0].update(exports=[])),
    ("key_missing", "difference_at_most: missing", lambda d: export(d).pop("difference_at_most")),
    ("key_unknown", "exports[0].rows: unknown key", lambda d: export(d).update(rows=9)),
    ("plain_number", "exports[0].difference_at_most", lambda d: export(d).update(difference_at_most="1p-50")),
):
    document(f"format/exports_{label}", 2, reason, bend)

document(
    "arrays/exports_not_claimed",
    2,
    "unknown or not allowed here",
    lambda d: d["claims"].remove(claim(d, "exports")),
)
IN_ALL = "arrays: predictions of an export in some splits or shards only"
tensors("arrays/exports_in_one_split", IN_ALL, lambda t: t.pop("holdout.predictions.onnx"))
tensors(
    "arrays/exports_nowhere",
    "arrays: no predictions of an export; need train.predictions.c or .numpy or .onnx or .torch",
    lambda t: [t.pop(f"{split}.predictions.{name}") for split in SPLITS for name in ("c", "onnx")],
)
tensors(
    "arrays/exports_unknown_program",
    "tensor train.predictions.rust: unknown",
    lambda t: t.update({"train.predictions.rust": t["train.predictions.c"]}),
)
tensors(
    "arrays/exports_shape",
    "tensor train.predictions.c: [9]; need 2 dimensions",
    lambda t: t.update({"train.predictions.c": ("F64", [9], t["train.predictions.c"][2][:72])}),
)

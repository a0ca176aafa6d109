"""What is wrong with the numbers about the formula: fidelity, compression, evaluation."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from support.drafts import Draft
from support.reference import number, parse_exact
from support.ridges import predicted

from .accepted import constant_target, standardised
from .registry import (
    REJECT,
    Case,
    Written,
    claim,
    document,
    fails,
    off_by_a_digit,
    sealed,
    stale,
)

# fidelity


def fidelity(document: dict[str, Any], split: int = 0, target: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = claim(document, "fidelity")["splits"][split]["targets"][target]["outputs"][0]
    return found


for split, target, field in (
    (0, 0, "error_at_most"),
    (0, 0, "rmse_at_most"),
    (1, 1, "r_squared_at_least"),
    (1, 1, "teacher_rmse_at_least"),
):
    off_by_a_digit(
        f"fidelity/{field}_digit",
        f"fidelity.splits[{split}].targets[{target}].outputs[0].{field}.exact: got",
        *("fidelity", "splits", split, "targets", target, "outputs", 0, field),
    )

document(
    "fidelity/r_squared_null",
    1,
    "outputs[0].r_squared_at_least: got null, need an object",
    lambda d: fidelity(d).update(r_squared_at_least=None),
    "fidelity",
)
document(
    "fidelity/labels_left_out",
    1,
    "fidelity.splits[0].targets: got a list of 1, need a list of 2",
    lambda d: claim(d, "fidelity")["splits"][0]["targets"].pop(),
    "fidelity",
)
document(
    "fidelity/holdout_left_out",
    1,
    "fidelity.splits: got a list of 1, need a list of 2",
    lambda d: claim(d, "fidelity")["splits"].pop(),
    "fidelity",
)
document(
    "fidelity/splits_exchanged",
    1,
    'fidelity.splits[0].split: got "holdout", need "train"',
    lambda d: claim(d, "fidelity")["splits"].reverse(),
    "fidelity",
)
document(
    "fidelity/extra_output",
    1,
    "outputs: got a list of 2, need a list of 1",
    lambda d: claim(d, "fidelity")["splits"][0]["targets"][0]["outputs"].append(fidelity(d)),
    "fidelity",
)
document(
    "fidelity/error_null",
    2,
    "outputs[0].error_at_most: null; need an object",
    lambda d: fidelity(d).update(error_at_most=None),
)
document(
    "fidelity/teacher_of_teacher",
    2,
    "teacher_rmse_at_least: unknown key",
    lambda d: fidelity(d).update(teacher_rmse_at_least=fidelity(d, 0, 1)["teacher_rmse_at_least"]),
)


def constant_target_number(draft: Draft) -> Written:
    """TSS = 0, and still an R^2."""
    bundle = constant_target().seal()
    fidelity(bundle.document, 0, 1)["r_squared_at_least"] = number(Fraction(1), "r_squared_at_least")
    return sealed(bundle, "r_squared_of_constant")


REJECT["fidelity/r_squared_of_constant"] = Case(
    1,
    "outputs[0].r_squared_at_least: got an object, need null",
    ["fidelity"],
    constant_target_number,
)


def exchange_targets(tensors: dict[str, list[Any]]) -> None:
    tensors["train.teacher"], tensors["train.labels"] = tensors["train.labels"], tensors["train.teacher"]


def exchange_splits(tensors: dict[str, list[Any]]) -> None:
    for kind in ("teacher", "labels"):
        tensors[f"holdout.{kind}"] = tensors[f"train.{kind}"][3:6]


stale("fidelity/labels_as_teacher", "error_at_most.exact: got", exchange_targets, "fidelity")
stale("fidelity/teacher_rows_permuted", "error_at_most.exact: got", lambda t: t["train.teacher"].reverse(), "fidelity")
stale("fidelity/holdout_from_train", "splits[1].targets[0].outputs[0]", exchange_splits, "fidelity")
stale(
    "fidelity/inputs_permuted",
    "fidelity.splits[0]",
    lambda t: t["train.inputs"].reverse(),
    *("fidelity", "evaluation"),
)

# compression

document(
    "compression/one_less",
    1,
    "compression.stored_numbers: got 13, need 14",
    lambda d: claim(d, "compression").update(stored_numbers=13),
    "compression",
)
off_by_a_digit("compression/ratio_digit", "compression.ratio_at_least.exact: got", "compression", "ratio_at_least")
document(
    "compression/ratio_null",
    1,
    "compression.ratio_at_least: got null, need an object",
    lambda d: claim(d, "compression").update(ratio_at_least=None),
    "compression",
)
document(
    "compression/more_parameters",
    1,
    "compression.ratio_at_least.exact: got",
    lambda d: d["subject"]["teacher"].update(parameters=1001),
    "compression",
)
document(
    "compression/parameters_unknown",
    1,
    "compression.ratio_at_least: got an object, need null",
    lambda d: d["subject"]["teacher"].update(parameters=None),
    "compression",
)

# evaluation

off_by_a_digit(
    "evaluation/difference_digit", "difference_at_most.exact: got", *("evaluation", "splits"), 0, "difference_at_most"
)
off_by_a_digit(
    "evaluation/a_priori_digit", "a_priori_at_most.exact: got", *("evaluation", "splits"), 1, "a_priori_at_most"
)
document(
    "evaluation/holdout_left_out",
    1,
    "evaluation.splits: got a list of 1, need a list of 2",
    lambda d: claim(d, "evaluation")["splits"].pop(),
    "evaluation",
)


@fails("evaluation/prediction_off", "a recorded prediction 1.000000e-09 off the formula", "evaluation")
def prediction_off(draft: Draft) -> Draft:
    """Recorded predictions 1e-9 away from the formula, everything recomputed."""
    reference = draft.reference()
    exact = reference.formula(draft.tensors["train.inputs"][0], 0)
    draft.tensors["train.predictions"][0][0] = float(exact + Fraction(99999997, 10**17))
    return draft


stale(
    "evaluation/prediction_changed",
    "evaluation train: got a recorded prediction",
    lambda t: t["train.predictions"][0].__setitem__(0, t["train.predictions"][0][0] + 1e-9),
    "evaluation",
)


@fails("evaluation/scale_huge", "evaluation: got a scale above 2^500", "evaluation")
def scale_huge(draft: Draft) -> Draft:
    """Differences down to 2^-500 then count, whose squares are 0 in float64."""
    draft.tensors["scales"][0] = 2.0**501
    draft.tensors["metric"] = [[2**30 if i == j else 0 for j in range(3)] for i in range(3)]
    return predicted(draft).prove([1])


@fails("evaluation/coordinate_huge", "a value above 2^1000 or a coordinate above 2^500", "evaluation")
def coordinate_huge(draft: Draft) -> Draft:
    """A landmark so far away that the square of a difference overflows, with a scale that hides it."""
    draft.tensors["landmarks"][0] = [2.0**501, 0.0]
    draft.tensors["scales"][0] = 2.0**-1000
    draft.tensors["metric"] = inverse_root(draft)
    return predicted(draft).prove([1])


def inverse_root(draft: Draft) -> list[list[int]]:
    """T_z from the landmarks' kernel matrix, in the draft's unit."""
    m = len(draft.tensors["landmarks"])
    gram = np.array([[float(v) for v in draft.reference().kernel_row(z)] for z in draft.tensors["landmarks"]])
    root = np.linalg.inv(np.linalg.cholesky(gram + float(parse_exact(draft.basis["jitter"])) * np.eye(m))).T
    exact: list[list[int]] = np.rint(np.ldexp(root, -draft.basis["metric_exponent"])).astype(np.int64).tolist()
    return exact


@fails("evaluation/magnitude_huge", "a value above 2^1000 or a coordinate above 2^500", "evaluation")
def magnitude_huge(draft: Draft) -> Draft:
    draft.tensors["intercept"] = [2.0**1001]
    return predicted(draft)


@fails("evaluation/coarse_grid", "off the formula, need at most the a-priori bound", "evaluation")
def coarse_grid(draft: Draft) -> Draft:
    """p = 20: the formula is known to 2^-40 only, which is no proof of float64 accuracy."""
    draft.basis["grid_bits"] = 20
    return standardised(draft).prove([1, 2])

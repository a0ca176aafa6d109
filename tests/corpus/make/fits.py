"""What is wrong with the spectrum or with the fit: spectrum, shrinkage, gcv."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from support.drafts import Draft
from support.reference import number, two
from support.ridges import with_further

from . import registry
from .accepted import plain
from .registry import claim
from .twelve import mode_missing, twelve, without

document = partial(registry.document, start=twelve)
fails = partial(registry.fails, start=twelve)
off_by_a_digit = partial(registry.off_by_a_digit, start=twelve)
stale = partial(registry.stale, start=twelve)
ON_PSD = ("eckart_young", "spectrum", "gcv", "diagnosis")
NOT_PSD = "of W - L L^T - sigma I has an entry outside"


def witness(name: str, key: str, change: Callable[[Any], Any]) -> Callable[[Draft], Draft]:
    """What one claim takes from the file, changed; its numbers recomputed."""

    def bend(draft: Draft) -> Draft:
        draft.further[name][key] = change(draft.further[name][key])
        return draft

    return bend


for name in ("spectrum", "gcv", "diagnosis"):
    fails(f"{name}/threshold_lowered", f"{name}: got row", name)(witness(name, "threshold", lambda mu: mu / 4))
    fails(f"{name}/threshold_negative", f"{name}.threshold: got -1p-9, need at least 0", name)(
        witness(name, "threshold", lambda _: -two(-9))
    )
    fails(f"{name}/slack_zero", f"{name}.slack: got 0p0, need more than 0", name)(
        witness(name, "slack", lambda _: Fraction(0))
    )

# spectrum

for index, side in ((0, "at_most"), (1, "at_least"), (4, "at_least"), (4, "at_most")):
    off_by_a_digit(
        f"spectrum/eigenvalue_{index}_{side}_digit",
        f"spectrum.eigenvalues[{index}].{side}.exact: got",
        *("spectrum", "eigenvalues", index, side),
    )
document(
    "spectrum/eigenvalue_left_out",
    1,
    "spectrum.eigenvalues: got a list of 4, need a list of 5",
    lambda d: claim(d, "spectrum")["eigenvalues"].pop(1),
    "spectrum",
)
document(
    "spectrum/eigenvalue_twice",
    1,
    "spectrum.eigenvalues: got a list of 6, need a list of 5",
    lambda d: claim(d, "spectrum")["eigenvalues"].insert(1, claim(d, "spectrum")["eigenvalues"][1]),
    "spectrum",
)
document(
    "spectrum/eigenvalues_reversed",
    1,
    "spectrum.eigenvalues[0].at_least.exact: got",
    lambda d: claim(d, "spectrum")["eigenvalues"].reverse(),
    "spectrum",
)
document(
    "spectrum/others_of_none",
    1,
    "spectrum.others_at_most: got an object, need null",
    lambda d: claim(d, "spectrum").update(others_at_most=number(Fraction(0), "others_at_most")),
    "spectrum",
)
registry.document(
    "spectrum/others_left_out",
    1,
    "spectrum.others_at_most: got null, need an object",
    lambda d: claim(d, "spectrum").update(others_at_most=None),
    "spectrum",
    start=mode_missing,
)
registry.off_by_a_digit(
    "spectrum/others_digit",
    "spectrum.others_at_most.exact: got",
    *("spectrum", "others_at_most"),
    start=mode_missing,
)


@fails("spectrum/mode_dropped", NOT_PSD, *ON_PSD)
def mode_dropped(draft: Draft) -> Draft:
    """The second mode is left out, threshold and factor kept: its eigenvalue would be missed."""
    for name in ("excess", "eigenvectors"):
        del draft.tensors[name][1]
    return draft


@fails(
    "spectrum/mode_twice",
    "orthogonality_defect: got 1.0",
    "eckart_young",
    "spectrum",
    "shrinkage",
    "gcv",
    "energy",
    "diagnosis",
)
def mode_twice(draft: Draft) -> Draft:
    """v_1 = v_2, with a threshold that pays for it: delta is 1, and the largest eigenvalue would count twice."""
    top = float(np.linalg.eigvalsh(np.array([[float(v) for v in row] for row in draft.reference().m]))[-2])
    draft.prove(
        [2], lambda pairs: replace(pairs, vectors=[pairs.vectors[0]] * 2, excess=[pairs.excess[0], 0], level=top)
    )
    return with_signs(draft)


def with_signs(draft: Draft) -> Draft:
    """The proof's threshold and slack in every claim that states them."""
    for found in draft.further.values():
        if "threshold" in found:
            found.update(threshold=draft.threshold, slack=draft.slack)
    return draft


@fails("spectrum/excess_negative", "a negative or increasing entry", *ON_PSD)
def excess_negative(draft: Draft) -> Draft:
    """A negative d_5 under a larger threshold: hi_5 would lie below the threshold."""

    def bend(pairs: Any) -> Any:
        drop = pairs.excess[-1] + 2**20
        level = pairs.level + drop * 2.0**pairs.excess_exponent
        return replace(pairs, level=level, excess=[value - drop for value in pairs.excess])

    return with_signs(draft.prove([1, 2], bend, modes=5))


@fails("spectrum/excess_increasing", "a negative or increasing entry", *ON_PSD)
def excess_increasing(draft: Draft) -> Draft:
    """The modes from the smallest on: hi_1 would be the least eigenvalue."""
    for name in ("excess", "eigenvectors"):
        draft.tensors[name].reverse()
    draft.ranks = [1, 2]
    return draft


# shrinkage

OUTPUT = ("shrinkage", "outputs", 0)
for field in ("objective_at_most", "gap_at_most", "coefficients_differ_at_most", "intercept_differs_at_most"):
    off_by_a_digit(f"shrinkage/{field}_digit", f"shrinkage.outputs[0].{field}.exact: got", *OUTPUT, field)
off_by_a_digit("shrinkage/ridge_digit", "shrinkage.ridge.exact: got", "shrinkage", "ridge")
document(
    "shrinkage/unit_of_another_solution",
    1,
    "shrinkage.outputs[0].objective_at_most.exact: got",
    lambda d: claim(d, "shrinkage").update(solution_exponent=claim(d, "shrinkage")["solution_exponent"] + 1),
    "shrinkage",
)
document(
    "shrinkage/output_twice",
    1,
    "shrinkage.outputs: got a list of 2, need a list of 1",
    lambda d: claim(d, "shrinkage")["outputs"].append(claim(d, "shrinkage")["outputs"][0]),
    "shrinkage",
)


def other_solution(tensors: dict[str, list[Any]]) -> None:
    """By one unit of 2^-60: the objective is the same to many digits, the gap is not."""
    tensors["solution"][0][0] += 1


def fewer_modes(tensors: dict[str, list[Any]]) -> None:
    """The least over one mode instead of two."""
    tensors["solution"] = [row[:1] for row in tensors["solution"]]


def other_coefficients(tensors: dict[str, list[Any]]) -> None:
    """A student that is not the certified fit."""
    tensors["coefficients"][0][0] *= 1 + 2.0**-40


def other_intercept(tensors: dict[str, list[Any]]) -> None:
    tensors["intercept"][0] += 2.0**-40


stale("shrinkage/other_solution", "shrinkage.outputs[0]", other_solution, "shrinkage")
stale("shrinkage/fewer_modes", "shrinkage.outputs[0]", fewer_modes, "shrinkage")
stale(
    "shrinkage/other_coefficients",
    "fidelity.splits[0].targets[0]",
    other_coefficients,
    *("fidelity", "evaluation", "shrinkage", "global"),
)
stale(
    "shrinkage/other_intercept",
    "fidelity.splits[0].targets[0]",
    other_intercept,
    *("fidelity", "evaluation", "shrinkage"),
)
stale(
    "shrinkage/ridge_changed",
    "shrinkage.ridge.exact: got",
    lambda t: t["ridge"].__setitem__(0, t["ridge"][0] * (1 + 2.0**-52)),
    *("shrinkage", "gcv", "diagnosis"),
)


@fails("shrinkage/modes_dependent", NOT_PSD, "eckart_young", "shrinkage")
def modes_dependent(draft: Draft) -> Draft:
    """delta >= 1: the slope along the modes then says nothing of the distance to the least value."""
    without(draft, "spectrum", "gcv", "energy", "diagnosis", "global")
    draft.tensors["eigenvectors"] = [draft.tensors["eigenvectors"][0]] * 5
    return draft


# gcv

for field in ("from_at_most", "to_at_least", "excess_at_most", "ridge"):
    off_by_a_digit(f"gcv/{field}_digit", f"gcv.{field}.exact: got", "gcv", field)
document(
    "gcv/criterion_changed",
    1,
    "gcv.excess_at_most: got ",
    lambda d: claim(d, "gcv").update(criterion="gcv"),
    "gcv",
)


@fails("gcv/ridge_of_higher_gcv", "gcv.excess_at_most: got ", "gcv")
def ridge_of_higher_gcv(draft: Draft) -> Draft:
    """The bracket reaches to a ridge of clearly smaller GCV."""
    low = draft.tensors["ridge"][0]
    return with_further(draft, 2, ridge=3 * low, spread=3.5)


@fails("gcv/edge_moved", "gcv.excess_at_most: got ", "gcv")
def edge_moved(draft: Draft) -> Draft:
    """Some cells made one: RSS at its left end and dof at its right end bound too little."""
    outputs, (first, last) = 1, (3, 20)
    del draft.tensors["ridge_edges"][first:last]
    del draft.tensors["ridge_trials"][(first + 1) * outputs : (last + 1) * outputs]
    return draft


@fails("gcv/trial_of_a_cell_zero", "gcv: got a cell whose GCV may be 0", "gcv")
def trial_of_a_cell_zero(draft: Draft) -> Draft:
    draft.tensors["ridge_trials"][4] = [0] * 5
    return draft


@fails("gcv/trial_at_the_ridge_zero", "gcv.excess_at_most: got ", "gcv")
def trial_at_the_ridge_zero(draft: Draft) -> Draft:
    draft.tensors["ridge_trials"][0] = [0] * 5
    return draft


@fails("gcv/trials_far_off", "gcv: got a cell whose GCV may be 0", "gcv")
def trials_far_off(draft: Draft) -> Draft:
    """No trial tells the residual of the exact fit: its lower bound is 0."""
    draft.tensors["ridge_trials"] = [[2**62] * 5 for _ in draft.tensors["ridge_trials"]]
    return draft


@fails("gcv/no_degrees_of_freedom", "gcv: got degrees of freedom up to", "gcv")
def no_degrees_of_freedom(draft: Draft) -> Draft:
    """1.4 (1 + 5) > 8: at the low end of the bracket the criterion has no meaning, and its square hides it."""
    draft.tensors["ridge_edges"].insert(0, 1e-9)
    draft.tensors["ridge_trials"].insert(1, draft.tensors["ridge_trials"][1])
    return draft


@fails("gcv/modes_missing", "gcv.excess_at_most: got ", "gcv")
def modes_missing(draft: Draft) -> Draft:
    """Four of five modes: the fifth may count as a whole degree of freedom."""
    draft = plain(26).prove([1, 2], modes=4)
    return with_further(draft, 2)


@fails("gcv/no_labels", "gcv: got no labels, need labels", "gcv")
def no_labels(draft: Draft) -> Draft:
    for split in ("train", "holdout"):
        del draft.tensors[f"{split}.labels"]
    return draft


@fails("gcv/labels_constant", "gcv: got labels that do not vary", "gcv")
def labels_constant(draft: Draft) -> Draft:
    draft.tensors["train.labels"] = [[3.25]] * 8
    return draft


def labels_exchanged(tensors: dict[str, list[Any]]) -> None:
    """Two labels change places: every sum over the labels alone stays."""
    tensors["train.labels"][0], tensors["train.labels"][1] = tensors["train.labels"][1], tensors["train.labels"][0]


stale(
    "gcv/labels_exchanged",
    "fidelity.splits[0].targets[1]",
    labels_exchanged,
    *("fidelity", "gcv", "energy", "diagnosis"),
)
stale(
    "gcv/trial_changed",
    "gcv.excess_at_most.exact: got",
    lambda t: t["ridge_trials"].__setitem__(0, [entry + 2**44 for entry in t["ridge_trials"][0]]),
    "gcv",
)
stale(
    "gcv/bracket_changed",
    "gcv.to_at_least.exact: got",
    lambda t: t["ridge_edges"].__setitem__(-1, t["ridge_edges"][-1] * (1 + 2.0**-50)),
    "gcv",
)

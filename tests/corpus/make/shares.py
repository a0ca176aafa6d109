"""What is wrong with what the modes hold, or with what is said for every input: energy, diagnosis, global."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import partial
from math import cos, sin
from typing import Any

import numpy as np

from support.drafts import Draft
from support.reference import number
from support.ridges import predicted

from . import registry
from .fits import with_signs
from .registry import claim
from .twelve import ridge_at_an_eigenvalue, several_outputs, twelve, without

document = partial(registry.document, start=twelve)
fails = partial(registry.fails, start=twelve)
off_by_a_digit = partial(registry.off_by_a_digit, start=twelve)
stale = partial(registry.stale, start=twelve)

# energy

BEST = ("energy", "targets", 0, "outputs", 0, "best")
for index, field in ((0, "share_at_least"), (1, "share_at_most")):
    off_by_a_digit(
        f"energy/{field}_digit",
        f"energy.targets[0].outputs[0].best[{index}].{field}.exact: got",
        *(*BEST, index, field),
    )
for label, counts in {"decreasing": [2, 1, 2], "repeated": [1, 1, 2], "beyond": [1, 6], "short": [1]}.items():
    kept = 6 if label == "beyond" else 2

    def wrong_counts(draft: Draft, counts: list[int] = counts, kept: int = kept) -> Draft:
        draft.further["energy"] = {"modes": kept, "counts": counts}
        return draft

    fails(f"energy/counts_{label}", f"energy.modes: got counts {counts} of {kept}", "energy")(wrong_counts)


def energy_entry(document: dict[str, Any], target: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = claim(document, "energy")["targets"][target]["outputs"][0]
    return found


document(
    "energy/fewer_counts_for_labels",
    1,
    "energy.targets[1].outputs[0].best: got a list of 1, need a list of 2",
    lambda d: energy_entry(d, 1)["best"].pop(0),
    "energy",
)
document(
    "energy/labels_left_out",
    1,
    "energy.targets: got a list of 1, need a list of 2",
    lambda d: claim(d, "energy")["targets"].pop(),
    "energy",
)
document(
    "energy/share_null",
    1,
    "energy.targets[0].outputs[0].best[0].share_at_least: got null, need an object",
    lambda d: energy_entry(d)["best"][0].update(share_at_least=None),
    "energy",
)
document(
    "energy/more_modes_than_counted",
    1,
    "energy.modes: got counts [1, 2] of 3",
    lambda d: claim(d, "energy").update(modes=3),
    "energy",
)
registry.document(
    "energy/share_of_nothing",
    1,
    "energy.targets[0].outputs[2].best[0].share_at_most: got an object, need null",
    lambda d: claim(d, "energy")["targets"][0]["outputs"][2]["best"][0].update(
        share_at_most=number(Fraction(1), "share_at_most")
    ),
    "energy",
    start=several_outputs,
)


@fails("energy/modes_that_mix", "energy: got modes whose images are not nearly orthogonal", "energy")
def modes_that_mix(draft: Draft) -> Draft:
    """v_1 and v_5 turned by 0.3: their images overlap, and the energy along the first would count twice."""

    def bend(pairs: Any) -> Any:
        first, last = (np.array(pairs.vectors[k], dtype=float) for k in (0, 4))
        turned = [cos(0.3) * first + sin(0.3) * last, cos(0.3) * last - sin(0.3) * first]
        turned = [[round(value) for value in vector.tolist()] for vector in turned]
        d = pairs.excess
        return replace(pairs, vectors=[*turned, *pairs.vectors[1:4]], excess=[d[0], d[0], *d[1:4]])

    return with_signs(without(draft, "gcv").prove([1], bend, modes=5))


stale(
    "energy/teacher_and_labels_exchanged",
    "fidelity.splits[0].targets[0]",
    lambda t: t.update({"train.teacher": t["train.labels"], "train.labels": t["train.teacher"]}),
    *("fidelity", "shrinkage", "gcv", "energy", "diagnosis"),
)

# diagnosis

for name, place in {
    "effective_least": ("effective_parameters_at_least",),
    "effective_most": ("effective_parameters_at_most",),
    "first": ("targets", 0, "outputs", 0, "first_at_most"),
    "beyond": ("targets", 1, "outputs", 0, "beyond_at_most"),
    "copied_least": ("copied", 0, "at_least"),
    "copied_most": ("copied", 0, "at_most"),
    "ridge": ("ridge",),
}.items():
    where = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in place)
    off_by_a_digit(f"diagnosis/{name}_digit", f"diagnosis{where}.exact: got", "diagnosis", *place)


def more_modes(document: dict[str, Any], fields: tuple[str, ...]) -> None:
    for field in fields:
        claim(document, "diagnosis")[field] += 1


for name, fields in {
    "modes_overstated": ("modes_at_least", "modes_at_most"),
    "modes_at_most_overstated": ("modes_at_most",),
}.items():
    bend = partial(more_modes, fields=fields)
    document(f"diagnosis/{name}", 1, f"diagnosis.{fields[0]}: got", bend, "diagnosis")


def one_number(document: dict[str, Any]) -> None:
    """One mode, said as if it were sure."""
    claim(document, "diagnosis")["modes_at_most"] = 1


registry.document(
    "diagnosis/number_where_an_interval_is_proved",
    1,
    "diagnosis.modes_at_most: got 1, need 2",
    one_number,
    "diagnosis",
    start=ridge_at_an_eigenvalue,
)
document(
    "diagnosis/copied_left_out",
    1,
    "diagnosis.copied: got a list of 0, need a list of 1",
    lambda d: claim(d, "diagnosis")["copied"].pop(),
    "diagnosis",
)
document(
    "diagnosis/copied_null",
    1,
    "diagnosis.copied[0]: got null, need an object",
    lambda d: claim(d, "diagnosis").update(copied=[None]),
    "diagnosis",
)
registry.document(
    "diagnosis/copied_of_nothing",
    1,
    "diagnosis.copied[1]: got an object, need null",
    lambda d: claim(d, "diagnosis")["copied"].__setitem__(1, claim(d, "diagnosis")["copied"][0]),
    "diagnosis",
    start=several_outputs,
)
document(
    "diagnosis/labels_left_out",
    1,
    "diagnosis.targets: got a list of 1, need a list of 2",
    lambda d: claim(d, "diagnosis")["targets"].pop(),
    "diagnosis",
)

# global

GLOBAL = ("global", "outputs", 0)
for field in ("kernel_at_least", "kernel_at_most", "float32_moves_at_most"):
    off_by_a_digit(f"global/{field}_digit", f"global.outputs[0].{field}.exact: got", *GLOBAL, field)
off_by_a_digit("global/slope_digit", "global.outputs[0].slopes_at_most[1].exact: got", *GLOBAL, "slopes_at_most", 1)
document(
    "global/slope_left_out",
    1,
    "global.outputs[0].slopes_at_most: got a list of 1, need a list of 2",
    lambda d: claim(d, "global")["outputs"][0]["slopes_at_most"].pop(),
    "global",
)
document(
    "global/slopes_exchanged",
    1,
    "global.outputs[0].slopes_at_most[0].exact: got",
    lambda d: claim(d, "global")["outputs"][0]["slopes_at_most"].reverse(),
    "global",
)
document(
    "global/output_left_out",
    1,
    "global.outputs: got a list of 2, need a list of 1",
    lambda d: claim(d, "global")["outputs"].append(claim(d, "global")["outputs"][0]),
    "global",
)


def exact_in_float32(document: dict[str, Any]) -> None:
    claim(document, "global")["outputs"][0]["float32_moves_at_most"] = number(Fraction(0), "float32_moves_at_most")


document("global/float32_said_exact", 1, "float32_moves_at_most.exact: got", exact_in_float32, "global")


@fails("global/coefficient_beyond_float32", "global: got a coefficient of 2^127 or more", "global")
def coefficient_beyond_float32(draft: Draft) -> Draft:
    without(draft, "shrinkage")
    draft.tensors["coefficients"][1][0] = -(2.0**127)
    return predicted(draft)

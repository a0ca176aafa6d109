"""What is wrong with the form of the claims beyond the profile, or of the tensors that they need."""

from __future__ import annotations

import struct
from collections.abc import Callable
from functools import partial
from typing import Any

from support.drafts import Bundle, Entry, encode
from support.reference import number, parse_exact

from . import registry
from .array_form import replaced, reshaped, retyped
from .json_form import set_at
from .registry import BASE, claim
from .twelve import mode_missing, twelve

document = partial(registry.document, start=twelve)
tensors = partial(registry.tensors, start=twelve)
raw = partial(registry.raw, start=twelve)


def in_claim(name: str, *place: str | int) -> Callable[[Any], Callable[[dict[str, Any]], None]]:
    def with_value(value: Any) -> Callable[[dict[str, Any]], None]:
        return lambda document: set_at(*place)(value)(claim(document, name))

    return with_value


for name, place, value, reason in (
    ("spectrum/eigenvalues_empty", ("eigenvalues",), [], "eigenvalues: a list of 0; need a list of 1 to 8192"),
    ("spectrum/eigenvalue_null", ("eigenvalues", 0), None, "eigenvalues[0]: null; need an object"),
    ("spectrum/others_number", ("others_at_most",), 0, "others_at_most: 0; need an object"),
    ("shrinkage/unit_large", ("solution_exponent",), 257, "solution_exponent: 257; need -256 to 256"),
    ("shrinkage/unit_missing", ("solution_exponent",), None, "solution_exponent: null; need an integer"),
    ("shrinkage/outputs_empty", ("outputs",), [], "outputs: a list of 0; need a list of 1 to 1000 entries"),
    ("gcv/criterion_unknown", ("criterion",), "evidence", 'criterion: "evidence"; need "gcv" or "robust-gcv"'),
    ("gcv/unit_small", ("trial_exponent",), -257, "trial_exponent: -257; need -256 to 256"),
    ("energy/best_empty", ("targets", 0, "outputs", 0, "best"), [], "best: a list of 0; need a list of 1 to 16"),
    ("energy/modes_none", ("modes",), 0, "modes: 0; need 1 to 8192"),
    ("energy/target_unknown", ("targets", 0, "target"), "network", 'target: "network"; need "teacher" or "labels"'),
    ("diagnosis/modes_negative", ("modes_at_least",), -1, "modes_at_least: -1; need 0 to 8192"),
    ("diagnosis/copied_number", ("copied", 0), 1, "copied[0]: 1; need an object"),
    ("global/slopes_empty", ("outputs", 0, "slopes_at_most"), [], "slopes_at_most: a list of 0; need a list of 1"),
    ("global/kernel_null", ("outputs", 0, "kernel_at_least"), None, "kernel_at_least: null; need an object"),
):
    document(name, 2, reason, in_claim(name.partition("/")[0], *place)(value))
for kind in ("spectrum", "shrinkage", "gcv", "energy", "diagnosis", "global"):
    document(f"{kind}/key_unknown", 2, ".note: unknown key", lambda d, kind=kind: claim(d, kind).update(note=1))
    document(
        f"{kind}/twice", 2, f"claims: {kind} stands twice", lambda d, kind=kind: d["claims"].append(claim(d, kind))
    )


def exchanged(name: str, *place: str | int) -> Callable[[dict[str, Any]], None]:
    """The upper end of an interval lowered below the lower one, its decimal made right."""

    def bend(document: dict[str, Any]) -> None:
        node: Any = claim(document, name)
        for key in place[:-1]:
            node = node[key]
        low = node[place[-1]]
        other = f"{str(place[-1]).removesuffix('at_least')}at_most"
        node[other] = low - 1 if isinstance(low, int) else number(parse_exact(low["exact"]) - 1, other)

    return bend


for name, place in {
    "spectrum": ("eigenvalues", 1, "at_least"),
    "energy": ("targets", 0, "outputs", 0, "best", 0, "share_at_least"),
    "diagnosis": ("copied", 0, "at_least"),
    "global": ("outputs", 0, "kernel_at_least"),
}.items():
    document(f"{name}/empty_interval", 2, "an empty interval; need the lower end first", exchanged(name, *place))
document(
    "diagnosis/empty_count",
    2,
    'modes_at_least: "2" above "1", an empty interval',
    lambda d: claim(d, "diagnosis").update(modes_at_least=2, modes_at_most=1),
)


# tensors


def edges(change: Callable[[list[float]], list[float]]) -> Callable[[dict[str, Entry]], object]:
    def bend(entries: dict[str, Entry]) -> None:
        _, (count,), data = entries["ridge_edges"]
        replaced("ridge_edges", change(list(struct.unpack(f"<{count}d", data))))(entries)

    return bend


NOT_INCREASING = "tensor ridge_edges: not increasing, or not around the ridge"
for name, value in (("zero", 0.0), ("minus_zero", -0.0), ("negative", -0.5)):
    tensors(f"arrays/ridge_{name}", "tensor ridge: not positive; need a ridge > 0", replaced("ridge", [value]))
for name, value in (("nan", float("nan")), ("infinity", float("inf"))):
    tensors(f"arrays/ridge_{name}", "tensor ridge: entry 0 is", replaced("ridge", [value]))
tensors("arrays/ridge_two", "tensor ridge: shape [2]; need [1]", replaced("ridge", [0.5, 0.5]))
tensors("arrays/ridge_integer", "tensor ridge: type I64; need F64", retyped("ridge", "I64"))
for missing in ("ridge", "solution", "ridge_edges", "ridge_trials"):
    tensors(f"arrays/{missing}_missing", f"tensor {missing}: missing", lambda entries, name=missing: entries.pop(name))
tensors(
    "arrays/ridge_below_the_bracket",
    NOT_INCREASING,
    edges(lambda e: [value * 100 for value in e]),
)
tensors("arrays/ridge_above_the_bracket", NOT_INCREASING, edges(lambda e: [value / 100 for value in e]))
tensors("arrays/edges_equal", NOT_INCREASING, edges(lambda e: [e[0], e[0], *e[2:]]))
tensors("arrays/edges_decreasing", NOT_INCREASING, edges(lambda e: e[::-1]))
tensors("arrays/edges_from_zero", NOT_INCREASING, edges(lambda e: [0.0, *e[1:]]))
tensors("arrays/edges_one", "tensor ridge_edges: 1 entries; need 2 to 1025", edges(lambda e: e[:1]))
tensors("arrays/edges_1026", "tensor ridge_edges: 1026 entries; need 2 to 1025", edges(lambda e: [1.0] * 1026))
tensors("arrays/trials_one_less", "tensor ridge_trials: shape", edges(lambda e: [*e, e[-1] + 1]))
tensors(
    "arrays/trials_turned",
    "tensor ridge_trials: shape [5, ",
    lambda entries: reshaped("ridge_trials", entries["ridge_trials"][1][::-1])(entries),
)
tensors(
    "arrays/solution_no_modes",
    "tensor solution: 0 modes; need 1 to 5",
    lambda entries: [replaced("solution", [])(entries), reshaped("solution", [1, 0])(entries)],
)
tensors("arrays/solution_flat", "tensor solution: [2]; need 2 dimensions", reshaped("solution", [2]))
tensors("arrays/solution_two_outputs", "tensor solution: shape [2, 1]; need [1, 1]", reshaped("solution", [2, 1]))
registry.tensors(
    "arrays/solution_above_modes",
    "tensor solution: 5 modes; need 1 to 4",
    replaced("solution", [[1, 2, 3, 4, 5]]),
    start=mode_missing,
)


def unclaimed(*claims: str, without: tuple[str, ...] = ()) -> Callable[[Bundle], bytes]:
    """Claims removed, their tensors left."""

    def bend(bundle: Bundle) -> bytes:
        bundle.document["claims"] = [found for found in bundle.document["claims"] if found["claim"] not in claims]
        for name in without:
            del bundle.files[BASE][name]
        return encode(bundle.files[BASE])

    return bend


UNKNOWN = "unknown or not allowed here"
raw(
    "arrays/ridge_without_its_claims",
    f"tensor ridge: {UNKNOWN}",
    unclaimed("shrinkage", "gcv", "diagnosis", without=("solution", "ridge_edges", "ridge_trials")),
)
raw("arrays/solution_without_its_claim", f"tensor solution: {UNKNOWN}", unclaimed("shrinkage"))
raw("arrays/edges_without_their_claim", f"tensor ridge_edges: {UNKNOWN}", unclaimed("gcv", without=("ridge_trials",)))
raw("arrays/trials_without_their_claim", f"tensor ridge_trials: {UNKNOWN}", unclaimed("gcv", without=("ridge_edges",)))

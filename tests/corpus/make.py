"""Write the corpus again: PYTHONPATH=tests .venv/bin/python tests/corpus/make.py

accept/ holds valid certificates, reject/CLAIM/ files with ONE thing wrong each; all other recorded numbers are those
that an honest file with the same tensors would hold, from `support.reference`. expected.json says for each file the
exit code, a part of the message and the claims that fail. Both checkers must agree with it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from math import ceil, log2
from pathlib import Path
from typing import Any

import numpy as np

from support.drafts import Bundle, Draft, Entry, draft_of, encode, entry, first_rows, with_header
from support.reference import number, parse_exact, two
from support.small import small_formula

HERE = Path(__file__).parent
Written = tuple[bytes, dict[str, bytes]]
Builder = Callable[[Draft], Written]
BASE = "base.cert.safetensors"


def base() -> Draft:
    """The certificate that every rejected file departs from: 8 rows, 2 inputs, 3 landmarks, linear term, hold-out."""
    return plain(1).prove([1, 2])


def plain(
    seed: int,
    *,
    holdout: int = 3,
    labels: bool = True,
    points: np.ndarray | None = None,
    parameters: int | None = 1000,
    **options: Any,
) -> Draft:
    options = {"rows": 8, "inputs": 2, "landmarks": 3, **options}
    formula, train = small_formula(np.random.default_rng(seed), points=points, **options)
    train = train if labels else replace(train, labels=None)
    splits = {"train": train, **({"holdout": first_rows(train, holdout)} if holdout else {})}
    return draft_of(formula, splits, parameters=parameters)


# accepted


def duplicate_rows() -> Draft:
    points = np.random.default_rng(5).standard_normal((4, 2))
    return plain(5, points=np.concatenate([points, points + 1, points]), landmarks=2).prove([2])


def clustered() -> Draft:
    """A square with its centre: the symmetry makes two pairs of equal eigenvalues. Rank 1 splits a pair."""
    corners = [[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]]
    points = np.array([*corners, [0.0, 0.0], *[[2 * x, 2 * y] for x, y in corners]])
    draft = plain(6, points=points, linear=False, landmarks=4)
    draft.tensors["landmarks"] = [list(corner) for corner in corners]
    draft.tensors["scales"] = [0.5, 0.5]
    gram = np.array([[float(v) for v in draft.reference().kernel_row(z)] for z in draft.tensors["landmarks"]])
    values, vectors = np.linalg.eigh(gram + 2.0**-27 * np.eye(4))
    root = vectors @ np.diag(values**-0.5) @ vectors.T
    draft.tensors["metric"] = np.rint(np.ldexp(root, 30)).astype(np.int64).tolist()
    return predicted(draft).prove([1, 2])


def predicted(draft: Draft) -> Draft:
    """Recorded predictions as the exact formula, rounded."""
    reference = draft.reference()
    for split in reference.splits:
        draft.tensors[f"{split}.predictions"] = [
            [float(reference.formula(x, output)) for output in range(len(draft.tensors["intercept"]))]
            for x in draft.tensors[f"{split}.inputs"]
        ]
    return draft


def sharded() -> Draft:
    draft = plain(7, rows=9).prove([1, 2])
    draft.shards = [(4, 1), (5, 2)]
    return draft


def constant_target() -> Draft:
    draft = plain(8)
    draft.tensors["train.labels"] = [[3.25]] * 8
    return draft.prove([2])


def fine_grid() -> Draft:
    """The largest p; jitter 0; a coarse metric unit."""
    draft = plain(9)
    draft.basis |= {"grid_bits": 64, "jitter": "0p0", "metric_exponent": -24}
    for name in ("metric", "linear_metric"):
        values = np.array(draft.tensors[name], dtype=float)
        draft.tensors[name] = np.rint(values / 64).astype(np.int64).tolist()
    return draft.prove([2])


def raw_units() -> Draft:
    """Columns of very different size, as raw data has them."""
    draft = plain(10)
    for name in ("train.inputs", "holdout.inputs", "landmarks"):
        draft.tensors[name] = [[1e6 * a, 1e-6 * b] for a, b in draft.tensors[name]]
    draft.tensors["offsets"] = np.min(draft.tensors["train.inputs"], axis=0).tolist()
    draft.tensors["scales"] = [s * f for s, f in zip(draft.tensors["scales"], (1e-12, 1e12), strict=True)]
    draft.tensors["weights"] = [[1e-6 * draft.tensors["weights"][0][0]], [1e6 * draft.tensors["weights"][1][0]]]
    spread = np.ptp(draft.tensors["train.inputs"], axis=0)
    draft.basis["linear_exponents"] = [ceil(log2(v)) + 1 for v in spread]
    return predicted(standardised(draft)).prove([2])


def standardised(draft: Draft) -> Draft:
    """The linear metric again, from the columns."""
    m, unit = len(draft.tensors["landmarks"]), two(draft.basis["metric_exponent"])
    columns = list(zip(*draft.reference().centred, strict=True))[m:]
    squares = [sum(v * v for v in column) / len(column) for column in columns]
    draft.tensors["linear_metric"] = [round(float(square) ** -0.5 / float(unit)) for square in squares]
    return draft


ACCEPT: dict[str, Callable[[], Draft]] = {
    "quadratic_linear": base,
    "l1_linear": lambda: plain(2, kernel="rational-l1").prove([1, 2]),
    "quadratic_alone": lambda: plain(3, linear=False, landmarks=4).prove([1, 2]),
    "l1_alone_three_outputs": lambda: plain(4, kernel="rational-l1", linear=False, outputs=3, landmarks=4).prove([2]),
    "two_outputs_linear": lambda: plain(11, outputs=2).prove([3]),
    "no_holdout": lambda: plain(12, holdout=0).prove([2]),
    "no_labels": lambda: plain(13, labels=False).prove([2]),
    "two_shards": sharded,
    "duplicate_rows": duplicate_rows,
    "clustered_eigenvalues": clustered,
    "fewer_rows_than_columns": lambda: plain(14, rows=4, landmarks=4, holdout=2).prove([1, 2]),
    "one_input": lambda: plain(15, inputs=1).prove([1, 2]),
    "two_columns": lambda: plain(16, inputs=1, landmarks=1).prove([1]),
    "constant_target": constant_target,
    "teacher_without_count": lambda: plain(17, parameters=None).prove([2]),
    "grid_64": fine_grid,
    "raw_units": raw_units,
    "all_ranks": lambda: plain(18, rows=12, landmarks=4).prove([1, 2, 3, 4, 5]),
}


# rejected

EVERY_CLAIM_ON_ROWS = ("basis", "metric", "eckart_young", "fidelity", "evaluation")  # none can do without C

REJECT: dict[str, tuple[int, str, list[str], Builder]] = {}


def sealed(bundle: Bundle, name: str) -> Written:
    """Give the array files the name of the certificate, so that a folder can hold many."""
    files = {file.replace("base", name, 1): content for file, content in bundle.encoded().items()}
    for listed in bundle.document["arrays"]:
        listed["file"] = listed["file"].replace("base", name, 1)
    bundle.record(files)
    return bundle.text().encode(), files


def fails(path: str, reason: str, *claims: str) -> Callable[[Callable[[Draft], Draft]], Any]:
    """A dishonest draft: well-formed, all numbers recomputed; exactly ``claims`` fail."""

    def register(bend: Callable[[Draft], Draft]) -> Any:
        name = path.rpartition("/")[2]
        REJECT[path] = (1, reason, list(claims), lambda draft: sealed(bend(draft).seal(), name))
        return bend

    return register


def document(path: str, code: int, reason: str, bend: Callable[[dict[str, Any]], object], *claims: str) -> None:
    """A change of the JSON document beside the untouched array file."""

    def build(draft: Draft) -> Written:
        bundle = draft.seal()
        data = bundle.encoded()
        bundle.record(data)
        bend(bundle.document)
        return bundle.text().encode(), data

    REJECT[path] = (code, reason, list(claims), build)


def text(path: str, reason: str, bend: Callable[[bytes], bytes]) -> None:
    """A change of the bytes of the JSON. Always malformed."""

    def build(draft: Draft) -> Written:
        bundle = draft.seal()
        data = bundle.encoded()
        bundle.record(data)
        before = bundle.text().encode()
        after = bend(before)
        assert before != after, path
        return after, data

    REJECT[path] = (2, reason, [], build)


def tensors(path: str, reason: str, bend: Callable[[dict[str, Entry]], object]) -> None:
    """A change of the tensors, length and digest made right. Always malformed."""
    raw(path, reason, lambda bundle: [bend(bundle.files[BASE]), encode(bundle.files[BASE])][1])


def header(path: str, reason: str, bend: Callable[[dict[str, Any]], object]) -> None:
    """A change of the header of the array file only, length and digest made right. Always malformed."""
    raw(path, reason, lambda bundle: encode(bundle.files[BASE], bend))


def raw(path: str, reason: str, make: Callable[[Bundle], bytes]) -> None:
    def build(draft: Draft) -> Written:
        bundle, name = draft.seal(), path.rpartition("/")[2]
        data = make(bundle)
        bundle.document["arrays"][0]["file"] = f"{name}.cert.safetensors"
        files = {f"{name}.cert.safetensors": data}
        bundle.record(files)
        return bundle.text().encode(), files

    REJECT[path] = (2, reason, [], build)


def claim(document: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(entry for entry in document["claims"] if entry["claim"] == name)
    return found


def last_digit(document: dict[str, Any], *keys: str | int) -> None:
    """The last digit of a recorded exact number changed by 2 (the mantissa stays odd), its decimal made right."""
    place: Any = document["claims"]
    for key in keys:
        place = claim(document, str(key)) if place is document["claims"] else place[key]
    mantissa, exponent = place["exact"].split("p")
    wrong = int(mantissa) + (2 if mantissa[-1] in "1357" else -2)
    place |= number(wrong * two(int(exponent)), str(keys[-1]))


def off_by_a_digit(path: str, where: str, *keys: str | int) -> None:
    document(path, 1, where, lambda d: last_digit(d, *keys), str(keys[0]))


# basis

document("basis/rows_one_more", 1, "basis.rows: got 9, need 8", lambda d: claim(d, "basis").update(rows=9), "basis")
document("basis/columns_one_less", 1, "basis.columns: got 4", lambda d: claim(d, "basis").update(columns=4), "basis")
document("basis/grid_differs", 1, "basis.grid_bits: got 41", lambda d: claim(d, "basis").update(grid_bits=41), "basis")
off_by_a_digit("basis/trace_digit", "basis.trace.exact: got", "basis", "trace")


@fails("basis/offset_above_minimum", "basis: got a linear column outside [0, 2^p]", *EVERY_CLAIM_ON_ROWS)
def offset_above_minimum(draft: Draft) -> Draft:
    draft.tensors["offsets"][0] += 2.0**-20
    return draft.prove([1, 2])


@fails("basis/linear_exponent_too_small", "basis: got a linear column outside [0, 2^p]", *EVERY_CLAIM_ON_ROWS)
def linear_exponent_too_small(draft: Draft) -> Draft:
    draft.basis["linear_exponents"][1] -= 2
    draft.tensors["linear_metric"][1] = round(draft.tensors["linear_metric"][1] / 4)
    return draft.prove([1, 2])


@fails("basis/constant", "basis.trace: got 0p0, need more than 0", "basis", "eckart_young")
def constant(draft: Draft) -> Draft:
    """All rows the same point: the operator is 0. No bound can be positive either."""
    draft = plain(20, linear=False, points=np.array([[0.5, 0.25], [1.0, 2.0]]), landmarks=2, holdout=0)
    draft.tensors["train.inputs"] = [[0.5, 0.25]] * 8
    draft.tensors |= {f"train.{kind}": [[float(i)] for i in range(8)] for kind in ("teacher", "labels")}
    draft.tensors["train.predictions"] = [[0.0]] * 8
    draft.shards = [(8, 0)]
    draft.ranks, draft.threshold, draft.slack = [1], Fraction(1), Fraction(1)
    draft.tensors |= {"eigenvectors": [[1, 0]], "excess": [0], "factor": [[0, 0], [0, 0]]}
    return predicted(draft)


# metric

off_by_a_digit("metric/defect_digit", "metric.defect.exact: got", "metric", "defect")
off_by_a_digit("metric/linear_defect_digit", "metric.linear_defect.exact: got", "metric", "linear_defect")


def scaled_metric(draft: Draft, kernel: Fraction, linear: Fraction, ranks: list[int]) -> Draft:
    draft.tensors["metric"] = [[round(v * kernel) for v in row] for row in draft.tensors["metric"]]
    draft.tensors["linear_metric"] = [round(v * linear) for v in draft.tensors["linear_metric"]]
    return draft.prove(ranks)


ONE = Fraction(1)
for label, factor in {"zero": Fraction(0), "tiny": two(-12), "half": two(-1), "double": Fraction(2)}.items():

    def kernel_metric(draft: Draft, factor: Fraction = factor) -> Draft:
        return scaled_metric(draft, factor, ONE, [1])

    def linear_metric(draft: Draft, factor: Fraction = factor) -> Draft:
        return scaled_metric(draft, ONE, factor, [1])

    defect = {"half": "7.500001e-01", "double": "3.000001e+00"}.get(label, "1.000000e+00")
    fails(f"metric/kernel_{label}", f"metric.defect: got {defect}, need at most 1/2", "metric")(kernel_metric)
    fails(f"metric/linear_{label}", f"metric.linear_defect: got {defect}, need at most 1/2", "metric")(linear_metric)


@fails("metric/all_zero", "basis.trace: got 0p0, need more than 0", "basis", "metric", "eckart_young")
def all_zero(draft: Draft) -> Draft:
    """T = 0: then every bound on the operator is trivially true."""
    draft.tensors["metric"] = [[0] * 3] * 3
    draft.tensors["linear_metric"] = [0] * 2
    draft.ranks = [1]
    draft.tensors |= {"eigenvectors": [[2**60, 0, 0, 0, 0]], "excess": [0], "factor": [[0] * 5] * 5}
    draft.threshold = draft.slack = two(-10)
    return draft


# eckart_young

off_by_a_digit("eckart_young/threshold_digit", "row 0 of W - L L^T - sigma I has", "eckart_young", "threshold")
off_by_a_digit("eckart_young/orthogonality_digit", "defect.exact: got", "eckart_young", "orthogonality_defect")


def raise_threshold(document: dict[str, Any]) -> None:
    """By far less than the slack: W is still positive semidefinite, but `lower` belongs to the old one."""
    entry = claim(document, "eckart_young")
    entry["threshold"] = number(parse_exact(entry["threshold"]["exact"]) + two(-120), "threshold")


document("eckart_young/threshold_raised", 1, "ranks[0].lower.exact: got", raise_threshold, "eckart_young")
for side in ("lower", "upper"):
    off_by_a_digit(f"eckart_young/{side}_digit", f"ranks[1].{side}.exact: got", "eckart_young", "ranks", 1, side)


def swap_bounds(document: dict[str, Any]) -> None:
    entry = claim(document, "eckart_young")["ranks"][1]
    low, high = (parse_exact(entry[side]["exact"]) for side in ("lower", "upper"))
    entry |= {"lower": number(high, "lower"), "upper": number(low, "upper")}


document("eckart_young/lower_above_upper", 1, "ranks[1].lower.exact: got", swap_bounds, "eckart_young")


@fails("eckart_young/lower_not_positive", "need 0 < lower <= upper", "eckart_young")
def lower_not_positive(draft: Draft) -> Draft:
    """A threshold above tr M: everything true, nothing said."""
    return draft.prove([1, 2], lambda pairs: replace(pairs, level=100.0))


@fails("eckart_young/excess_swapped", "a negative or increasing entry", "eckart_young")
def excess_swapped(draft: Draft) -> Draft:
    """d_1 and d_2 with their vectors exchanged: W is the same, but the bound at rank 1 would be false."""
    draft.tensors["excess"].reverse()
    draft.tensors["eigenvectors"].reverse()
    return draft


@fails("eckart_young/excess_negative", "a negative or increasing entry", "eckart_young")
def excess_negative(draft: Draft) -> Draft:
    """A negative d_K with a larger mu raises the sum in `lower`."""

    def bend(pairs: Any) -> Any:
        drop = 3 * pairs.excess[-1] // 2
        level = pairs.level + drop * 2.0**pairs.excess_exponent
        return replace(pairs, level=level, excess=[value - drop for value in pairs.excess])

    return draft.prove([1, 2], bend)


@fails("eckart_young/threshold_negative", "eckart_young.threshold: got -1p-10, need at least 0", "eckart_young")
def threshold_negative(draft: Draft) -> Draft:
    draft.threshold = -two(-10)
    return draft


@fails("eckart_young/threshold_too_small", "of W - L L^T - sigma I has an entry outside", "eckart_young")
def threshold_too_small(draft: Draft) -> Draft:
    """The lower bound as it should be had the next eigenvalue been half as large."""
    draft.threshold /= 2
    return draft


@fails("eckart_young/slack_zero", "eckart_young.slack: got 0p0, need more than 0", "eckart_young")
def slack_zero(draft: Draft) -> Draft:
    draft.slack = Fraction(0)
    return draft


@fails("eckart_young/slack_negative", "eckart_young.slack: got -1p-30, need more than 0", "eckart_young")
def slack_negative(draft: Draft) -> Draft:
    draft.slack = -two(-30)
    return draft


@fails("eckart_young/slack_below_grid", "eckart_young.slack: got 1p-500, need at least 5 units", "eckart_young")
def slack_below_grid(draft: Draft) -> Draft:
    """Smaller than r units of the grid on which everything lies (the slack's own exponent is part of it)."""
    draft.slack = two(-500)
    return draft


@fails("eckart_young/vectors_zero", "orthogonality_defect: got 1.000000e+00, need less than 1", "eckart_young")
def vectors_zero(draft: Draft) -> Draft:
    """V = 0 and mu above the largest eigenvalue: W is positive semidefinite, K modes capture nothing."""
    top = float(np.linalg.eigvalsh(np.array([[float(v) for v in row] for row in draft.reference().m]))[-1])
    return draft.prove([1], lambda pairs: replace(pairs, vectors=[[0] * 5], excess=[0], level=top))


@fails("eckart_young/vectors_equal", "orthogonality_defect: got 1.0", "eckart_young")
def vectors_equal(draft: Draft) -> Draft:
    """v_1 = v_2: the same mode counted twice."""
    values = np.linalg.eigvalsh(np.array([[float(v) for v in row] for row in draft.reference().m]))
    return draft.prove(
        [2], lambda pairs: replace(pairs, vectors=[pairs.vectors[0]] * 2, excess=[pairs.excess[0], 0], level=values[-2])
    )


@fails("eckart_young/mode_removed", "of W - L L^T - sigma I has an entry outside", "eckart_young")
def mode_removed(draft: Draft) -> Draft:
    """The largest mode is left out, threshold and factor kept: W is not positive semidefinite."""
    for name in ("excess", "eigenvectors"):
        del draft.tensors[name][0]
    draft.ranks = [1]
    return draft


@fails("eckart_young/factor_zero", "row 0 of W - L L^T - sigma I has an entry outside", "eckart_young")
def factor_zero(draft: Draft) -> Draft:
    draft.tensors["factor"] = [[0] * 5 for _ in range(5)]
    return draft


@fails("eckart_young/factor_huge", "row 0 of W - L L^T - sigma I has an entry outside", "eckart_young")
def factor_huge(draft: Draft) -> Draft:
    """Entries near 2^63: a slot of fixed width would overflow and the next one hide it (DESIGN section 4)."""
    draft.tensors["factor"] = [[-(2**63) if j <= i else 0 for j in range(5)] for i in range(5)]
    return draft


@fails("eckart_young/factor_packed_cheat", "row 0 of W - L L^T - sigma I has an entry outside", "eckart_young")
def factor_packed_cheat(draft: Draft) -> Draft:
    """One row of L with 2^62 and 2^30, as in DESIGN section 4: off by 2^92 in one entry, by a carry in the next."""
    draft.tensors["factor"][0][0] = 2**62
    draft.tensors["factor"][1][0] = 2**30
    return draft


@fails("eckart_young/factor_digit", "of W - L L^T - sigma I has an entry outside", "eckart_young")
def factor_digit(draft: Draft) -> Draft:
    """One entry off by more than the slack allows."""
    largest = max(draft.tensors["factor"][4])
    draft.tensors["factor"][4][draft.tensors["factor"][4].index(largest)] += 2**16
    return draft


for label, ranks in {"decreasing": [2, 1], "repeated": [2, 2], "beyond": [1, 2, 3]}.items():

    def wrong_ranks(draft: Draft, ranks: list[int] = ranks) -> Draft:
        draft.ranks = ranks
        return draft

    fails(f"eckart_young/ranks_{label}", "increasing ranks up to 2", "eckart_young")(wrong_ranks)


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


REJECT["fidelity/r_squared_of_constant"] = (
    1,
    "outputs[0].r_squared_at_least: got an object, need null",
    ["fidelity"],
    constant_target_number,
)


def stale(path: str, reason: str, bend: Callable[[dict[str, list[Any]]], object], *claims: str) -> None:
    """Tensors changed after the claims were computed; digest and length are right."""

    def build(draft: Draft) -> Written:
        bundle = draft.seal()
        bend(draft.tensors)
        bundle.files = draft.seal().files
        return sealed(bundle, path.rpartition("/")[2])

    REJECT[path] = (1, reason, list(claims), build)


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


# format: the JSON document


def set_at(*path: str | int) -> Callable[[Any], Callable[[dict[str, Any]], None]]:
    def with_value(value: Any) -> Callable[[dict[str, Any]], None]:
        def bend(document: dict[str, Any]) -> None:
            place: Any = document
            for key in path[:-1]:
                place = place[key]
            place[path[-1]] = value

        return bend

    return with_value


TRACE = ("claims", 0, "trace")
for name, place, value, reason in (
    ("format_unknown", ("format",), "certificate", 'format: "certificate"; need "eigenstill-certificate"'),
    ("version_2", ("version",), 2, "version: 2; need 1"),
    ("version_true", ("version",), True, "version: true; need 1"),
    ("profile_unknown", ("profile",), "distillation-2", 'profile: "distillation-2"; need "distillation-1"'),
    ("unknown_key", ("note",), "hello", "note: unknown key"),
    ("arrays_empty", ("arrays",), [], "arrays: a list of 0; need a list of 1 to 4096 entries"),
    ("count_true", ("arrays", 0, "holdout_rows"), True, "arrays[0].holdout_rows: true; need an integer"),
    ("count_text", ("arrays", 0, "rows"), "8", 'arrays[0].rows: "8"; need an integer'),
    ("count_negative", ("arrays", 0, "rows"), -8, "arrays[0].rows: -8; need 0 to 10000000"),
    ("rows_too_many", ("arrays", 0, "rows"), 10_000_001, "arrays[0].rows: 10000001; need 0 to 10000000"),
    ("one_row", ("arrays", 0, "rows"), 1, "arrays: 1 row in all; need at least 2"),
    ("path_up", ("arrays", 0, "file"), f"../{BASE}", "arrays[0].file: "),
    ("path_absolute", ("arrays", 0, "file"), f"/tmp/{BASE}", "need a plain file name beside the certificate"),
    ("path_folder", ("arrays", 0, "file"), f"sub/{BASE}", "need a plain file name beside the certificate"),
    ("path_hidden", ("arrays", 0, "file"), f".{BASE}", "need a plain file name beside the certificate"),
    ("path_backslash", ("arrays", 0, "file"), f"..\\{BASE}", "need a plain file name beside the certificate"),
    ("path_newline", ("arrays", 0, "file"), f"{BASE}\n", "need a plain file name beside the certificate"),
    ("digest_upper", ("subject", "data", "sha256"), "A" * 64, "subject.data.sha256"),
    ("digest_short", ("subject", "data", "sha256"), "0" * 63, "need 64 lower-case hexadecimal digits"),
    ("text_long", ("subject", "data", "name"), "n" * 201, "need printable text of at most 200 characters"),
    ("text_control", ("subject", "data", "name"), "a\nACCEPTED", "need printable text of at most 200 characters"),
    ("kernel_unknown", ("basis", "kernel"), "cosine", 'basis.kernel: "cosine"; need "rational-quadratic" or'),
    ("linear_one", ("basis", "linear"), 1, "basis.linear: 1; need true or false"),
    ("grid_7", ("basis", "grid_bits"), 7, "basis.grid_bits: 7; need 8 to 64"),
    ("grid_65", ("basis", "grid_bits"), 65, "basis.grid_bits: 65; need 8 to 64"),
    ("exponents_one_missing", ("basis", "linear_exponents"), [2], "basis.linear_exponents: 1 entries; need 2"),
    ("exponent_large", ("basis", "linear_exponents"), [2, 1101], "linear_exponents[1]: 1101; need -1100 to 1100"),
    ("unit_large", ("basis", "factor_exponent"), 257, "basis.factor_exponent: 257; need -256 to 256"),
    ("unit_small", ("basis", "metric_exponent"), -257, "basis.metric_exponent: -257; need -256 to 256"),
    ("jitter_large", ("basis", "jitter"), "3p-11", 'basis.jitter: "3p-11"; need 0p0'),
    ("jitter_negative", ("basis", "jitter"), "-1p-27", 'basis.jitter: "-1p-27"; need 0p0'),
    ("jitter_fine", ("basis", "jitter"), "1p-257", 'basis.jitter: "1p-257"; need 0p0'),
    ("effective_negative", ("subject", "student", "effective_parameters"), number(-ONE, "x"), "need 0 to 8192"),
    ("effective_large", ("subject", "student", "effective_parameters"), number(ONE * 8193, "x"), "need 0 to 8192"),
    ("number_text", TRACE, "17", 'trace: "17"; need an object'),
    ("number_null", TRACE, None, "trace: null; need an object"),
    ("number_float", TRACE, 17.25, "trace: number 17.25; need an object"),
    ("number_count", TRACE, 17, "trace: 17; need an object"),
    ("number_bare", (*TRACE, "exact"), 17, "trace.exact: 17; write an exact string"),
    ("number_even", (*TRACE, "exact"), "2p-1", 'trace.exact: "2p-1"; write an exact string'),
    ("number_zero_written_otherwise", (*TRACE, "exact"), "0p1", 'trace.exact: "0p1"; write an exact string'),
    ("number_leading_zero", (*TRACE, "exact"), "01p0", "write an exact string"),
    ("number_plus", (*TRACE, "exact"), "+1p0", "write an exact string"),
    ("number_space", (*TRACE, "exact"), "1 p0", "write an exact string"),
    ("number_other_digits", (*TRACE, "exact"), "\u0661p0", "write an exact string"),
    ("number_underscore", (*TRACE, "exact"), "1_1p0", "write an exact string"),
    ("number_exponent_large", (*TRACE, "exact"), "1p8193", "write an exact string"),
    ("number_2001_digits", (*TRACE, "exact"), "1" * 2001 + "p0", "write an exact string"),
    ("number_nan", (*TRACE, "exact"), "nan", "write an exact string"),
    ("number_infinity", (*TRACE, "exact"), "inf", "write an exact string"),
    ("decimal_missing", TRACE, {"exact": "1p0"}, "trace.decimal: missing"),
    ("decimal_float", (*TRACE, "decimal"), 17.25, "trace.decimal: number 17.25; need '"),
    ("decimal_inward", (*TRACE, "decimal"), "1.722044e+01", "the outward rounding of exact"),
    ("decimal_other", (*TRACE, "decimal"), "1.722046e+01", "the outward rounding of exact"),
    ("decimal_of_lower_up", ("claims", 2, "ranks", 1, "lower", "decimal"), "2.107996e-01", "the outward rounding"),
    ("threshold_101_digits", ("claims", 2, "threshold"), number(Fraction(10**100 + 1), "x"), "need at most 100 digits"),
    ("slack_exponent", ("claims", 2, "slack"), number(two(-513), "x"), "need at most 100 digits and an exponent"),
    ("ranks_empty", ("claims", 2, "ranks"), [], "ranks: a list of 0; need a list of 1 to 64 entries"),
    ("claims_empty", ("claims",), [], "claims: a list of 0; need a list of 1 to 64 entries"),
    ("claim_unknown", ("claims", 0, "claim"), "theorem", "claims: basis is missing; profile distillation-1"),
    ("claim_without_name", ("claims", 0), {"rows": 8}, 'need an object with the key "claim"'),
    ("claim_number", ("claims", 0, "claim"), 1, 'need an object with the key "claim"'),
):
    document(f"format/{name}", 2, reason, set_at(*place)(value))

document("format/key_missing", 2, "producer: missing", lambda d: d.pop("producer"))
document("format/claim_key_missing", 2, "claims[0].trace: missing", lambda d: d["claims"][0].pop("trace"))
document("format/claim_key_unknown", 2, "claims[0].note: unknown key", lambda d: d["claims"][0].update(note=1))
document("format/claim_twice", 2, "claims: metric stands twice", lambda d: d["claims"].append(d["claims"][1]))
document(
    "format/claim_of_another_kind",
    2,
    "unknown claim 'theorem'",
    lambda d: d["claims"].append({"claim": "theorem", "holds": True}),
)
for number_of_claim, kind in enumerate(("basis", "metric", "eckart_young", "fidelity", "compression", "evaluation")):
    document(
        f"format/without_{kind}",
        2,
        f"claims: {kind} is missing; profile distillation-1 needs it",
        lambda d, index=number_of_claim: d["claims"].pop(index),
    )
document("format/file_twice", 2, "arrays: a file is named twice", lambda d: d["arrays"].append(d["arrays"][0]))


document(
    "format/no_rows",
    2,
    "arrays: 0 row in all; need at least 2",
    lambda d: d["arrays"][0].update(rows=0, holdout_rows=0),
)
document("format/holdout_alone", 2, "arrays[0].rows: 0; need at least 1", lambda d: d["arrays"][0].update(rows=0))
document("format/detached_model", 2, "the model's file; need it beside", lambda d: d["arrays"][0].update(detached=True))
document("format/detached_false", 2, "detached: false; need true", lambda d: d["arrays"][0].update(detached=False))


def rows_written(literal: bytes) -> Callable[[bytes], bytes]:
    return lambda data: data.replace(b'"rows": 8', b'"rows": ' + literal, 1)


text("format/json_empty", "not JSON at line 1", lambda data: b"")
text("format/json_cut", "not JSON at line", lambda data: data[:-30])
text("format/json_trailing", "not JSON at line", lambda data: data + b"{}")
text("format/json_list", "the file: a list of 1; need an object", lambda data: b"[" + data + b"]")
text("format/json_bom", "not JSON at line 1", lambda data: b"\xef\xbb\xbf" + data)
text("format/json_utf16", "byte 0 is not UTF-8", lambda data: data.decode().encode("utf-16"))
text("format/json_latin1", "is not UTF-8", lambda data: data.replace(b"random rows", b"random r\xf6ws"))
text("format/json_comment", "not JSON at line", lambda data: data.replace(b"{", b"{ // no\n", 1))
text("format/json_key_twice", "duplicate key 'format'", lambda data: data.replace(b"{", b'{"format": "x",', 1))
text("format/json_deep", "nested deeper than 16 levels", rows_written(b"[" * 20 + b"]" * 20))
text("format/json_very_deep", "nested deeper than 16 levels", lambda data: b"[" * 20_000)


for name, literal, reason in (
    ("nan", b"NaN", "arrays[0].rows: number NaN; need an integer"),
    ("infinity", b"Infinity", "arrays[0].rows: number Infinity; need an integer"),
    ("minus_infinity", b"-Infinity", "arrays[0].rows: number -Infinity; need an integer"),
    ("float", b"8.0", "arrays[0].rows: number 8.0; need an integer"),
    ("exponent", b"8e0", "arrays[0].rows: number 8e0; need an integer"),
    ("exponent_huge", b"3E9999999993", "arrays[0].rows: number 3E9999999993; need an integer"),
    ("exponent_above_float", b"1E400", "arrays[0].rows: number 1E400; need an integer"),
    ("exponent_below_float", b"1E-400", "arrays[0].rows: number 1E-400; need an integer"),
    ("exponent_long", b"3E" + b"9" * 29, "arrays[0].rows: number 3E9999999999"),
    ("minus_zero", b"-0", "arrays[0].rows: number -0; need an integer"),
    ("16_digits", b"1000000000000008", "arrays[0].rows: number 1000000000000008; need an integer"),
    ("leading_zero", b"08", "not JSON at line"),
    ("point_last", b"8.", "not JSON at line"),
    ("hexadecimal", b"0x8", "not JSON at line"),
    ("underscore", b"8_0", "not JSON at line"),
    ("tenth", b"0.1", "arrays[0].rows: number 0.1; need an integer"),
):
    text(f"format/json_number_{name}", reason, rows_written(literal))


# arrays: the array file


def replaced(name: str, values: list[Any]) -> Callable[[dict[str, Entry]], object]:
    return lambda entries: entries.__setitem__(name, entry(name, values))


def first_float(name: str, value: float) -> Callable[[dict[str, Entry]], object]:
    def bend(entries: dict[str, Entry]) -> None:
        dtype, shape, data = entries[name]
        entries[name] = (dtype, shape, entry(name, [value])[2] + data[8:])

    return bend


def reshaped(name: str, shape: list[int]) -> Callable[[dict[str, Entry]], object]:
    return lambda entries: entries.__setitem__(name, (entries[name][0], shape, entries[name][2]))


def retyped(name: str, dtype: str) -> Callable[[dict[str, Entry]], object]:
    return lambda entries: entries.__setitem__(name, (dtype, *entries[name][1:]))


for name, bad in (("nan", float("nan")), ("infinity", float("inf")), ("minus_infinity", float("-inf"))):
    tensors(f"arrays/tensor_{name}", "tensor train.inputs: entry 0 is", first_float("train.inputs", bad))
tensors(
    "arrays/tensor_nan_prediction",
    "tensor holdout.predictions: entry 0",
    first_float("holdout.predictions", float("nan")),
)
tensors("arrays/scale_zero", "an entry is not positive", first_float("scales", 0.0))
tensors("arrays/scale_minus_zero", "an entry is not positive", first_float("scales", -0.0))
tensors("arrays/scale_negative", "an entry is not positive", first_float("scales", -0.5))
tensors("arrays/tensor_missing", "tensor factor: missing", lambda entries: entries.pop("factor"))
tensors("arrays/tensor_weights_missing", "tensor weights: missing", lambda entries: entries.pop("weights"))
tensors("arrays/tensor_unknown", "tensor gram: unknown", replaced("gram", [[1.0]]))
tensors("arrays/tensor_floats_as_integers", "tensor scales: type I64; need F64", retyped("scales", "I64"))
tensors("arrays/tensor_integers_as_floats", "tensor excess: type F64; need I64", retyped("excess", "F64"))
tensors("arrays/tensor_turned", "basis.linear_exponents: 2 entries; need 3", reshaped("landmarks", [2, 3]))
tensors(
    "arrays/tensor_shape_turned", "tensor train.inputs: shape [2, 8]; need [8, 2]", reshaped("train.inputs", [2, 8])
)
tensors("arrays/tensor_flat", "tensor metric: [9]; need 2 dimensions", reshaped("metric", [9]))
tensors("arrays/tensor_nested", "shape: a list of 3; need a list of 1 to 2 entries", reshaped("metric", [3, 3, 1]))
tensors("arrays/tensor_scalar", "shape: a list of 0; need a list of 1 to 2 entries", reshaped("intercept", []))
tensors("arrays/no_modes", "0 modes; need 1 to 5", lambda e: [replaced("excess", [])(e), reshaped("excess", [0])(e)])
tensors("arrays/labels_of_holdout_alone", "tensor train.labels: shape", reshaped("train.labels", [1, 8]))
tensors("arrays/holdout_half", "tensor holdout.teacher: missing", lambda entries: entries.pop("holdout.teacher"))


def more_modes_than_columns(entries: dict[str, Entry]) -> None:
    replaced("excess", [6, 5, 4, 3, 2, 1])(entries)
    replaced("eigenvectors", [[2**60 if i == j else 0 for j in range(5)] for i in range(6)])(entries)


tensors("arrays/modes_above_columns", "6 modes; need 1 to 5", more_modes_than_columns)


def above_diagonal(entries: dict[str, Entry]) -> None:
    dtype, shape, data = entries["factor"]
    entries["factor"] = (dtype, shape, data[:32] + entry("factor", [1])[2] + data[40:])


tensors("arrays/factor_above_diagonal", "tensor factor: an entry above the diagonal", above_diagonal)

header("arrays/dtype_f32", 'tensor scales.dtype: "F32"; need', lambda h: h["scales"].update(dtype="F32"))
header("arrays/dtype_bf16", 'tensor scales.dtype: "BF16"; need', lambda h: h["scales"].update(dtype="BF16"))
header("arrays/shape_larger", "tensor scales: bytes", lambda h: h["scales"].update(shape=[3]))
header("arrays/shape_negative", "shape[0]: -2; need 0 to", lambda h: h["scales"].update(shape=[-2]))
header("arrays/shape_float", "shape[0]: number 2.0; need an integer", lambda h: h["scales"].update(shape=[2.0]))
header("arrays/shape_huge", "tensor scales: bytes", lambda h: h["scales"].update(shape=[10_000_000, 10_000_000]))
header("arrays/metadata", "tensor __metadata__", lambda h: h.update(__metadata__={"note": "hello"}))
header("arrays/entry_key_unknown", "tensor scales.note: unknown key", lambda h: h["scales"].update(note=1))
header("arrays/entry_list", "tensor scales: a list of 0; need an object", lambda h: h.update(scales=[]))


def overlap(header: dict[str, Any]) -> None:
    """offsets shows the bytes of scales: both are two float64."""
    header["offsets"]["data_offsets"] = header["scales"]["data_offsets"]


header("arrays/tensors_overlap", "tensors leave a gap or overlap at byte", overlap)
header("arrays/offsets_reversed", "tensor scales: bytes", lambda h: h["scales"]["data_offsets"].reverse())
header("arrays/offsets_one", "data_offsets: a list of 1; need a list of 2", lambda h: h["scales"]["data_offsets"].pop())


def parts(bundle: Bundle) -> tuple[str, bytes]:
    data = encode(bundle.files[BASE])
    length = 8 + int.from_bytes(data[:8], "little")
    return data[8:length].decode().rstrip(), data[length:]


def gap(bundle: Bundle) -> bytes:
    """Eight bytes that no tensor owns before the last one."""
    table, body = parts(bundle)
    entries = json.loads(table)
    last = max(entries.values(), key=lambda found: found["data_offsets"])
    begin = last["data_offsets"][0]
    last["data_offsets"] = [offset + 8 for offset in last["data_offsets"]]
    return with_header(json.dumps(entries), body[:begin] + bytes(8) + body[begin:])


def twice(bundle: Bundle) -> bytes:
    table, body = parts(bundle)
    return with_header(table[:-1] + ',"scales":{"dtype":"F64","shape":[0],"data_offsets":[0,0]}}', body)


raw("arrays/tensors_gap", "tensors leave a gap or overlap at byte", gap)
raw("arrays/tensor_twice", "duplicate key 'scales'", twice)
raw("arrays/bytes_trailing", "8 bytes after the last tensor; need none", lambda b: encode(b.files[BASE]) + bytes(8))
raw("arrays/bytes_cut", "tensor factor: bytes", lambda b: encode(b.files[BASE])[:-8])
raw("format/bytes_seven", "arrays[0].bytes: 7; need 8 to", lambda b: bytes(7))
raw("arrays/bytes_eight", "header: not JSON", lambda b: bytes(8))
raw("arrays/header_list", "header is no object", lambda b: with_header("[]", b""))
raw("arrays/header_cut", "header: not JSON", lambda b: with_header(parts(b)[0][:-1], parts(b)[1]))
raw(
    "arrays/header_length_huge",
    "header of 18446744073709551615 bytes",
    lambda b: b"\xff" * 8 + encode(b.files[BASE])[8:],
)
raw(
    "arrays/header_length_beyond",
    "header of 100000 bytes",
    lambda b: (100_000).to_bytes(8, "little") + encode(b.files[BASE])[8:],
)
raw("arrays/header_deep", "nested deeper than 16 levels", lambda b: with_header("[" * 100 + "]" * 100, b""))


# digests: well-formed, but not the recorded bytes

document("digest/sha256_differs", 1, f"arrays {BASE}: got sha256", lambda d: d["arrays"][0].update(sha256="0" * 64))
document(
    "digest/bytes_differ",
    1,
    f"arrays {BASE}: got 2",
    lambda d: d["arrays"][0].update(bytes=d["arrays"][0]["bytes"] + 8),
)


def other_file(name: str, bend: Callable[[bytes], bytes]) -> None:
    def build(draft: Draft) -> Written:
        bundle = draft.seal()
        bundle.document["arrays"][0]["file"] = f"{name}.cert.safetensors"
        data = encode(bundle.files[BASE])
        bundle.record({f"{name}.cert.safetensors": data})
        return bundle.text().encode(), {f"{name}.cert.safetensors": bend(data)}

    REJECT[f"digest/{name}"] = (1, f"arrays {name}.cert.safetensors: got", [], build)


other_file("file_empty", lambda data: b"")
other_file("file_cut", lambda data: data[:-1])
other_file("file_longer", lambda data: data + b"\n")
other_file("bit_flipped", lambda data: data[:-3] + bytes([data[-3] ^ 1]) + data[-2:])
other_file("two_bytes_exchanged", lambda data: data[:900] + data[901:902] + data[900:901] + data[902:])


# shards


def shards(path: str, reason: str, bend: Callable[[Bundle], object]) -> None:
    def build(draft: Draft) -> Written:
        bundle = sharded().seal()
        bend(bundle)
        return sealed(bundle, path.rpartition("/")[2])

    REJECT[path] = (2, reason, [], build)


SECOND = "base.cert.1.safetensors"
shards(
    "arrays/shard_with_model",
    "tensor scales: unknown or not allowed",
    lambda b: replaced("scales", [1.0, 1.0])(b.files[SECOND]),
)
shards(
    "arrays/shard_without_labels",
    "arrays: train.labels in some shards only",
    lambda b: b.files[SECOND].pop("train.labels"),
)
shards(
    "arrays/shard_counts_differ",
    "tensor train.inputs: shape [5, 2]; need [4, 2]",
    lambda b: b.document["arrays"][1].update(rows=4),
)
shards(
    "format/shard_of_no_rows",
    "arrays[1].rows: 0; need at least 1",
    lambda b: b.document["arrays"][1].update(rows=0),
)


def shards_exchanged(draft: Draft) -> Written:
    """The model must be in the first file."""
    bundle = sharded().seal()
    bundle.document["arrays"].reverse()
    return sealed(bundle, "shards_exchanged")


REJECT["arrays/shards_exchanged"] = (2, "tensor landmarks: missing", [], shards_exchanged)


def main() -> None:
    for folder in ("accept", "reject"):
        shutil.rmtree(HERE / folder, ignore_errors=True)
    expected: dict[str, dict[str, Any]] = {}
    for name, make in ACCEPT.items():
        bundle = make().seal()
        write(f"accept/{name}", *sealed(bundle, name))
        expected[f"accept/{name}.cert.json"] = {"code": 0, "reason": "6 claims hold", "failed": []}
    for path, (code, reason, failed, build) in sorted(REJECT.items()):
        write(f"reject/{path}", *build(base()))
        expected[f"reject/{path}.cert.json"] = {"code": code, "reason": reason, "failed": failed}
    (HERE / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


def write(path: str, document: bytes, files: dict[str, bytes]) -> None:
    target = HERE / f"{path}.cert.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(document)
    for name, content in files.items():
        (target.parent / name).write_bytes(content)


if __name__ == "__main__":
    main()

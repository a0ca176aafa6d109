"""What is wrong with the operator or its proof: basis, metric, eckart_young."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from support.drafts import Draft
from support.reference import number, parse_exact, two
from support.ridges import predicted

from .accepted import plain
from .registry import (
    EVERY_CLAIM_ON_ROWS,
    claim,
    document,
    fails,
    off_by_a_digit,
)

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


@fails("metric/linear_step_function", "metric.linear_exponents[0]: got a column that varies by too few units", "metric")
def linear_step_function(draft: Draft) -> Draft:
    """An exponent so large that flooring leaves few steps of the column; its metric standardises those."""
    draft.basis["linear_exponents"][0] += 25
    draft.tensors["linear_metric"][0] <<= 25
    return draft.prove([1, 2])


@fails(
    "metric/linear_exponent_loose", "metric.linear_exponents[1]: got a column that varies by too few units", "metric"
)
def linear_exponent_loose(draft: Draft) -> Draft:
    """Sixteen times what covers the rows: harmless still, and above what is allowed."""
    draft.basis["linear_exponents"][1] += 4
    draft.tensors["linear_metric"][1] <<= 4
    return draft.prove([1, 2])


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


document("eckart_young/lower_above_upper", 2, "an empty interval; need the lower end first", swap_bounds)


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

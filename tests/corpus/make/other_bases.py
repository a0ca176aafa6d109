"""What is wrong with certificates of the exponential kernels, whose values no fraction equals, and of features."""

from __future__ import annotations

from fractions import Fraction

from support.drafts import Draft
from support.reference import two

from .accepted import features, gaussian
from .operator import scaled_metric
from .registry import EVERY_CLAIM_ON_ROWS, REJECT, Case, Written, fails, sealed, stale


def proved() -> Draft:
    return gaussian().prove([1, 2])


def kernel_exchanged(draft: Draft) -> Written:
    """All numbers are a Gaussian's; the file says Matern."""
    bundle = draft.seal()
    bundle.document["basis"]["kernel"] = "matern-3/2"
    return sealed(bundle, "kernel_exchanged")


REJECT["basis/kernel_exchanged"] = Case(1, "basis.trace.exact: got", [*EVERY_CLAIM_ON_ROWS], kernel_exchanged, proved)


@fails("metric/gaussian_half", "metric.defect: got 7.5000", "metric", start=proved)
def gaussian_half(draft: Draft) -> Draft:
    return scaled_metric(draft, Fraction(1, 2), Fraction(1), [1])


@fails("evaluation/gaussian_prediction_off", "off the formula", "evaluation", start=proved)
def gaussian_prediction_off(draft: Draft) -> Draft:
    """By far less than the eye sees, and by more than float64 and an exp of 2 units in the last place can."""
    exact = draft.reference().formula(draft.tensors["train.inputs"][0], 0)
    draft.tensors["train.predictions"][0][0] = float(exact + two(-40))
    return draft


@fails(
    "metric/features_halved",
    "metric.linear_defect: got 5.000000e-01, need 0: features in their own",
    "metric",
    start=features,
)
def features_halved(draft: Draft) -> Draft:
    """One feature measured in half its unit: its errors count a quarter."""
    draft.basis["metric_exponent"] -= 1
    first, *others = (2 * value for value in draft.tensors["linear_metric"])
    draft.tensors["linear_metric"] = [first // 2, *others]
    return draft.prove([1])


stale(
    "fidelity/feature_changed",
    "fidelity.splits[1]",
    lambda t: t["holdout.inputs"][0].__setitem__(0, t["holdout.inputs"][0][0] + 0.5),
    "fidelity",
    "evaluation",
    start=features,
)


def features_without_linear(draft: Draft) -> Written:
    bundle = draft.seal()
    bundle.document["basis"]["linear"] = False
    bundle.document["basis"]["linear_exponents"] = []
    return sealed(bundle, "features_without_linear")


REJECT["format/features_without_linear"] = Case(
    2, "basis.linear: false; need true with features", [], features_without_linear, features
)

"""Witnesses of the further claims for a draft, in float64 and without the producer: `with_further`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import frexp
from typing import Any

import numpy as np

from .drafts import Draft

MARGIN = 7e-3
"""Of the 1/100 that GCV may be above its least value, the part that cells may spend."""


@dataclass
class Fits:
    """Eigenpairs of M and A^T (t - tbar) for each output of one target, float64."""

    values: np.ndarray
    vectors: np.ndarray
    products: np.ndarray
    totals: np.ndarray
    rows: int

    @staticmethod
    def of(draft: Draft, target: str) -> Fits:
        further = draft.further_reference()
        matrix = np.array([[float(value) for value in row] for row in further.base.m])
        values, vectors = np.linalg.eigh(matrix)
        n = further.rows
        products = [[float(value / n) for value in further.vector(target, output)] for output in further.outputs]
        totals = [float(further.whole(target, output) / n**2) for output in further.outputs]
        return Fits(np.maximum(values[::-1], 0), vectors[:, ::-1], np.array(products), np.array(totals), n)

    def weights(self, ridge: float) -> np.ndarray:
        """w, a row an output: the full ridge fit."""
        return (self.products @ self.vectors / (self.values + ridge)) @ self.vectors.T

    def missed(self, ridge: float) -> float:
        """sum over the outputs that vary of RSS / total."""
        along = self.products @ self.vectors
        fitted = (along**2 * (self.values + 2 * ridge) / (self.values + ridge) ** 2).sum(axis=1)
        held = self.totals > 0
        return float((1 - fitted[held] / self.totals[held]).sum())

    def free(self, ridge: float, factor: float) -> float:
        return self.rows - factor * (1 + float((self.values / (self.values + ridge)).sum()))

    def gcv(self, ridge: float, factor: float) -> float:
        return self.missed(ridge) / self.free(ridge, factor) ** 2

    def best(self, factor: float) -> float:
        """The ridge of least GCV among many where n - g dof is well above 0."""
        ridges = [ridge for ridge in np.geomspace(1e-4, 1e3, 2000) if self.free(ridge, factor) > 0.1 * self.rows]
        return float(min(ridges, key=lambda ridge: self.gcv(ridge, factor)))

    def edges(self, low: float, high: float, factor: float) -> list[float]:
        """Cells on which the bound from both ends stays within the margin of the least value."""
        level = min(self.gcv(ridge, factor) for ridge in np.geomspace(low, high, 500)) / (1 + MARGIN)
        edges = [low]
        while edges[-1] < high and len(edges) < 1_000:
            missed, start, end = self.missed(edges[-1]), edges[-1], high
            for _ in range(40):  # the last end with missed / free(end)^2 >= level
                middle = (start + end) / 2
                start, end = (middle, end) if missed / self.free(middle, factor) ** 2 >= level else (start, middle)
            edges.append(high if missed / self.free(high, factor) ** 2 >= level else start)
        return edges


def on_grid(values: np.ndarray) -> tuple[list[list[int]], int]:
    exponent = frexp(float(np.abs(values).max()))[1] - 60
    return [[round(value) for value in row] for row in np.ldexp(values, -exponent).tolist()], exponent


def with_further(
    draft: Draft,
    kept: int,
    *,
    counts: Sequence[int] | None = None,
    ridge: float | None = None,
    criterion: str | None = "robust-gcv",
    spread: float = 1.5,
) -> Draft:
    """Attach all six claims to a proved draft; gcv only where there are labels and a criterion.

    The ridge is that of least GCV if none is given, the bracket from ridge / spread to ridge * spread.
    """
    signs = {"threshold": draft.threshold, "slack": draft.slack}
    labelled = "train.labels" in draft.tensors and criterion is not None
    factor = {"gcv": 1.0, "robust-gcv": 1.4}.get(str(criterion), 1.0)
    if ridge is None:
        ridge = Fits.of(draft, "labels").best(factor) if labelled else 0.5
    teacher = Fits.of(draft, "teacher")
    along = teacher.products @ teacher.vectors / (teacher.values + ridge)
    solution, exponent = on_grid(along[:, :kept])
    draft.tensors |= {"ridge": [ridge], "solution": solution}
    further: dict[str, dict[str, Any]] = {"spectrum": dict(signs), "shrinkage": {"solution_exponent": exponent}}
    if labelled:
        fits = Fits.of(draft, "labels")
        edges = fits.edges(ridge / spread, ridge * spread, factor)
        trials, exponent = on_grid(np.concatenate([fits.weights(a) for a in (ridge, *edges[:-1])]))
        draft.tensors |= {"ridge_edges": edges, "ridge_trials": trials}
        further["gcv"] = {"criterion": criterion, "trial_exponent": exponent, **signs}
    further["energy"] = {"modes": kept, "counts": list(counts or sorted({1, kept}))}
    draft.further = {**further, "diagnosis": dict(signs), "global": {}}
    return refitted(draft, ridge)


def refitted(draft: Draft, ridge: float) -> Draft:
    """The stored formula made that of the solution, as a student's is, rounded to float64; predictions too."""
    further = draft.further_reference()
    reference, tensors, m = further.base, draft.tensors, len(draft.tensors["landmarks"])
    for output in further.outputs:
        weights = further.solution(output)
        columns = [sum((a * w for a, w in zip(row, weights, strict=True)), Fraction(0)) for row in reference.metric]
        for index in range(m):
            tensors["coefficients"][index][output] = float(columns[index])
        stored = [Fraction(tensors["coefficients"][index][output]) for index in range(m)]
        mean = sum(Fraction(row[output]) for row in tensors["train.teacher"]) / further.rows
        constant = Fraction(0)
        for index, (value, power) in enumerate(zip(columns[m:], draft.basis["linear_exponents"], strict=True)):
            weight = float(value / Fraction(2) ** power)
            tensors["weights"][index][output] = weight
            stored.append(Fraction(weight) * Fraction(2) ** power)
            constant += Fraction(weight) * Fraction(tensors["offsets"][index])
        means = [sum(column) / further.rows for column in zip(*reference.columns, strict=True)]
        tensors["intercept"][output] = float(
            mean - constant - sum((a * b for a, b in zip(means, stored, strict=True)), Fraction(0))
        )
    return predicted(draft)


def predicted(draft: Draft) -> Draft:
    """Recorded predictions as the exact formula, rounded."""
    reference = draft.reference()
    for split in reference.splits:
        draft.tensors[f"{split}.predictions"] = [
            [float(reference.formula(x, output)) for output in range(len(draft.tensors["intercept"]))]
            for x in draft.tensors[f"{split}.inputs"]
        ]
    return draft

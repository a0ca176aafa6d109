"""Maxima over many rows: float64 keeps the rows where one may be attained, the checker's own code decides among them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from eigenstill_check.basis import LinearColumns, evaluator
from eigenstill_check.certificate import Certificate
from eigenstill_check.dyadic import Dyadic
from eigenstill_check.rows import Form, SplitSums, add_predictions

from ..arrays import FloatArray
from .split import Split

AT_ONCE = 512


@dataclass(frozen=True, eq=False)
class OpenRows:
    """Rows, and for each what is known of some quantities: scores (k, s) that are within doubts (k, s) of them.

    Only rows are kept where a quantity may be the largest of all; adding prunes again.
    """

    rows: Split
    scores: FloatArray
    doubts: FloatArray

    @staticmethod
    def of(rows: Split, scores: FloatArray, doubts: FloatArray) -> OpenRows:
        return OpenRows(rows, scores, doubts)._pruned()

    def __add__(self, other: OpenRows) -> OpenRows:
        return OpenRows(
            self.rows.joined(other.rows),
            np.concatenate([self.scores, other.scores]),
            np.concatenate([self.doubts, other.doubts]),
        )._pruned()

    def _pruned(self) -> OpenRows:
        least = (self.scores - self.doubts).max(axis=0)
        kept = np.flatnonzero((self.scores + self.doubts >= least).any(axis=1))
        return OpenRows(self.rows.taken(kept), self.scores[kept], self.doubts[kept])

    def decide(self, certificate: Certificate, forms: list[Form], sums: SplitSums, *, errors: bool) -> None:
        """Add the largest difference and magnitude of the rows to the sums; with ``errors`` the targets' largest too."""
        rows = self.rows
        parts = [rows.inputs, *rows.evaluations.values(), *(rows.targets.values() if errors else ())]
        different = {b"".join(part[k].tobytes() for part in parts): k for k in range(len(rows.inputs))}
        places = sorted(different.values())
        kernel, linear = (
            evaluator(certificate.basis, certificate.model),
            LinearColumns(certificate.basis, certificate.model),
        )
        for start in range(0, len(places), AT_ONCE):
            part = rows.taken(np.array(places[start : start + AT_ONCE]))
            block = kernel.block(part.inputs.tolist())
            listed = {name: values.tolist() for name, values in part.evaluations.items()}
            add_predictions(sums, listed, block, certificate)
            if errors:
                grid = certificate.basis.grid_bits
                columns = [
                    [value >> grid for value in fine] + tail
                    for fine, tail in zip(block.fine, linear.rows(block), strict=True)
                ]
                _add_largest(sums, part, columns, forms)


def _add_largest(sums: SplitSums, rows: Split, columns: list[list[int]], forms: list[Form]) -> None:
    """The largest |target - floored formula| of each target's outputs."""
    for output, form in enumerate(forms):
        student = [Dyadic(form(row), form.exponent) for row in columns]
        for name, values in rows.targets.items():
            target = sums.targets[name][output]
            gaps = (
                abs(Dyadic.of_float(value) - own)
                for value, own in zip(values[:, output].tolist(), student, strict=True)
            )
            target.largest_error = max(target.largest_error, *gaps)

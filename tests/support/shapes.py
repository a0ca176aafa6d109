"""Small certificates for tests by two routes: kernels, outputs, labels, all modes or fewer; all but future rows."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .drafts import Draft, draft_of, first_rows
from .ridges import with_further
from .small import small_formula


@dataclass(frozen=True)
class Shape:
    """What a certificate is made of. ``missing``: modes that are not stored; few make `gcv` hold on a narrow bracket."""

    kernel: str
    rows: int
    landmarks: int
    inputs: int
    outputs: int = 1
    linear: bool = True
    labels: bool = True
    missing: int = 0
    criterion: str = "robust-gcv"
    kept: int = 2

    def draft(self, seed: int) -> Draft:
        formula, train = small_formula(
            np.random.default_rng(seed),
            kernel=self.kernel,
            rows=self.rows,
            inputs=self.inputs,
            landmarks=self.landmarks,
            outputs=self.outputs,
            linear=self.linear,
        )
        train = train if self.labels else replace(train, labels=None)
        draft = draft_of(formula, {"train": train, "holdout": first_rows(train, 3)})
        draft.prove([1, 2], modes=formula.columns - self.missing)
        narrow = {"ridge": 30.0, "spread": 1.004} if self.missing else {}
        draft = with_further(draft, self.kept, criterion=self.criterion, **narrow)
        if self.outputs > 1:
            draft.further["agreement"] = {}
        return draft


QUADRATIC, L1 = "rational-quadratic", "rational-l1"
SHAPES = {
    "linear": Shape(QUADRATIC, 12, 4, 2),
    "linear_l1": Shape(L1, 12, 4, 2, criterion="gcv", kept=6),
    "kernel_alone": Shape(QUADRATIC, 9, 5, 3, outputs=2, linear=False, criterion="gcv", kept=3),
    "kernel_alone_l1": Shape(L1, 9, 5, 3, outputs=2, linear=False, kept=1),
    "three_outputs": Shape(QUADRATIC, 15, 3, 1, outputs=3),
    "few_rows": Shape(L1, 8, 5, 4, labels=False, kept=4),
    "no_labels": Shape(QUADRATIC, 10, 4, 2, labels=False, kept=5),
    "modes_missing": Shape(QUADRATIC, 12, 4, 2, missing=2),
    "modes_missing_l1": Shape(L1, 12, 4, 1, outputs=2, missing=1, kept=4, criterion="gcv"),
    "gaussian": Shape("gaussian", 10, 4, 2),
    "matern": Shape("matern-3/2", 10, 3, 2, outputs=2, criterion="gcv", kept=3),
    "one_mode": Shape(L1, 10, 3, 2, missing=3, labels=False, kept=1),
}

"""Certificates that every checker must accept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import ceil, log2
from typing import Any

import numpy as np

from support.drafts import Draft, draft_of, first_rows
from support.reference import two
from support.ridges import predicted
from support.small import small_formula


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


def gaussian() -> Draft:
    return plain(21, kernel="gaussian")


def features() -> Draft:
    """Three features in units of their own, one of them dead: no kernel, T gives them their units back."""
    draft = plain(23, inputs=3)
    draft.basis["kernel"] = "features"
    for name in ("landmarks", "scales", "coefficients", "metric"):
        del draft.tensors[name]
    for split in ("train", "holdout"):
        draft.tensors[f"{split}.inputs"] = [[a, 1e-4 * b, 0.0] for a, b, _ in draft.tensors[f"{split}.inputs"]]
    draft.tensors["offsets"] = np.min(draft.tensors["train.inputs"], axis=0).tolist()
    exponents = [ceil(log2(v)) + 1 if v else 0 for v in np.ptp(draft.tensors["train.inputs"], axis=0)]
    draft.basis |= {"linear_exponents": exponents, "metric_exponent": min(exponents)}
    draft.tensors["linear_metric"] = [1 << (exponent - min(exponents)) for exponent in exponents]
    return predicted(draft).prove([1])


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
    "gaussian_linear": lambda: gaussian().prove([1, 2]),
    "matern_alone_two_outputs": lambda: plain(22, kernel="matern-3/2", linear=False, outputs=2, landmarks=4).prove(
        [1, 3]
    ),
    "features": features,
    "all_ranks": lambda: plain(18, rows=12, landmarks=4).prove([1, 2, 3, 4, 5]),
}

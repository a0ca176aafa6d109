"""One network measured: errors, formulas at three sizes, the controls, the certificates."""

from __future__ import annotations

import json
import tempfile
import warnings
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

import eigenstill
from eigenstill.demo.teacher import FloatArray
from eigenstill.teacher.torch_teacher import from_torch
from eigenstill_check.dyadic import Dyadic

from .data import Split
from .networks import EPOCHS, Trained

LANDMARKS = (24, 128, 512)


def rmse(labels: FloatArray, predictions: FloatArray) -> float:
    return float(np.sqrt(np.mean((labels - np.ravel(predictions)) ** 2)))


def r_squared(target: FloatArray, predictions: FloatArray) -> float:
    return float(1 - np.sum((target - np.ravel(predictions)) ** 2) / np.sum((target - target.mean()) ** 2))


def baselines(split: Split, trained: Trained, seed: int) -> dict[str, float]:
    """What users would pick instead: a small network on the soft outputs, boosting on labels and on the teacher."""
    import torch
    from sklearn.ensemble import HistGradientBoostingRegressor

    from eigenstill.demo.teacher import train_network

    soft = trained.train_outputs[-1]
    small = train_network(split.inputs, soft, (32,), seed=seed, epochs=EPOCHS)
    with torch.no_grad():
        answers = small(torch.as_tensor(split.test_inputs)).numpy()
    boosting = {
        name: HistGradientBoostingRegressor(random_state=seed).fit(split.inputs, target).predict(split.test_inputs)
        for name, target in (("boosting_labels", split.labels), ("boosting_teacher", soft))
    }
    return {
        "small_network_on_soft_outputs": rmse(split.test_labels, answers),
        **{name: rmse(split.test_labels, answer) for name, answer in boosting.items()},
    }


def measure(split: Split, trained: Trained, seed: int) -> dict[str, Any]:
    """All columns of the table for one network."""
    train, test = trained.train_outputs[-1], trained.test_outputs[-1]
    result: dict[str, Any] = {
        "parameters": trained.parameters,
        "train_rmse": rmse(split.labels, train),
        "test_rmse": rmse(split.test_labels, test),
        "best_epoch_test_rmse": min(rmse(split.test_labels, answer) for answer in trained.test_outputs),
        **baselines(split, trained, seed),
    }
    teacher = from_torch(trained.network)
    for landmarks in LANDMARKS:
        result[f"formula_{landmarks}"] = formula(split, teacher, train, test, landmarks, seed)
    return result


def formula(
    split: Split, teacher: Any, train: FloatArray, test: FloatArray, landmarks: int, seed: int
) -> dict[str, Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", eigenstill.EigenstillWarning)
        start = perf_counter()
        options: dict[str, Any] = {"landmarks": landmarks, "seed": seed}
        student = eigenstill.distill(
            teacher, split.inputs, split.labels, holdout=split.test_inputs, holdout_y=split.test_labels, **options
        )
        distilled = perf_counter()
        control = eigenstill.labels_only(teacher, split.inputs, split.labels, **options)
        with tempfile.TemporaryDirectory() as folder:
            begun = perf_counter()
            path = eigenstill.certify(student, folder)
            certified = perf_counter()
            verdict = eigenstill.check(path)
            document = json.loads(Path(path).read_text())
    bounds = next(claim for claim in document["claims"] if claim["claim"] == "eckart_young")["ranks"]
    gaps = [
        float(Dyadic.parse(entry["upper"]["exact"])) / float(Dyadic.parse(entry["lower"]["exact"])) - 1
        for entry in bounds
    ]
    stored = next(claim for claim in document["claims"] if claim["claim"] == "compression")["stored_numbers"]
    answers = {name: student.predict(rows) for name, rows in (("train", split.inputs), ("test", split.test_inputs))}
    return {
        "kernel": student.formula.kernel,
        "train_rmse": rmse(split.labels, answers["train"]),
        "test_rmse": rmse(split.test_labels, answers["test"]),
        "control_test_rmse": rmse(split.test_labels, control.predict(split.test_inputs)),
        "r_squared_train": r_squared(train, answers["train"]),
        "r_squared_test": r_squared(test, answers["test"]),
        "modes": student.rank,
        "columns": student.formula.basis.columns,
        "effective_parameters": student.effective_parameters,
        "stored_numbers": stored,
        "verdict": verdict.word,
        "claims": sorted(outcome.claim for outcome in verdict.claims if outcome.accepted),
        "gap": max(gaps),
        "distill_seconds": distilled - start,
        "certify_seconds": certified - begun,
        "check_seconds": verdict.seconds,
    }

"""One classifier measured: formulas at three sizes with their certificates, and the same basis on labels alone."""

from __future__ import annotations

import json
import tempfile
import warnings
from pathlib import Path
from typing import Any

import eigenstill
from eigenstill.teacher.torch_teacher import from_torch
from eigenstill_check.shapes import brief

from .networks import FloatArray, Split, logits, train

LANDMARKS = (32, 128, 256)


def share(a: FloatArray, b: FloatArray) -> float:
    """Of rows on which two tables have their largest value in the same column."""
    return float((a.argmax(axis=1) == b.argmax(axis=1)).mean())


def measure(split: Split, name: str, seed: int) -> list[dict[str, Any]]:
    """A line for each size of the formula, chosen with labels, and one chosen without them."""
    network = train(split, name, seed)
    teacher = from_torch(network)
    common = {
        "network": name,
        "seed": seed,
        "parameters": sum(parameter.numel() for parameter in network.parameters()),
        "train_accuracy": share(logits(network, split.inputs), split.labels),
        "test_accuracy": share(logits(network, split.test_inputs), split.test_labels),
    }
    sizes = [(landmarks, True) for landmarks in LANDMARKS] + [(128, False)]
    return [common | formula(split, teacher, landmarks, seed, labelled=labelled) for landmarks, labelled in sizes]


def formula(split: Split, teacher: Any, landmarks: int, seed: int, *, labelled: bool) -> dict[str, Any]:
    options: dict[str, Any] = {"landmarks": landmarks, "seed": seed}
    held = {"holdout": split.test_inputs, "holdout_y": split.test_labels if labelled else None}
    with warnings.catch_warnings(), tempfile.TemporaryDirectory() as folder:
        warnings.simplefilter("ignore", eigenstill.EigenstillWarning)
        student = eigenstill.distill(teacher, split.inputs, split.labels if labelled else None, **held, **options)
        control = eigenstill.labels_only(teacher, split.inputs, split.labels, **options) if labelled else None
        path = eigenstill.certify(student, folder)
        verdict = eigenstill.check(path)
        claims = {claim["claim"]: claim for claim in json.loads(Path(path).read_text())["claims"]}
    train, holdout = claims["agreement"]["splits"]
    counts = {
        f"{split['split']}_{key}": split[key]
        for split in (train, holdout)
        for key in ("rows", "agree", "disagree", "teacher_ties")
    }
    margins = {
        f"{split['split']}_margin": float(brief(split["margin_at_least"], up=False)) for split in (train, holdout)
    }
    right = (
        {f"holdout_{key}": holdout["labels"][key] for key in ("right", "wrong", "teacher_right")} if labelled else {}
    )
    fits = {
        f"{entry['split']}_r_squared": min(
            float(brief(output["r_squared_at_least"], up=False)) for output in entry["targets"][0]["outputs"]
        )
        for entry in claims["fidelity"]["splits"]
    }
    answers = student.predict(split.test_inputs)
    return {
        "labels": labelled,
        "landmarks": landmarks,
        "kernel": student.formula.kernel,
        "ridge": student.spectrum.ridge,
        "modes": student.rank,
        "effective_parameters": student.effective_parameters,
        "stored_numbers": student.stored_numbers,
        **counts,
        **margins,
        **right,
        **fits,
        "accuracy": share(answers, split.test_labels),
        "control_accuracy": None if control is None else share(control.predict(split.test_inputs), split.test_labels),
        "claims": len(verdict.claims),
        "verdict": verdict.word,
        "check_seconds": verdict.seconds,
    }

"""The demo: Ames housing, a 512-256 network, three formulas, their certificates and verdicts, one table."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from eigenstill_check import Verdict, check
from eigenstill_check.dyadic import Dyadic

from .. import storage
from ..arrays import FloatArray
from ..certificate import certify
from ..distillation import distill, labels_only
from ..errors import EigenstillWarning
from ..reporting import model_card, report
from ..student import Student
from ..tables import load_table
from ..teacher import Teacher
from ..teacher.torch_teacher import from_torch
from .teacher import Split, split_ames, train_network

LANDMARKS = (24, 128, 512)
REPORTED = 128
HIDDEN = (512, 256)
PRICE = "Sale_Price_10k"
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Row:
    """One student of the demo's table; RMSE in 10,000 dollars on the 1,530 hold-out rows, R^2 to the network.

    `rmse` and both `r_squared` are the certified bounds (not above, not below); `control_rmse` is the same basis fitted to
    the labels; `gap` is upper / lower - 1 of the Eckart-Young bounds, the worst over the claimed ranks.
    """

    landmarks: int
    kernel: str
    rmse: float
    control_rmse: float
    r_squared_train: float
    r_squared_holdout: float
    modes: int
    columns: int
    effective_parameters: float
    stored_numbers: int
    compression_stored: float
    compression_modes: float
    ranks: list[int]
    gap: float
    verdict: str
    check_seconds: float


@dataclass(frozen=True)
class Outcome:
    """All that the demo found; `network_rmse` is a certified lower bound, on the hold-out rows.

    `report` is the page about the student of REPORTED landmarks, None without the packages that draw it.
    """

    parameters: int
    network_rmse: float
    network_rmse_train: float
    rows: list[Row]
    report: str | None

    @property
    def accepted(self) -> bool:
        return all(row.verdict == "ACCEPTED" for row in self.rows)


def run(folder: Path, *, seed: int = 0, epochs: int = 300, progress: Progress | None = None) -> Outcome:
    """Train, distil, certify, check; everything that was made stays in ``folder``.

    Raises
    ------
    ImportError : torch is not installed
    UnreadableError : the folder cannot be written
    """
    say = progress or (lambda stage, done, total: None)
    split = split_ames(seed)
    network = train_network(split.inputs, split.labels, HIDDEN, seed=seed, epochs=epochs, progress=say)
    teacher = from_torch(network, "Ames 512-256 ReLU network")
    _write_inputs(folder, split, teacher)
    rows = [_student(folder, split, teacher, count, seed, say) for count in LANDMARKS]
    page = _report(folder / f"landmarks-{REPORTED}", say)
    outcome = Outcome(
        parameters=teacher.parameters or 0,
        network_rmse=_rmse(teacher.outputs(split.test_inputs), split.test_labels),
        network_rmse_train=_rmse(teacher.outputs(split.inputs), split.labels),
        rows=rows,
        report=None if page is None else str(page),
    )
    storage.write_atomically(folder / "results.json", (json.dumps(asdict(outcome), indent=1) + "\n").encode())
    return outcome


def _student(folder: Path, split: Split, teacher: Teacher, count: int, seed: int, say: Progress) -> Row:
    def titled(stage: str, done: int, total: int) -> None:
        say(f"{count} landmarks: {stage}", done, total)

    options: dict[str, Any] = {
        "holdout": load_table(folder / "holdout.csv", drop=[PRICE]),
        "holdout_y": split.test_labels,
        "landmarks": count,
        "seed": seed,
        "progress": titled,
    }
    table = load_table(folder / "train.csv", drop=[PRICE])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", EigenstillWarning)  # they stand in the student's provenance
        student = distill(teacher, table, split.labels, **options)
        control = labels_only(teacher, table, split.labels, **options)
    place = folder / f"landmarks-{count}"
    place.mkdir(parents=True, exist_ok=True)
    student.save(place / "student.safetensors")
    if student.recording is not None:
        student.recording.save(place / "recording.safetensors")
    path = certify(student, place, progress=lambda stage, done, total: titled(f"certify {stage}", done, total))
    model_card(place)
    verdict = check(path, progress=lambda stage, done, total: titled(f"check {stage}", done, total))
    return _row(student, path, verdict, _rmse(control.predict(split.test_inputs), split.test_labels))


def _report(folder: Path, say: Progress) -> Path | None:
    """The page of a student, where matplotlib and jinja2 are installed."""
    if not all(find_spec(package) for package in ("matplotlib", "jinja2")):
        return None
    return report(folder, progress=lambda stage, done, total: say(f"report: {stage}", done, total)).path


def _row(student: Student, path: Path, verdict: Verdict, control_rmse: float) -> Row:
    claims = {claim["claim"]: claim for claim in json.loads(path.read_text(encoding="utf-8"))["claims"]}
    targets = {
        (split["split"], target["target"]): target["outputs"][0]
        for split in claims["fidelity"]["splits"]
        for target in split["targets"]
    }
    ranks = claims["eckart_young"]["ranks"]
    parameters = student.provenance.teacher_parameters or 0
    return Row(
        landmarks=len(student.formula.landmarks),
        kernel=student.formula.kernel,
        rmse=_value(targets["holdout", "labels"]["rmse_at_most"]),
        control_rmse=control_rmse,
        r_squared_train=_value(targets["train", "teacher"]["r_squared_at_least"]),
        r_squared_holdout=_value(targets["holdout", "teacher"]["r_squared_at_least"]),
        modes=student.rank,
        columns=len(student.spectrum.eigenvalues),
        effective_parameters=student.effective_parameters,
        stored_numbers=student.stored_numbers,
        compression_stored=parameters / student.stored_numbers,
        compression_modes=parameters / student.rank,
        ranks=[entry["rank"] for entry in ranks],
        gap=max(_value(entry["upper"]) / _value(entry["lower"]) - 1 for entry in ranks),
        verdict=verdict.word,
        check_seconds=verdict.seconds,
    )


def _value(number: dict[str, str]) -> float:
    return float(Dyadic.parse(number["exact"]))


def _rmse(values: FloatArray, labels: FloatArray) -> float:
    return float(np.sqrt(((values.reshape(-1) - labels) ** 2).mean()))


def _write_inputs(folder: Path, split: Split, teacher: Teacher) -> None:
    """The rows, labels and recorded outputs as files, so that every command can be tried by hand."""
    for name, inputs, labels in (
        ("train", split.inputs, split.labels),
        ("holdout", split.test_inputs, split.test_labels),
    ):
        lines = [",".join((*split.names, PRICE))]
        lines += [
            ",".join(map(repr, (*row, label))) for row, label in zip(inputs.tolist(), labels.tolist(), strict=True)
        ]
        folder.mkdir(parents=True, exist_ok=True)
        storage.write_atomically(folder / f"{name}.csv", ("\n".join(lines) + "\n").encode())
        outputs = "\n".join(["network", *(repr(float(value)) for value in teacher.outputs(inputs).reshape(-1))])
        storage.write_atomically(folder / f"network-{name}.csv", (outputs + "\n").encode())

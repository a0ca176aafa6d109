"""Distil and certify rows that do not fit in memory.

Three passes: a survey that copies the rows to one layout on the disk and samples them; one for the operator, in which
the teacher is asked and exact sums are kept; one for the errors of the finished formula. Memory is that of the
operator and of a few blocks.
"""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from ..arrays import FloatArray
from ..basis import FEATURES, Basis
from ..basis.basis import linear_term
from ..basis.mini_batch import AllRows, RowBlock
from ..certificate.certification import certify_rows
from ..certificate.split import Split
from ..device import Device, as_device
from ..distillation import choose, finished
from ..engine import Engine, Local
from ..errors import BasisError, EigenstillWarning, TeacherError, UnreadableError
from ..problem import Progress, Settings, prepare
from ..selection.fit import seen_in_sums
from ..spectrum import BlockSums, decompose_sums
from ..spectrum.block_sums import block_sums
from ..student import Student
from ..student.parts import Formula
from ..tables import Table
from ..tables.blocks import ROWS
from ..teacher import Teacher, as_teacher, from_outputs
from . import checkpoint
from .disk import DiskArray
from .records import write_records
from .shards import SHARD_ROWS, write_shard
from .sources import RowSource
from .survey import Survey, survey

CHECKPOINT_BLOCKS = 64
WORK = ".streaming"
PREDICTIONS = "predictions.f64"


@dataclass(frozen=True)
class Streamed:
    """The student, the certificate's path (None if none was asked for), and the rows that it was made from."""

    student: Student
    certificate: Path | None
    rows: int


def distill_stream(
    teacher: Any,
    rows: RowSource,
    out: str | Path,
    *,
    labels: RowSource | None = None,
    basis: str = "auto",
    landmarks: int | None = None,
    landmarks_by: str = "k-means",
    numbers: int | None = None,
    linear: bool = True,
    select: str = "auto",
    seed: int = 0,
    engine: Engine | None = None,
    device: str | Device | None = None,
    certify: bool = True,
    detached: bool = False,
    sums: bool = False,
    shard_rows: int = SHARD_ROWS,
    progress: Progress | None = None,
) -> Streamed:
    """Distil a teacher on rows that are read block by block, and certify the student.

    ``out`` receives student.safetensors and, unless told otherwise, student.cert.json with its array files: one for the
    model, one for every ``shard_rows`` rows. Called again after an interruption it goes on from the last checkpoint,
    with the same result. Basis and scales are chosen on a sample of 20,000 rows, and so are landmarks unless
    ``landmarks_by`` is "mini-batch-k-means".

    Parameters
    ----------
    teacher : as for `distill`, or a RowSource of recorded outputs, row by row
    rows, labels : sources of as many rows; labels as many columns as the teacher has outputs
    engine : where blocks are worked on, this process by default
    device : as for `distill`; a worker without it computes with numpy, with the same sums
    detached : only the digests of the rows' files stand in the certificate; keep them, check needs each as --data
    sums : also write a record of each shard's exact sums, for `check --sums`
    progress : called with (stage, rows done, rows)

    The other parameters are those of `distill`.

    Raises
    ------
    EigenstillError : as `distill`; EngineError
    """
    say, placed = progress or (lambda stage, done, total: None), as_device(device)
    if basis == FEATURES:
        raise BasisError("basis features: cannot be streamed; need a kernel, or features computed beforehand as rows")
    settings = Settings(basis, landmarks, linear, select, seed, landmarks_by, numbers)
    folder = Path(out)
    work = folder / WORK
    try:
        work.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnreadableError(
            f"{folder}: cannot be made ({error.strerror or error}); need a folder that can be"
        ) from None
    sources = {"inputs": rows}
    if isinstance(teacher, RowSource):
        sources["teacher"] = teacher
    if labels is not None:
        sources["labels"] = labels
    found = survey(sources, work, seed, say)
    run = _Run(settings, rows, teacher, found, work, engine or Local(), placed, say)
    student, known = run.student()
    student.save(folder / "student.safetensors")
    path = None
    if certify:
        path = run.certificate(student, known, folder, detached, shard_rows)
        if sums:
            write_records(path, student.formula.basis, run.rows_of_shards(known), run.engine, say, run.device)
    shutil.rmtree(work)
    return Streamed(student, path, known.rows)


class _Run:
    """One streamed distillation."""

    def __init__(
        self,
        settings: Settings,
        rows: RowSource,
        teacher: Any,
        found: Survey,
        work: Path,
        engine: Engine,
        device: Device | None,
        say: Progress,
    ) -> None:
        self.settings, self.rows, self.found, self.work = settings, rows, found, work
        self.engine, self.device, self.say = engine, device, say
        self.arrays = dict(found.arrays)
        recorded = isinstance(teacher, RowSource)
        self.teacher = _recorded(teacher, found) if recorded else as_teacher(teacher, device=device)

    @property
    def count(self) -> int:
        return len(self.arrays["inputs"])

    def student(self) -> tuple[Student, BlockSums]:
        """From the sample to the basis, from all rows to the fit."""
        sample = self.found.sample
        table = Table(
            self.arrays["inputs"][sample], self.rows.names, self.rows.source, self.rows.sha256, self.rows.named
        )
        held = self.arrays["labels"][sample] if "labels" in self.arrays else None
        problem = prepare(self.teacher, table, held, None, self.settings, self.say)
        self.teacher = problem.teacher
        wanted = problem.outputs if problem.labels is None else problem.labels
        notices = list(problem.notices)
        chosen = choose(problem, self.settings, wanted, notices, self.say, AllRows(self._inputs, self.engine))
        basis = chosen.basis
        if basis.offsets is not None:  # the linear term covers all rows, not only the sample's
            offsets, exponents = linear_term(np.stack([self.found.low, self.found.high]))
            basis = replace(basis, offsets=offsets, exponents=exponents)
        if "teacher" not in self.arrays:
            self.arrays["teacher"] = _answers(self.work / "teacher.f64", self.count, problem.outputs.shape[1])
        sums = self._sums(basis)
        spectrum = decompose_sums(basis, sums)
        seen = {name: seen_in_sums(basis, sums, name) for name in sums.totals}
        seen["wanted"] = seen["labels" if "labels" in seen else "teacher"]
        student = finished(problem, self.settings, replace(chosen, basis=basis), spectrum, seen, notices)
        return replace(student, provenance=replace(student.provenance, rows=self.count)), sums

    def _inputs(self) -> Iterator[RowBlock]:
        for start in range(0, self.count, ROWS):
            yield self.arrays["inputs"][start : start + ROWS], None
            self.say("moving landmarks", min(start + ROWS, self.count), self.count)

    def _sums(self, basis: Basis) -> BlockSums:
        """Pass two, from the last checkpoint on: the teacher is asked, sums are kept."""
        asked = None if self.teacher.rows is not None else self.teacher
        facts = {
            "rows": self.count,
            "data": self.rows.sha256,
            "teacher": [self.teacher.name, self.teacher.sha256],
            "settings": asdict(self.settings),
        }
        key, path = checkpoint.key_of(basis, facts), self.work / "sums.safetensors"
        held = checkpoint.load(path, key)
        total, done = (None, []) if held is None else held
        known = set(done)
        starts = [start for start in range(0, self.count, ROWS) if start not in known]
        apart = self.engine.apart
        task = partial(_ask_and_sum, basis, asked if apart else None, self.device)
        blocks = self._blocks(starts, None if apart else asked)
        finished_rows = self.count - sum(min(ROWS, self.count - start) for start in starts)
        for number, (place, (outputs, sums)) in enumerate(self.engine.answers(task, blocks), 1):
            start = starts[place]
            if asked is not None:
                self.arrays["teacher"].write(start, outputs)
            total = sums if total is None else total + sums
            done.append(start)
            finished_rows += sums.rows
            self.say("exact sums", finished_rows, self.count)
            if number % CHECKPOINT_BLOCKS == 0:
                checkpoint.save(path, key, total, done)
        if total is None:
            raise TeacherError("no rows; need at least two")
        checkpoint.save(path, key, total, done)
        return total

    def _blocks(self, starts: list[int], asked: Teacher | None) -> Iterator[dict[str, FloatArray]]:
        """Rows, with the answers of a teacher that is asked here: by one thread, for it need not bear several."""
        names = [name for name in ("inputs", "teacher", "labels") if name in self.found.arrays]
        for start in starts:
            block: dict[str, FloatArray] = {name: self.arrays[name][start : start + ROWS] for name in names}
            yield block if asked is None else _answered(asked, block)

    def certificate(self, student: Student, sums: BlockSums, folder: Path, detached: bool, shard_rows: int) -> Path:
        """Pass three: predictions, then errors; the rows go to shards."""
        predictions = DiskArray.blank(self.work / PREDICTIONS, self.count, sums_width(sums))
        starts = list(range(0, self.count, ROWS))
        blocks = (self.arrays["inputs"][start : start + ROWS] for start in starts)
        done = 0
        for place, values in self.engine.answers(partial(_predict, student.formula), blocks):
            predictions.write(starts[place], values)
            done += len(values)
            self.say("predictions", done, self.count)
        train = self.rows_of_shards(sums)
        parts: dict[str, Any] = {
            "inputs": train.inputs,
            "teacher": train.teacher,
            "predictions": predictions,
            "labels": train.labels,
        }
        kinds = {f"train.{name}": array for name, array in parts.items() if array is not None}
        entries = []
        for number, start in enumerate(range(0, self.count, shard_rows), 1):
            part = slice(start, min(start + shard_rows, self.count))
            entry = write_shard(
                folder / f"student.cert.{number}.safetensors", {name: (array, part) for name, array in kinds.items()}
            )
            facts = {"rows": part.stop - part.start, "holdout_rows": 0, **({"detached": True} if detached else {})}
            entries.append({**entry, **facts})
            self.say("writing the rows", part.stop, self.count)
        with warnings.catch_warnings():
            warnings.simplefilter("default", EigenstillWarning)
            return certify_rows(student, {"train": train}, entries, folder, engine=self.engine, progress=self.say)

    def rows_of_shards(self, sums: BlockSums) -> Split:
        """All rows on the disk; the predictions are there once the certificate is."""
        predictions = DiskArray(self.work / PREDICTIONS, self.count, sums_width(sums))
        return Split(self.arrays["inputs"], self.arrays["teacher"], predictions, self.arrays.get("labels"))  # type: ignore[arg-type]


def sums_width(sums: BlockSums) -> int:
    """The number of outputs."""
    return len(sums.totals["teacher"])


def _recorded(source: RowSource, found: Survey) -> Teacher:
    """Recorded outputs as a teacher of the sample."""
    values = found.arrays["teacher"][found.sample]
    return from_outputs(values[:, 0] if values.shape[1] == 1 else values, source.source, source.sha256)


def _answers(path: Path, rows: int, width: int) -> DiskArray:
    """Where the teacher's outputs go; those of an earlier call are kept for its checkpoint."""
    if path.is_file() and path.stat().st_size == 8 * rows * width:
        return DiskArray(path, rows, width)
    return DiskArray.blank(path, rows, width)


def _answered(teacher: Teacher, block: dict[str, FloatArray]) -> dict[str, FloatArray]:
    """The block with the teacher's outputs."""
    inputs = block["inputs"]
    return {"teacher": teacher.outputs(inputs).reshape(len(inputs), -1), **block}


def _ask_and_sum(
    basis: Basis, teacher: Teacher | None, device: Device | None, block: dict[str, FloatArray]
) -> tuple[FloatArray, BlockSums]:
    """The teacher's outputs on a block, and the block's sums."""
    held = block if teacher is None else _answered(teacher, block)
    targets = {name: values for name, values in held.items() if name != "inputs"}
    return targets["teacher"], block_sums(basis, held["inputs"], targets, None if device is None else device.here())


def _predict(formula: Formula, inputs: FloatArray) -> FloatArray:
    """The formula in float64, row by row in the same order of summation whoever computes it."""
    phi = formula.basis.values(inputs)[:, : len(formula.landmarks)]
    values = np.empty((len(inputs), len(formula.intercept)))
    for output, constant in enumerate(formula.intercept):
        values[:, output] = np.einsum("ij,j->i", phi, np.ascontiguousarray(formula.coefficients[:, output])) + constant
        if formula.weights is not None:
            values[:, output] += np.einsum("ij,j->i", inputs, np.ascontiguousarray(formula.weights[:, output]))
    return values

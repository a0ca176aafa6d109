"""What a report is made of: a student, its recorded rows, and the checker's verdict on its certificate."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eigenstill_check import Verdict, check
from eigenstill_check.binding import Binder, Bound, Document, require_student
from eigenstill_check.errors import Rejected

from .. import folder as places
from ..binding import binders
from ..diagnosis import Diagnosis, diagnose
from ..errors import DataError
from ..student import Recording, Student

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, eq=False)
class Sources:
    """A folder of `distill`, read and checked.

    Attributes
    ----------
    folder : where it lies
    student, recording : formula, and the rows it was made from
    verdict : of the checker, bound to this student and these rows; None where nothing was decided
    claims : the claims that hold, by name, as in the certificate; empty where it is about another student
    """

    folder: Path
    student: Student
    recording: Recording
    verdict: Verdict | None
    claims: Mapping[str, Mapping[str, Any]]


def gather(folder: Path, progress: Progress | None = None, *, decide: bool = True) -> Sources:
    """Read a folder and check its certificate, unless told not to ``decide``.

    Raises
    ------
    UnreadableError, StudentError : student or recording is missing or damaged
    """
    student, recording = places.load(folder)
    path = folder / places.CERTIFICATE
    if not decide or not path.exists():
        return Sources(folder, student, recording, None, {})
    verdict = check(
        path,
        data=[folder / places.ROWS] if holds_rows_apart(path) else [],
        bind=[*binders(student=folder / places.STUDENT), same_recording(recording)],
        progress=None if progress is None else lambda claim, done, total: progress(f"check {claim}", done, total),
    )
    held = {claim.claim for claim in verdict.claims if claim.accepted}
    document = json.loads(path.read_text(encoding="utf-8")) if held else {"claims": []}
    return Sources(
        folder,
        student,
        recording,
        verdict,
        {claim["claim"]: claim for claim in document["claims"] if claim["claim"] in held},
    )


def holds_rows_apart(path: Path) -> bool:
    """Whether the certificate itself says so: a file of rows beside it may be left from an earlier one."""
    try:
        arrays = json.loads(path.read_text(encoding="utf-8"))["arrays"]
        return any("detached" in entry for entry in arrays)
    except (ValueError, KeyError, TypeError):
        return False  # the checker says what is wrong with it


def same_recording(recording: Recording) -> Binder:
    """The certified rows, outputs and labels are the recorded ones, so what is drawn is what was certified."""
    splits = {"train": recording.train, "holdout": recording.holdout}

    def bind(found: Document) -> Bound:
        certificate = require_student(found, "recording")
        for name, split in splits.items():
            for part in ("inputs", "teacher", "labels"):
                own = None if split is None else getattr(split, part)
                shards = [getattr(shard, part) for shard in certificate.shards[name]]
                certified = [row for shard in shards if shard is not None for row in shard]
                if ([] if own is None else own.tolist()) != certified:
                    raise Rejected(
                        f"{places.RECORDING}: {name} {part}", "other rows", "the certified ones; certify again"
                    )
        return Bound(f"recording {places.RECORDING}: its rows, outputs and labels are the certified ones")

    return bind


def diagnosis_of(sources: Sources) -> Diagnosis | None:
    """Of the network against the labels; None without labels on the outputs' scale, or with too few rows for it."""
    if sources.recording.train.labels is None:
        return None
    try:
        return diagnose(sources.student, sources.recording)
    except DataError:
        return None

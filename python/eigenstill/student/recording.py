"""The recording: rows, outputs, labels and predictions for a certificate. Kept apart from the student."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .. import storage
from ..arrays import FloatArray, frozen
from ..errors import StudentError

FORMAT = "eigenstill-recording"
VERSION = 1


@dataclass(frozen=True, eq=False)
class Split:
    """One set of rows.

    Attributes
    ----------
    inputs : float64 (n, d), raw columns
    teacher : float64 (n, c), the teacher's outputs
    predictions : float64 (n, c), the student's
    labels : float64 (n, c), or None
    """

    inputs: FloatArray
    teacher: FloatArray
    predictions: FloatArray
    labels: FloatArray | None = None

    def __post_init__(self) -> None:
        for name in ("inputs", "teacher", "predictions", "labels"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, frozen(getattr(self, name)))
        same = [array.shape == self.teacher.shape for array in (self.predictions, self.labels) if array is not None]
        if self.inputs.ndim != 2 or self.teacher.ndim != 2 or len(self.inputs) != len(self.teacher) or not all(same):
            raise StudentError("recording: shapes of inputs, outputs, predictions and labels do not fit each other")


@dataclass(frozen=True, eq=False)
class Recording:
    """Training rows, and hold-out rows where there are any. It holds the user's data: treat the file as such."""

    train: Split
    holdout: Split | None = None

    def save(self, path: str | Path) -> None:
        """Write one .safetensors file: train.inputs, train.teacher, train.predictions, train.labels, holdout. ..."""
        arrays = {}
        for name, split in (("train", self.train), ("holdout", self.holdout)):
            if split is None:
                continue
            for part in ("inputs", "teacher", "predictions", "labels"):
                if getattr(split, part) is not None:
                    arrays[f"{name}.{part}"] = getattr(split, part)
        storage.write_atomically(Path(path), storage.encode(arrays, {"format": FORMAT, "version": VERSION}))

    @staticmethod
    def load(path: str | Path) -> Recording:
        """Read a recording. Raises UnreadableError (missing), StudentError (not a recording)."""
        arrays, _ = storage.read(Path(path), FORMAT, VERSION)
        splits: dict[str, Split] = {}
        for name in ("train", "holdout"):
            parts = {
                part: arrays.pop(f"{name}.{part}", None) for part in ("inputs", "teacher", "predictions", "labels")
            }
            held = [part for part, array in parts.items() if array is not None]
            if not held and name == "holdout":
                continue
            needed = {"inputs", "teacher", "predictions"}
            if not needed <= set(held) or any(array is not None and array.ndim != 2 for array in parts.values()):
                raise StudentError(f"{path}: split {name} holds {', '.join(held)}; need {', '.join(sorted(needed))}")
            # the three that `needed` names are no None here; mypy does not follow the set
            splits[name] = Split(parts["inputs"], parts["teacher"], parts["predictions"], parts["labels"])  # type: ignore[arg-type]
        if arrays:
            raise StudentError(f"{path}: unknown tensor {min(arrays)[:60]}; need the splits train and holdout only")
        return Recording(splits["train"], splits.get("holdout"))

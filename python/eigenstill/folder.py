"""What `distill` leaves in its folder, and how the other commands read it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .student import Recording, Student

STUDENT, RECORDING, CERTIFICATE = "student.safetensors", "recording.safetensors", "student.cert.json"
ROWS = "student.cert.rows.safetensors"  # of a detached certificate


def save(student: Student, folder: Path) -> None:
    """Write the student and its recording, each in one step. Raises UnreadableError."""
    from .errors import UnreadableError

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnreadableError(
            f"{folder}: cannot be made ({error.strerror or error}); need a folder that can be"
        ) from None
    if student.recording is not None:
        student.recording.save(folder / RECORDING)
    student.save(folder / STUDENT)


def load(folder: Path) -> tuple[Student, Recording]:
    """The student and its recording. Raises UnreadableError, StudentError."""
    from .student import Recording, load_student

    return load_student(folder / STUDENT), Recording.load(folder / RECORDING)


def student_path(path: Path) -> Path:
    """A student's file, or the one in a folder that `distill` wrote."""
    return path / STUDENT if path.is_dir() else path

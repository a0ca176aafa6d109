"""`report`: a folder in, a page out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from eigenstill_check import Verdict

from .. import storage
from ..errors import EigenstillError
from .page import render
from .sources import Progress, gather

NAME = "report.html"


@dataclass(frozen=True)
class Report:
    """Where the page lies, and the checker's verdict in it; None where the folder has no certificate."""

    path: Path
    verdict: Verdict | None


def report(folder: str | Path, out: str | Path | None = None, *, progress: Progress | None = None) -> Report:
    """Write the report of a folder that `distill` wrote: student, recording and, where there is one, its certificate.

    The certificate is checked, and bound to the student and the recording; the page says what was found, accepted or not.

    Parameters
    ----------
    folder : holds student.safetensors and recording.safetensors
    out : the page; ``folder``/report.html by default
    progress : called with (stage, done, total)

    Raises
    ------
    UnreadableError : a file is missing, or the page cannot be written
    StudentError : student or recording is damaged
    EigenstillError : matplotlib or jinja2 is not installed
    """
    target = Path(folder) / NAME if out is None else Path(out)
    sources = gather(Path(folder), progress)
    sources.student.require_unweighted("report")
    try:
        page = render(sources, progress or (lambda stage, done, total: None))
    except ImportError as error:
        raise EigenstillError(
            f"report: {error.name or 'a package'} is not installed; run: pip install 'eigenstill[report]'"
        ) from None
    storage.write_atomically(target, page.encode())
    return Report(target, sources.verdict)

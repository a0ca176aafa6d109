"""One shard's exact sums, computed from its rows and written as a record (FORMAT.md section 7)."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from . import certificate as reading
from . import layout
from .admission import Gate
from .arithmetic import Arithmetic
from .arithmetic import arithmetic as multiplying
from .errors import Malformed, NoVerdict, Refusal, printable
from .limits import STANDARD, Limits
from .recorded_sums import frame_of
from .shard_sums import model_digest, sums_of_shard
from .sums_document import Heading
from .sums_writing import encode, to_bytes

WORDS = {0: "RECORDED", 1: "REJECTED", 2: "MALFORMED", 3: "NO VERDICT"}


@dataclass(frozen=True)
class Recorded:
    """The outcome for one shard; ``code`` as of a verdict, but that 0 says no more than that the record is written."""

    certificate: str
    shard: int
    record: str
    code: int
    message: str
    seconds: float

    @property
    def word(self) -> str:
        return WORDS[self.code]

    def to_json(self) -> dict[str, Any]:
        return {
            "certificate": self.certificate,
            "shard": self.shard,
            "record": self.record,
            "verdict": self.word.lower().replace(" ", "_"),
            "exit_code": self.code,
            "message": self.message,
            "seconds": round(self.seconds, 3),
        }

    def __str__(self) -> str:
        return f"{self.word}  {printable(self.certificate)}: {self.message} ({self.seconds:.1f} s)"


def record_shard(
    path: str | Path,
    shard: int,
    out: str | Path,
    *,
    data: Sequence[str | Path] = (),
    arithmetic: str = "stdlib",
    jobs: int = 1,
    limits: Limits = STANDARD,
) -> Recorded:
    """Go through the rows of array file number ``shard`` alone and write their sums to ``out``. Decides no claim.

    The model's file and that of the shard are opened and their digests compared; the other ones need not be there.
    Never raises for what is wrong with the files: the outcome says it. The other parameters are those of `check`.
    """
    start = perf_counter()
    try:
        code, message = 0, _record(Path(path), shard, Path(out), data, multiplying(arithmetic, jobs), limits)
    except Refusal as refusal:
        code, message = refusal.exit_code, str(refusal)
    return Recorded(str(path), shard, str(out), code, message, perf_counter() - start)


def _record(
    path: Path, shard: int, out: Path, data: Sequence[str | Path], arithmetic: Arithmetic, limits: Limits
) -> str:
    gate = Gate(limits)
    raw = layout.load_document(path, gate.json)
    files = layout.parse_document(raw)["arrays"]
    numbers = [number for number, entry in enumerate(files) if entry["rows"]]
    if shard not in numbers:
        raise Malformed(f"--shard {shard}: no shard of rows; need {numbers[0]} to {numbers[-1]}")
    others = set(range(len(files))) - {shard}
    certificate = reading.parse(raw, path.parent, [Path(file) for file in data], gate, without=others)
    gate.numbers(certificate)
    entry = files[shard]
    heading = Heading(
        model_digest(certificate.basis, certificate.model),
        shard,
        entry["sha256"],
        entry["rows"],
        entry["holdout_rows"],
    )
    document = encode(heading, sums_of_shard(certificate, shard, entry["file"], arithmetic), frame_of(certificate))
    _write(out, to_bytes(document))
    rows = entry["rows"] + entry["holdout_rows"]
    return (
        f"the sums of shard {shard} ({entry['file']}, {rows} rows) are in {out.name}; no claim is decided by them alone"
    )


def _write(path: Path, data: bytes) -> None:
    """Under another name first, then renamed."""
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        try:
            descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0), 0o666)
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            unfinished.replace(path)
        except BaseException:
            with suppress(OSError):
                unfinished.unlink()
            raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise NoVerdict(f"--sums-out {path}: cannot be written ({reason}); need a place for a file") from None

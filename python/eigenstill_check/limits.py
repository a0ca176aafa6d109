"""What a run takes on: no more than the format's sizes, and no more time and memory than its limits (FORMAT.md 5).

A file above a limit of the run gets no verdict (exit code 3): another run, with other limits, may decide it. A file
above a size of the format is malformed for every checker.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

from .errors import Malformed, NoVerdict
from .layout import MAX_CELLS, MAX_COLUMNS, MAX_INPUTS, MAX_LANDMARKS, MAX_OUTPUTS, MAX_ROWS, MAX_SHARDS
from .shapes import MAX_JSON_BYTES
from .tensors import MAX_FILE, MAX_HEADER

MAX_EFFORT = 10**9


@dataclass(frozen=True)
class Limits:
    """The largest sizes that a run accepts, one field a name of the flag `--limit`.

    rows, holdout_rows : of all array files together
    seconds : estimated time on one core of a machine of 2024
    memory : estimated memory, in MiB
    """

    json_bytes: int = MAX_JSON_BYTES
    header_bytes: int = MAX_HEADER
    file_bytes: int = MAX_FILE
    files: int = MAX_SHARDS
    rows: int = MAX_ROWS
    holdout_rows: int = MAX_ROWS
    inputs: int = MAX_INPUTS
    outputs: int = MAX_OUTPUTS
    landmarks: int = MAX_LANDMARKS
    columns: int = MAX_COLUMNS
    cells: int = MAX_CELLS
    seconds: int = 3_600
    memory: int = 8_192

    def require(self, where: str, **got: int) -> None:
        """Raise `NoVerdict` for the first of the named sizes that is above its limit.

        One that is above the format's own is left to the reader, which says that the file is malformed.
        """
        for name, value in got.items():
            highest = getattr(self, name)
            if value > highest and (name in OPEN or value <= getattr(STANDARD, name)):
                raise NoVerdict(
                    f"{where}: {value} {name}, estimated or stated; need at most {highest}; "
                    f"allow more with --limit {name}={value}"
                )


STANDARD = Limits()
OPEN = ("seconds", "memory")  # of the machine, not of the format: any value will do


def highest(name: str) -> int:
    """The largest value that may be given to a limit."""
    return MAX_EFFORT if name in OPEN else int(getattr(STANDARD, name))


def read_limits(settings: Sequence[str]) -> Limits:
    """Limits from texts NAME=VALUE. Raises `Malformed` (the call is wrong)."""
    names = [field.name for field in fields(Limits)]
    changes: dict[str, int] = {}
    for text in settings:
        name, _, value = text.partition("=")
        if name not in names:
            raise Malformed(f"--limit {text[:60]}: unknown name; need NAME=VALUE with NAME among {', '.join(names)}")
        if not (value.isascii() and value.isdigit() and len(value) <= 15 and 1 <= int(value) <= highest(name)):
            raise Malformed(f"--limit {text[:60]}: need a whole number from 1 to {highest(name)}")
        changes[name] = int(value)
    return replace(STANDARD, **changes)


def as_mapping(limits: Limits) -> Mapping[str, int]:
    """Name and value of each limit, in the order of the flag's help."""
    return {field.name: getattr(limits, field.name) for field in fields(limits)}

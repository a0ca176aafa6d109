"""Lean's messages as values. Lean prints one JSON object a line; everything else on its output is noise."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Message:
    """One message of Lean about a place in a source file. Lines count from 1, columns from 0, as Lean counts them."""

    file: str
    line: int
    column: int
    severity: str
    text: str

    @property
    def fatal(self) -> bool:
        """Whether a build with this message fails: on everything but information."""
        return self.severity != "information"

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.severity}: {self.text.strip()}"

    def as_json(self) -> dict[str, Any]:
        """The same as a JSON object."""
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "severity": self.severity,
            "text": self.text.strip(),
        }


def parse_message(line: str, file: str) -> Message | None:
    """The message that a line of Lean's output holds about `file`, or None where the line is noise.

    A JSON object with a severity that we do not know counts as an error: nothing is let through unread.
    """
    if not line.startswith("{"):
        return None
    try:
        data = json.loads(line)
    except ValueError:
        return None
    if not isinstance(data, dict) or "severity" not in data:
        return None
    position = data.get("pos") or {}
    severity = {"error": "error", "warning": "warning", "information": "information"}.get(data["severity"], "error")
    return Message(
        file, int(position.get("line", 1)), int(position.get("column", 0)), severity, str(data.get("data", ""))
    )

"""The figures of a campaign as the part of docs/security.md between its marks."""

from __future__ import annotations

import platform
import re
from collections import Counter
from pathlib import Path

from .judge import FALSE, LESS, PROVED, SAME
from .run import Tally

BEGIN, END = "<!-- campaign: written by `make campaign` -->", "<!-- end of campaign -->"
COLUMNS = ("rejected", "malformed", "no verdict", SAME, LESS, PROVED)


def table(tally: Tally, seconds: float, lean: dict[str, int] | None) -> str:
    """The section: one line a family, then the sums and what the Lean checker said."""
    total = sum(tally.families.values(), Counter())
    accepted = sum(total[name] for name in (SAME, LESS, PROVED, FALSE))
    lines = [
        BEGIN,
        "",
        f"{tally.cases:,} mutants, seed {tally.seed}, Python {platform.python_version()}: {accepted:,} accepted, of which "
        f"**{total[FALSE]} falsely**; {len(tally.failures)} crashes, other exit codes, cases over 5 s or false verdicts; "
        f"slowest case {tally.slowest:.1f} s, largest process {tally.memory // 1024} MiB; {seconds:.0f} s.",
        "",
        "| family | cases | rejected | malformed | no verdict | accepted: the same | less | proved again |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, counts in [*sorted(tally.families.items()), ("all", total)]:
        cells = [str(counts[column]) for column in COLUMNS]
        lines.append(f"| {name.replace('_', ' ')} | {sum(counts.values())} | {' | '.join(cells)} |")
    lines.append("")
    if lean is None:
        lines.append("The Lean checker was not run on a sample.")
    else:
        lines.append(
            f"The Lean checker decided {lean['decided']} of {lean['sample']} mutants taken at even steps, in one process, "
            f"{lean['seconds']} s: {lean['accepted']} accepted, {lean['rejected']} rejected, {lean['malformed']} malformed, "
            f"{lean['no verdict']} not covered or unreadable; **{lean['disagree']} disagreements** with the Python checker."
        )
    return "\n".join([*lines, "", END])


def write(path: Path, section: str) -> None:
    """Put the section in its place."""
    text = path.read_text(encoding="utf-8")
    pattern = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    if len(pattern.findall(text)) != 1:
        raise ValueError(f"{path}: needs the marks of the campaign once")
    path.write_text(pattern.sub(lambda _: section, text), encoding="utf-8")

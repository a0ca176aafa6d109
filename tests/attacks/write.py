"""Write the attack log: PYTHONPATH=tests .venv/bin/python -m attacks.write

Both checkers decide every attack, Lean all of them in one process; README.md shows what was required and what was seen.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from eigenstill_check.verdict import WORDS

from .log import ATTACKS, Attack

README = Path(__file__).with_name("README.md")
ROOT = Path(__file__).parents[2]
HEAD = """# Attack log

What somebody could hand to an auditor, number by number: a certificate made to be accepted though its claim is false, to crash
a checker, to make it hang or to fill the machine. Each attack is a file of [tests/corpus](../corpus) or made by the function of
[log.py](log.py) that the last column names. `python -m attacks.write` writes this table from a run of both checkers;
`tests/attacks` and `tests/lean/test_attacks.py` decide all of them again, and fail where a verdict is not the required one.

"Lean" is 3, no verdict, where that checker leaves the kind of certificate open, and - where the attack is one on an option that
only the Python checker has. Files that change while they are read, and numbers of very different sizes, are attacked in
[test_limits.py](../unit/check/test_limits.py); certificates changed at random in [campaign](campaign) (docs/security.md).

| # | attack | required | Python | Lean | made by |
| --- | --- | --- | --- | --- | --- |
"""


def made(folder: Path) -> list[tuple[Path, list[str]]]:
    """Every attack in a folder of its own."""
    found = []
    for index, attack in enumerate(ATTACKS, 1):
        place = folder / f"{index:03d}"
        place.mkdir()
        found.append(attack.make(place))
    return found


def python_codes(files: Sequence[tuple[Path, list[str]]]) -> list[int]:
    from contextlib import redirect_stdout
    from io import StringIO

    from eigenstill_check.__main__ import main

    codes = []
    for path, arguments in files:
        with redirect_stdout(StringIO()):
            codes.append(main([*arguments, "--quiet", str(path)]))
    return codes


def lean_codes(files: Sequence[tuple[Path, list[str]]]) -> list[int | None]:
    from eigenstill.lean import engine
    from eigenstill.lean.toolchain import setup

    asked = [path for (path, _), attack in zip(files, ATTACKS, strict=True) if attack.lean is not None]
    found = iter(engine.check(asked, toolchain=setup(), folder=ROOT / "Lean"))
    return [None if attack.lean is None else next(found).code for attack in ATTACKS]


def line(index: int, attack: Attack, python: int, lean: int | None) -> str:
    seen = "-" if lean is None else WORDS[lean]
    return f"| {index} | {attack.title} | {WORDS[attack.python]} | {WORDS[python]} | {seen} | `{attack.source}` |"


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        files = made(Path(folder))
        python, lean = python_codes(files), lean_codes(files)
    rows = [line(index, *row) for index, row in enumerate(zip(ATTACKS, python, lean, strict=True), 1)]
    README.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    wrong = [a.title for a, p, s in zip(ATTACKS, python, lean, strict=True) if (p, s) != (a.python, a.lean)]
    sys.stdout.write(f"{len(ATTACKS)} attacks, {len(wrong)} with another verdict than required: {'; '.join(wrong)}\n")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())

"""Run the campaign: PYTHONPATH=tests .venv/bin/python -m attacks.campaign --cases 20000 --out docs/security.md

Exit code 0 where every verdict is right and both checkers agree, 1 otherwise; whatever failed is kept.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from . import report, second
from .bases import bases
from .run import campaign, failed

STEP = 1_000


def main() -> int:
    parser = argparse.ArgumentParser(prog="campaign", description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--lean", type=int, default=600, metavar="N", help="mutants for the Lean checker; 0 for none")
    parser.add_argument("--out", type=Path, help="write the figures between the marks of this document")
    parser.add_argument("--keep", type=Path, default=Path("build/campaign"), help="where failures are kept")
    options = parser.parse_args()
    start = perf_counter()

    def say(done: int) -> None:
        if done % STEP == 0:
            sys.stderr.write(f"{done} of {options.cases} mutants, {perf_counter() - start:.0f} s\n")

    with tempfile.TemporaryDirectory() as folder:
        known = bases(Path(folder))
        tally = campaign(
            options.cases, options.seed, known, options.keep, jobs=options.jobs, sample=options.lean, report=say
        )
    seconds = perf_counter() - start
    lean, differences = second.agreement(tally.sample) if options.lean else (None, [])
    section = report.table(tally, seconds, lean)
    sys.stdout.write(section + "\n")
    for case in tally.failures:
        sys.stdout.write(f"{case.outcome}: {case.family} of {case.base}, kept as {case.kept}\n")
    for line in differences:
        sys.stdout.write(f"disagreement: {line}\n")
    if options.out:
        report.write(options.out, section)
    return int(bool(differences) or any(failed(case.outcome) for case in tally.failures))


if __name__ == "__main__":
    sys.exit(main())

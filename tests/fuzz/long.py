"""Fuzz every harness for a while: PYTHONPATH=tests .venv/bin/python -m fuzz.long --seconds 60 --out docs/security.md

Inputs that reach code which no kept input reaches are added to the corpus. Exit code 1 where a promise was broken; the
input that broke it stays in the working folder.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from fuzz.harnesses import HARNESSES
from fuzz.seeds import HERE

BEGIN, END = "<!-- fuzzing: written by `make fuzz` -->", "<!-- end of fuzzing -->"
LARGEST = 16_384  # of an input that is kept


def fuzz(name: str, seconds: int) -> tuple[bool, dict[str, int]]:
    """Whether all promises held, and the fuzzer's figures."""
    with tempfile.TemporaryDirectory() as folder:
        words = [f"-max_total_time={seconds}", f"-max_len={LARGEST}", folder, str(HERE / name)]
        done = subprocess.run(
            [sys.executable, "-m", "fuzz.run", name, *words], capture_output=True, text=True, check=False
        )
        merged = [sys.executable, "-m", "fuzz.run", name, "-merge=1", "-use_counters=0", str(HERE / name), folder]
        before = len(list((HERE / name).iterdir()))
        if done.returncode == 0:
            subprocess.run(merged, capture_output=True, check=True)
        else:
            sys.stderr.write(done.stderr[-3000:])
    stats = {key: int(value) for key, value in re.findall(r"stat::(\w+):\s+(\d+)", done.stderr)}
    stats["kept"] = len(list((HERE / name).iterdir())) - before
    stats["coverage"] = int((re.findall(r"cov: (\d+)", done.stderr) or ["0"])[-1])
    return done.returncode == 0, stats


def section(rows: list[str], seconds: int) -> str:
    head = "| harness | runs | places reached | slowest input, s | peak memory, MiB | inputs added | promises |\n"
    rule = "| --- | --- | --- | --- | --- | --- | --- |"
    return "\n".join(
        [
            BEGIN,
            "",
            f"{seconds} s a harness, one process each.",
            "",
            head + rule,
            *rows,
            "",
            END,
        ]
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="fuzz", description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--out", type=Path, help="write the figures between the marks of this document")
    parser.add_argument("harness", nargs="*", default=list(HARNESSES))
    options = parser.parse_args()
    rows, good = [], True
    for name in options.harness:
        held, stats = fuzz(name, options.seconds)
        good = good and held
        keys = ("number_of_executed_units", "coverage", "slowest_unit_time_sec", "peak_rss_mb", "kept")
        cells = [str(stats.get(key, "-")) for key in keys]
        rows.append(f"| {name.replace('_', ' ')} | {' | '.join(cells)} | {'kept' if held else 'BROKEN'} |")
        sys.stderr.write(rows[-1] + "\n")
    text = section(rows, options.seconds)
    sys.stdout.write(text + "\n")
    if options.out:
        old = options.out.read_text(encoding="utf-8")
        pattern = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
        if len(pattern.findall(old)) != 1:
            raise ValueError(f"{options.out}: needs the marks of the fuzzing once")
        options.out.write_text(pattern.sub(lambda _: text, old), encoding="utf-8")
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())

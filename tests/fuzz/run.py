"""One harness under the fuzzer: PYTHONPATH=tests .venv/bin/python -m fuzz.run HARNESS [libFuzzer options] [CORPUS]..."""

from __future__ import annotations

import shlex
import sys

import atheris

with atheris.instrument_imports(include=["eigenstill_check", "eigenstill"]):
    from fuzz.harnesses import HARNESSES

LIMITS = ["-timeout=5", "-rss_limit_mb=500", "-print_final_stats=1"]


def main() -> None:
    name, *options = sys.argv[1:]
    again = f"{shlex.quote(sys.executable)} -m fuzz.run {name}"  # to merge, the fuzzer has the shell start it again
    atheris.Setup([again, *LIMITS, *options], HARNESSES[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()

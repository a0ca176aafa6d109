"""The sample of mutants that the Lean checker decides too: many certificates, one process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter

from eigenstill.lean import engine
from eigenstill.lean.agreement import compare
from eigenstill.lean.toolchain import setup
from eigenstill_check import check

from .run import WORDS

ROOT = Path(__file__).parents[3]


def agreement(
    paths: Sequence[str], report: Callable[[str, int, int], None] = lambda *_: None
) -> tuple[dict[str, int], list[str]]:
    """How the Lean checker decided, and a sentence for each mutant on which the two disagree."""
    start = perf_counter()
    found = engine.check(list(paths), toolchain=setup(), folder=ROOT / "Lean", progress=report)
    seconds = perf_counter() - start
    counts, differences = Counter(WORDS[verdict.code] for verdict in found), []
    for path, verdict in zip(paths, found, strict=True):
        said = compare(check(path), verdict).differences
        differences += [f"{path}: {'; '.join(said)}"] if said else []
    summary = {
        "sample": len(paths),
        "decided": len(found) - counts["no verdict"],
        "seconds": round(seconds),
        "disagree": len(differences),
        **{word: counts[word] for word in WORDS},
    }
    return summary, differences

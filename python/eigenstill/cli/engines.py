"""The engines of `eigenstill check`: the Python checker, the Lean checker, or both with their verdicts compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from . import console

if TYPE_CHECKING:
    from eigenstill_check import Verdict
    from eigenstill_check.parallel import Pool

    from ..lean.agreement import Agreement

Decide = Callable[[Path, console.Reporter], "Verdict"]


class Engine(StrEnum):
    """Who checks."""

    python = "python"
    lean = "lean"
    both = "both"


class Arithmetic(StrEnum):
    """Who multiplies for the Python checker."""

    stdlib = "stdlib"
    gmpy2 = "gmpy2"
    numpy = "numpy"


@contextmanager
def pool_at(scheduler: str | None) -> Iterator[Pool | None]:
    """The workers of a scheduler as the Python checker's pool; None for processes of this machine."""
    if scheduler is None:
        yield None
        return
    from ..engine import Distributed
    from ..workers import Workers

    engine = Distributed(scheduler)
    try:
        yield Workers(engine)
    finally:
        engine.close()


def with_lean(certificates: Sequence[Path], require: Sequence[str], report: console.Reporter) -> list[Verdict]:
    """The Lean checker's verdicts; Lean is installed where it is not there yet."""
    from ..lean.engine import check, lean_sources
    from ..lean.toolchain import setup

    folder = lean_sources()
    toolchain = setup(console.notes().print)
    return check(certificates, toolchain=toolchain, folder=folder, require=require, progress=report)


def with_both(
    certificates: Sequence[Path], require: Sequence[str], decide: Decide, report: console.Reporter
) -> list[Agreement]:
    """Both checkers at once: Lean in its process, Python here; then their verdicts side by side."""
    from ..lean.agreement import compare

    def silent(_stage: str, _done: int, _total: int) -> None:
        """Lean's progress is the one that is shown."""

    with ThreadPoolExecutor(max_workers=1) as pool:
        lean = pool.submit(with_lean, certificates, require, report)
        python = [decide(path, silent) for path in certificates]
        return [compare(*pair) for pair in zip(python, lean.result(), strict=True)]

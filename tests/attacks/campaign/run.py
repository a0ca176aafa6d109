"""Making, deciding and judging mutants in a few processes, each with a clock for every case."""

from __future__ import annotations

import multiprocessing
import random
import resource
import shutil
import signal
import struct
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import process_time
from types import FrameType
from typing import NamedTuple

from eigenstill_check import Verdict, check

from . import arrays, documents, whole  # noqa: F401  they register their families
from .bases import Base, choose
from .judge import FALSE, judge
from .mutant import FAMILIES

SECONDS = 5.0  # of processor time: other programs of the machine do not count
MAKING, JUDGING = 5.0, 60.0  # the reference in fractions is slow with numbers of very different sizes
WAITING = 60.0  # on the clock: for a case that waits instead of computing
WORDS = ("accepted", "rejected", "malformed", "no verdict")
Checker = Callable[[Path], Verdict]


class Slow(BaseException):
    """A case ran longer than it may; no `except Exception` of the checker may keep it."""


class Case(NamedTuple):
    """One mutant: how it was made, its verdict in a word, how long it took, and where it was kept."""

    family: str
    base: str
    outcome: str
    seconds: float
    kept: str = ""


@dataclass
class Tally:
    """What a campaign found."""

    seed: int = 0
    cases: int = 0
    families: dict[str, Counter[str]] = field(default_factory=dict)
    slowest: float = 0.0
    memory: int = 0
    failures: list[Case] = field(default_factory=list)
    sample: list[str] = field(default_factory=list)

    def add(self, case: Case) -> None:
        self.cases += 1
        self.families.setdefault(case.family, Counter())[case.outcome] += 1
        self.slowest = max(self.slowest, case.seconds)
        if failed(case.outcome):
            self.failures.append(case)


def failed(outcome: str) -> bool:
    return outcome == FALSE or outcome.startswith(("crash", "slow", "code"))


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise Slow


@contextmanager
def clock(seconds: float) -> Iterator[None]:
    """Raise `Slow` after so much processor time, or `WAITING` seconds on the clock more."""
    clocks = (
        (signal.SIGPROF, signal.ITIMER_PROF, seconds),
        (signal.SIGALRM, signal.ITIMER_REAL, seconds - SECONDS + WAITING),
    )
    previous = [signal.signal(number, _stop) for number, _, _ in clocks]
    try:
        for _, timer, most in clocks:
            signal.setitimer(timer, most)
        yield
    finally:
        for (number, timer, _), before in zip(clocks, previous, strict=True):
            signal.setitimer(timer, 0)
            signal.signal(number, before)


def decide(path: Path, base: Path, checker: Checker = check) -> tuple[str, float]:
    """The outcome in a word, and the seconds of processor time that it took."""
    start = process_time()
    try:
        with clock(SECONDS):
            code = checker(path).code
    except Slow:
        return f"slow: over {SECONDS:.0f} s", process_time() - start
    except Exception as error:  # noqa: BLE001  any exception is a finding
        return f"crash: {type(error).__name__}", process_time() - start
    seconds = process_time() - start
    if code == 0:
        try:
            with clock(JUDGING):
                return judge(path, base), seconds
        except Slow:
            return "slow: accepted, and the reference takes too long to say whether that is right", seconds
    return (WORDS[code] if code in range(4) else f"code {code}"), seconds


def one(seed: int, number: int, known: list[Base], places: dict[str, Path], keep: Path, *, sample: bool) -> Case:
    """Make and decide the mutant of this number; the same seed and number give the same mutant."""
    rng = random.Random(f"{seed}/{number}")
    while True:
        name, base = rng.choice(sorted(FAMILIES)), choose(rng, known)
        try:
            with clock(MAKING):
                mutant = FAMILIES[name](rng, base)
            break
        except (Slow, ArithmeticError, LookupError, ValueError, TypeError, struct.error):
            continue  # this family cannot change this certificate in the way that it drew
    with tempfile.TemporaryDirectory() as folder:
        path = mutant.write(Path(folder))
        outcome, seconds = decide(path, places[base.name])
        if sample or failed(outcome):
            kept = keep / f"{number:06d}-{name}"
            shutil.copytree(folder, kept, dirs_exist_ok=True)
            return Case(name, base.name, outcome, seconds, str(kept / path.name))
    return Case(name, base.name, outcome, seconds)


def written(known: list[Base], folder: Path) -> dict[str, Path]:
    """The bases on disk, each in a folder of its own, for the judge."""
    places = {}
    for base in known:
        place = folder / base.name
        place.mkdir(parents=True, exist_ok=True)
        for name, data in base.files.items():
            (place / name).write_bytes(data)
        places[base.name] = place / "base.cert.json"
        places[base.name].write_bytes(base.text)
    return places


_state: dict[str, tuple[int, list[Base], dict[str, Path], Path, int]] = {}


def _prepare(seed: int, known: list[Base], places: dict[str, Path], keep: Path, every: int) -> None:
    _state["it"] = (seed, known, places, keep, every)


def _work(number: int) -> tuple[Case, int]:
    seed, known, places, keep, every = _state["it"]
    case = one(seed, number, known, places, keep, sample=every > 0 and number % every == 0)
    return case, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def campaign(
    cases: int,
    seed: int,
    known: list[Base],
    folder: Path,
    *,
    jobs: int = 2,
    sample: int = 0,
    report: Callable[[int], None] = lambda _done: None,
) -> Tally:
    """Decide so many mutants; about ``sample`` of them are kept for a second checker, and every failure."""
    keep = folder / "kept"
    keep.mkdir(parents=True, exist_ok=True)
    state = (seed, known, written(known, folder / "bases"), keep, max(1, cases // sample) if sample else 0)
    tally = Tally(seed=seed)
    for case, memory in _results(cases, jobs, state):
        tally.add(case)
        tally.memory = max(tally.memory, memory)
        if case.kept:
            tally.sample.append(case.kept)
        report(tally.cases)
    return tally


def _results(
    cases: int, jobs: int, state: tuple[int, list[Base], dict[str, Path], Path, int]
) -> Iterator[tuple[Case, int]]:
    if jobs == 1:
        _prepare(*state)
        yield from map(_work, range(cases))
        return
    with multiprocessing.get_context("spawn").Pool(jobs, _prepare, state) as pool:
        yield from pool.imap_unordered(_work, range(cases), chunksize=50)

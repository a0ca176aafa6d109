"""Runs a job again and again, each time in a child that ends at another step of what it does to the disk.

usage: driver.py JOB FOLDER kill|interrupt FIRST STRIDE

A step is an event of Python's own audit hooks that concerns FOLDER: a file opened for writing, renamed, removed, made.
The child of step k dies there (SIGKILL) or gets Ctrl-C (SIGINT); one that reaches its end was the last. A line of JSON a child:
step, exit code or signal, and the names in the folder. Everything is imported once, in the parent: a child takes a moment.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import eigenstill
from eigenstill.cli import main

RNG = np.random.default_rng(4)
X = RNG.normal(size=(40, 2))
Y = np.sin(X[:, :1])
CHANGES = ("os.rename", "os.remove", "os.mkdir", "os.chmod", "os.rmdir", "shutil.rmtree", "tempfile.mkstemp")


def steps(folder: Path, at: int, end: Callable[[], object]) -> None:
    """From now on, call ``end`` at the change of that number to the folder."""
    seen = 0

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal seen
        writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        if (writes or event in CHANGES) and str(folder) in str(arguments[0]):
            seen += 1
            if seen == at:
                end()

    sys.addaudithook(hook)


def distill(folder: Path) -> int:
    np.save(folder.parent / "x.npy", X)
    np.save(folder.parent / "y.npy", Y)
    words = ["--teacher", folder.parent / "y.npy", "--data", folder.parent / "x.npy", "--out", folder]
    return main(["distill", *map(str, words), "--landmarks", "6", "--quiet"])


def certify(folder: Path) -> int:
    return main(["certify", str(folder), "--quiet"])


def svd(folder: Path) -> int:
    eigenstill.certify_svd(X, 1, folder)
    return 0


def lean_setup(folder: Path) -> int:
    from faults.toolchain import fake_setup

    return fake_setup(folder)


JOBS = {"distill": distill, "certify": certify, "svd": svd, "lean_setup": lean_setup}


def child(job: str, folder: Path, how: str, at: int) -> int:
    """The job with its end at a step; the exit code, negative for a signal."""
    pid = os.fork()
    if pid == 0:
        code = 70
        try:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            number = signal.SIGKILL if how == "kill" else signal.SIGINT
            steps(folder, at, lambda: os.kill(os.getpid(), number))
            code = JOBS[job](folder)
        except KeyboardInterrupt:
            code = 3
        except BaseException:  # noqa: BLE001  the parent must see it
            traceback.print_exc()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*")) if folder.exists() else []


def run() -> None:
    job, folder, how, first, stride = sys.argv[1], Path(sys.argv[2]), sys.argv[3], *map(int, sys.argv[4:6])
    if job == "certify":
        distill(folder.parent / "prepared")
        for path in (folder.parent / "prepared").glob("*.cert*"):
            path.unlink()
    at, code = first, 1
    while code != 0:
        shutil.rmtree(folder, ignore_errors=True)
        if job == "certify":
            shutil.copytree(folder.parent / "prepared", folder)
        code = child(job, folder, how, at)
        kept = folder.parent / f"after-{at}"
        if folder.exists():
            shutil.copytree(folder, kept, symlinks=True)
        again = child(job, folder, how, 10**9) if code != 0 else 0
        if again != 0:
            raise SystemExit(f"{job}: the run after one that ended at step {at} gives {again}, not 0")
        sys.stdout.write(json.dumps({"step": at, "code": code, "again": again, "names": names(kept)}) + "\n")
        at += stride


if __name__ == "__main__":
    run()

"""`eigenstill doctor`: what is installed, what works with it, what to do about the rest."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Callable
from importlib import metadata
from typing import NamedTuple

from rich.markup import escape

from . import console

MINIMUM_PYTHON = (3, 11)


class Finding(NamedTuple):
    """One line of the report: a part, what was found, what it serves, what to do where it is missing."""

    part: str
    found: str | None
    serves: str
    remedy: str


PACKAGES = (
    ("numpy", "numpy", "everything but checking", "pip install numpy"),
    ("scipy", "scipy", "everything but checking", "pip install scipy"),
    (
        "torch",
        "torch",
        "torch teachers, the demo",
        "pip install 'eigenstill[torch]' (constraints.txt names the CPU build)",
    ),
    ("onnxruntime", "onnxruntime", "model.onnx teachers, export --to onnx", "pip install 'eigenstill[onnx]'"),
    ("pyarrow", "pyarrow", "Parquet tables", "pip install 'eigenstill[parquet]'"),
    ("matplotlib", "matplotlib", "eigenstill report", "pip install 'eigenstill[report]'"),
    ("jinja2", "jinja2", "eigenstill report", "pip install 'eigenstill[report]'"),
    ("sympy", "sympy", "export --to sympy", "pip install 'eigenstill[sympy]'"),
    ("scikit-learn", "scikit-learn", "SpectralDistiller", "pip install 'eigenstill[sklearn]'"),
    ("lightgbm", "lightgbm", "model.txt teachers", "pip install lightgbm"),
    ("xgboost", "xgboost xgboost-cpu", "model.json and model.ubj teachers", "pip install xgboost"),
    ("mpmath", "mpmath", "the tests' second route", "pip install 'eigenstill[dev]'"),
)


def findings() -> list[Finding]:
    """Everything `doctor` reports, without importing the heavy packages."""
    version = ".".join(map(str, sys.version_info[:3]))
    python = version if sys.version_info >= MINIMUM_PYTHON else None
    result = [Finding("python", python, "everything", f"need 3.11 or newer, got {version}")]
    for part, distribution, serves, remedy in PACKAGES:
        result.append(Finding(part, _version(distribution), serves, remedy))
    lake = shutil.which("lake")
    result.append(Finding("lean (lake)", lake, "building the theorems", "install elan, or run: eigenstill lean setup"))
    compiler = shutil.which(os.environ.get("CC") or "cc")
    remedy = "install a C compiler, or name yours in CC"
    result.append(Finding("C compiler", compiler, "running what export --to c writes", remedy))
    result.append(Finding("checker", _try(_self_check), "eigenstill check", "reinstall eigenstill"))
    return result


def _version(distributions: str) -> str | None:
    """Of the first that is installed of one or several, with spaces between."""
    for name in distributions.split():
        try:
            return metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return None


def _try(probe: Callable[[], str]) -> str | None:
    try:
        return probe()
    except ImportError:
        return None


def _self_check() -> str:
    from eigenstill_check.dyadic import Dyadic
    from eigenstill_check.version import __version__

    exact = Dyadic.parse("3p-1") * Dyadic(2) == Dyadic(3)
    return f"{__version__}, exact arithmetic {'works' if exact else 'FAILS'}"


def doctor(json: console.Json = False) -> int:
    """Say what is installed, what works, and what to do."""
    found = findings()
    needed_missing = [
        entry for entry in found if entry.found is None and entry.part in {"python", "numpy", "scipy", "checker"}
    ]
    if json:
        console.say_json({"platform": platform.platform(), "parts": [entry._asdict() for entry in found]})
        return console.USAGE if needed_missing else console.ACCEPTED
    screen = console.screen()
    screen.print(f"eigenstill on {platform.system()} {platform.machine()}, Python {platform.python_version()}")
    for entry in found:
        mark = "[green]ok     [/]" if entry.found else "[yellow]missing[/]"
        screen.print(f"  {mark} {entry.part:<12} {escape(entry.found or entry.remedy)}", soft_wrap=True)
        screen.print(f"          {'':<12} [dim]for {escape(entry.serves)}[/]")
    screen.print("everything needed is here" if not needed_missing else "something needed is missing: see above")
    return console.USAGE if needed_missing else console.ACCEPTED

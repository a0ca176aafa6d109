"""The Lean sources of a checkout: which modules there are, what each imports, and in which order they build."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from eigenstill.lean.errors import LeanRejectedError, LeanUsageError
from eigenstill.lean.text import header_imports

CORE = frozenset({"Init", "Std", "Lean"})
BUILD_FOLDER = ".build"


@dataclass(frozen=True)
class Source:
    """A module's source file; `imports` are those of the project, core's are left out."""

    name: str
    path: Path
    imports: tuple[str, ...]
    digest: str


def find_lean_folder(start: Path | None = None) -> Path:
    """The Lean folder of the checkout that `start` (the working directory, when None) lies in.

    Raises
    ------
    LeanUsageError : no folder above has a lakefile.lean beside a Lean folder.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "lakefile.lean").is_file() and (folder / "Lean").is_dir():
            return folder / "Lean"
    raise LeanUsageError(f"{here}: no lakefile.lean beside a Lean folder here or above; run this in a checkout")


def read_sources(folder: Path) -> dict[str, Source]:
    """Every module below `folder`, by name, in an order in which they can be built.

    Raises
    ------
    LeanUsageError : the folder holds no Lean file, or a file cannot be read.
    LeanRejectedError : an import is neither a module here nor one of core's, or imports go round in a circle.
    """
    paths = [
        path
        for path in sorted(folder.rglob("*.lean"))
        if not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]
    if not paths:
        raise LeanUsageError(f"{folder}: no Lean file below it; run this in a checkout")
    names = {".".join(path.relative_to(folder).with_suffix("").parts): path for path in paths}
    sources = {name: _read(name, path, names.keys()) for name, path in names.items()}
    sorter = TopologicalSorter({name: source.imports for name, source in sources.items()})
    try:
        return {name: sources[name] for name in sorter.static_order()}
    except CycleError as error:
        circle = " imports ".join(reversed(error.args[1]))
        raise LeanRejectedError(f"{folder}: imports go round in a circle: {circle}; break it") from error


def _read(name: str, path: Path, known: Iterable[str]) -> Source:
    """One module, its imports checked against the `known` names."""
    try:
        content = path.read_bytes()
        imports = header_imports(content.decode("utf-8"))
    except OSError as error:
        raise LeanUsageError(f"{path}: {error.strerror}; make it readable") from error
    except UnicodeDecodeError as error:
        raise LeanUsageError(f"{path}: byte {error.start} is not UTF-8; save it as UTF-8") from error
    own = []
    for imported in imports:
        if imported in known:
            own.append(imported)
        elif imported.partition(".")[0] not in CORE:
            need = "a module below Lean/ or one of Init, Std, Lean"
            raise LeanRejectedError(f"{path}: it imports {imported}, need {need}; add the file or drop the import")
    return Source(name, path, tuple(own), hashlib.sha256(content).hexdigest())


def with_imports(sources: dict[str, Source], wanted: Iterable[str]) -> dict[str, Source]:
    """The wanted modules and everything they import, in build order.

    Raises
    ------
    LeanUsageError : a wanted module does not exist.
    """
    needed: set[str] = set()
    pending = list(wanted)
    while pending:
        name = pending.pop()
        if name not in sources:
            raise LeanUsageError(f"{name}: no such module below Lean/; modules are named like {next(iter(sources))}")
        if name not in needed:
            needed.add(name)
            pending.extend(sources[name].imports)
    return {name: source for name, source in sources.items() if name in needed}

"""The registry's Lean in a few bytes: every expression that its installation changes, and an archive of the same names."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

from eigenstill.lean import webassembly
from eigenstill.lean.patch import EXPORTS, EXPRESSIONS, SLEEPS

EXPRESSIONS_ALONE = " ".join(old for old, _ in EXPRESSIONS.values())
VARIABLES = "var _lean_main,_malloc,__heap_base,_table,wasmTable"
ASSIGNMENTS = (
    '_lean_main=Module["_lean_main"]=wasmExports["lean_main"]',
    '_malloc=Module["_malloc"]=wasmExports["malloc"]',
    '__heap_base=Module["__heap_base"]=wasmExports["_heap_base"].value',
    '_table=Module["_table"]=wasmTable=wasmExports["_table"]',
)
PROGRAM = f"{EXPRESSIONS_ALONE};{VARIABLES};{EXPORTS}{';'.join(ASSIGNMENTS)}}}_malloc(1);wasmTable.get(0)"
# Functions 0 to 130: the first has a twin for boxed values, and so have all from 10 on.
NAMES = [b"l_f", b"l_f___boxed", b"l_g", b"l_h___boxed", b"lean_f", b"lean_f___boxed", b"memory"]
NAMES += [name for index in range(10, 130) for name in (b"l_%d" % index, b"l_%d___boxed" % index)]


def exports(names: list[bytes]) -> bytes:
    """The section that exports a function under each name, its number the name's place in `NAMES`."""
    entries = [webassembly.number(len(name)) + name + b"\x00" + webassembly.number(NAMES.index(name)) for name in names]
    return webassembly.section(webassembly.EXPORTS, webassembly.number(len(names)) + b"".join(entries))


def module(*sections: bytes) -> bytes:
    return webassembly.HEADER + b"".join(sections)


SLEEPING = webassembly.section(10, b" between ".join(old for old, _ in SLEEPS.values()))
MACHINE_CODE = module(webassembly.section(0, b"before"), exports(NAMES), SLEEPING)
LIBRARY = {"Lean.olean": b"core", "Init/Core.olean": b"core", "._Lean.olean": b"noise"}


def archive(path: Path, files: dict[str, bytes], gather: str = "w:gz") -> Path:
    with tarfile.open(path, gather) as handle:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            handle.addfile(member, io.BytesIO(content))
    return path


def package(path: Path, library: Path, program: str = PROGRAM, machine_code: bytes = MACHINE_CODE) -> Path:
    """The package as the registry serves it, with the archive of the compiled library in it."""
    files = {"lean.js": program.encode(), "lean.wasm": machine_code, "lean-lib.tar.gz": library.read_bytes()}
    return archive(path, {f"package/{name}": content for name, content in files.items()})

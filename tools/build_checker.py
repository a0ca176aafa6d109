"""Build eigenstill-check.pyz: the checker as one file that any Python 3.11 runs, with nothing installed.

usage: python tools/build_checker.py eigenstill-check.pyz

The same sources give the same bytes: entries sorted, stored without compression, with a fixed date and mode.
"""

from __future__ import annotations

import sys
import zipfile
from io import BytesIO
from pathlib import Path

PACKAGE = "eigenstill_check"
SOURCES = Path(__file__).resolve().parent.parent / "python" / PACKAGE
SUFFIXES = {".py", ".md", ".json"}
SHEBANG = b"#!/usr/bin/env python3\n"
MAIN = f"""import sys

from {PACKAGE}.__main__ import main

sys.exit(main())
"""
EPOCH = (1980, 1, 1, 0, 0, 0)  # the first date that a zip file can hold
MODE = 0o100644 << 16


def archive() -> bytes:
    """The bytes of the zipapp: sources, FORMAT.md and the JSON Schema."""
    entries = {"__main__.py": MAIN.encode()}
    for path in SOURCES.rglob("*"):
        if path.suffix in SUFFIXES and path.is_file():
            entries[f"{PACKAGE}/{path.relative_to(SOURCES).as_posix()}"] = path.read_bytes()
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as target:
        for name in sorted(entries):
            info = zipfile.ZipInfo(name, EPOCH)
            info.create_system, info.external_attr = 3, MODE
            target.writestr(info, entries[name])
    return SHEBANG + buffer.getvalue()


def main() -> int:
    if len(sys.argv) != 2:
        sys.stderr.write("usage: python tools/build_checker.py eigenstill-check.pyz\n")
        return 2
    target = Path(sys.argv[1])
    data = archive()
    target.write_bytes(data)
    target.chmod(0o755)
    sys.stdout.write(f"{target}: {len(data)} bytes; python3 {target} CERT...\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

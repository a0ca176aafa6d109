"""Write the corpus again: PYTHONPATH=tests .venv/bin/python -m corpus.make

accept/ holds valid certificates, reject/CLAIM/ files with ONE thing wrong each; all other recorded numbers are those
that an honest file with the same tensors would hold, from `support`. expected.json says for each file the exit code,
a part of the message and the claims that fail. Both checkers must agree with it.
"""

from __future__ import annotations

import json
import shutil
from importlib import import_module
from pathlib import Path
from typing import Any

from .accepted import ACCEPT
from .agreement import AGREEMENT
from .exported import EXPORTED
from .future import FUTURE
from .registry import REJECT, sealed
from .twelve import TWELVE

HERE = Path(__file__).parents[1]
for name in ("operator", "numbers", "fits", "shares", "json_form", "array_form", "further_form", "other_bases"):
    import_module(f"corpus.make.{name}")  # registers its cases


def main() -> None:
    for folder in ("accept", "reject"):
        shutil.rmtree(HERE / folder, ignore_errors=True)
    expected: dict[str, dict[str, Any]] = {}
    for name, make in {**ACCEPT, **TWELVE, **AGREEMENT, **EXPORTED, **FUTURE}.items():
        bundle = make().seal()
        write(f"accept/{name}", *sealed(bundle, name))
        expected[f"accept/{name}.cert.json"] = {
            "code": 0,
            "reason": f"{len(bundle.document['claims'])} claims hold",
            "failed": [],
        }
    for path, case in sorted(REJECT.items()):
        write(f"reject/{path}", *case.build(case.start()))
        expected[f"reject/{path}.cert.json"] = {"code": case.code, "reason": case.reason, "failed": case.failed}
    (HERE / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


def write(path: str, document: bytes, files: dict[str, bytes]) -> None:
    target = HERE / f"{path}.cert.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(document)
    for name, content in files.items():
        (target.parent / name).write_bytes(content)


if __name__ == "__main__":
    main()

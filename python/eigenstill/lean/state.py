"""What was built from what: one small record a module, so that only what changed is built again.

A module is up to date when its key is: the digest of the toolchain, of its source, and of everything that it sees of
its imports. What is seen of an import is its exported file, not its source: where Lean writes the same file again, for
instance after a change in a comment, nothing further is built. (It need not: the file can differ from one process to another.)
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from eigenstill.lean.sources import Source

# Raise when the driver builds differently: everything is then built anew.
_REVISION = "1"
_EXPORTED = (".olean", ".ir")
_ALL = (".olean", ".olean.private", ".olean.server", ".ir")


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


class BuildState:
    """The build folder of a checkout: `lib/` holds compiled modules, `state/` a record of each that passed.

    Modules are asked for in build order: what a module sees of its imports must be known before the module itself.
    """

    def __init__(self, folder: Path, toolchain: str) -> None:
        self.folder = folder
        self._records = folder / "state"
        self._toolchain = toolchain
        self._seen: dict[str, str] = {}

    def olean(self, name: str) -> Path:
        """The compiled file of a module."""
        return (self.folder / "lib").joinpath(*name.split(".")).with_suffix(".olean")

    def _files(self, name: str, suffixes: tuple[str, ...]) -> list[Path]:
        olean = self.olean(name)
        return [olean.with_name(olean.name.removesuffix(".olean") + suffix) for suffix in suffixes]

    def _record(self, name: str) -> Path:
        return self._records / f"{name}.json"

    def _key(self, source: Source) -> str:
        return _digest(
            _REVISION, self._toolchain, source.name, source.digest, *(self._seen[name] for name in source.imports)
        )

    def up_to_date(self, source: Source) -> bool:
        """Whether the module passed with this source, these imports and this toolchain, and its file is still there."""
        try:
            record = json.loads(self._record(source.name).read_bytes())
            fresh = record["key"] == self._key(source) and self.olean(source.name).stat().st_size == record["size"]
            exported = str(record["exported"])
        except (OSError, ValueError, KeyError, TypeError):
            return False
        if fresh:
            self._see(source, exported)
        return bool(fresh)

    def _see(self, source: Source, exported: str) -> None:
        self._seen[source.name] = _digest(exported, *(self._seen[name] for name in source.imports))

    def forget(self, name: str) -> None:
        """Remove the record, then the files of a module: it is about to be built, or its source is gone."""
        for path in (self._record(name), *self._files(name, _ALL)):
            path.unlink(missing_ok=True)
        self.olean(name).parent.mkdir(parents=True, exist_ok=True)

    def forget_others(self, names: set[str]) -> None:
        """Remove what was built of modules that are not among `names`."""
        for record in self._records.glob("*.json"):
            if record.stem not in names:
                self.forget(record.stem)

    def remember(self, source: Source) -> None:
        """Record that the module passed.

        Raises
        ------
        OSError : its compiled file is not there.
        """
        olean = self.olean(source.name)
        contents = [
            path.read_bytes() for path in self._files(source.name, _EXPORTED) if path == olean or path.is_file()
        ]
        exported = _digest(*(hashlib.sha256(content).hexdigest() for content in contents))
        record = {"key": self._key(source), "size": len(contents[0]), "exported": exported}
        path = self._record(source.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial")
        partial.write_text(json.dumps(record) + "\n", encoding="utf-8")
        partial.replace(path)
        self._see(source, exported)

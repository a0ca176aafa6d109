"""What Lean's environment says of every constant of the project, asked of Lean itself after a build."""

from __future__ import annotations

import contextlib
import hashlib
import json
import queue
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from eigenstill.lean.errors import LeanError
from eigenstill.lean.sources import BUILD_FOLDER
from eigenstill.lean.worker import Event, LeanProgram, Worker, read_line

AUDIT_SECONDS = 600.0


@dataclass(frozen=True)
class Constant:
    """One declaration. `statement` and `body` are for people, `type` and `value` are the terms in full."""

    name: str
    module: str
    kind: str
    flags: frozenset[str]
    type: str
    value: str
    uses: tuple[str, ...]
    proof: tuple[str, ...]
    axioms: tuple[str, ...]
    statement: str
    body: str

    @property
    def public(self) -> bool:
        """Whether users can name it and its author wrote it."""
        return self.flags.isdisjoint({"private", "internal"})

    @property
    def theorem(self) -> bool:
        """Whether it is a theorem that users can name."""
        return self.kind == "theorem" and self.public


def read_environment(
    folder: Path, program: LeanProgram, modules: list[str], *, seconds: float = AUDIT_SECONDS
) -> dict[str, Constant]:
    """Every constant that these built modules of the Lean folder declare, by name.

    Raises
    ------
    LeanError : Lean crashed, took too long, or answered something else than what was asked.
    """
    build_folder = folder / BUILD_FOLDER
    events: queue.Queue[Event] = queue.Queue()
    try:
        with tempfile.TemporaryDirectory(prefix="audit-", dir=build_folder) as place:
            answer = Path(place) / "answer"
            worker = Worker(program, folder, build_folder, events)
            try:
                # From the folder that the process stands in: plain letters, whatever that folder is called.
                _ask(worker, events, [answer.relative_to(build_folder).as_posix(), *modules], seconds)
            finally:
                worker.stop()
            with answer.open(encoding="utf-8", errors="replace", newline="\n") as lines:
                return read_answer((read_line(worker, line) for line in lines), modules)
    except OSError as error:
        raise LeanError(f"{build_folder}: {error.strerror}; make it writable, then audit again") from error


def _ask(worker: Worker, events: queue.Queue[Event], words: list[str], seconds: float) -> None:
    """Send the command once the worker is ready, and wait until it has written its answer."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(queue.Empty):
            event = events.get(timeout=0.5)
            if event.kind == "ready":
                worker.send("audit", *words)
            elif event.kind == "audited":
                return
            elif event.kind == "exited":
                raise LeanError(
                    f"audit: Lean ended with exit code {event.fields[0]} ({worker.last_words()}); "
                    "run `eigenstill lean build`, then the audit again"
                )
    raise LeanError(f"audit: Lean did not answer within {seconds:.0f} s; run it again on an idle machine")


def read_answer(events: Iterator[Event], modules: list[str]) -> dict[str, Constant]:
    """Read the driver's answer up to its end: a module that is missing from it is an error, never a pass.

    Raises
    ------
    LeanError : a line does not read as the driver writes it, or a module is missing.
    """
    constants: dict[str, Constant] = {}
    seen: list[str] = []
    for event in events:
        if event.kind == "module":
            seen.append(event.fields[0])
        elif event.kind == "constant":
            constant = _constant(seen[-1] if seen else "", event.fields)
            constants[constant.name] = constant
        elif event.kind == "audited":
            break
    else:
        raise LeanError("audit: Lean's answer stopped before its end; run it again")
    missing = sorted(set(modules) - set(seen))
    if missing:
        raise LeanError(f"audit: Lean said nothing of {', '.join(missing)}; run `eigenstill lean build`, then it again")
    return constants


def _constant(module: str, fields: tuple[str, ...]) -> Constant:
    try:
        name, kind, flags, type_, value, uses, proof, axioms, statement, body = fields
        return Constant(
            name=_text(name),
            module=module,
            kind=kind,
            flags=frozenset(flags.split()),
            type=_text(type_),
            value=_text(value),
            uses=_words(uses),
            proof=_words(proof),
            axioms=_words(axioms),
            statement=_text(statement),
            body=_text(body),
        )
    except ValueError as error:
        raise LeanError(f"audit: unreadable answer about a constant of {module} ({error}); report this") from error


def _text(field: str) -> str:
    return str(json.loads(field))


def _words(field: str) -> tuple[str, ...]:
    return tuple(sorted(set(_text(field).split())))


def meaning(constants: dict[str, Constant], name: str) -> list[str]:
    """The project's constants that the statement (or definition) `name` rests on, itself first, in a fixed order."""
    found = {name: None}
    pending = [name]
    while pending:
        for used in constants[pending.pop()].uses:
            if used in constants and used not in found:
                found[used] = None
                pending.append(used)
    return [name, *sorted(found.keys() - {name})]


def digest(constants: dict[str, Constant], name: str) -> str:
    """SHA-256 of a statement in full: its term, and the terms of all definitions of ours that it rests on."""
    sha = hashlib.sha256()
    for used in meaning(constants, name):
        constant = constants[used]
        value = "" if constant.kind == "theorem" else constant.value
        sha.update("\0".join((constant.name, constant.kind, constant.type, value, "")).encode())
    return sha.hexdigest()

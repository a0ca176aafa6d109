"""eigenstill-check: check certificates with nothing but the Python standard library.

usage: eigenstill-check [--json] [--quiet] [--require CLAIM] [--limit NAME=VALUE] [--student S] [--data D] [--teacher T]
                        [--arithmetic stdlib|gmpy2|numpy] [--jobs N] [--sums R [--verify]] CERT...
       eigenstill-check --shard N --sums-out FILE [--data D] [--arithmetic ...] [--jobs N] CERT

Exit codes: 0 every certificate accepted; 1 a claim or a digest does not hold; 2 a file is malformed, or the call is;
3 no verdict (unreadable file, a limit, interruption, crash). With several certificates the largest code wins; the last
line of the text states the verdict.
--arithmetic says who multiplies: Python's own integers, or a package that is there; the verdict is the same.
--shard writes the exact sums of one array file's rows; --sums takes such records (or folders of them) instead of the
rows, which the verdict then says; with --verify they are compared with the sums of the rows, and a wrong one is named.
--student, --data and --teacher compare files of yours with the recorded digests; --data also takes detached rows.
Checks: basis, metric, eckart_young, fidelity, compression, evaluation; FORMAT.md in this package says what each means.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import textwrap
from collections.abc import Sequence
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from .arithmetic import ARITHMETICS
from .binding import same_digest
from .errors import Malformed, printable
from .limits import STANDARD, Limits, as_mapping, read_limits
from .record_shard import record_shard
from .recorded_sums import Used
from .verdict import MALFORMED, NO_VERDICT, WORDS, Verdict, check, shards_taken
from .version import __version__

WIDTH = 79


def render(verdict: Verdict, *, quiet: bool = False) -> str:
    """The verdict as text: one line a certificate, a line a claim, the closing lists, and the verdict once more."""
    head = f"{verdict.word}  {printable(verdict.path)}: {verdict.message}"
    if not verdict.claims or quiet:
        return head
    lines = [f"{head} ({verdict.seconds:.1f} s)"]
    for claim in verdict.claims:
        body = claim.statement if claim.accepted else f"{claim.where}: got {claim.got}, need {claim.needed}"
        lines.append(paragraph(f"  {'ok  ' if claim.accepted else 'FAIL'} {claim.claim:<13}", body))
    for title, entries in (
        ("checked", [", ".join(claim.claim for claim in verdict.claims if claim.accepted) or "nothing"]),
        ("bound", verdict.bound),
        ("sums as recorded, rows not gone through", [_shard(used) for used in verdict.sums if not used.recomputed]),
        ("records that are the sums of their rows", [_shard(used) for used in verdict.sums if used.recomputed]),
        ("recorded only", verdict.recorded),
        ("not covered", verdict.not_covered),
    ):
        lines.extend([f"{title}:"] if entries else [])
        lines.extend(paragraph("  - ", entry) for entry in entries)
    taken = shards_taken(verdict.sums)
    taken = f" (sums of {taken} as recorded)" if taken else ""
    return "\n".join([*lines, f"{verdict.word}  {printable(verdict.path)}{taken}"])


def _shard(used: Used) -> str:
    return f"shard {used.shard} ({used.file}): {printable(used.record)}"


def summary(verdicts: Sequence[Verdict]) -> str:
    """The verdict on several certificates in one line: the word of the largest code, and how many of each."""
    counts = [(word, sum(verdict.word == word for verdict in verdicts)) for word in WORDS.values()]
    listed = ", ".join(f"{count} {word.lower()}" for word, count in counts if count)
    return f"{WORDS[max(verdict.code for verdict in verdicts)]}  {len(verdicts)} certificates: {listed}"


def paragraph(lead: str, body: str) -> str:
    """``body`` wrapped at 79 columns behind ``lead``."""
    return textwrap.fill(body, WIDTH, initial_indent=lead, subsequent_indent=" " * len(lead), break_on_hyphens=False)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> None:  # type: ignore[override]
        raise SystemExit(_usage(message))


def _usage(message: str) -> int:
    sys.stderr.write(f"eigenstill-check: {message}; see eigenstill-check --help\n")
    return MALFORMED


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = _Parser(
        prog="eigenstill-check",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        usage=argparse.SUPPRESS,
    )
    parser.add_argument("certificates", nargs="+", metavar="CERT", help="NAME.cert.json, its array files beside it")
    parser.add_argument("--json", action="store_true", help="a JSON list of verdicts on standard output")
    parser.add_argument("--quiet", action="store_true", help="one line a certificate")
    parser.add_argument(
        "--require", action="append", default=[], metavar="CLAIM", help="refuse certificates without this claim"
    )
    parser.add_argument(
        "--limit",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help=f"what the run takes on; by default {', '.join(f'{name}={value}' for name, value in as_mapping(STANDARD).items())}",
    )
    for role in ("student", "teacher"):
        parser.add_argument(f"--{role}", type=Path, metavar=role[0].upper(), help=f"the {role}'s file, by its digest")
    parser.add_argument(
        "--data", action="append", default=[], type=Path, metavar="D", help="the data's file, or detached rows; repeat"
    )
    parser.add_argument("--sums", action="append", default=[], type=Path, metavar="R", help="records of shards' sums")
    parser.add_argument("--verify", action="store_true", help="recompute the sums of the records")
    parser.add_argument("--shard", type=int, metavar="N", help="write the sums of array file N, counted from 0")
    parser.add_argument("--sums-out", type=Path, metavar="FILE", help="where to; such as NAME.N.sums.json")
    parser.add_argument("--arithmetic", choices=ARITHMETICS, default="stdlib", help="who multiplies; stdlib by default")
    parser.add_argument("--jobs", type=int, default=0, metavar="N", help="processes; as many as processors by default")
    parser.add_argument("--version", action="version", version=__version__)
    return parser.parse_args(arguments)


def run(arguments: Sequence[str] | None = None) -> int:
    options = _arguments(arguments)
    if options.jobs < 0:
        return _usage(f"--jobs {options.jobs}; need 0 or more")
    try:
        limits = read_limits(options.limit)
    except Malformed as refusal:
        return _usage(str(refusal))
    if message := sums_call(len(options.certificates), options.sums, options.verify, options.shard, options.sums_out):
        return _usage(message)
    if options.shard is not None:
        return _record(options, limits)
    roles = (("student", options.student), ("teacher", options.teacher))
    bind = [same_digest(role, path) for role, path in roles if path is not None]
    verdicts = []
    for path in options.certificates:
        verdict = check(
            path,
            require=options.require,
            data=options.data,
            bind=bind,
            arithmetic=options.arithmetic,
            jobs=options.jobs,
            limits=limits,
            sums=options.sums,
            verify=options.verify,
        )
        verdicts.append(verdict)
        if not options.json:
            sys.stdout.write(render(verdict, quiet=options.quiet or len(options.certificates) > 1) + "\n")
    if len(verdicts) > 1 and not options.json:
        sys.stdout.write(summary(verdicts) + "\n")
    if options.json:
        sys.stdout.write(json.dumps([verdict.to_json() for verdict in verdicts], indent=1) + "\n")
    return max(verdict.code for verdict in verdicts)


def sums_call(certificates: int, sums: Sequence[Path], verify: bool, shard: int | None, out: Path | None) -> str | None:
    """What is wrong with a call that speaks of records of sums."""
    if (shard is None) != (out is None):
        return "--shard and --sums-out: one without the other; need both"
    if shard is not None and sums:
        return "--shard writes a record, --sums reads some; need one of the two"
    if verify and not sums:
        return "--verify: nothing to recompute; need records with --sums"
    if certificates > 1 and (sums or shard is not None):
        return "--sums and --shard are about one certificate; need one CERT"
    return None


def _record(options: argparse.Namespace, limits: Limits) -> int:
    done = record_shard(
        options.certificates[0],
        options.shard,
        options.sums_out,
        data=options.data,
        arithmetic=options.arithmetic,
        jobs=options.jobs,
        limits=limits,
    )
    sys.stdout.write((json.dumps([done.to_json()], indent=1) if options.json else str(done)) + "\n")
    return done.code


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; whatever is not a verdict ends with exit code 3."""
    try:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        code = run(arguments)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return _no_verdict("interrupted; run the check again")
    except OSError as error:
        return _no_verdict(f"the verdict cannot be written ({error.strerror or error}); need an open standard output")
    except Exception as error:  # noqa: BLE001  a crash of the checker must never look like a verdict
        return _no_verdict(f"{type(error).__name__}: {error}; this is a fault of the checker, please report it")
    return code


def _no_verdict(reason: str) -> int:
    """Say why there is no verdict where that is still possible; what is left in a broken stream is dropped."""
    with suppress(OSError, ValueError, AttributeError):
        sys.stderr.write(f"NO VERDICT: {printable(reason)}\n")
        sys.stderr.flush()
    for stream in (sys.stdout, sys.stderr):
        _drop(stream)
    return NO_VERDICT


def _drop(stream: TextIO | None) -> None:
    """Flush ``stream``, or point it nowhere: the interpreter's own flush at exit would change the exit code."""
    try:
        if stream is not None:
            stream.flush()
    except (OSError, ValueError):
        with suppress(OSError, ValueError, AttributeError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # type: ignore[union-attr]


if __name__ == "__main__":
    sys.exit(main())

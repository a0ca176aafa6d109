"""`eigenstill check`: what the independent checker says of certificates."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from . import console
from .engines import Arithmetic, Decide, Engine, pool_at

if TYPE_CHECKING:
    from eigenstill_check import Verdict
    from eigenstill_check.binding import Binder

    from ..lean.agreement import Agreement

ROWS = ".safetensors"


def check(
    certificates: Annotated[
        list[Path], typer.Argument(metavar="CERT...", help="NAME.cert.json, its array files beside it.")
    ],
    require: Annotated[
        list[str] | None, typer.Option(metavar="CLAIM", help="Refuse certificates without this claim.")
    ] = None,
    student: Annotated[
        Path | None, typer.Option(metavar="S", help="Must be the certified student: digest and formula.")
    ] = None,
    data: Annotated[
        list[Path] | None,
        typer.Option(metavar="D", help="Tables of the training and hold-out rows, detached rows; may be repeated."),
    ] = None,
    teacher: Annotated[
        str | None,
        typer.Option(metavar="T", help="The network, as for distill: digest, and its outputs computed again."),
    ] = None,
    tolerance: Annotated[
        float | None,
        typer.Option(metavar="X", min=0, help="Of those outputs, relative to the largest; 1e-5 by default."),
    ] = None,
    limit: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE", help="What the Python checker takes on, such as seconds=60; may be repeated."
        ),
    ] = None,
    trust_code: Annotated[bool, typer.Option("--trust-code", help="Allow model.pt2, which can run code.")] = False,
    engine: Annotated[
        Engine, typer.Option(help="Who checks: the Python checker, the Lean checker (starts in 15 s), or both.")
    ] = Engine.python,
    arithmetic: Annotated[
        Arithmetic, typer.Option(help="Who multiplies for the Python checker; the verdict is the same.")
    ] = Arithmetic.stdlib,
    sums: Annotated[
        list[Path] | None,
        typer.Option(metavar="R", help="Records of shards' sums, taken instead of their rows; may be repeated."),
    ] = None,
    verify: Annotated[bool, typer.Option("--verify", help="Recompute the sums of the records.")] = False,
    shard: Annotated[
        int | None, typer.Option(metavar="N", help="Write the sums of array file N, counted from 0, and no more.")
    ] = None,
    sums_out: Annotated[Path | None, typer.Option(metavar="FILE", help="Where --shard writes them.")] = None,
    jobs: Annotated[int, typer.Option(metavar="N", min=0, help="Processes; 0: as many as processors.")] = 0,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Of a Dask scheduler whose workers share the work; they are believed."),
    ] = None,
    quiet: console.Quiet = False,
    json: console.Json = False,
) -> int:
    """Check certificates exactly, from the raw rows in them; exit code 0, 1, 2 or 3.

    With --student, --data and --teacher your own files are compared with what was certified; the verdict says what was
    bound. The same checker runs alone as `python -m eigenstill_check`, with nothing but the standard library. With
    --engine both the Lean checker decides too, and a disagreement is no verdict. --shard, --sums and --verify share the
    rows of a large certificate among machines; so does --scheduler, in one call.
    """
    from eigenstill_check import check as decide
    from eigenstill_check.__main__ import sums_call
    from eigenstill_check.limits import read_limits

    limits = read_limits(limit or ())
    if message := sums_call(len(certificates), sums or (), verify, shard, sums_out):
        raise typer.BadParameter(message)
    if engine is not Engine.python and (sums or shard is not None):
        raise typer.BadParameter("--sums and --shard are the Python checker's; use --engine python")
    if scheduler is not None and shard is not None:
        raise typer.BadParameter(
            "--shard goes through one shard here; --scheduler shares the work; need one of the two"
        )
    if engine is Engine.lean and (student or data or teacher or limit or scheduler):
        message = "--student, --data, --teacher, --limit and --scheduler are the Python checker's; use --engine python or both"
        raise typer.BadParameter(message)
    rows = [path for path in data or () if path.suffix == ROWS]
    tables = [path for path in data or () if path.suffix != ROWS]
    if shard is not None and sums_out is not None:
        from eigenstill_check.record_shard import record_shard

        done = record_shard(
            certificates[0], shard, sums_out, data=rows, arithmetic=arithmetic.value, jobs=jobs, limits=limits
        )
        if json:
            console.say_json([done.to_json()])
        else:
            console.screen().print(escape(str(done)), soft_wrap=True)
        return done.code
    bind = _binders(student, tables, teacher, tolerance, trust_code)

    with pool_at(scheduler) as pool:

        def run(path: Path, report: console.Reporter) -> Verdict:
            return decide(
                path,
                require=require or (),
                data=rows,
                bind=bind,
                progress=report,
                arithmetic=arithmetic.value,
                jobs=jobs,
                limits=limits,
                sums=sums or (),
                verify=verify,
                pool=pool,
            )

        return _decided(certificates, engine, require or (), run, quiet=quiet, json=json)


def _decided(
    certificates: list[Path], engine: Engine, require: Sequence[str], run: Decide, *, quiet: bool, json: bool
) -> int:
    """Decide all certificates and print the verdicts; the exit code."""
    from eigenstill_check.__main__ import render, summary

    if engine is Engine.python:
        verdicts = []
        for path in certificates:
            with console.progress(quiet=quiet or json) as report:
                verdicts.append(run(path, report))
            if not json:
                _print(render(verdicts[-1], quiet=quiet or len(certificates) > 1), verdicts[-1])
    else:
        from .engines import with_both, with_lean

        with console.progress(quiet=quiet or json) as report:
            if engine is Engine.both:
                return _say_both(with_both(certificates, require, run, report), quiet=quiet, json=json)
            verdicts = with_lean(certificates, require, report)
        for verdict in () if json else verdicts:
            _print(render(verdict, quiet=quiet or len(certificates) > 1), verdict)
    if json:
        console.say_json([verdict.to_json() for verdict in verdicts])
    elif len(verdicts) > 1:
        console.screen().print(escape(summary(verdicts)), soft_wrap=True)
    return max(verdict.code for verdict in verdicts)


def _print(text: str, verdict: Verdict) -> None:
    colour = "green" if verdict.accepted else "red"
    coloured = escape(text).replace(verdict.word, f"[bold {colour}]{verdict.word}[/]", 1)
    console.screen().print(coloured, soft_wrap=True)


def _say_both(agreements: list[Agreement], *, quiet: bool, json: bool) -> int:
    """The Python checker's verdict, then what the Lean checker says of it."""
    from eigenstill_check.__main__ import render
    from eigenstill_check.errors import printable
    from eigenstill_check.verdict import ACCEPTED, WORDS

    if json:
        console.say_json([agreement.to_json() for agreement in agreements])
    for agreement in () if json else agreements:
        _print(render(agreement.python, quiet=quiet or len(agreements) > 1), agreement.python)
        word, by = WORDS[agreement.code], "" if agreement.code == console.NO_VERDICT else "by both: "
        colour = "green" if agreement.code == ACCEPTED else "red"
        line = escape(f"  {by}{printable(agreement.message)}")
        console.screen().print(f"[bold {colour}]{word}[/]{line}", soft_wrap=True)
    return max(agreement.code for agreement in agreements)


def _binders(
    student: Path | None, tables: list[Path], teacher: str | None, tolerance: float | None, trust_code: bool
) -> tuple[Binder, ...]:
    """Numerical libraries are loaded only where there is something to bind."""
    if student is None and not tables and teacher is None:
        return ()
    from ..binding import TOLERANCE, binders

    return binders(
        student=student,
        data=tables,
        teacher=teacher,
        tolerance=TOLERANCE if tolerance is None else tolerance,
        trust_code=trust_code,
    )

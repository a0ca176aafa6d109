"""`eigenstill show`: a student or a certificate on one screen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from .. import folder
from . import console

if TYPE_CHECKING:
    from ..student import Student

FEATURES = "features"
SHOWN_ROWS = 14
NARROWEST = 60


def show(
    path: Annotated[
        Path, typer.Argument(metavar="CERT|STUDENT", help="NAME.cert.json, student.safetensors or its folder.")
    ],
    check: Annotated[bool, typer.Option(help="Of a folder: let the checker decide its certificate.")] = True,
    quiet: console.Quiet = False,
    json: console.Json = False,
) -> int:
    """One screen about a student: formula, spectrum, modes, errors, verdict.

    Of a folder from `distill`: what its report says, the certificate checked on the way; the exit code is the
    verdict's, 0 without one. Of a student's file: the formula. Of a certificate: its claims, not checked.
    """
    if path.name.endswith(".json"):
        return _show_certificate(path, json=json)
    from ..student import load_student

    student = load_student(folder.student_path(path))
    if json:
        console.say_json(summary(student))
    elif (path / folder.RECORDING).exists() and not student.weighted:
        return _show_folder(path, decide=check, quiet=quiet)
    else:
        describe(console.screen(), student)
    return console.ACCEPTED


def _show_folder(path: Path, *, decide: bool, quiet: bool) -> int:
    from ..reporting.screen import lines
    from ..reporting.sources import gather
    from ..reporting.sparkline import ASCII, UNICODE

    with console.progress(quiet=quiet) as progress:
        sources = gather(path, progress, decide=decide)
    screen = console.screen()
    glyphs = UNICODE if screen.encoding.startswith("utf") else ASCII
    for line in lines(sources, max(screen.width, NARROWEST), glyphs, screen.encoding):
        screen.print(Text(line.text), style=line.style, no_wrap=True, overflow="crop", crop=False)
    return console.ACCEPTED if sources.verdict is None else sources.verdict.code


def summary(student: Student) -> dict[str, Any]:
    """The student's numbers, for --json."""
    formula, spectrum, origin = student.formula, student.spectrum, student.provenance
    return {
        "kernel": formula.kernel,
        "landmarks": len(formula.landmarks),
        "inputs": list(student.input_names),
        "outputs": list(student.output_names),
        "linear": formula.linear,
        "stored_numbers": student.stored_numbers,
        "modes": student.rank,
        "columns": len(spectrum.eigenvalues),
        "effective_parameters": student.effective_parameters,
        "ridge": spectrum.ridge,
        "criterion": spectrum.criterion,
        "teacher": origin.teacher,
        "teacher_parameters": origin.teacher_parameters,
        "rows": origin.rows,
        "total_weight": student.total_weight,
        "data": origin.data,
        "notices": list(origin.notices),
    }


def describe(screen: Console, student: Student) -> None:
    """The formula and its numbers in words."""
    from ..reporting.screen import KERNELS

    formula, spectrum, origin = student.formula, student.spectrum, student.provenance
    terms = "b + w . x + sum_j a_j phi_j(x)" if formula.linear else "b + sum_j a_j phi_j(x)"
    if formula.kernel == FEATURES:
        terms = "b + w . x, x the features"
    screen.print(f"[bold]student(x) = {terms}[/]")
    if formula.kernel != FEATURES:
        screen.print(f"  phi_j(x) = {KERNELS[formula.kernel]}")
    ratio = ""
    if origin.teacher_parameters:
        ratio = (
            f" ({origin.teacher_parameters / student.stored_numbers:.1f} times fewer than {origin.teacher_parameters})"
        )
    size = f"j = 1..{len(formula.landmarks)} landmarks" if formula.kernel != FEATURES else f"{len(student.input_names)}"
    screen.print(f"  {formula.kernel}, {size}; {student.stored_numbers} stored numbers{ratio}")
    screen.print(
        f"  {student.rank} of {len(spectrum.eigenvalues)} modes, {student.effective_parameters:.1f} effective parameters, "
        f"ridge {spectrum.ridge:.3g} by {spectrum.criterion}"
    )
    weights = "" if student.total_weight is None else f", weights that sum to {student.total_weight:.6g}"
    screen.print(f"  teacher {escape(origin.teacher)}; {origin.rows} rows of {escape(origin.data)}{weights}")
    scaled = formula.kernel != FEATURES
    table = Table(
        "  input",
        *(["scale s_d"] if scaled else []),
        *(["weight w_d"] if formula.weights is not None else []),
        box=None,
        pad_edge=False,
    )
    for place, name in enumerate(student.input_names[:SHOWN_ROWS]):
        weight = [] if formula.weights is None else [f"{formula.weights[place, 0]: .4g}"]
        table.add_row(f"  {escape(name)}", *([f"{formula.scales[place]:.4g}"] if scaled else []), *weight)
    screen.print(table)
    if len(student.input_names) > SHOWN_ROWS:
        screen.print(f"  ... and {len(student.input_names) - SHOWN_ROWS} more inputs")


def _show_certificate(path: Path, *, json: bool) -> int:
    from eigenstill_check.__main__ import paragraph
    from eigenstill_check.errors import Refusal
    from eigenstill_check.verdict import sentences

    try:
        found = sentences(path)
    except Refusal as refusal:
        console.fail(f"{path.name}: {refusal}")
        return refusal.exit_code
    if json:
        console.say_json([claim for claim, _ in found])
        return console.ACCEPTED
    screen = console.screen()
    screen.print(f"[bold]{escape(path.name)}[/]: what it claims; `eigenstill check` decides")
    for claim, sentence in found:
        screen.print(escape(paragraph(f"  {claim['claim']:<13}", sentence)), soft_wrap=True)
    return console.ACCEPTED

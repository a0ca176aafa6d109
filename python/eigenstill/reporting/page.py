"""From sources to one HTML page: the template escapes whatever comes from data, and the page forbids scripts."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from eigenstill_check.errors import printable
from eigenstill_check.version import __version__

from ..basis import FEATURES
from ..student import Student
from . import figures, formula, plots, tables
from .modes import energy_shares, student_influence
from .sources import Progress, Sources, diagnosis_of

SECTIONS = (
    ("formula", "The formula"),
    ("inputs", "What it does"),
    ("fidelity", "Formula and network"),
    ("spectrum", "Spectrum and ridge"),
    ("modes", "Modes"),
    ("diagnosis", "Diagnosis"),
    ("verdict", "Verdict"),
    ("origin", "Origin"),
)


def render(sources: Sources, progress: Progress) -> str:
    """The page. Raises ImportError where matplotlib or jinja2 is missing."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        loader=FunctionLoader(lambda name: files(__package__).joinpath(name).read_text(encoding="utf-8")),
    )
    environment.filters |= {"clean": lambda text: printable(str(text)), "percent": tables.percent}
    return environment.get_template("template.html").render(_contents(sources, progress))


def _contents(sources: Sources, progress: Progress) -> dict[str, Any]:
    """Every value that the template shows."""
    student, train = sources.student, sources.recording.train
    progress("effects of the inputs", 0, 2)
    influence = student_influence(student, train.inputs)
    shares = {"network": energy_shares(student, train, train.teacher)}
    if train.labels is not None:
        shares["labels"] = energy_shares(student, train, train.labels)
    progress("effects of the inputs", 1, 2)
    with plots.styled():
        ridge = figures.ridge_plot(sources)
        drawn = {
            "spectrum_plots": [
                *figures.spectrum_plots(sources),
                *([] if ridge is None else [ridge]),
                figures.energy_plot(shares),
            ],
            "scatter_plots": figures.scatter_plots(sources),
            "mode_plots": figures.mode_plots(student, influence, shares["network"]),
            "input_plots": figures.input_plots(student, influence),
        }
    progress("effects of the inputs", 2, 2)
    verdict, diagnosis, numbers = sources.verdict, diagnosis_of(sources), tables.numbers(student)
    return drawn | {
        "version": __version__,
        "style": files(__package__).joinpath("style.css").read_text(encoding="utf-8"),
        "title": f"Formula of {student.provenance.teacher}",
        "data": student.provenance.data,
        "rows": student.provenance.rows,
        "sections": SECTIONS,
        "verdict": verdict,
        "certificate": "" if verdict is None else verdict.path,
        "lists": [] if verdict is None else _lists(verdict),
        "facts": tables.facts(sources),
        "notices": student.provenance.notices,
        "math": formula.mathml(student.formula),
        "scaled": student.formula.kernel != FEATURES,
        "landmarks": len(student.formula.landmarks),
        "stored": student.stored_numbers,
        "outputs": student.output_names,
        "weighted": _weighted(student),
        "intercepts": [tables.short(value) for value in student.formula.intercept],
        "inputs": tables.inputs(student, influence),
        "numbers": None if numbers is None else list(numbers),
        "fidelity": tables.fidelity(sources),
        "agreement": tables.agreement(sources),
        "modes": tables.modes(student, influence, shares),
        "labelled": "labels" in shares,
        "certified_diagnosis": tables.certified_diagnosis(sources),
        "diagnosis": [] if diagnosis is None else tables.diagnosis(diagnosis),
        "bands": [] if diagnosis is None else tables.bands(diagnosis),
        "guard": None if diagnosis is None else diagnosis.guard,
        "origin": tables.origin(sources),
        "machine": _machine(sources),
    }


def _weighted(student: Student) -> tuple[str, ...]:
    """The outputs whose linear weights are shown: all, or none where they are many."""
    shown = student.formula.linear and len(student.output_names) <= tables.MOST_WEIGHTS
    return student.output_names if shown else ()


def _lists(verdict: Any) -> list[tuple[str, list[str]]]:
    """The closing lists; what the user's own files were compared with stands first among them."""
    held = ", ".join(claim.claim for claim in verdict.claims if claim.accepted) or "nothing"
    return [
        ("Checked", [held, *verdict.bound]),
        ("Recorded only", list(verdict.recorded)),
        ("Not covered", list(verdict.not_covered)),
    ]


def _machine(sources: Sources) -> dict[str, Any]:
    """The same for programs: verdict, and what the student is."""
    student = sources.student
    return {
        "verdict": None if sources.verdict is None else sources.verdict.to_json(),
        "inputs": student.input_names,
        "outputs": student.output_names,
        "kernel": student.formula.kernel,
        "stored_numbers": student.stored_numbers,
        "ridge": student.spectrum.ridge,
        "criterion": student.spectrum.criterion,
        "modes": student.rank,
        "effective_parameters": student.effective_parameters,
        "eigenvalues": student.spectrum.eigenvalues.tolist(),
    }

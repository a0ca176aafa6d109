"""The report on one screen of text: the same content as the page, in lines that never wrap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from textwrap import wrap

import numpy as np
from rich.cells import cell_len, set_cell_size

from eigenstill_check import Verdict
from eigenstill_check.errors import printable
from eigenstill_check.shapes import brief

from .. import folder as places
from ..basis import FEATURES
from ..diagnosis import Diagnosis
from . import tables
from .modes import Influence, energy_shares, student_influence
from .sources import Sources, diagnosis_of
from .sparkline import Glyphs, logarithms, sparkline

KERNELS = {
    "rational-quadratic": "1 / (1 + sum_d s_d (x_d - z_jd)^2)",
    "rational-l1": "1 / (1 + sum_d s_d |x_d - z_jd|)",
    "gaussian": "exp(-sum_d s_d (x_d - z_jd)^2)",
    "matern-3/2": "(1 + t) exp(-t), t^2 = 3 sum_d s_d (x_d - z_jd)^2",
}
MODES_SHOWN, INPUTS_SHOWN = 6, 8
LABEL = 14


@dataclass(frozen=True)
class Line:
    """Text and its style in rich's words."""

    text: str
    style: str = ""


def lines(sources: Sources, width: int, glyphs: Glyphs, encoding: str = "utf-8") -> list[Line]:
    """The whole screen.

    Parameters
    ----------
    sources : of a folder that `distill` wrote
    width : columns of the screen; no line is longer
    encoding : of the screen; what it cannot write is escaped
    """
    parts = [
        _formula(sources, width),
        _spectrum(sources, width, glyphs),
        _modes(sources, width),
        _fidelity(sources),
        _agreement(sources),
        _diagnosis(sources, width),
        _verdict(sources.verdict, width),
        _digests(sources),
    ]
    found = [line for part in parts for line in part]
    return [Line(_fitted(line.text, width, glyphs, encoding), line.style) for line in found]


def _fitted(text: str, width: int, glyphs: Glyphs, encoding: str) -> str:
    """Without control characters, in what the screen can write, cut to its width."""
    safe = printable(text).encode(encoding, "backslashreplace").decode(encoding)
    if cell_len(safe) <= width:
        return safe
    return set_cell_size(safe, width - len(glyphs.cut)).rstrip() + glyphs.cut


def _paragraph(text: str, width: int, indent: str = "  ") -> list[Line]:
    return [Line(part) for part in wrap(printable(text), width, initial_indent=indent, subsequent_indent=indent)]


def _formula(sources: Sources, width: int) -> Iterator[Line]:
    student, origin = sources.student, sources.student.provenance
    formula, parameters = student.formula, origin.teacher_parameters
    yield Line(f"{origin.teacher} on {origin.data}, {origin.rows:,} rows", "bold")
    several = f", one for each of {len(student.output_names)} outputs" if len(student.output_names) > 1 else ""
    if formula.kernel == FEATURES:
        yield Line(f"  formula(x) = b + w . x{several}, x the {len(student.input_names)} features", "cyan")
    else:
        terms = "b + w . x + sum_j a_j phi_j(x)" if formula.linear else "b + sum_j a_j phi_j(x)"
        yield Line(f"  formula(x) = {terms}{several}", "cyan")
        yield Line(
            f"  phi_j(x) = {KERNELS[formula.kernel]}, j = 1 .. {len(formula.landmarks)}, d = 1 .. "
            f"{len(student.input_names)}",
            "cyan",
        )
    fewer = (
        f", {parameters / student.stored_numbers:.1f} times fewer than the network's {parameters:,}"
        if parameters
        else ""
    )
    yield Line(f"  {student.stored_numbers:,} stored numbers{fewer}")
    for notice in origin.notices:
        yield from _paragraph(f"notice: {notice}", width)


def _spectrum(sources: Sources, width: int, glyphs: Glyphs) -> Iterator[Line]:
    spectrum = sources.student.spectrum
    rank, values = spectrum.rank, spectrum.eigenvalues
    yield Line(
        f"SPECTRUM  K* = {rank} of {len(values)} modes, {spectrum.effective_parameters:.1f} effective parameters",
        "bold",
    )
    filtered = np.concatenate([spectrum.kept, np.zeros(len(values) - rank)])
    for label, drawn, first, last, span in (
        ("eigenvalue", logarithms(values), values[0], values[-1], None),
        ("kept", filtered, spectrum.kept[0], filtered[-1], (0.0, 1.0)),
    ):
        left, right = f"  {label:<11} {float(first):>9.3g} ", f" {float(last):.3g}"
        cells = width - len(left) - 11
        yield Line(f"{left}{sparkline(drawn, max(cells, 8), rank, glyphs, span)}{right}")
    if claim := sources.claims.get("spectrum"):
        yield Line(f"  certified: every eigenvalue within {tables.widest_interval(claim)}, none missed")
    yield Line(f"  ridge {spectrum.ridge:.4g} by {spectrum.criterion}")
    yield from _bracket(sources)


def _bracket(sources: Sources) -> Iterator[Line]:
    claim = sources.claims.get("gcv")
    if claim is not None:
        low, high = brief(claim["from_at_most"], up=True, digits=3), brief(claim["to_at_least"], up=False, digits=3)
        excess = 100 * float(brief(claim["excess_at_most"], up=True))
        yield Line(
            f"  certified: no ridge from {float(low):g} to {float(high):g} is better by more than {excess:.2f} %"
        )


def _modes(sources: Sources, width: int) -> Iterator[Line]:
    student, train = sources.student, sources.recording.train
    influence: Influence = student_influence(student, train.inputs)
    shares = {"network": energy_shares(student, train, train.teacher)}
    if train.labels is not None:
        shares["labels"] = energy_shares(student, train, train.labels)
    effects = tables.formula_effects(student, influence)
    order = [place for place in np.argsort(-effects, kind="stable")[:INPUTS_SHOWN] if effects[place] > 0]
    yield Line("INPUTS by their effect on the formula", "bold")
    moved = [f"{student.input_names[place]} {tables.percent(float(effects[place]))}" for place in order]
    half = (len(moved) + 1) // 2
    for part in filter(None, (moved[:half], moved[half:])):
        yield Line("  " + ", ".join(part))
    yield Line("MODES with most of the network's energy", "bold")
    yield Line("     k  eigenvalue   kept  network   labels  strongest inputs", "dim")
    rows = sorted(tables.modes(student, influence, shares), key=lambda row: -row.teacher)[:MODES_SHOWN]
    for row in rows:
        labels = "-" if row.labels is None else tables.percent(row.labels)
        energies = f"{tables.percent(row.teacher):>8} {labels:>8}"
        line = f"  {row.number:>4} {row.eigenvalue:>11} {row.kept:>6.3f} {energies}  "
        yield Line(
            line + _while_it_fits([f"{name} {100 * share:.0f} %" for name, share in row.inputs], width - len(line))
        )


def _while_it_fits(parts: Sequence[str], width: int) -> str:
    """The first, and those after it that the line has room for."""
    text = ", ".join(parts[:1])
    for part in parts[1:]:
        if cell_len(f"{text}, {part}") > width:
            break
        text += f", {part}"
    return text


def _fidelity(sources: Sources) -> Iterator[Line]:
    certified = tables.fidelity(sources)
    rows = certified or tables.measured_fidelity(sources)
    outputs = len(sources.student.output_names)
    head = f"FIDELITY, {'certified' if certified else 'computed, not certified'}"
    yield Line(f"{head}{f', worst of {outputs} outputs' if outputs > 1 else ''}", "bold")
    less, more = ("<=", ">=") if certified else ("", "")
    yield Line(
        f"  rows      to        {f'RMSE {less}':>12} {f'largest {less}':>12} {f'R^2 {more}':>10} {f'network RMSE {more}':>17}",
        "dim",
    )
    for (split, target), group in groupby(rows, key=lambda row: (row.split, row.target)):
        own = list(group)
        network = own[0].network if outputs == 1 else ""
        fit = min((row.r_squared for row in own if row.r_squared), key=float, default="-")
        yield Line(
            f"  {split:<9} {target:<9} {_largest([row.rmse for row in own]):>12} "
            f"{_largest([row.error for row in own]):>12} {fit:>10} {network:>17}".rstrip()
        )


def _largest(numbers: Sequence[str]) -> str:
    return max(numbers, key=float)


def _agreement(sources: Sources) -> Iterator[Line]:
    rows = tables.agreement(sources)
    if not rows:
        return
    yield Line("AGREEMENT, certified: rows on which formula and network choose alike", "bold")
    yield Line("  rows      in all   alike  another  undecided   margin >=  right  of network's", "dim")
    for row in rows:
        labels = f"{row.labels['right']:>7} {row.labels['teacher_right']:>13}" if row.labels else ""
        yield Line(
            f"  {row.split:<9} {row.rows:>6} {row.agree:>7} {row.disagree:>8} {row.undecided:>10} {row.margin or '-':>11}"
            f"{labels}"
        )


def _diagnosis(sources: Sources, width: int) -> Iterator[Line]:
    found = diagnosis_of(sources)
    yield Line("DIAGNOSIS of the network against its labels", "bold")
    if found is None:
        yield from _paragraph("nothing to say: no labels on the outputs' scale, or hardly more rows than modes", width)
        return
    certified = [value for name, value in tables.certified_diagnosis(sources) if name.startswith("share of")]
    proof = f" (certified {certified[0]})" if len(certified) == 1 else ""
    yield Line(f"  copies {100 * found.copied:.3g} % of the labels' rest{proof}")
    yield Line(f"  uses {found.modes_used:.0f} of {found.rows - 1:,} dimensions; {found.signal_modes} are signal modes")
    tested = "" if found.test_rmse is None else f", on the hold-out rows {tables.short(found.test_rmse)}"
    yield Line(
        f"  training RMSE {tables.short(found.train_rmse)}, predicted test RMSE "
        f"{tables.short(found.predicted_test_rmse)}{tested}"
    )
    yield from _paragraph(f"modes {_verdicts(found)}", width)
    if found.guard:
        word = "signal, so do not call it overfitted" if found.guard.rest_is_signal else "noise"
        yield from _paragraph(
            f"hold-out rows: what the formula leaves out is {word} (slope {found.guard.slope:.2f})", width
        )


def _verdicts(found: Diagnosis) -> str:
    """Ranges with the same verdict as one; last what no mode reaches."""
    *inner, last = found.bands
    parts = []
    for verdict, group in groupby(inner, key=lambda band: band.verdict):
        own = list(group)
        first, stop = own[0].start + 1, own[-1].stop
        parts.append(f"{first} to {stop} {verdict}" if first < stop else f"{first} {verdict}")
    return ", ".join([*parts, f"the other {last.stop - last.start} dimensions {last.verdict}"])


def _verdict(verdict: Verdict | None, width: int) -> Iterator[Line]:
    if verdict is None:
        yield Line("VERDICT  none: nothing here is proved; eigenstill check decides", "bold yellow")
        return
    style = f"bold {'green' if verdict.accepted else 'red'}"
    if verdict.accepted:
        yield Line(f"VERDICT  {verdict.word}: {verdict.message} ({verdict.seconds:.1f} s)", style)
    else:
        yield Line(f"VERDICT  {verdict.word}", style)
        yield from _paragraph(verdict.message, width)
    for claim in verdict.claims:
        if claim.accepted:
            yield Line(f"  ok   {claim.claim:<{LABEL}}{claim.statement}")
        else:
            yield Line(f"  FAIL {claim.claim:<{LABEL}}{claim.where}: got {claim.got}, need {claim.needed}", "red")
    yield Line(f"  whole sentences: eigenstill check {verdict.path}", "dim")
    yield from _paragraph(f"not covered: {'; '.join(verdict.not_covered)}", width)


def _digests(sources: Sources) -> Iterator[Line]:
    origin = sources.student.provenance
    yield Line("DIGESTS (sha256) of network and data as recorded, of the files as they are", "bold")
    recorded = {"network": origin.teacher_sha256, "data": origin.data_sha256}
    files = {"student": places.STUDENT, "certificate": places.CERTIFICATE}
    for name, digest in recorded.items():
        yield Line(f"  {name:<12} {digest or 'none recorded'}")
    for name, file in files.items():
        path = sources.folder / file
        if path.exists():
            yield Line(f"  {name:<12} {sha256(path.read_bytes()).hexdigest()}")

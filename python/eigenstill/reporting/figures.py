"""All figures of a report, in the order of the page: SVG, caption, and what is read out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from eigenstill_check.dyadic import Dyadic
from eigenstill_check.shapes import brief

from ..arrays import FloatArray
from ..student import Split, Student
from . import plots
from .curves import RidgeCurve, ridge_curve
from .modes import Influence
from .sources import Sources
from .svg import inline
from .tables import formula_effects, percent, widest_interval

MODES_SHOWN, INPUTS_SHOWN = 8, 12
ROOM = 0.06


@dataclass(frozen=True)
class Plot:
    """SVG for the page, a title and a caption. Both may hold text from data: the template escapes them."""

    svg: str
    title: str
    caption: str


def spectrum_plots(sources: Sources) -> list[Plot]:
    """Eigenvalues, filter."""
    spectrum = sources.student.spectrum
    ridge, rank = spectrum.ridge, spectrum.rank
    width = sources.claims.get("spectrum")
    certified = "" if width is None else f" Certified: every eigenvalue within {widest_interval(width)}, none missed."
    return [
        Plot(
            inline(
                plots.spectrum(spectrum.eigenvalues, ridge, rank),
                "spectrum",
                f"Eigenvalues on a logarithmic axis; {rank} of {len(spectrum.eigenvalues)} at or above the ridge",
            ),
            "Spectrum of the operator",
            f"Eigenvalues of the basis on the training rows, not divided by their number.{certified}",
        ),
        Plot(
            inline(
                plots.filtered(spectrum.eigenvalues, ridge, rank),
                "filter",
                f"Fraction kept of each mode, falling from {spectrum.kept[0]:.3f} to {spectrum.kept[-1]:.3f} at K*",
            ),
            "Filter",
            "What is kept of each mode, h = λ / (λ + α). The area up to K* is the number of effective parameters, "
            f"{spectrum.effective_parameters:.1f}.",
        ),
    ]


def energy_plot(shares: Mapping[str, FloatArray]) -> Plot:
    """Energy in the first modes."""
    held = ", ".join(f"{share.sum():.3f} of the {name}" for name, share in shares.items())
    return Plot(
        inline(plots.energy(dict(shares)), "energy", f"Energy in the first modes; all kept modes hold {held}"),
        "Energy",
        f"Share of the variance on the training rows that the first k modes hold; together {held}.",
    )


def ridge_plot(sources: Sources) -> Plot | None:
    """The criterion along the ridges, with the certified bracket."""
    curve = ridge_curve(sources.student, sources.recording)
    if curve is None:
        return None
    claim = sources.claims.get("gcv")
    bracket, words = None, "No bracket is certified for this criterion."
    if claim is not None:
        low, high, excess = (float(Dyadic.parse(claim[name]["exact"])) for name in _BRACKET)
        bracket = (low, high, (1 + curve.chosen_excess) / (1 + excess) - 1)
        words = (
            f"Certified: no ridge from {float(brief(claim['from_at_most'], up=True)):g} to "
            f"{float(brief(claim['to_at_least'], up=False)):g} is better than the one taken by more than {100 * excess:.2f} %."
        )
    alternative = f"{curve.criterion} against the ridge, taken at {curve.chosen:.3g}. {words}"
    return Plot(
        inline(plots.ridge_curve(curve, bracket), "ridge", alternative),
        f"Choice of the ridge by {curve.criterion}",
        f"Taken: α = {curve.chosen:.4g}. {words}{_reason(curve)}",
    )


_BRACKET = ("from_at_most", "to_at_least", "excess_at_most")


def _reason(curve: RidgeCurve) -> str:
    if curve.criterion != "robust-gcv":
        return ""
    return " Where the curve is flat the largest ridge within a quarter of a percent of the least value is taken."


def scatter_plots(sources: Sources) -> list[Plot]:
    """Formula against network, a panel a split."""
    splits = {"training": sources.recording.train, "hold-out": sources.recording.holdout}
    held = {name: split for name, split in splits.items() if split is not None}
    outputs = len(sources.student.output_names)
    together = "" if outputs == 1 else f", {outputs} outputs together"
    limits = _limits([array for split in held.values() for array in (split.teacher, split.predictions)])
    return [
        Plot(
            inline(
                plots.scatter(split.teacher.reshape(-1), split.predictions.reshape(-1), limits),
                f"scatter-{name}",
                f"Formula against network on {len(split.teacher)} {name} rows, R² {_r_squared(split):.3f}",
            ),
            f"{name.capitalize()} rows",
            f"{len(split.teacher):,} rows{together}; R² {_r_squared(split):.3f}. On the line they agree.",
        )
        for name, split in held.items()
    ]


def mode_plots(student: Student, influence: Influence, share: FloatArray) -> list[Plot]:
    """The modes that hold most of the network's energy, each along the input that moves it most."""
    order = np.argsort(-share, kind="stable")[:MODES_SHOWN]
    return [plot for place in order if (plot := _mode_plot(student, influence, int(place), float(share[place])))]


def _mode_plot(student: Student, influence: Influence, place: int, share: float) -> Plot | None:
    strongest = influence.strongest(place, 1)
    if not strongest:
        return None
    ((d, effect),) = strongest
    grid, values = _curve(influence, d, place)
    return Plot(
        inline(plots.dependence(grid, values), f"mode-{place + 1}", f"Mode {place + 1} along its strongest input"),
        f"Mode {place + 1}",
        f"along {student.input_names[d]} ({percent(effect)} of its effects); holds {percent(share)} of the energy",
    )


def input_plots(student: Student, influence: Influence) -> list[Plot]:
    """What the formula does along the inputs with the largest effects, on one scale."""
    effects = formula_effects(student, influence)
    order = [int(d) for d in np.argsort(-effects, kind="stable")[:INPUTS_SHOWN] if effects[d] > 0]
    moved = {d: student.rank + int(influence.effects[d, student.rank :].argmax()) for d in order}
    limits = _limits([influence.curves[d][:, function] for d, function in moved.items()]) if order else (0.0, 1.0)
    several = len(student.output_names) > 1
    found = []
    for d, function in moved.items():
        grid, values = _curve(influence, d, function)
        output = f" on {student.output_names[function - student.rank]}" if several else ""
        alternative = f"Partial dependence of the formula on input {d + 1}, from {values[0]:.3g} to {values[-1]:.3g}"
        found.append(
            Plot(
                inline(plots.dependence(grid, values, limits), f"input-{d + 1}", alternative),
                student.input_names[d],
                f"{percent(effects[d])} of all effects{output}",
            )
        )
    return found


def _curve(influence: Influence, d: int, function: int) -> tuple[FloatArray, FloatArray]:
    """Grid and curve without repeated places."""
    grid, first = np.unique(influence.grids[d], return_index=True)
    return grid, influence.curves[d][first, function]


def _limits(arrays: list[FloatArray]) -> tuple[float, float]:
    low, high = min(float(array.min()) for array in arrays), max(float(array.max()) for array in arrays)
    room = ROOM * (high - low) or 1.0
    return low - room, high + room


def _r_squared(split: Split) -> float:
    """Of the formula to the network in float64, over all outputs, about each output's mean."""
    rest = float(((split.teacher - split.predictions) ** 2).sum())
    total = float(((split.teacher - split.teacher.mean(axis=0)) ** 2).sum())
    return 1 - rest / total if total > 0 else float("nan")

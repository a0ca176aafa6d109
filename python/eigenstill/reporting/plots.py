"""The plots, each one panel, so that a narrow page can stack them. Words from data stand in the page, not in the plots."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arrays import FloatArray
from .curves import RidgeCurve
from .svg import SETTINGS, Ink

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDE, SMALL = (4.7, 3.0), (2.5, 1.6)
MOST_POINTS = 3_000
NEGLIGIBLE = 1e-17
"""Eigenvalues below this share of the largest are rounding, and left out."""
STEEPEST = 0.3
"""Of a criterion, over its least value: more is cut off, so that the flat part can be seen."""
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def styled() -> AbstractContextManager[Any]:
    """The settings under which all figures are drawn."""
    from matplotlib import rc_context

    return rc_context(SETTINGS)


def spectrum(eigenvalues: FloatArray, ridge: float, rank: int) -> Figure:
    """Eigenvalues (r,) against their number, the ridge, and which modes are kept."""
    figure, axes = _panel(WIDE)
    order = np.arange(1, len(eigenvalues) + 1)
    shown = eigenvalues > NEGLIGIBLE * eigenvalues[0]
    for mask, colour, label in (
        (shown & (order <= rank), Ink.FIRST, f"kept, K* = {rank}"),
        (shown & (order > rank), Ink.FAINT, "left out"),
    ):
        if mask.any():
            axes.plot(order[mask], eigenvalues[mask], "o", color=colour, ms=2.8, mew=0, label=label)
    axes.axhline(ridge, color=Ink.SECOND, lw=1, ls="--", label="ridge α")
    _powers(axes, "y")
    axes.set(xlabel="mode k", ylabel="eigenvalue λ")
    axes.legend(loc="upper right")
    return figure


def filtered(eigenvalues: FloatArray, ridge: float, rank: int) -> Figure:
    """The fraction lambda / (lambda + ridge) of each mode, filled up to K*."""
    figure, axes = _panel(WIDE)
    order = np.arange(1, len(eigenvalues) + 1)
    positive = np.maximum(eigenvalues, 0.0)
    kept = positive / (positive + ridge)
    axes.fill_between(order[:rank], kept[:rank], color=Ink.FIRST, alpha=0.25, lw=0)
    axes.plot(order, kept, color=Ink.FIRST, lw=1.4)
    axes.axvline(rank, color=Ink.SECOND, lw=1, ls="--")
    axes.text(rank, 1.03, f"K* = {rank}", ha="center")
    axes.set(xlabel="mode k", ylabel="fraction kept h", ylim=(0, 1.1), xlim=(0, len(eigenvalues) + 1))
    return figure


def energy(shares: dict[str, FloatArray]) -> Figure:
    """Share of the energy in the first k kept modes, one line a target."""
    figure, axes = _panel(WIDE)
    for (name, share), colour, dash in zip(shares.items(), (Ink.FIRST, Ink.SECOND), ("-", "--"), strict=False):
        total = np.concatenate([[0.0], np.cumsum(share)])
        axes.plot(np.arange(len(total)), total, color=colour, ls=dash, lw=1.4, label=name)
    axes.set(xlabel="first k modes", ylabel="share of the energy", ylim=(0, 1.05))
    axes.legend(loc="lower right")
    return figure


def ridge_curve(curve: RidgeCurve, bracket: tuple[float, float, float] | None) -> Figure:
    """The criterion over its least value, the chosen ridge, and (from, to, floor) of the certified bracket."""
    figure, axes = _panel(WIDE)
    shown = np.isfinite(curve.excess)
    axes.plot(curve.ridges[shown], curve.excess[shown], color=Ink.FIRST, lw=1.4)
    axes.plot([curve.chosen], [curve.chosen_excess], "o", color=Ink.SECOND, ms=5, label="ridge taken")
    top = STEEPEST if curve.criterion != "evidence" else float(np.median(curve.excess[shown]))
    if bracket is not None:
        low, high, floor = bracket
        axes.hlines(floor, low, high, color=Ink.SECOND, lw=1, ls="--", label="certified: nowhere below")
        axes.axvspan(low, high, color=Ink.SECOND, alpha=0.07, lw=0)
    _powers(axes, "x")
    axes.set_ylim(-0.06 * top, top)
    axes.set(xlabel="ridge α", ylabel="excess over the least value")
    axes.legend(loc="upper left")
    return figure


def scatter(teacher: FloatArray, student: FloatArray, limits: tuple[float, float]) -> Figure:
    """Formula against network, float64 (n,) each; of more than MOST_POINTS rows an even choice."""
    figure, axes = _panel((3.6, 3.4))
    places = np.linspace(0, len(teacher) - 1, min(len(teacher), MOST_POINTS)).round().astype(int)
    axes.plot(limits, limits, color=Ink.FAINT, lw=0.8)
    _dots(axes, teacher[places], student[places])
    axes.set(xlabel="network", ylabel="formula", xlim=limits, ylim=limits, aspect="equal")
    return figure


def dependence(grid: FloatArray, values: FloatArray, limits: tuple[float, float] | None = None) -> Figure:
    """One curve over one input, with a tick below at each quantile."""
    figure, axes = _panel(SMALL)
    axes.axhline(0, color=Ink.FAINT, lw=0.6)
    axes.plot(grid, values, color=Ink.FIRST, lw=1.5, marker="o", ms=2.2)
    if limits is not None:
        axes.set_ylim(limits)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(_few())
    return figure


def _panel(size: tuple[float, float]) -> tuple[Figure, Axes]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, layout="constrained")
    return figure, figure.subplots()


def _few() -> Any:
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(nbins=4)


def _powers(axes: Axes, axis: str) -> None:
    """A logarithmic axis, its powers of ten written out."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    axes.set(**{f"{axis}scale": "log"})
    which = axes.xaxis if axis == "x" else axes.yaxis
    which.set_major_locator(LogLocator(numticks=8))
    which.set_major_formatter(
        FuncFormatter(lambda value, _: "10" + str(round(np.log10(value))).translate(SUPERSCRIPTS))
    )
    which.set_minor_locator(NullLocator())


def _dots(axes: Axes, x: FloatArray, y: FloatArray) -> None:
    """Points as one path of empty strokes with round ends: a tenth of the size of as many markers."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    places = np.repeat(np.column_stack([x, y]), 2, axis=0)
    codes = np.tile([Path.MOVETO, Path.LINETO], len(x))
    axes.add_patch(
        PathPatch(
            Path(places, codes), fill=False, edgecolor=Ink.FIRST, alpha=0.55, lw=2.6, capstyle="round", clip_on=True
        )
    )

"""Curves of one line of text."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import FloatArray


@dataclass(frozen=True)
class Glyphs:
    """What a screen can show: levels from low to high, a mark, and what stands for cut text."""

    levels: str
    mark: str
    cut: str


UNICODE = Glyphs("▁▂▃▄▅▆▇█", "│", "…")
ASCII = Glyphs("_.,-~+*#", "|", "...")


def sparkline(
    values: FloatArray, cells: int, mark: int, glyphs: Glyphs = UNICODE, span: tuple[float, float] | None = None
) -> str:
    """One level a cell, each cell the mean of its share of the values, and a mark before value number ``mark``.

    Parameters
    ----------
    values : float64 (k,), k >= 1, finite
    cells : at least 1; no more than there are values are used
    mark : 0 .. k; k is the end
    span : the values drawn lowest and highest; by default the least and the largest
    """
    count = min(cells, len(values))
    means = np.array([part.mean() for part in np.array_split(values, count)])
    low, high = (float(values.min()), float(values.max())) if span is None else span
    heights = np.clip((means - low) / (high - low), 0, 1) if high > low else np.ones(count)
    drawn = "".join(glyphs.levels[min(int(height * len(glyphs.levels)), len(glyphs.levels) - 1)] for height in heights)
    place = round(mark * count / len(values))
    return drawn[:place] + glyphs.mark + drawn[place:]


def logarithms(eigenvalues: FloatArray) -> FloatArray:
    """Base-10 logarithms; what rounding made zero or negative counts as the least positive one."""
    positive = eigenvalues[eigenvalues > 0]
    least = float(positive.min()) if positive.size else 1.0
    result: FloatArray = np.log10(np.maximum(eigenvalues, least))
    return result

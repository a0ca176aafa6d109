"""docs/images/performance.png: processor seconds against rows, a panel a number of landmarks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .section import STREAMED, seconds

PICTURE = Path(__file__).parents[2] / "docs" / "images" / "performance.png"


def draw(entries: list[dict[str, Any]], path: Path = PICTURE) -> None:
    """Lines with the certificate are thick; methods without landmarks stand in every panel."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    entries = [entry for entry in entries if entry["method"] != STREAMED]
    panels = sorted({entry["landmarks"] for entry in entries if entry["landmarks"]})
    methods = list(dict.fromkeys(entry["method"] for entry in entries))
    with rc_context({"font.size": 9, "axes.spines.top": False, "axes.spines.right": False}):
        figure = Figure(figsize=(9, 4.2), layout="constrained", dpi=130)
        places = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
        for axes, landmarks in zip(places, panels, strict=True):
            for number, method in enumerate(methods):
                own = [e for e in entries if e["method"] == method and e["landmarks"] in (landmarks, None)]
                points = sorted((entry["rows"], seconds(entry)) for entry in own)
                ours = method.startswith("eigenstill")
                label = f"{method}, certified" if ours else method
                style = {"lw": 2.4 if ours else 1.2, "color": f"C{number}"}
                axes.plot(*zip(*points, strict=True), "o-", ms=4 if ours else 3, label=label, **style)
            axes.set(xscale="log", yscale="log", xlabel="rows", title=f"{landmarks} landmarks")
        places[0].set_ylabel("processor seconds")
        handles, labels = places[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=3, frameon=False)
        figure.savefig(path)

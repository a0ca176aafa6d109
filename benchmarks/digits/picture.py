"""docs/images/temperature.png: the ridge of a formula against the temperature it amounts to."""

from __future__ import annotations

from pathlib import Path

from .table import Row

PICTURE = Path(__file__).parents[2] / "docs" / "images" / "temperature.png"
PANELS = (
    ("temperature", "temperature T of the network\nnearest to the formula", "log"),
    ("divergence", "divergence left at that T, nats\n(thin: at T = 1)", "log"),
    ("effective_parameters", "effective parameters", "linear"),
    ("agreement", "agreement with the network,\nhold-out rows", "linear"),
)


def draw(rows: list[Row], path: Path = PICTURE) -> None:
    """Four panels over one axis of ridges, a line a network, a dot where robust GCV takes the ridge."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context({"font.size": 8.5, "axes.spines.top": False, "axes.spines.right": False}):
        figure = Figure(figsize=(9, 6), layout="constrained", dpi=130)
        places = figure.subplots(2, 2, sharex=True).ravel()
        for name in dict.fromkeys(row["network"] for row in rows):
            own = [row for row in rows if row["network"] == name]
            ridges = [float(row["ridge"]) for row in own]
            for axes, (column, _, _) in zip(places, PANELS, strict=True):
                values = [float(row[column]) for row in own]
                (line,) = axes.plot(ridges, values, lw=1.4, label=name)
                if column == "divergence":
                    thin = [float(row["divergence_at_one"]) for row in own]
                    axes.plot(ridges, thin, lw=0.5, color=line.get_color())
                taken = [(a, b) for a, b, row in zip(ridges, values, own, strict=True) if row["chosen"] == "True"]
                axes.plot(*zip(*taken, strict=True), "o", ms=5, color=line.get_color())
        for axes, (_, label, scale) in zip(places, PANELS, strict=True):
            axes.set(xscale="log", yscale=scale, ylabel=label)
        for axes in places[2:]:
            axes.set_xlabel("ridge α of the formula")
        places[0].axhline(1, color="0.6", lw=0.6)
        places[0].legend(frameon=False, title="network")
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, metadata={"Software": None})

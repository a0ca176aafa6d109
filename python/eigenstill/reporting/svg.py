"""From a matplotlib figure to SVG that stands in an HTML page: it takes the page's colours and font, light or dark.

A figure is drawn in the stand-in colours of `Ink`; here they become CSS variables, which the page's style sheet sets.
Figures hold no text from data: names stand in their captions, where the template escapes them.
"""

from __future__ import annotations

import re
from io import StringIO
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SVG = "http://www.w3.org/2000/svg"
LINK = "{http://www.w3.org/1999/xlink}href"


class Ink:
    """Stand-in colours, each for one CSS variable of the page."""

    TEXT = "#01a0f1"
    FAINT = "#01a0f2"
    FIRST = "#01a0f3"
    SECOND = "#01a0f4"


VARIABLES = {Ink.TEXT: "var(--ink)", Ink.FAINT: "var(--faint)", Ink.FIRST: "var(--first)", Ink.SECOND: "var(--second)"}
SETTINGS: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "eigenstill",
    "font.size": 8.5,
    "axes.labelsize": 8.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": Ink.FAINT,
    "axes.labelcolor": Ink.TEXT,
    "text.color": Ink.TEXT,
    "xtick.color": Ink.FAINT,
    "ytick.color": Ink.FAINT,
    "xtick.labelcolor": Ink.TEXT,
    "ytick.labelcolor": Ink.TEXT,
    "legend.frameon": False,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "path.simplify": False,
    "axes.unicode_minus": True,
}


def inline(figure: Figure, key: str, alternative: str) -> str:
    """The figure as an ``svg`` element.

    Parameters
    ----------
    figure : drawn under `SETTINGS`
    key : unique in the page; what the element refers to inside itself is named after it
    alternative : what the figure shows, read out to those who do not see it
    """
    from matplotlib import rc_context

    buffer = StringIO()
    with rc_context(SETTINGS):
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    root = ElementTree.fromstring(buffer.getvalue())  # noqa: S314  matplotlib wrote it this moment
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in (f"{{{SVG}}}style", f"{{{SVG}}}metadata"):
                parent.remove(child)
    used = set(re.findall(r"#([\w.-]+)", " ".join(_references(root))))
    for element in root.iter():
        _adapt(element, key, used)
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    root.attrib |= {"class": "plot", "role": "img", "aria-label": alternative}
    return ElementTree.tostring(root, encoding="unicode", short_empty_elements=False)


def _references(root: ElementTree.Element) -> list[str]:
    """Every value that may name another element."""
    return [
        value
        for element in root.iter()
        for name, value in element.attrib.items()
        if name == LINK or value.startswith("url(")
    ]


def _adapt(element: ElementTree.Element, key: str, used: set[str]) -> None:
    """Plain tag names, ids of this page alone and only where needed, the page's colours and font, short numbers."""
    element.tag = element.tag.removeprefix(f"{{{SVG}}}")
    attributes = element.attrib
    if (name := attributes.pop("id", None)) in used:
        attributes["id"] = f"{key}-{name}"
    if LINK in attributes:
        attributes["href"] = f"#{key}-{attributes.pop(LINK)[1:]}"
    for name, value in attributes.items():
        if value.startswith("url(#"):
            attributes[name] = f"url(#{key}-{value[5:]}"
    if "style" in attributes:
        attributes["style"] = re.sub("#01a0f.", lambda found: VARIABLES[found[0]], _page_font(attributes["style"]))
    if "d" in attributes:
        attributes["d"] = re.sub(r"-?\d+\.\d{3,}", lambda found: f"{float(found[0]):.2f}", attributes["d"])


def _page_font(style: str) -> str:
    """Without the font family, which is the page's; matplotlib writes it in one of two ways."""
    style = re.sub(r"font: (?:[a-z0-9]+ )?([\d.]+px)[^;]*", r"font-size: \1", style)
    return re.sub(r"font-family: [^;]*;? ?", "", style)

"""Figures as they stand in the page: the page's colours and font, no name twice, nothing loaded."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest

pytest.importorskip("matplotlib", reason="matplotlib is not installed: the report's figures were not tested")

from eigenstill.reporting import plots
from eigenstill.reporting.curves import RidgeCurve
from eigenstill.reporting.svg import VARIABLES, inline

EIGENVALUES = np.geomspace(100, 1e-6, 30)
CURVE = RidgeCurve("robust-gcv", np.geomspace(1e-6, 300, 40), np.linspace(0, 3, 40), 0.1, 0.001)
FIGURES = {
    "spectrum": lambda: plots.spectrum(np.append(EIGENVALUES, -1e-20), 0.1, 12),
    "filter": lambda: plots.filtered(EIGENVALUES, 0.1, 12),
    "energy": lambda: plots.energy({"network": np.full(12, 0.05), "labels": np.full(12, 0.04)}),
    "ridge": lambda: plots.ridge_curve(CURVE, (1e-6, 300, -0.002)),
    "scatter": lambda: plots.scatter(np.arange(5.0), np.arange(5.0) ** 1.1, (-1, 6)),
    "dependence": lambda: plots.dependence(np.arange(4.0), np.array([1.0, 2, 0, -1]), (-2, 3)),
}


@pytest.fixture(params=FIGURES)
def svg(request):
    with plots.styled():
        return inline(FIGURES[request.param](), request.param, "what it <shows>")


def test_an_svg_brings_no_style_script_or_image(svg):
    root = ElementTree.fromstring(svg)
    tags = {element.tag for element in root.iter()}
    assert not tags & {"style", "metadata", "script", "image", "foreignObject", "a"}
    assert "http" not in svg
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == "what it <shows>"
    assert "width" not in root.attrib


def test_ids_are_unique_to_the_figure_and_every_reference_leads_somewhere(svg):
    root = ElementTree.fromstring(svg)
    ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids))
    references = re.findall(r'(?:url\(|href=")#([\w.-]+)', svg)
    assert set(references) == set(ids), "an id that nothing refers to, or a reference to nothing"


def test_every_colour_is_one_of_the_pages(svg):
    colours = set(re.findall(r"(?:fill|stroke): ([^;\"]+)", svg))
    assert colours <= {"none", *VARIABLES.values()}
    assert "DejaVu" not in svg


def test_points_are_drawn_where_they_belong():
    with plots.styled():
        figure = plots.scatter(np.array([0.0, 1.0]), np.array([0.0, 2.0]), (-1, 3))
        path = next(patch for patch in figure.axes[0].patches if len(patch.get_path()) == 4).get_path()
    assert path.vertices.tolist() == [[0, 0], [0, 0], [1, 2], [1, 2]]


def test_of_many_rows_an_even_choice_is_drawn():
    values = np.arange(10_000.0)
    with plots.styled():
        figure = plots.scatter(values, values, (0, 1e4))
        path = max(figure.axes[0].patches, key=lambda patch: len(patch.get_path())).get_path()
    drawn = path.vertices[::2, 0]
    assert len(drawn) == plots.MOST_POINTS
    assert (drawn[0], drawn[-1]) == (0, 9_999)

"""Sphinx: the Markdown of this folder, docstrings, and what the commands print; `make docs` builds it, warnings are errors."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "python"), str(ROOT / "docs")]

import pages  # noqa: E402  (this folder's own module)
from eigenstill_check.version import __version__  # noqa: E402

project = "eigenstill"
author = "The eigenstill authors"
version = release = __version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build", "static"]
myst_heading_anchors = 3
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_param = False
napoleon_use_ivar = True
autodoc_typehints = "none"
autodoc_member_order = "bysource"
html_theme = "pydata_sphinx_theme"
html_title = "eigenstill"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_theme_options: dict[str, Any] = {
    "show_toc_level": 2,
    "navigation_with_keys": False,
    "use_edit_page_button": False,
    "secondary_sidebar_items": ["page-toc"],
}

OUTSIDE = re.compile(r"\[([^\]]*)\]\((?:\.\./)+(?!docs/)[^)]*\)")  # a file of the repository that is no page here


def read_page(app: Any, name: str, source: list[str]) -> None:
    """Pages that are made when they are read; links to files that are no pages become their text."""
    source[0] = OUTSIDE.sub(r"\1", source[0] + pages.made(name))


def escape_docstring(app: Any, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Our docstrings are plain text: bars and asterisks are mathematics, single backticks code."""
    lines[:] = pages.docstring(lines)


def setup(app: Any) -> None:
    app.connect("source-read", read_page)
    app.connect("autodoc-process-docstring", escape_docstring, priority=100)

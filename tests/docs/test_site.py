"""The site builds without a warning, every page can be reached, and holds what the program says of itself."""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

import eigenstill

ROOT = Path(__file__).parents[2]
NEEDED = ("sphinx", "myst_parser", "pydata_sphinx_theme")


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    missing = [name for name in NEEDED if not find_spec(name)]
    if missing:
        pytest.skip(f"{', '.join(missing)} not installed: the site was not built")
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-E", "-q", "-b", "html", "-d", folder / "trees"]
    done = subprocess.run([*command, ROOT / "docs", folder / "html"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder / "html"


def words(page: Path) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", page.read_text(encoding="utf-8"))).split())


def test_every_document_is_a_page_that_the_front_page_leads_to(site):
    expected = {path.relative_to(ROOT / "docs").with_suffix("") for path in (ROOT / "docs").rglob("*.md")}
    expected = {path for path in expected if "_build" not in path.parts}
    seen, waiting = set(), [Path("index")]
    while waiting:
        page = waiting.pop()
        if page in seen:
            continue
        seen.add(page)
        text = (site / f"{page}.html").read_text(encoding="utf-8")
        for target in re.findall(r'href="([^"#:]+)\.html[#"]', text):
            reached = (site / page.parent / f"{target}.html").resolve()
            if reached.exists() and reached.is_relative_to(site.resolve()):
                waiting.append(reached.relative_to(site.resolve()).with_suffix(""))
    assert expected <= seen


def test_every_public_name_has_its_entry(site):
    text = (site / "reference" / "python.html").read_text(encoding="utf-8")
    for name in eigenstill.__all__:
        if not name.startswith("__"):
            assert f'id="eigenstill.{name}"' in text, name


def test_every_command_shows_its_help(site):
    from eigenstill.cli import app

    text = words(site / "reference" / "commands.html")
    names = [command.name or command.callback.__name__ for command in app.registered_commands]
    program = f"from eigenstill.cli import main\nfor name in {names}: main([name, '--help']); print('=====')"
    environment = {**os.environ, "COLUMNS": "80"}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment)
    shown = [" ".join(part.split()).partition(" ")[2] for part in done.stdout.split("=====")][:-1]
    assert len(shown) == len(names)
    for name, help_text in zip(names, shown, strict=True):
        said = help_text[help_text.index(f" {name} ") :]
        assert len(said) > 100
        assert f"eigenstill{said}" in text, name


def test_no_page_asks_another_host(site):
    """It can be read without a network: no script, style, font or picture from elsewhere."""
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not re.findall(r'<(?:script|link|img|iframe)[^>]*(?:src|href)="(?:https?:)?//[^"]*"', text), page.name


def test_the_limits_are_the_readmes(site):
    assert "A certificate holds your training rows and outputs." in words(site / "not-said.html")
    assert "How it is built" not in words(site / "not-said.html")

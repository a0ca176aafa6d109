"""The report in a real browser: nothing loaded, nothing run, readable at every width, in light and dark, by keyboard."""

from __future__ import annotations

import base64
import re

import pytest

import eigenstill
from support.browser import chromium, prefer, resize
from support.folders import distilled, several
from support.hostile import HOSTILE, PLAIN, folder_of

pytest.importorskip("matplotlib", reason="matplotlib is not installed: the report was not opened")

CONTRAST = 4.5  # WCAG 2.1, level AA
UNREADABLE = """
const luminance = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
  .reduce((sum, v, k) => sum + v * [0.2126, 0.7152, 0.0722][k], 0);
const rgb = text => text.match(/[\\d.]+/g).map(Number);
const ground = element => {
  for (let at = element; at; at = at.parentElement) {
    const found = rgb(getComputedStyle(at).backgroundColor);
    if (found.length < 4 || found[3] > 0) return found;
  }
  return [255, 255, 255];
};
const faults = [];
for (const element of document.querySelectorAll('body *')) {
  if (![...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim())) continue;
  if (element.closest('script, .skip') || !element.getClientRects().length) continue;
  const style = getComputedStyle(element);
  const ink = rgb(element.closest('svg') ? style.fill : style.color);
  const [a, b] = [luminance(ink), luminance(ground(element))].sort((x, y) => y - x);
  if ((a + 0.05) / (b + 0.05) < arguments[0]) faults.push(element.tagName + ' ' + element.textContent.trim().slice(0, 30));
}
return faults;
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with chromium(tmp_path_factory.mktemp("profile")) as driver:
        yield driver


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    long = "a_column_whose_name_is_so_long_that_no_table_of_a_phone_could_ever_hold_it_in_one_line"
    folder = distilled(tmp_path_factory.mktemp("student"), names=[long, "b", "c"])
    return eigenstill.report(folder).path.as_uri()


@pytest.fixture
def opened(browser, page):
    resize(browser, 1280)
    prefer(browser, "light")
    browser.get(page)
    return browser


def test_it_loads_and_runs_nothing_and_complains_of_nothing(opened):
    assert opened.execute_script("return performance.getEntriesByType('resource').length") == 0
    assert opened.get_log("browser") == []
    assert opened.title.startswith("Formula of")


@pytest.mark.parametrize("width", [320, 390, 768, 1280, 1920])
def test_no_width_makes_the_page_scroll_sideways(opened, width):
    resize(opened, width)
    inner, outer = opened.execute_script("return [document.documentElement.scrollWidth, innerWidth]")
    assert inner <= outer == width


@pytest.mark.parametrize("width", [390, 1280])
def test_every_plot_and_every_number_on_it_is_large_enough(opened, width):
    resize(opened, width)
    sizes = opened.execute_script(
        "return [...document.querySelectorAll('svg text')].map(text => text.getBoundingClientRect().height)"
    )
    assert min(sizes) >= 8
    widths = opened.execute_script(
        "return [...document.querySelectorAll('svg')].map(svg => svg.getBoundingClientRect().width)"
    )
    assert min(widths) >= 150


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_its_ground(opened, scheme):
    prefer(opened, scheme)
    opened.execute_script("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert opened.execute_script(UNREADABLE, CONTRAST) == []


def test_dark_and_light_differ_in_page_and_plots(opened):
    colours = """const of = name => getComputedStyle(document.querySelector(name));
        return [of('body').backgroundColor, of('svg text').fill]"""
    light = opened.execute_script(colours)
    prefer(opened, "dark")
    dark = opened.execute_script(colours)
    assert light[0] != dark[0]
    assert light[1] != dark[1]


def test_the_keyboard_reaches_the_content_first_and_every_link_and_table(opened):
    from selenium.webdriver.common.keys import Keys

    reached = []
    for _ in range(40):
        opened.switch_to.active_element.send_keys(Keys.TAB)
        active = opened.switch_to.active_element
        if active.tag_name == "body":
            break
        reached.append((active.tag_name, active.get_attribute("href") or active.get_attribute("aria-label") or ""))
    assert reached[0][1].endswith("#formula")
    assert [tag for tag, _ in reached].count("a") == 9
    assert "summary" in [tag for tag, _ in reached]
    assert ("div", "Inputs of the formula") in reached


def test_what_a_screen_reader_gets(opened):
    nodes = opened.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    roles = [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in nodes if not node["ignored"]]
    kinds = [role for role, _ in roles]
    for role in ("banner", "main", "navigation", "contentinfo"):
        assert kinds.count(role) == 1, role
    assert all(name for role, name in roles if role in ("image", "figure", "region", "table", "link", "heading"))
    assert kinds.count("MathMLMath") + kinds.count("math") >= 2


def test_it_prints_light_on_few_pages_whatever_the_screen_prefers(opened):
    prefer(opened, "dark")
    printed = base64.b64decode(opened.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})["data"])
    assert printed.startswith(b"%PDF")
    assert 2 <= len(re.findall(rb"/Type /Page\b", printed)) <= 8
    opened.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        ground = opened.execute_script("return getComputedStyle(document.body).backgroundColor")
        assert ground == "rgb(255, 255, 255)"
    finally:
        opened.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_hostile_text_runs_nowhere_even_without_the_policy(browser, tmp_path):
    """An alert would make every later command of the driver fail."""
    counts = []
    for name, texts in (("hostile", HOSTILE), ("plain", PLAIN)):
        path = eigenstill.report(folder_of(tmp_path / name, texts)).path
        text = path.read_text(encoding="utf-8")
        assert text.count('http-equiv="Content-Security-Policy"') == 1
        path.write_text(text.replace('http-equiv="Content-Security-Policy"', 'name="none"'), encoding="utf-8")
        browser.get(path.as_uri())
        counts.append(
            browser.execute_script(
                "return ['*', 'script', 'img', 'svg', 'style'].map(tag => document.querySelectorAll(tag).length)"
            )
        )
        attributes = browser.execute_script(
            "return [...document.querySelectorAll('*')].flatMap(at => at.getAttributeNames()).filter(at => at.startsWith('on'))"
        )
        assert attributes == []
    assert counts[0] == counts[1]
    assert counts[0][1:3] == [1, 0]


def test_a_student_of_several_outputs_is_readable_too(browser, tmp_path):
    folder = distilled(tmp_path, function=several, outputs=["calm", "loud", "strange"])
    browser.get(eigenstill.report(folder).path.as_uri())
    for width in (390, 1280):
        resize(browser, width)
        inner = browser.execute_script("return document.documentElement.scrollWidth")
        assert inner <= width

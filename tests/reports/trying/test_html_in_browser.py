"""The pages of trials as a reader sees them: on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ViewportSize

from reconciler.reports.trying.html import render_tries_html, render_try_html
from tests.reports.plan.browser import DESK, PHONE, needs_chromium, opened, running_chromium
from tests.reports.trying.reports import UNKNOWN, WINDOW, broken, call, finding, report, tries

pytestmark = needs_chromium

WIDE = "w" * 500
TRIAL = report(
    finding(message=WIDE),
    calls=(call(1), call(2, url=f"https://api.example.com/{WIDE}")),
    rows=({"id": 1, WIDE: "x", "y": WIDE}, dict.fromkeys((f"name{number}" for number in range(30)), "v")),
    windows=(WINDOW,),
    assumed=(UNKNOWN, replace(UNKNOWN, alternatives=(("never", WIDE),), changes_outcome=True)),
)
PAGES = {"one": render_try_html(TRIAL), "several": render_tries_html(tries(TRIAL, replace(TRIAL, key=WIDE), broken()))}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_chromium() as started:
        yield started


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("name", PAGES)
def test_the_page_does_not_scroll_sideways(browser: Browser, tmp_path: Path, name: str, viewport: ViewportSize) -> None:
    with opened(browser, PAGES[name], tmp_path, viewport=viewport) as found:
        found.page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true; })")
        assert found.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_no_heading_of_a_column_is_broken_for_want_of_room(browser: Browser, tmp_path: Path, viewport: ViewportSize) -> None:
    with opened(browser, render_try_html(report(windows=(WINDOW,))), tmp_path, viewport=viewport) as found:
        tall = "[...document.querySelectorAll('th')].filter(cell => cell.getBoundingClientRect().height > 40).length"
        assert found.page.evaluate(tall) == 0


def test_a_heading_has_room_above_it(browser: Browser, tmp_path: Path) -> None:
    top, bottom = "head.getBoundingClientRect().top", "head.previousElementSibling.getBoundingClientRect().bottom"
    above = f"[...document.querySelectorAll('.spec > h3')].map(head => {top} - {bottom})"
    with opened(browser, PAGES["one"], tmp_path) as found:
        assert min(found.page.evaluate(above)) >= 12

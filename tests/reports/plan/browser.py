"""Pages in headless Chromium, for tests of what a reader of a page sees."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Dialog, Page, ViewportSize, sync_playwright

_CHROMIUM: Final = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
_ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_OUTLINE: Final = """() => {
    const element = document.activeElement;
    return getComputedStyle(element.matches("input") ? element.nextElementSibling : element).outlineStyle;
}"""
"""The outline of what has the focus; of a hidden radio button, that of its label."""
PHONE: Final[ViewportSize] = {"width": 390, "height": 844}
DESK: Final[ViewportSize] = {"width": 1280, "height": 900}

needs_chromium = pytest.mark.skipif(_CHROMIUM is None, reason="there is no chromium on PATH: on Debian, install chromium")


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """A browser that ends with the block."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=list(_ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


@dataclass(frozen=True, slots=True)
class Opened:
    """An open page, with everything that it asked for, said on its console, or popped up."""

    page: Page
    url: str
    requests: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def tab_stops(self, last: str) -> Iterator[str]:
        """Presses the tab key until the element with this id has the focus; the outline of each element that gets it."""
        for _ in range(50):
            self.page.keyboard.press("Tab")
            yield self.page.evaluate(_OUTLINE)
            if self.page.evaluate("document.activeElement.id") == last:
                return
        pytest.fail(f"the tab key does not lead to {last}")

    def visible(self, selector: str) -> list[str]:
        """The ids of the elements that a reader sees."""
        return [found.get_attribute("id") or "" for found in self.page.locator(selector).all() if found.is_visible()]


@contextmanager
def opened(browser: Browser, html: str, folder: Path, *, viewport: ViewportSize = DESK, dark: bool = False) -> Iterator[Opened]:
    """The page, opened from a file in this folder by a reader with this window and taste."""
    file = folder / "page.html"
    file.write_text(html, encoding="utf-8")
    page = browser.new_page(viewport=viewport, color_scheme="dark" if dark else "light")
    found = Opened(page, file.as_uri())

    def refuse(dialog: Dialog) -> None:
        found.said.append(dialog.message)
        dialog.dismiss()

    page.on("request", lambda request: found.requests.append(request.url))
    page.on("console", lambda message: found.said.append(message.text))
    page.on("pageerror", lambda error: found.said.append(str(error)))
    page.on("dialog", refuse)
    try:
        page.goto(found.url)
        yield found
    finally:
        page.close()

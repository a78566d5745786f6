"""The built site, served on this machine and looked at in Chromium."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page
from playwright.sync_api import TimeoutError as TimedOut

from tests.reports.plan.browser import DESK, PHONE, running_chromium

_WIDTHS: Final = "() => [document.documentElement.scrollWidth, window.innerWidth]"
_WANTED: Final = "pagination"
_CLIPBOARD: Final = "navigator.clipboard.readText()"
_PATIENCE: Final = 20_000
"""Milliseconds; nothing here takes one second where it works."""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that it has
        """Say nothing."""


@contextmanager
def served(site: Path) -> Iterator[str]:
    """The address of the site, without a slash at its end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def problems(site: Path, paths: Iterable[str]) -> Iterator[str]:
    """What a reader with a phone, and one who searches and copies, would run into."""
    with served(site) as address, running_chromium() as browser:
        for path in paths:
            yield from on_a_phone(browser, address, path)
        yield from at_a_desk(browser, address)


def on_a_phone(browser: Browser, address: str, path: str) -> Iterator[str]:
    """A page that is wider than the window, asks other hosts, or says something on its console."""
    page = browser.new_page(viewport=PHONE)
    asked, said = _watched(page)
    page.goto(f"{address}/{path}")
    whole, window = page.evaluate(_WIDTHS)
    if whole > window:
        yield f"{path}: {whole} pixels wide on a phone of {window}"
    yield from (f"{path}: asks {url}" for url in asked if not url.startswith((address, "data:")))
    yield from (f"{path}: {text}" for text in said)
    page.close()


def at_a_desk(browser: Browser, address: str) -> Iterator[str]:
    """A front page that ignores the taste of its reader, whose commands cannot be copied, or whose search finds nothing."""
    context = browser.new_context(viewport=DESK, color_scheme="dark", permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{address}/index.html")
    if page.evaluate("document.body.dataset.mdColorScheme") != "slate":
        yield "index.html: light, for a reader who wants it dark"
    copied = _copied(page)
    if not copied.startswith("reconciler ") or "$" in copied or "target local" in copied:
        yield f"index.html: a console block is copied as {copied!r}"
    if not _is_found(page):
        yield f"index.html: a search for {_WANTED} finds nothing"
    context.close()


def _copied(page: Page) -> str:
    """What the button of the first console block copies; nothing where there is no button."""
    try:
        page.locator(".language-console [data-clipboard-target]").first.click(timeout=_PATIENCE)
    except TimedOut:
        return ""
    return str(page.evaluate(_CLIPBOARD))


def _is_found(page: Page) -> bool:
    try:
        page.locator("input[name=query]").click(timeout=_PATIENCE)
        page.keyboard.type(_WANTED)
        page.locator(".md-search-result__link").first.wait_for(timeout=_PATIENCE)
    except TimedOut:
        return False
    return True


def _watched(page: Page) -> tuple[list[str], list[str]]:
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    return asked, said

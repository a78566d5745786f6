"""The page of a proof as a reader sees it: on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, ViewportSize

from reconciler.proving.report import Exchange, LeftOver, StepReport
from reconciler.reports.proving.html import prove_html
from tests.proving.samples import STEPS, proof
from tests.reports.plan.browser import DESK, PHONE, needs_chromium, opened, running_chromium

pytestmark = needs_chromium

WIDE: Final = "w" * 500
PAGE: Final = prove_html(
    proof(
        outcome="failed",
        steps=(*STEPS, StepReport("auth", "failed", WIDE, 1, (Exchange("GET", f"/{WIDE}", None, WIDE, 1),))),
        left=(LeftOver("flow", WIDE, WIDE, WIDE),),
        ids={"flow": WIDE},
        run_metrics={WIDE: WIDE},
    )
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_chromium() as started:
        yield started


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_the_page_does_not_scroll_sideways(browser: Browser, tmp_path: Path, viewport: ViewportSize) -> None:
    with opened(browser, PAGE, tmp_path, viewport=viewport) as found:
        found.page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true; })")
        assert found.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert found.requests == [found.url]
        assert not found.said


def test_the_reason_for_which_something_is_left_is_in_view_on_a_phone(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, PAGE, tmp_path, viewport=PHONE) as found:
        right = "document.querySelector('.resources td:last-child').getBoundingClientRect().right"
        assert found.page.evaluate(right) <= PHONE["width"]

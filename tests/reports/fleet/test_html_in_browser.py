"""The HTML page over several targets, as a reader sees it in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ViewportSize

from reconciler.errors import ReconcilerError
from reconciler.planning.plan import Plan
from reconciler.reports.fleet.html import render_fleet_html
from tests.reports.fleet.fleets import EDIT, NEW, QUIET, REFUSED, UNREADABLE, settings, view_over
from tests.reports.fleet.test_cells import SOAK, waiting
from tests.reports.plan.browser import DESK, PHONE, Opened, needs_chromium, opened, running_chromium
from tests.reports.plan.test_html_in_browser import CONTRASTS

pytestmark = needs_chromium

_LEAST_CONTRAST = 4.5
_NAMES = ("dev", "stage", "prod", *(f"customers-{number}" for number in range(20)))
_PLANS: dict[str, Plan | ReconcilerError] = {
    **dict.fromkeys(_NAMES, QUIET),
    "dev": EDIT,
    "stage": NEW,
    "prod": REFUSED,
    "customers-3": UNREADABLE,
}
PAGE = render_fleet_html(view_over(settings(*_NAMES), _PLANS))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_chromium() as found:
        yield found


def _targets(found: Opened) -> list[str]:
    return [row.inner_text() for row in found.page.locator(".target th").all() if row.is_visible()]


def test_a_reader_chooses_one_target_and_sees_only_what_concerns_it(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, PAGE, tmp_path) as found:
        assert _targets(found) == list(_NAMES)
        found.page.select_option("#target", label="stage")
        assert _targets(found) == ["stage"]
        assert [head.inner_text() for head in found.page.locator(".matrix thead th").all() if head.is_visible()] == [
            "spec",
            "stage",
        ]
        assert found.visible(".spec") == ["spec-2"]
        assert not any(part.is_visible() for part in found.page.locator(".problems").all())
        assert (found.requests, found.said) == ([found.url], [])


def test_what_waits_is_shown_for_its_targets_as_a_state_like_any_other(browser: Browser, tmp_path: Path) -> None:
    page = render_fleet_html(view_over(settings("dev", "stage"), {"dev": EDIT, "stage": waiting(SOAK)}))
    with opened(browser, page, tmp_path) as found:
        badge = found.page.locator(".matrix .state.waiting").first
        assert badge.inner_text() == "waiting 5h"
        box = "one => (({ borderLeftWidth, marginTop, paddingLeft }) => [borderLeftWidth, marginTop, paddingLeft])(getComputedStyle(one))"
        assert badge.evaluate(box) == found.page.locator(".matrix .state.pending").first.evaluate(box)
        section = found.page.get_by_role("heading", name="Waiting at a gate")
        assert section.is_visible()
        found.page.select_option("#target", label="dev")
        assert not section.is_visible()


def test_targets_are_chosen_by_their_state(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, PAGE, tmp_path) as found:
        found.page.check("#target-to_do", force=True)
        assert _targets(found) == ["dev", "stage"]
        found.page.check("#target-failed", force=True)
        assert _targets(found) == ["customers-3"]


def test_specs_in_sync_are_hidden_until_asked_for(browser: Browser, tmp_path: Path) -> None:
    page = render_fleet_html(view_over(settings("dev", "stage"), {"dev": EDIT, "stage": QUIET}))
    with opened(browser, page, tmp_path) as found:
        rows = found.page.locator(".cells")
        assert [row.is_visible() for row in rows.all()] == [True, False]
        found.page.check("#cell-all", force=True)
        assert [row.is_visible() for row in rows.all()] == [True, True]
        found.page.check("#cell-pending", force=True)
        assert [row.is_visible() for row in rows.all()] == [True, False]


def test_a_kind_of_change_hides_the_others_with_their_targets(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, PAGE, tmp_path) as found:
        found.page.check("#show-create", force=True)
        assert found.visible(".spec") == ["spec-2"]
        assert sum(part.is_visible() for part in found.page.locator(".in").all()) == 1


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_only_the_tables_scroll_sideways(browser: Browser, tmp_path: Path, viewport: ViewportSize) -> None:
    with opened(browser, PAGE, tmp_path, viewport=viewport) as found:
        assert found.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_all_text_has_enough_contrast(browser: Browser, tmp_path: Path, dark: bool) -> None:
    with opened(browser, PAGE, tmp_path, dark=dark) as found:
        measured = found.page.evaluate(CONTRASTS)
        assert len(measured) > 50
        assert [what for contrast, what in measured if contrast < _LEAST_CONTRAST] == []

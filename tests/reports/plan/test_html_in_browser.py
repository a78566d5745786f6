from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ViewportSize

from reconciler.documents.comparison import Cause
from reconciler.errors import Problem, Severity
from reconciler.planning.plan import ActionName, State
from reconciler.reports.drift.view import drift_of
from reconciler.reports.plan.html.report import render_plan_html
from reconciler.reports.plan.view import view_of
from tests.reports.plan.browser import DESK, PHONE, needs_chromium, opened, running_chromium
from tests.reports.plans import MAILCHIMP, attach, change, create, plan, spec, update

pytestmark = needs_chromium

HOSTILE = (
    "<script>document.title = 'pwned'; alert(1)</script>",
    '"><img src=https://pwned.example/x onerror="document.title=\'pwned\'">',
    "</style></title><iframe src=https://pwned.example></iframe><style>body{display:none}",
    "{{ 7 * 7 }}{% include 'plan.css' %}",
)
LONG = "\n".join(f"line {number} of a long description" for number in range(60))
WIDE = "w" * 5_000
WHOLE = plan(
    create(
        "orders",
        change("add", "/name", new="Orders"),
        change("add", "/description", new=LONG),
        change("add", f"/{WIDE}", new=WIDE),
        name=HOSTILE[0],
        requests=(),
    ),
    update(
        change("replace", "/description", LONG, LONG.replace("line 3", "verse 3"), Cause.DRIFT),
        change("replace", f"/a/{HOSTILE[1]}", HOSTILE[2], WIDE, Cause.PENDING),
        change("add", "/list", new=[HOSTILE[3], WIDE], cause=Cause.PENDING),
        change("remove", "/flag", old=True, cause=Cause.DRIFT),
        cause=Cause.BOTH,
        name=WIDE,
    ),
    attach(*(change("add", "/sourceConnectionSpecIds/-", new=f"id-{number}", cause=Cause.PENDING) for number in range(40))),
    attach(change("remove", "/sourceConnectionSpecIds/1", old=MAILCHIMP), action=ActionName.DETACH, name=HOSTILE[3]),
    problems=(
        Problem(Severity.ERROR, "too-many-detaches", HOSTILE[1], f"specs/{WIDE}.yaml", 3, 7, hint=f"raise it:\n  {WIDE}"),
        Problem(Severity.WARNING, "not-kept", WIDE),
        Problem(Severity.INFO, "orphan", HOSTILE[2]),
    ),
    specs=(spec("orders", State.CREATE), spec("other")),
    commit=None,
)
PLAN = render_plan_html(view_of(WHOLE))
DRIFT = render_plan_html(drift_of(view_of(WHOLE)), drift=True)

CONTRASTS = """() => {
    document.querySelectorAll("details").forEach(details => { details.open = true; });
    const parts = color => color.match(/[\\d.]+/g).map(Number);
    const luminance = color => {
        const [red, green, blue] = parts(color).map(part => part / 255)
            .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const ground = element => {
        const color = getComputedStyle(element).backgroundColor;
        return parts(color)[3] === 0 ? ground(element.parentElement) : color;
    };
    const found = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const element = texts.currentNode.parentElement;
        if (!texts.currentNode.data.trim() || !element.checkVisibility()) continue;
        const [dark, light] = [luminance(getComputedStyle(element).color), luminance(ground(element))].sort((a, b) => a - b);
        found.push([(light + 0.05) / (dark + 0.05), `${element.tagName}.${element.className}`]);
    }
    return found;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_chromium() as running:
        yield running


@pytest.mark.parametrize("html", [PLAN, DRIFT], ids=["plan", "drift"])
def test_no_request_leaves_the_page_and_nothing_in_it_runs(browser: Browser, tmp_path: Path, html: str) -> None:
    with opened(browser, html, tmp_path) as found:
        assert found.page.locator("script, img, iframe, [onerror]").count() == 0
        assert found.requests == [found.url]
        assert found.said == []
        assert "for stage" in found.page.inner_text("h1")
        assert "pwned" not in found.page.title()


def test_hostile_names_and_values_are_read_as_text(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, PLAN, tmp_path) as found:
        text = found.page.inner_text("body")
        assert [hostile for hostile in HOSTILE if hostile not in text] == []


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("html", [PLAN, DRIFT], ids=["plan", "drift"])
def test_the_page_does_not_scroll_sideways(browser: Browser, tmp_path: Path, html: str, viewport: ViewportSize) -> None:
    with opened(browser, html, tmp_path, viewport=viewport) as found:
        found.page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true; })")
        assert found.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_both_sides_stand_beside_each_other_on_a_desk_and_below_on_a_phone(browser: Browser, tmp_path: Path) -> None:
    row = "#spec-2 .change:last-child tr.changed"
    tops = f"[...document.querySelectorAll('{row} td:nth-child(even)')].map(cell => cell.getBoundingClientRect().top)"
    with opened(browser, PLAN, tmp_path, viewport=DESK) as found:
        left, right = found.page.evaluate(tops)
        assert left == right
    with opened(browser, PLAN, tmp_path, viewport=PHONE) as found:
        left, right = found.page.evaluate(tops)
        assert left < right


def test_the_keyboard_alone_filters_the_specs(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, PLAN, tmp_path) as found:
        assert found.visible(".spec") == ["spec-1", "spec-2", "spec-3", "spec-4"]
        list(found.tab_stops("show-all"))
        found.page.keyboard.press("ArrowRight")
        assert found.visible(".spec") == ["spec-1"]
        assert len(found.visible(".row")) == 1
        found.page.keyboard.press("ArrowRight")
        assert found.visible(".spec") == ["spec-2"]
        found.page.keyboard.press("ArrowLeft")
        found.page.keyboard.press("ArrowLeft")
        assert found.visible(".spec") == ["spec-1", "spec-2", "spec-3", "spec-4"]


def test_each_choice_of_the_filter_shows_as_many_specs_as_it_says(browser: Browser, tmp_path: Path) -> None:
    causes = (None, *Cause)
    actions = [update(change("replace", "/a", 1, 2), action=action, cause=cause) for action in ActionName for cause in causes]
    with opened(browser, render_plan_html(view_of(plan(*actions))), tmp_path) as found:
        for label in found.page.locator(".filter label").all():
            label.click()
            number = int(label.locator("b").inner_text())
            assert (len(found.visible(".spec")), len(found.visible(".row"))) == (number, number)


def test_the_focus_can_be_seen(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, PLAN, tmp_path) as found:
        assert set(found.tab_stops("show-all")) == {"solid"}


def test_a_link_leads_to_the_section_of_its_spec(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, PLAN, tmp_path) as found:
        found.page.locator(".specs a").nth(2).click()
        assert found.page.evaluate("location.hash") == "#spec-3"
        assert found.page.evaluate("Math.round(document.querySelector('#spec-3').getBoundingClientRect().top)") < 100


def test_light_and_dark_are_different(browser: Browser, tmp_path: Path) -> None:
    grounds = []
    for dark in (False, True):
        with opened(browser, PLAN, tmp_path, dark=dark) as found:
            grounds.append(found.page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert grounds == ["rgb(251, 251, 250)", "rgb(18, 21, 24)"]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_every_text_stands_out_from_its_ground(browser: Browser, tmp_path: Path, viewport: ViewportSize, dark: bool) -> None:
    with opened(browser, PLAN, tmp_path, viewport=viewport, dark=dark) as found:
        measured = found.page.evaluate(CONTRASTS)
        assert len(measured) > 200
        assert [words for contrast, words in measured if contrast < 4.5] == []


def test_a_long_value_is_folded_until_it_is_asked_for(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, PLAN, tmp_path) as found:
        line = found.page.locator("#spec-1").get_by_text("line 30 of a long description")
        assert not line.is_visible()
        found.page.locator("#spec-1 summary").first.press("Enter")
        assert line.is_visible()


def test_paper_shows_every_spec_and_folded_value_in_light_and_no_filter(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, PLAN, tmp_path, dark=True) as found:
        found.page.locator("#show-create").check()
        found.page.emulate_media(media="print")
        assert not found.page.locator(".filter").is_visible()
        assert found.visible(".spec") == ["spec-1", "spec-2", "spec-3", "spec-4"]
        assert found.page.locator("#spec-1").get_by_text("line 30 of a long description").is_visible()
        assert found.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert found.page.evaluate("getComputedStyle(document.body).color") == "rgb(29, 33, 37)"

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.reports.sinks.markdown import size
from reconciler.reports.trying.html import render_tries_html, render_try_html
from reconciler.reports.trying.markdown import render_tries_markdown, render_try_markdown
from tests.reports.trying.reports import UNKNOWN, WARNED, WINDOW, broken, call, finding, report, tries, unrecorded


def test_the_table_of_all_trials_begins_with_what_failed() -> None:
    shown = render_tries_markdown(tries(report(WARNED), replace(report(finding()), key="zoo"), unrecorded(), broken()))
    rows = [line for line in shown.splitlines() if line.startswith("| <code>")]
    assert [row.split("</code>")[0] for row in rows] == [
        "| <code>users",
        "| <code>zoo",
        "| <code>members",
        "| <code>orders",
    ]
    assert rows[0].startswith("| <code>users</code> |  |  | syntax | not valid YAML")
    assert rows[1].startswith("| <code>zoo</code> | 237 | 3 | failed | answer 2 repeats answer 1 (<code>same-page</code>)")
    assert shown.startswith("### Trials\n\n**failed** · 1 source held, 1 failed, 2 not tried\n")


def test_a_trial_has_its_outcome_first() -> None:
    shown = render_try_markdown(report(finding()))
    assert "**failed**: 1 error · 237 records in 3 requests · stopped: <code>&#36;&#46;hasMore</code> is false" in shown


@pytest.mark.parametrize("limit", [2_000, 5_000, 60_000])
def test_no_report_exceeds_its_limit(limit: int) -> None:
    findings = tuple(finding(message=f"{number} " + "&" * 500) for number in range(200))
    large = report(*findings, calls=tuple(call(number) for number in range(1, 3_000)), windows=(WINDOW,) * 200)
    assert size(render_try_markdown(large, limit=limit)) <= limit
    many = tries(*(replace(report(*findings[:5]), key=f"source-{number}") for number in range(900)))
    shown = render_tries_markdown(many, limit=limit)
    assert size(shown) <= limit
    assert "more source" in shown


@given(st.text())
def test_markdown_keeps_what_a_server_says_inside_code(text: str) -> None:
    hostile = tries(report(finding(message=f"@team <script>{text}"), stop_reason=text), broken(text or "x"))
    for shown in (render_tries_markdown(hostile), render_try_markdown(report(finding(message=f"@team <b>{text}"), rows=()))):
        assert "<script" not in shown
        assert "<b>" not in shown
        assert "@team" not in shown


class Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def elements(html: str) -> Elements:
    parsed = Elements()
    parsed.feed(html)
    return parsed


def test_a_page_has_every_request_with_its_headers() -> None:
    row = replace(UNKNOWN, changes_outcome=True, alternatives=(("never", "600 records"),))
    text = elements(render_try_html(report(finding(), assumed=(row,), windows=(WINDOW,)))).text
    for words in (
        "offset=0",
        "offset=200",
        "Authorization: Bearer ${TOKEN}",
        "with never: 600 records",
        "check offSetName",
        "Jane",
    ):
        assert words in text


def test_the_page_of_all_trials_has_no_section_for_a_source_without_a_recording() -> None:
    html = render_tries_html(tries(report(), unrecorded(), broken()))
    assert html.count('<section class="spec"') == 2
    assert "orders" in html


@given(st.text())
def test_a_page_contains_no_element_of_a_server(text: str) -> None:
    hostile = f"</td><script>alert(1)</script><img src=x onerror=y>{text}"
    page = elements(render_try_html(report(finding(message=hostile), rows=({hostile: hostile},), stop_reason=hostile)))
    assert not page.names & {"script", "img", "link", "iframe"}
    assert not page.attributes & {"src", "onerror"}

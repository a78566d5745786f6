"""The HTML page over several targets: what its text and markup are."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import settings as tries

from reconciler.reports.fleet.html import render_fleet_html
from reconciler.reports.fleet.view import FleetView
from reconciler.reports.plan.html.page import SECTIONS
from tests.reports.fleet.fleets import EDIT, NEW, QUIET, REFUSED, UNREADABLE, settings, view_over
from tests.reports.fleet.shapes import fleets
from tests.reports.plans import change, plan, update
from tests.reports.sinks.test_escaping import is_harmless

THREE = settings("dev", "stage", "prod")


def test_a_change_of_several_targets_is_on_the_page_once_with_their_names() -> None:
    page = render_fleet_html(view_over(THREE, {"dev": EDIT, "stage": EDIT, "prod": NEW}))
    assert re.findall(r'<p class="in"><span class="quiet">in</span> (.*)</p>', page) == ["dev, stage", "prod"]


def test_a_cell_with_a_change_leads_to_it() -> None:
    page = render_fleet_html(view_over(THREE, {"dev": EDIT, "stage": EDIT, "prod": QUIET}))
    assert page.count('<a class="state pending" href="#spec-1">pending</a>') == 2
    assert page.count('id="spec-1"') == 1


def test_what_could_not_be_read_is_said_with_its_reason_and_hides_nothing() -> None:
    page = render_fleet_html(view_over(THREE, {"dev": UNREADABLE, "stage": REFUSED, "prod": QUIET}))
    assert "1 target failed, so this report is not complete" in page
    assert "<h2>dev could not be read</h2>" in page
    assert "hint: check the credential" in page
    assert '<h2>1 error <span class="quiet">in stage</span></h2>' in page


def test_the_page_has_every_digest_and_what_is_permanent() -> None:
    page = render_fleet_html(view_over(THREE, {"dev": NEW, "stage": EDIT, "prod": NEW}))
    assert all(digit * 64 in page for digit in "12")
    assert "2 creates over all targets, permanent: a spec cannot be deleted once created" in page


def test_one_target_needs_no_choice_of_targets() -> None:
    assert "<select" not in render_fleet_html(view_over(settings("dev"), {"dev": EDIT}))


def test_of_thousands_of_changes_the_first_have_a_section_and_the_rest_is_counted() -> None:
    made = plan(*(update(change("replace", "/a", 1, 2), key=f"k{number}") for number in range(SECTIONS + 2)))
    page = render_fleet_html(view_over(settings("dev", "prod"), {"dev": made, "prod": made}))
    assert page.count('<section class="spec ') == SECTIONS
    assert f"<h2>{SECTIONS + 2:,} changes</h2>" in page
    assert "… the changes of 2 more specs are not shown (the JSON report has all)" in page
    assert set(re.findall(r'href="#(spec-.+?)"', page)) <= set(re.findall(r'id="(.+?)"', page))


@tries(max_examples=15)
@given(fleets())
def test_no_page_has_scripts_links_to_elsewhere_or_commands_of_a_ci_system(view: FleetView) -> None:
    page = render_fleet_html(view)
    assert "<script" not in page
    assert not re.search(r"(?:src|href)=\"(?!#)", page)
    assert all(is_harmless(line) for line in page.split("\n"))

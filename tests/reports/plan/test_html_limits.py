"""A page has an end, whatever the plan holds."""

from __future__ import annotations

from dataclasses import replace

from reconciler.errors import Problem, Severity
from reconciler.reports.plan.html.page import LINES, SECTIONS
from reconciler.reports.plan.html.report import render_plan_html
from reconciler.reports.plan.view import view_of
from tests.reports.plan.test_html import parsed, sections
from tests.reports.plans import attach, change, create, plan, update


def test_many_warnings_are_folded_and_many_errors_are_not() -> None:
    warnings = tuple(Problem(Severity.WARNING, "not-kept", f"lost {number}") for number in range(9))
    assert len(parsed(view_of(plan(problems=warnings))).all("details")) == 1
    errors = tuple(replace(warning, severity=Severity.ERROR) for warning in warnings)
    assert parsed(view_of(plan(problems=errors))).all("details") == []


def test_no_more_problems_are_listed_than_anybody_reads() -> None:
    problems = tuple(Problem(Severity.ERROR, "bad", "bad", hint="x\n" * 100) for _ in range(501))
    group = parsed(view_of(plan(problems=problems))).one("section", "problems")
    assert group.words.startswith("501 errors bad [bad] hint: x x")
    assert group.words.endswith("… 40 more lines … 1 more (the JSON report has all)")


def test_of_very_many_creates_some_are_named_and_the_others_counted() -> None:
    page = parsed(view_of(plan(*(create(f"key-{number}") for number in range(15)))))
    assert page.one("section", "irreversible").words.endswith("Key-11 connection spec and 3 more, in the list below")


def test_many_ids_are_folded() -> None:
    ids = [change("add", "/sourceConnectionSpecIds/-", new=f"id-{number}") for number in range(17)]
    assert parsed(view_of(plan(attach(*ids)))).one("summary").words == "17 ids"


def test_of_very_many_changes_to_one_spec_the_rest_is_counted() -> None:
    many = update(*(change("replace", f"/a/{number}", number, -1) for number in range(1_000)))
    assert sections(parsed(view_of(plan(many))))[0].words.endswith("… 800 more changes (the JSON report has all)")


def test_a_name_of_any_length_does_not_fill_the_page() -> None:
    html = render_plan_html(
        view_of(plan(update(name="n" * 1_000_000), problems=(Problem(Severity.ERROR, "x", "m" * 1_000_000),)))
    )
    assert len(html) < 40_000
    assert "… 998,000 more characters" in html


def test_a_big_value_is_cut_with_a_count() -> None:
    big = render_plan_html(view_of(plan(create("k", change("add", "/a", new=list(range(200_000)))))))
    assert len(big) < 100_000
    assert "… 199,762 more lines (the JSON report has all)" in big


def test_two_thousand_specs_all_have_their_section_and_the_page_has_an_end() -> None:
    body = {"lines": [f"{number} " * 20 for number in range(100)]}
    html = render_plan_html(view_of(plan(*(create(f"k{number}", change("add", "/a", new=body)) for number in range(2_000)))))
    assert html.count('<section class="spec create"') == 2_000
    assert "not shown: the page is full (the JSON report has it)" in html.rpartition("<section")[2]
    assert len(html) < 25_000_000


def test_of_ten_thousand_specs_the_first_have_a_section_and_all_have_a_line_in_the_table() -> None:
    html = render_plan_html(
        view_of(plan(*(update(change("replace", "/a", 1, 2), name=f"n{number}") for number in range(10_000))))
    )
    assert html.count('<section class="spec') == SECTIONS
    assert html.count('<tr class="row') == 10_000
    assert f"… the changes of {10_000 - SECTIONS:,} more specs are not shown (the JSON report has all)" in html
    assert 'id="spec-10000">' in html  # what mentions it finds its line
    assert 'href="#spec-10000"' not in html
    assert len(html) < 10_000_000


def test_of_more_specs_than_a_table_may_have_the_rest_is_counted() -> None:
    html = render_plan_html(view_of(plan(*[update(change("replace", "/a", 1, 2))] * (LINES + 1))))
    assert html.count('<tr class="row') == LINES
    assert ", 1 of them is not listed either (the JSON report has all)" in html


def test_on_a_full_page_few_changes_of_a_spec_have_a_line() -> None:
    full = create("k", change("add", "/a", new=["x" * 500 for _ in range(240)]))
    many = update(*(change("replace", f"/a/{number}", number, -1) for number in range(100)))
    shown = sections(parsed(view_of(plan(*[full] * 60, many))))
    assert shown[-1].words.endswith("… 90 more changes (the JSON report has all)")

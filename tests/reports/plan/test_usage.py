"""Who is affected, as the reports of a plan say it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reconciler.documents.json_text import decode, encode
from reconciler.flowservice.usage import SpecUsage
from reconciler.planning.plan import ActionName
from reconciler.reports.drift.text import render_drift_text
from reconciler.reports.drift.view import drift_of
from reconciler.reports.plan.differences import differences, same_work
from reconciler.reports.plan.html.report import render_plan_html
from reconciler.reports.plan.json import render_plan_json, sealed
from reconciler.reports.plan.markdown import render_plan_markdown
from reconciler.reports.plan.notes import usage_sentence
from reconciler.reports.plan.outline import outline_of
from reconciler.reports.plan.reading import read_plan
from reconciler.reports.plan.text import render_plan_text
from reconciler.reports.plan.view import PlanView, view_of
from tests.reports.plans import MAILCHIMP, NOON, attach, change, create, plan, update

USED = SpecUsage(base_connections=1, source_connections=2, flows=3, enabled_flows=2, last_run_at=NOON)
SAID = "used by 3 flows (2 enabled, last run 2026-01-01T12:00:00Z) through 2 source connections and 1 base connection"
UNUSED = SpecUsage(0, 0, 0, 0)
UNTOLD = SpecUsage(unknown="the service returned 403")


def view(usage: SpecUsage | None, **fields: Any) -> PlanView:
    return view_of(plan(update(change("replace", "/x", 1, 2), usage=usage, **fields)))


def detach(usage: SpecUsage) -> PlanView:
    return view_of(plan(attach(change("remove", "/sourceConnectionSpecIds/0", MAILCHIMP), action=ActionName.DETACH, usage=usage)))


@pytest.mark.parametrize(
    ("usage", "said"),
    [
        (USED, SAID),
        (UNUSED, "not used by any flow"),
        (SpecUsage(1, 2, 0, 0), "not used by any flow, but by 2 source connections and 1 base connection"),
        (SpecUsage(None, None, 1, 0), "used by 1 flow (0 enabled, no known run)"),
        (SpecUsage(None, None, 1, None, NOON), "used by 1 flow (number of enabled flows unknown, last run 2026-01-01T12:00:00Z)"),
        (SpecUsage(0, 1, 1, 1), "used by 1 flow (1 enabled, no known run) through 1 source connection"),
        (replace(UNUSED, unknown="hidden"), "not used by any flow; there may be more: hidden"),
        (UNTOLD, "usage is unknown: the service returned 403"),
        (SpecUsage(), "usage is unknown"),
        (None, None),
    ],
)
def test_who_uses_a_spec_is_said_in_a_sentence(usage: SpecUsage | None, said: str | None) -> None:
    assert usage_sentence(view(usage).actions[0]) == said


def test_of_a_detach_it_is_said_of_what_it_takes_out() -> None:
    assert usage_sentence(detach(UNUSED).actions[0]) == "detached specs: not used by any flow"
    assert usage_sentence(detach(UNTOLD).actions[0]) == "usage of what it detaches is unknown: the service returned 403"


def test_the_text_says_it_below_the_spec() -> None:
    assert f"\n    {SAID}\n" in render_plan_text(view(USED))
    assert "used by" not in render_plan_text(view(None))


def test_the_html_page_says_it_in_the_section_of_the_spec() -> None:
    assert f'<p class="note">{SAID}</p>' in render_plan_html(view(USED))


def test_the_comment_says_it_with_the_changes_of_the_spec_and_lists_who_is_affected() -> None:
    markdown = render_plan_markdown(view(USED))
    section = markdown.partition("#### Who is affected\n\n")[2]
    assert section.startswith(f"- update connection spec <code>mailchimp-members</code>: {SAID}\n")
    assert markdown.lower().count(SAID.lower()) == 2


def test_the_comment_lists_the_specs_with_the_most_enabled_flows_first() -> None:
    usages = {"few": replace(USED, enabled_flows=1, flows=9), "most": replace(USED, enabled_flows=8), "none": UNUSED}
    actions = [update(change("replace", "/x", 1, 2), key=key, id=key, usage=usage) for key, usage in usages.items()]
    markdown = render_plan_markdown(view_of(plan(*actions)))
    section = markdown.partition("#### Who is affected\n\n")[2].partition("\n\n")[0]
    assert [line.partition("<code>")[2].partition("</code>")[0] for line in section.splitlines()] == ["most", "few"]


def test_the_comment_counts_the_specs_of_which_it_cannot_be_told() -> None:
    assert "#### Who is affected\n\nUsage of 1 spec is unknown." in render_plan_markdown(view(UNTOLD))
    both = plan(update(usage=USED), update(key="b", id="b", usage=UNTOLD))
    assert f"{SAID}\n\nUsage of 1 spec is unknown." in render_plan_markdown(view_of(both))


def test_the_comment_says_nothing_of_it_where_nobody_uses_what_changes_or_nobody_asked() -> None:
    assert "Who is affected" not in render_plan_markdown(view(UNUSED))
    assert "Who is affected" not in render_plan_markdown(view(None))


def test_a_reason_from_a_saved_plan_is_quoted_in_the_comment() -> None:
    markdown = render_plan_markdown(view(SpecUsage(unknown="@everyone <b>")))
    assert "@everyone" not in markdown.replace("<wbr>", "")
    assert "<b>" not in markdown


def test_two_thousand_used_specs_stay_within_the_limit_and_are_counted() -> None:
    actions = [
        update(change("replace", "/x", 1, 2), key=f"source-{number}", id=str(number), usage=USED) for number in range(2_000)
    ]
    markdown = render_plan_markdown(view_of(plan(*actions)), limit=20_000)
    assert len(markdown.encode()) <= 20_000
    assert "more used specs" in markdown


def test_json_has_each_count_and_null_where_it_cannot_be_told() -> None:
    (used,) = decode(render_plan_json(view(USED)))["actions"]
    assert used["usage"] == {
        "base_connections": 1,
        "source_connections": 2,
        "flows": 3,
        "enabled_flows": 2,
        "last_run_at": NOON,
        "unknown": None,
    }
    (untold,) = decode(render_plan_json(view(UNTOLD)))["actions"]
    assert (untold["usage"]["flows"], untold["usage"]["unknown"]) == (None, "the service returned 403")
    (asked_nobody,) = decode(render_plan_json(view_of(plan(create("a")))))["actions"]
    assert asked_nobody["usage"] is None


def test_a_plan_that_was_saved_before_plans_told_of_users_is_read() -> None:
    document = decode(render_plan_json(view(USED)))
    del document["actions"][0]["usage"]
    assert read_plan(encode(sealed(document)), "plan.json") == view(None)


def test_a_plan_with_other_users_is_the_same_plan() -> None:
    before, now = view(USED), view(None)
    assert differences(outline_of(before), outline_of(now)) == ()
    assert same_work(before, now)


def test_a_report_of_drift_does_not_say_who_uses_a_spec() -> None:
    assert "used by" not in render_drift_text(drift_of(view(USED)))

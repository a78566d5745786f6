"""Whether a spec was tried, as the reports of a plan say it."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.documents.comparison import Cause
from reconciler.documents.json_text import decode, encode
from reconciler.planning.tried import NEVER_TRIED, Tried, TriedOutcome
from reconciler.reports.drift.view import drift_of
from reconciler.reports.plan.differences import same_work
from reconciler.reports.plan.html.report import render_plan_html
from reconciler.reports.plan.json import render_plan_json, sealed
from reconciler.reports.plan.markdown import render_plan_markdown
from reconciler.reports.plan.notes import tried_sentence
from reconciler.reports.plan.reading import read_plan
from reconciler.reports.plan.text import render_plan_text
from reconciler.reports.plan.view import PlanView, view_of
from tests.reports.plans import change, create, plan, update

HELD = Tried(TriedOutcome.HELD, 237, 4, "2026-11-27T08:00:00Z")
SAID = "tried: 237 records in 4 calls, cassette of 2026-11-27"
FAILED = Tried(TriedOutcome.FAILED, 100, 1, "2026-11-27T08:00:00Z", "page 2 is <b>page 1</b> again")


def view(tried: Tried | None, **fields: Any) -> PlanView:
    return view_of(plan(create("members", tried=tried, **fields)))


@pytest.mark.parametrize(
    ("tried", "said"),
    [
        (HELD, SAID),
        (Tried(TriedOutcome.HELD, 1, 1), "tried: 1 record in 1 call"),
        (Tried(TriedOutcome.HELD, 1, 1, stub=True), "tried against a stub: 1 record in 1 call"),
        (Tried(TriedOutcome.HELD, 1, 1, "no | date"), "tried: 1 record in 1 call"),
        (Tried(TriedOutcome.HELD, 237, 4, HELD.recorded_at, "more pages exist"), f"{SAID}; more pages exist"),
        (FAILED, "tried, and it failed: page 2 is <b>page 1</b> again"),
        (NEVER_TRIED, "not tried"),
        (Tried(TriedOutcome.NOT_TRIED, reason="the recording is empty"), "not tried: the recording is empty"),
        (None, None),
    ],
)
def test_the_evidence_is_said_in_a_sentence(tried: Tried | None, said: str | None) -> None:
    assert tried_sentence(tried) == said


def test_the_text_says_it_next_to_what_is_permanent() -> None:
    assert f"\n    permanent: a spec cannot be deleted once created\n    {SAID}\n" in render_plan_text(view(HELD))
    assert "tried" not in render_plan_text(view(None))


def test_the_comment_lists_it_below_what_is_permanent_those_that_do_not_count_first() -> None:
    both = view_of(plan(create("members", tried=HELD), create("orders", tried=FAILED)))
    section = render_plan_markdown(both).partition("#### Permanent")[2].partition("#### Tried\n\n")[2]
    first, second = section.split("\n")[:2]
    assert first.startswith("- <code>orders</code> · tried, and it failed: page 2 is <code>&#60;b&#62;page")
    assert second == f"- <code>members</code> · {SAID}"


def test_a_comment_without_evidence_has_no_such_section() -> None:
    assert "Tried" not in render_plan_markdown(view(None))


def test_the_html_page_says_it_in_the_section_of_the_spec_and_among_what_is_irreversible() -> None:
    page = render_plan_html(view(HELD))
    assert f'<p class="note">{SAID}</p>' in page
    assert f"connection spec, {SAID}" in page
    assert "<b>page 1</b>" not in render_plan_html(view(FAILED))


def test_json_has_the_evidence_of_each_action() -> None:
    (action,) = decode(render_plan_json(view(HELD)))["actions"]
    assert action["tried"] == {
        "outcome": "held",
        "records": 237,
        "calls": 4,
        "recorded_at": "2026-11-27T08:00:00Z",
        "reason": None,
        "stub": False,
    }
    assert decode(render_plan_json(view(None)))["actions"][0]["tried"] is None
    assert decode(render_plan_json(view(NEVER_TRIED)))["actions"][0]["tried"]["outcome"] == "not_tried"


def test_a_saved_plan_keeps_the_evidence_and_is_the_same_work_with_another() -> None:
    saved = read_plan(render_plan_json(view(FAILED)).encode(), "plan.json")
    assert saved.actions[0].tried == FAILED
    assert same_work(saved, view(HELD))


def test_drift_does_not_ask_for_trials() -> None:
    drifted = update(change("replace", "/x", 1, 2, Cause.DRIFT), cause=Cause.DRIFT, tried=HELD)
    (action,) = drift_of(view_of(plan(drifted))).actions
    assert action.tried is None


def test_a_secret_of_the_spec_is_not_in_the_evidence() -> None:
    tells = Tried(TriedOutcome.FAILED, reason="the answer to key 5e8f2a91c07d4b36 is 401")
    said = render_plan_json(view(tells, secrets=frozenset({"5e8f2a91c07d4b36"})))
    assert "is 401" in said
    assert "5e8f2a91c07d4b36" not in said


def test_a_plan_that_was_saved_before_stubs_were_told_apart_is_read() -> None:
    document = decode(render_plan_json(view(HELD)))
    del document["actions"][0]["tried"]["stub"]
    assert read_plan(encode(sealed(document)), "plan.json").actions[0].tried == HELD


def test_a_plan_that_was_saved_before_there_was_evidence_is_read() -> None:
    document = decode(render_plan_json(view(HELD)))
    del document["actions"][0]["tried"], document["options"]["untried"], document["options"]["allow_untried"]
    read = read_plan(encode(sealed(document)), "plan.json")
    assert read.actions[0].tried is None
    assert (read.options.untried, read.options.allow_untried) == ("warn", False)

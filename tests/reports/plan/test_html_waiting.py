"""What waits at a gate, on the page of one target."""

from __future__ import annotations

from dataclasses import replace

from reconciler.documents.kinds import Kind
from reconciler.planning.gate import Gate, GateName, Wait
from reconciler.planning.plan import Action
from reconciler.reports.drift.view import drift_of
from reconciler.reports.plan.html.report import render_plan_html
from reconciler.reports.plan.view import PlanView, view_of
from tests.reports.plan.test_html import parsed
from tests.reports.plans import create, plan, update

SAME = Wait("dev", GateName.SAME, "dev does not have it yet", "apply dev first")
SOAK = Wait("dev", GateName.SOAK, "19h of 1d (dev since yesterday)", "it may go on at `noon`")


def waiting(*actions: Action, waits: tuple[Wait, ...] = (SAME,), ready: tuple[Action, ...] = ()) -> PlanView:
    gates = {(one.kind, one.key): Gate(waits) for one in actions if one.key is not None}
    return view_of(replace(plan(*ready), waiting=actions, gates=gates))


def test_what_waits_is_named_with_its_reasons_and_what_to_do() -> None:
    words = parsed(waiting(create("orders"), waits=(SAME, SOAK))).one("section", "waiting").words
    assert words == (
        "1 change waits at a gate Orders connection spec orders · create same: dev does not have it yet hint: apply dev first"
        " soak: 19h of 1d (dev since yesterday) hint: it may go on at noon"
    )


def test_what_waits_for_the_same_reason_says_it_once() -> None:
    words = parsed(waiting(create("a"), create("b"), create("c"))).one("section", "waiting").words
    assert words.startswith("3 changes wait at a gate A connection spec a · create B connection spec b · create C")
    assert words.count("dev does not have it yet") == 1


def test_a_page_where_all_waits_does_not_say_that_nothing_is_to_do() -> None:
    assert "nothing to do yet: " in parsed(waiting(create("a"))).one("p", "summary").words
    assert "nothing to do: " in parsed(view_of(plan())).one("p", "summary").words


def test_what_is_ready_stands_beside_what_waits() -> None:
    page = parsed(waiting(create("a"), ready=(update(),)))
    assert page.one("section", "waiting").words.startswith("1 change waits")
    assert len(page.all("tr", "row")) == 1


def test_a_page_without_anything_that_waits_has_no_such_part() -> None:
    assert parsed(view_of(plan(update()))).all("section", "waiting") == []


def test_a_page_of_drift_is_about_drift() -> None:
    assert 'class="waiting"' not in render_plan_html(drift_of(waiting(create("a"))), drift=True)


def test_of_very_many_that_wait_the_rest_is_counted() -> None:
    one_reason = render_plan_html(waiting(*(create(f"k{number}") for number in range(300))))
    assert "… 250 more (the JSON report has all)" in one_reason
    actions = [create(f"k{number}") for number in range(300)]
    gates = {(Kind.CONNECTION_SPEC, f"k{number}"): Gate((replace(SAME, message=f"m{number}"),)) for number in range(300)}
    many = render_plan_html(view_of(replace(plan(), waiting=tuple(actions), gates=gates)))
    assert "… 200 changes wait at a gate, too (the JSON report has all)" in many
    assert len(many) < 60_000

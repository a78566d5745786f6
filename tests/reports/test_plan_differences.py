from __future__ import annotations

from dataclasses import replace

from reconciler.planning.plan import Action, ActionName
from reconciler.reports.plan_differences import differences
from reconciler.reports.view import view_of

from .plans import TARGET, attach, change, create, plan, update

EDIT = update(change("replace", "/a", 1, 2))


def told(saved: tuple[Action, ...], fresh: tuple[Action, ...]) -> list[str]:
    return [f"{item.code}: {item.message}" for item in differences(view_of(plan(*saved)), view_of(plan(*fresh)))]


def test_equal_plans_have_no_differences() -> None:
    assert told((EDIT, attach()), (EDIT, attach())) == []


def test_what_is_new_and_what_is_gone_is_named() -> None:
    assert told((create("a", name="a"),), (create("b", name="b"),)) == [
        "stale-gone: create of connection spec a is not to be done any more",
        "stale-new: create of connection spec b is not in the saved plan",
    ]


def test_another_action_on_the_same_spec_is_named() -> None:
    assert told((EDIT,), (replace(EDIT, action=ActionName.ADOPT),)) == [
        'stale-other: adopt of connection spec mailchimp-members "MailChimp Members" is adopt now, and was update'
    ]


def test_other_changes_are_named() -> None:
    assert told((EDIT,), (update(change("replace", "/a", 1, 3)),)) == [
        'stale-other: update of connection spec mailchimp-members "MailChimp Members" has other changes now'
    ]


def test_live_that_moved_under_the_plan_is_named() -> None:
    assert told((EDIT,), (replace(EDIT, fingerprint="other"),)) == [
        'stale-other: update of connection spec mailchimp-members "MailChimp Members" rests on something that has changed since'
    ]


def test_another_place_is_named() -> None:
    saved, fresh = view_of(plan()), view_of(plan(target=replace(TARGET, sandbox="prod")))
    assert [item.message for item in differences(saved, fresh)] == [
        "the saved plan is for sandbox 'dev', and the target is now 'prod'"
    ]

from __future__ import annotations

from dataclasses import replace

from reconciler.planning.plan import Action, ActionName
from reconciler.reports.plan.differences import differences
from reconciler.reports.plan.outline import Outline, outline_of
from reconciler.reports.plan.view import view_of
from tests.reports.plans import TARGET, attach, change, create, plan, update

EDIT = update(change("replace", "/a", 1, 2))


def outline(*actions: Action) -> Outline:
    return outline_of(view_of(plan(*actions)))


def told(saved: tuple[Action, ...], fresh: tuple[Action, ...]) -> list[str]:
    return [f"{item.code}: {item.message}" for item in differences(outline(*saved), outline(*fresh))]


def test_equal_plans_have_no_differences() -> None:
    assert told((EDIT, attach()), (EDIT, attach())) == []


def test_what_is_new_and_what_is_gone_is_named() -> None:
    assert told((create("a", name="a"),), (create("b", name="b"),)) == [
        "stale-gone: create of connection spec a is no longer needed",
        "stale-new: create of connection spec b is not in the saved plan",
    ]


def test_another_action_on_the_same_spec_is_named() -> None:
    assert told((EDIT,), (replace(EDIT, action=ActionName.ADOPT),)) == [
        'stale-other: adopt of connection spec mailchimp-members "MailChimp Members" is now adopt, and was update'
    ]


def test_other_changes_are_named() -> None:
    assert told((EDIT,), (update(change("replace", "/a", 1, 3)),)) == [
        'stale-other: update of connection spec mailchimp-members "MailChimp Members" now has other changes, at /a'
    ]


def test_live_that_moved_under_the_plan_is_named() -> None:
    assert told((EDIT,), (replace(EDIT, fingerprint="other"),)) == [
        'stale-other: update of connection spec mailchimp-members "MailChimp Members" is based on a live spec that has changed since'
    ]


def test_another_place_is_named() -> None:
    saved, fresh = outline(), outline_of(view_of(plan(target=replace(TARGET, sandbox="prod"))))
    assert [item.message for item in differences(saved, fresh)] == [
        "the saved plan is for sandbox 'dev', but the target now has 'prod'"
    ]


def test_of_a_plan_that_was_kept_in_part_only_the_number_of_unknown_actions_is_told() -> None:
    kept = replace(outline(EDIT), left_out=3)
    (problem,) = differences(kept, outline(EDIT, create("a"), create("b")), "the reviewed plan")
    assert problem.message.startswith("2 actions are not in the reviewed plan, which was too large to keep")


def test_more_than_three_places_are_counted() -> None:
    (problem,) = differences(outline(EDIT), outline(update(*(change("replace", f"/{name}", 1, 2) for name in "bcdef"))))
    assert problem.message.endswith("now has other changes, at /a, /b, /c and 3 more places")

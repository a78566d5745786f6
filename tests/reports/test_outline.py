from __future__ import annotations

from dataclasses import replace

from reconciler.planning.plan import Action
from reconciler.reports.outline import Outline, is_rest_of, outline_of
from reconciler.reports.view import PlanView, view_of

from .plans import MAILCHIMP, attach, change, create, plan, update

EDIT = update(change("replace", "/a", 1, 2))
ATTACH_BY_KEY = attach(change("add", "/sourceConnectionSpecIds/-", new={"ref": "a"}))
ATTACH_BY_ID = attach(change("add", "/sourceConnectionSpecIds/-", new=MAILCHIMP))


def view(*actions: Action) -> PlanView:
    return view_of(plan(*actions))


def outline(*actions: Action) -> Outline:
    return outline_of(view(*actions))


def test_an_outline_shows_no_value() -> None:
    assert "s3cret" not in repr(outline(update(change("replace", "/a", "s3cret-old", "s3cret-new"))))


def test_nothing_left_to_do_is_the_rest_of_any_plan() -> None:
    assert is_rest_of(view(), outline(EDIT), {})


def test_what_is_left_of_a_plan_is_its_rest() -> None:
    assert is_rest_of(view(EDIT), outline(create("a"), EDIT), {})


def test_another_action_is_not_the_rest() -> None:
    assert not is_rest_of(view(EDIT, create("b")), outline(EDIT), {})


def test_another_value_is_not_the_rest() -> None:
    assert not is_rest_of(view(update(change("replace", "/a", 1, 3))), outline(EDIT), {})


def test_the_same_change_on_something_that_moved_is_not_the_rest() -> None:
    assert not is_rest_of(view(replace(EDIT, fingerprint="other")), outline(EDIT), {})


def test_what_was_to_be_attached_by_key_may_have_its_id_by_now() -> None:
    assert is_rest_of(view(ATTACH_BY_ID), outline(create("a"), ATTACH_BY_KEY), {"a": MAILCHIMP})


def test_an_id_that_is_not_that_key_s_is_not_the_rest() -> None:
    assert not is_rest_of(view(ATTACH_BY_ID), outline(ATTACH_BY_KEY), {"b": MAILCHIMP})

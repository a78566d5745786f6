from __future__ import annotations

from dataclasses import replace
from typing import Any

from reconciler.documents.kinds import Kind
from reconciler.planning.plan import Action, ActionName
from reconciler.reports.plan.outline import Outline, as_it_was_planned, is_rest_of, is_together_of, outline_of
from reconciler.reports.plan.view import view_of
from tests.reports.plans import MAILCHIMP, REST, TARGET, attach, change, create, plan, update

CREATE = create("a", change("add", "/name", new="A"))
EDIT = update(change("replace", "/a", 1, 2))
ATTACH_BY_KEY = attach(change("add", "/sourceConnectionSpecIds/-", new={"ref": "a"}))
ATTACH_BY_ID = attach(change("add", "/sourceConnectionSpecIds/-", new=MAILCHIMP))


def outline(*actions: Action, **fields: Any) -> Outline:
    return outline_of(view_of(plan(*actions, **fields)))


def is_rest(fresh: Outline, reviewed: Outline, **ids: str) -> bool:
    return is_rest_of(as_it_was_planned(fresh, reviewed, ids), reviewed)


def test_an_outline_shows_no_value() -> None:
    assert "s3cret" not in repr(outline(update(change("replace", "/a", "s3cret-old", "s3cret-new"))))


def test_nothing_left_to_do_is_the_rest_of_any_plan() -> None:
    assert is_rest(outline(), outline(EDIT))


def test_what_is_left_of_a_plan_is_its_rest() -> None:
    assert is_rest(outline(EDIT), outline(create("a"), EDIT))


def test_another_action_is_not_the_rest() -> None:
    assert not is_rest(outline(EDIT, create("b")), outline(EDIT))


def test_another_value_is_not_the_rest() -> None:
    assert not is_rest(outline(update(change("replace", "/a", 1, 3))), outline(EDIT))


def test_a_change_of_something_that_moved_is_not_the_rest() -> None:
    assert not is_rest(outline(update(change("replace", "/a", 9, 2))), outline(EDIT))


def test_the_same_work_in_another_place_is_not_the_rest() -> None:
    for target in (replace(TARGET, sandbox="prod"), replace(TARGET, org_id="x@AdobeOrg"), replace(TARGET, host="x.adobe.io")):
        assert not is_rest(outline(CREATE, target=target), outline(CREATE))


def test_a_new_flow_spec_of_one_s_own_may_hold_ids_by_now() -> None:
    def flow(*entries: object) -> Action:
        return create("own", change("add", "/sourceConnectionSpecIds", new=list(entries)), kind=Kind.FLOW_SPEC)

    assert is_rest(outline(flow(REST, MAILCHIMP)), outline(CREATE, flow(REST, {"ref": "a"})), a=MAILCHIMP)
    assert not is_rest(outline(flow(REST, MAILCHIMP)), outline(CREATE, flow({"ref": "a"})), a=MAILCHIMP)


def test_an_action_that_was_kept_as_a_short_digest_is_known_again() -> None:
    (action,) = outline(EDIT).actions
    kept = replace(outline(), left_out=1, shorts=frozenset({action.short}))
    assert is_rest(outline(EDIT), kept)
    assert not is_rest(outline(update(change("replace", "/a", 1, 3))), kept)


def test_what_was_to_be_attached_by_key_may_have_its_id_by_now() -> None:
    assert is_rest(outline(ATTACH_BY_ID), outline(create("a"), ATTACH_BY_KEY), a=MAILCHIMP)


def test_an_id_that_is_not_that_key_s_is_not_the_rest() -> None:
    assert not is_rest(outline(ATTACH_BY_ID), outline(ATTACH_BY_KEY), b=MAILCHIMP)


def test_what_each_of_several_reviewed_plans_has_was_reviewed_together() -> None:
    other = update(change("replace", "/b", 1, 2))
    both = update(change("replace", "/a", 1, 2), change("replace", "/b", 1, 2))
    assert is_together_of(outline(CREATE, both), [outline(EDIT), outline(other, CREATE)])


def test_what_none_of_several_reviewed_plans_has_was_not_reviewed() -> None:
    for unseen in (
        create("b"),
        update(change("replace", "/a", 1, 3)),
        update(change("replace", "/a", 1, 2), change("add", "/c", new=1)),
        update(change("replace", "/a", 1, 2), action=ActionName.ATTACH),
    ):
        assert not is_together_of(outline(CREATE, unseen), [outline(EDIT), outline(CREATE)])


def test_an_action_without_changes_was_reviewed_only_where_a_plan_has_it() -> None:
    assert not is_together_of(outline(create("b")), [outline(EDIT)])
    assert not is_together_of(outline(update()), [outline(create("b"))])
    assert is_together_of(outline(create("b")), [outline(EDIT), outline(create("b"))])


def test_nothing_was_reviewed_together_without_a_review() -> None:
    assert not is_together_of(outline(EDIT), [])
    assert not is_together_of(outline(), [])


def test_a_plan_that_is_not_complete_was_not_reviewed_together() -> None:
    assert not is_together_of(replace(outline(EDIT), left_out=1), [outline(EDIT)])


def test_a_review_of_another_place_counts_for_nothing() -> None:
    for target in (replace(TARGET, sandbox="prod"), replace(TARGET, org_id="x@AdobeOrg"), replace(TARGET, host="x.adobe.io")):
        assert not is_together_of(outline(CREATE), [outline(CREATE, target=target)])


def test_an_action_kept_as_a_short_digest_was_reviewed_together_with_others() -> None:
    whole = outline(CREATE, EDIT)
    short = replace(outline(), shorts=frozenset({whole.actions[0].short}))
    assert is_together_of(whole, [short, outline(EDIT)])
    assert not is_together_of(whole, [short])


def test_plans_are_looked_at_only_as_far_as_they_are_needed() -> None:
    looked = iter([outline(EDIT), outline(CREATE)])
    assert is_together_of(outline(EDIT), looked)
    assert list(looked) == [outline(CREATE)]

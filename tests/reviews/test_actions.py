from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest

from reconciler.documents.kinds import Kind
from reconciler.planning.plan import Action
from reconciler.reports.plan.outline import Outline, outline_of
from reconciler.reviews.actions import MergedPlan, unreviewed
from tests.github.reviewed import view
from tests.reports.plans import MAILCHIMP, attach, change, create, update

MEMBERS = update(change("replace", "/a", 1, 2))
ORDERS = update(change("replace", "/b", 1, 2), key="orders", name="Orders", id="orders-id")
USERS = update(change("replace", "/c", 1, 2), key="users", name="Users", id="users-id")
OBJECT = (Kind.CONNECTION_SPEC, "mailchimp-members")
NOT_SHOWN = "no pull request merged since it was last applied shows it"


def planned(*actions: Action) -> Outline:
    return outline_of(view(*actions))


def merged(number: int, *actions: Action, at: int, contained: int | None = None) -> MergedPlan:
    """A pull request on top of all that was merged before it, unless another commit is said."""
    return MergedPlan(f"#{number}", at, at + 1 if contained is None else contained, planned(*actions))


def reasons(*plans: MergedPlan, fresh: Action = MEMBERS, since: int | None = None) -> list[str]:
    written = {} if since is None else {OBJECT: since}
    return [one.reason for one in unreviewed(planned(fresh), {}, plans, written)]


def test_of_three_merges_each_spec_is_applied_when_it_is_ready() -> None:
    plans = (
        merged(3, MEMBERS, ORDERS, USERS, at=0),
        merged(2, MEMBERS, ORDERS, at=1),
        merged(1, MEMBERS, at=2),
    )
    for ready in (MEMBERS, ORDERS, USERS):
        assert reasons(*plans, fresh=ready) == []
    assert unreviewed(planned(MEMBERS, ORDERS, USERS), {}, plans, {}) == ()


def test_of_three_merges_side_by_side_each_spec_is_found_where_it_was_reviewed() -> None:
    plans = (
        merged(3, USERS, at=0, contained=3),
        merged(2, ORDERS, at=1, contained=3),
        merged(1, MEMBERS, at=2, contained=3),
    )
    assert unreviewed(planned(MEMBERS, ORDERS, USERS), {}, plans, {}) == ()


def test_a_plan_that_contained_the_change_and_does_not_show_it_supersedes_its_review() -> None:
    reverted = merged(2, at=0)
    assert reasons(reverted, merged(1, MEMBERS, at=1)) == ["the plan of #2 does not show it"]


def test_a_plan_made_before_the_change_was_merged_says_nothing_of_it() -> None:
    assert reasons(merged(2, at=0, contained=2), merged(1, MEMBERS, at=1)) == []


def test_a_plan_whose_checkout_is_unknown_supersedes_every_older_one() -> None:
    unknown = MergedPlan("#2", 0, None, planned(ORDERS))
    assert reasons(unknown, merged(1, MEMBERS, at=1)) == ["the plan of #2 does not show it"]


def test_a_pull_request_merged_as_the_same_commit_is_not_superseded() -> None:
    unknown = MergedPlan("#2", 0, None, planned(ORDERS))
    assert reasons(unknown, MergedPlan("#1", 0, None, planned(MEMBERS))) == []


def test_a_change_that_was_reverted_in_part_and_came_back_unreviewed_is_refused() -> None:
    both = update(change("replace", "/a", 1, 2), change("replace", "/b", 1, 2))
    assert reasons(merged(2, MEMBERS, at=0), merged(1, both, at=1), fresh=both) == ["no pull request shows its changes at /b"]


def test_a_newer_review_with_another_value_contradicts() -> None:
    other = update(change("replace", "/a", 1, 3))
    said = ["#2 was reviewed with other changes, at /a"]
    assert reasons(merged(2, other, at=0, contained=2), merged(1, MEMBERS, at=1)) == said


def test_a_newer_review_of_more_changes_contradicts() -> None:
    more = update(change("replace", "/a", 1, 2), *(change("add", f"/{name}", new=1) for name in "vwxyz"))
    assert reasons(merged(1, more, at=0)) == ["#1 was reviewed with other changes, at /v, /w, /x and 2 more places"]


def test_what_was_reviewed_as_another_action_is_refused() -> None:
    first = create("mailchimp-members", change("replace", "/a", 1, 2))
    assert reasons(merged(1, first, at=0)) == ["#1 was reviewed as create"]


def test_live_that_changed_since_the_review_is_refused() -> None:
    now = update(change("replace", "/a", 9, 2))
    assert reasons(merged(1, MEMBERS, at=0), fresh=now) == ["#1 was reviewed with other changes, at /a"]


def test_what_two_merged_side_by_side_change_in_one_spec_is_reviewed_together() -> None:
    both = update(change("replace", "/a", 1, 2), change("replace", "/b", 1, 2))
    second = update(change("replace", "/b", 1, 2))
    plans = (merged(2, second, at=0, contained=2), merged(1, MEMBERS, at=1))
    assert reasons(*plans, fresh=both) == []
    assert reasons(plans[0], fresh=both) == ["no pull request shows its changes at /a"]


@pytest.mark.parametrize(("since", "said"), [(2, []), (1, [NOT_SHOWN])])
def test_a_review_merged_before_live_was_written_does_not_count(since: int, said: list[str]) -> None:
    assert reasons(merged(1, MEMBERS, at=1), since=since) == said


def test_without_a_merged_pull_request_nothing_is_reviewed() -> None:
    (found,) = unreviewed(planned(MEMBERS), {}, (), {})
    assert found.message == f'update of connection spec mailchimp-members "MailChimp Members" was not reviewed: {NOT_SHOWN}'


def test_a_plan_that_cannot_be_read_ends_the_search() -> None:
    tampered = MergedPlan("#2", 0, 5, None)
    said = ["the plan recorded for #2 cannot be read"]
    assert reasons(tampered, merged(1, MEMBERS, at=1)) == said
    assert reasons(merged(3, MEMBERS, at=0), dataclasses.replace(tampered, at=1)) == []


def test_a_plan_of_another_sandbox_is_passed_over() -> None:
    elsewhere = planned(update(change("replace", "/a", 1, 3)))
    moved = dataclasses.replace(elsewhere, target=dataclasses.replace(elsewhere.target, sandbox="other"))
    assert reasons(MergedPlan("#2", 0, 1, moved), merged(1, MEMBERS, at=1)) == []


def test_a_plan_that_was_too_large_to_record_ends_the_search_unless_it_kept_the_action() -> None:
    cut = dataclasses.replace(planned(ORDERS), left_out=1)
    assert reasons(MergedPlan("#2", 0, 2, cut), merged(1, MEMBERS, at=1)) == ["the plan of #2 was too large to record"]
    kept = dataclasses.replace(cut, shorts=frozenset({planned(MEMBERS).actions[0].short}))
    assert reasons(MergedPlan("#2", 0, 2, kept)) == []


def test_one_of_several_ids_may_be_attached_before_the_others() -> None:
    path = "/sourceConnectionSpecIds/-"
    both = attach(change("add", path, new={"ref": "members"}), change("add", path, new={"ref": "orders"}))
    fresh = planned(attach(change("add", path, new=MAILCHIMP)))
    assert unreviewed(fresh, {"members": MAILCHIMP}, [merged(1, both, at=0)], {}) == ()
    assert len(unreviewed(fresh, {"users": MAILCHIMP}, [merged(1, both, at=0)], {})) == 1


def test_ids_that_are_attached_at_once_and_later_are_reviewed_alike() -> None:
    path = "/sourceConnectionSpecIds/-"
    first, later = (attach(change("add", path, new={"ref": key})) for key in ("members", "orders"))
    fresh = planned(attach(change("add", path, new=MAILCHIMP)))
    assert unreviewed(fresh, {"members": MAILCHIMP}, [merged(1, first, later, at=0)], {}) == ()


def test_other_changes_of_a_flow_spec_are_as_reviewed_or_refused() -> None:
    path = "/sourceConnectionSpecIds/-"
    more = attach(change("add", path, new=MAILCHIMP), change("replace", "/name", "A", "B"))
    assert len(unreviewed(planned(attach(change("add", path, new=MAILCHIMP))), {}, [merged(1, more, at=0)], {})) == 1


def test_plans_are_read_only_as_far_as_they_are_needed() -> None:
    def one_and_no_more() -> Iterator[MergedPlan]:
        yield merged(1, MEMBERS, at=0)
        raise AssertionError

    assert unreviewed(planned(MEMBERS), {}, one_and_no_more(), {}) == ()
    assert unreviewed(planned(), {}, one_and_no_more(), {}) == ()

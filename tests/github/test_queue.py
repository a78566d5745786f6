"""What counts as reviewed of a plan that a merge queue made."""

from __future__ import annotations

import pytest

from reconciler.github.applied_record import applied_record_of
from reconciler.github.checks import FLEET, CheckScope, Conclusion, Report
from reconciler.github.recorded import NotReviewed
from reconciler.github.reviews import Reviews
from tests.github.fake_api import a_sha
from tests.github.reviewed import CREATE, EDIT, review, view
from tests.github.situations import MERGED, REPO, World
from tests.reports.fleet.fleets import QUIET, settings, view_over
from tests.reports.plans import create

EARLIER = a_sha("merged before it")
TOGETHER = view(CREATE, EDIT, digest="3" * 64)
"""What a queue plans for the commit of the second of two pull requests, of which each has one of the actions."""


def two_queued(world: World, *, applied: Conclusion | None = None) -> None:
    """Number 2 is merged as EARLIER, and its apply ended so; number 1 is reviewed, and about to be merged as MERGED."""
    world.fake.repository(REPO).commits |= {EARLIER, MERGED}
    review(world, view(EDIT))
    other = world.fake.open_pull_request(REPO, a_sha("other"))
    review(world, view(CREATE, digest="2" * 64), number=other.number, head=other.head_sha)
    world.fake.merge(REPO, other.number, EARLIER)
    if applied is not None:
        world.checks.complete(
            CheckScope("apply", "stage"), EARLIER, other.number, "2" * 64, applied, Report("title", "summary", "")
        )


def after_queue(world: World) -> Reviews:
    return Reviews(world.checks, "specs", MERGED, "main", ancestors=lambda: [EARLIER])


@pytest.mark.parametrize("applied", [None, "failure", "cancelled"])
def test_what_a_queue_planned_is_applied_if_each_change_was_reviewed(world: World, applied: Conclusion | None) -> None:
    two_queued(world, applied=applied)
    review(world, TOGETHER, head=MERGED)
    world.merge()
    after_queue(world).check(TOGETHER, {})


def test_what_an_apply_has_completed_is_not_reviewed_for_a_queue_again(world: World) -> None:
    two_queued(world, applied="success")
    review(world, TOGETHER, head=MERGED)
    world.merge()
    with pytest.raises(NotReviewed):
        after_queue(world).check(TOGETHER, {})


def test_what_an_apply_to_several_targets_has_completed_is_not_reviewed_for_a_queue_again(world: World) -> None:
    two_queued(world)
    applied = applied_record_of(view_over(settings("stage"), {"stage": QUIET}, "apply"))
    world.checks.complete(CheckScope("apply", FLEET), EARLIER, 2, None, "success", Report("title", "summary", applied))
    review(world, TOGETHER, head=MERGED)
    world.merge()
    with pytest.raises(NotReviewed):
        after_queue(world).check(TOGETHER, {})


def test_a_change_that_only_the_queue_planned_is_refused(world: World) -> None:
    two_queued(world)
    more = view(CREATE, EDIT, create("b"), digest="3" * 64)
    review(world, more, head=MERGED)
    world.merge()
    with pytest.raises(NotReviewed):
        after_queue(world).check(more, {})


def test_a_queue_s_plan_that_failed_that_is_another_pull_request_s_or_that_came_after_the_merge_is_refused(world: World) -> None:
    two_queued(world)
    review(world, TOGETHER, head=MERGED, number=2)
    world.merge()
    review(world, TOGETHER, head=MERGED)
    with pytest.raises(NotReviewed):
        after_queue(world).check(TOGETHER, {})


def test_a_queue_s_plan_that_was_refused_is_no_plan(world: World) -> None:
    two_queued(world)
    review(world, TOGETHER, head=MERGED, conclusion="failure")
    world.merge()
    with pytest.raises(NotReviewed):
        after_queue(world).check(TOGETHER, {})


def test_what_is_left_of_a_queue_s_plan_may_be_applied_once_its_apply_has_begun(world: World) -> None:
    two_queued(world)
    review(world, TOGETHER, head=MERGED)
    world.merge()
    left = view(CREATE, digest="4" * 64)
    with pytest.raises(NotReviewed):
        after_queue(world).check(left, {})
    world.checks.begin(CheckScope("apply", "stage"), MERGED, 1, "1" * 64)
    with pytest.raises(NotReviewed):
        after_queue(world).check(left, {})
    first = after_queue(world)
    first.check(TOGETHER, {})
    first.begin()
    after_queue(world).check(left, {})

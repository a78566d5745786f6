from __future__ import annotations

import dataclasses

import pytest
from msgspec.structs import replace

from reconciler.errors import GitHubError
from reconciler.github.checks import CheckRuns, CheckScope, Report
from reconciler.github.record import record_of
from reconciler.github.recorded import NotReviewed
from reconciler.github.reviews import Reviews
from reconciler.reports.plan.outline import outline_of
from tests.github.api.faults import server_error
from tests.github.fake_api import a_sha
from tests.github.reviewed import BY_ID, BY_KEY, CREATE, EDIT, review, view
from tests.github.situations import HEAD, MERGED, REPO, TIP, World
from tests.reports.plans import MAILCHIMP, change, update


def reviews(world: World, commit: str = MERGED) -> Reviews:
    return Reviews(world.checks, "specs", commit, "main")


def begun(world: World) -> list[tuple[str, str | None]]:
    return [(run.name, run.conclusion) for run in world.fake.check_runs(REPO, MERGED)]


def test_the_plan_that_was_reviewed_may_be_applied(world: World) -> None:
    review(world, view(EDIT))
    world.merge()
    reviews(world).check(view(EDIT), {})


def test_another_plan_is_refused_and_what_is_different_is_told(world: World) -> None:
    review(world, view(EDIT))
    world.merge()
    with pytest.raises(NotReviewed, match="#1") as refused:
        reviews(world).check(view(EDIT, CREATE, digest="2" * 64), {})
    assert [problem.message for problem in refused.value.problems] == [
        'create of connection spec a "A" is not in the reviewed plan'
    ]


def test_a_plan_with_nothing_to_do_needs_no_review_and_no_request(world: World) -> None:
    reviews(world).check(view(), {})
    assert world.fake.requests == []


def test_a_commit_that_no_pull_request_was_merged_as_is_refused(world: World) -> None:
    review(world, view(EDIT))
    world.merge()
    direct = a_sha("pushed to main")
    world.fake.move(REPO, "main", direct)
    with pytest.raises(NotReviewed, match="no pull request was merged"):
        reviews(world, direct).check(view(EDIT), {})


def test_a_pull_request_that_was_never_planned_is_refused(world: World) -> None:
    world.merge()
    with pytest.raises(NotReviewed, match="no plan for stage was recorded"):
        reviews(world).check(view(EDIT), {})


def test_a_pull_request_into_another_branch_reviews_nothing_for_this_one(world: World) -> None:
    review(world, view(EDIT))
    world.fake.repository(REPO).pulls[1].base_ref = "dev"
    world.merge()
    world.fake.move(REPO, "main", MERGED)
    with pytest.raises(NotReviewed, match="no pull request was merged"):
        reviews(world).check(view(EDIT), {})


def test_of_several_that_one_merge_closed_the_one_with_this_plan_counts(world: World) -> None:
    review(world, view(EDIT))
    second = a_sha("stacked")
    pull = world.fake.open_pull_request(REPO, second)
    review(world, view(EDIT, CREATE, digest="2" * 64), number=pull.number, head=second)
    world.merge()
    world.fake.merge(REPO, pull.number, MERGED)
    reviews(world).check(view(EDIT, CREATE, digest="2" * 64), {})


def test_what_was_merged_is_asked_for_again_when_github_does_not_know_it_yet(world: World) -> None:
    with pytest.raises(NotReviewed):
        reviews(world, TIP).check(view(EDIT), {})
    assert world.clock.slept == [5.0]


def test_the_rest_for_another_sandbox_is_refused(world: World) -> None:
    review(world, view(CREATE, EDIT))
    world.merge()
    first = reviews(world)
    first.check(view(CREATE, EDIT), {})
    first.begin()
    left = view(EDIT, digest="2" * 64)
    with pytest.raises(NotReviewed):
        reviews(world).check(replace(left, target=dataclasses.replace(left.target, sandbox="prod")), {})


def test_a_plan_of_an_older_head_does_not_count(world: World) -> None:
    review(world, view(EDIT))
    world.fake.push(REPO, 1, a_sha("another push"))
    world.merge()
    with pytest.raises(NotReviewed, match="no plan for stage was recorded"):
        reviews(world).check(view(EDIT), {})


def test_a_plan_that_was_made_again_after_the_merge_was_reviewed_by_nobody(world: World) -> None:
    review(world, view(EDIT))
    world.merge()
    review(world, view(CREATE, digest="2" * 64))
    reviews(world).check(view(EDIT), {})
    with pytest.raises(NotReviewed):
        reviews(world).check(view(CREATE, digest="2" * 64), {})


def test_the_last_plan_of_a_head_counts(world: World) -> None:
    review(world, view(EDIT))
    review(world, view(CREATE, digest="2" * 64))
    world.merge()
    reviews(world).check(view(CREATE, digest="2" * 64), {})
    with pytest.raises(NotReviewed):
        reviews(world).check(view(EDIT), {})


def test_a_last_plan_that_was_refused_is_no_review(world: World) -> None:
    review(world, view(EDIT))
    review(world, view(EDIT), conclusion="failure")
    world.merge()
    with pytest.raises(NotReviewed, match="was refused"):
        reviews(world).check(view(EDIT), {})


def test_a_plan_of_another_pull_request_with_the_same_head_does_not_count(world: World) -> None:
    review(world, view(EDIT), number=2)
    world.merge()
    with pytest.raises(NotReviewed, match="no plan for stage"):
        reviews(world).check(view(EDIT), {})


def test_another_app_cannot_review(world: World) -> None:
    review(world, view(EDIT))
    world.merge()
    ours = Reviews(CheckRuns(world.client(), author="acme-plans[bot]"), "specs", MERGED, "main")
    with pytest.raises(NotReviewed, match="no plan for stage"):
        ours.check(view(EDIT), {})


def test_what_is_left_of_an_apply_that_was_begun_may_be_applied(world: World) -> None:
    review(world, view(CREATE, EDIT, BY_KEY))
    world.merge()
    first = reviews(world)
    first.check(view(CREATE, EDIT, BY_KEY), {})
    first.begin()
    assert begun(world) == [("reconciler apply (stage)", None)]
    reviews(world).check(view(BY_ID, digest="2" * 64), {"a": MAILCHIMP})


def test_what_would_be_left_of_an_apply_that_was_never_begun_is_refused(world: World) -> None:
    review(world, view(CREATE, EDIT))
    world.merge()
    with pytest.raises(NotReviewed):
        reviews(world).check(view(EDIT, digest="2" * 64), {})


def test_more_than_what_is_left_is_refused(world: World) -> None:
    review(world, view(CREATE, EDIT))
    world.merge()
    first = reviews(world)
    first.check(view(CREATE, EDIT), {})
    first.begin()
    with pytest.raises(NotReviewed):
        reviews(world).check(view(update(change("replace", "/a", 1, 3)), digest="2" * 64), {})


def test_a_beginning_that_cannot_be_noted_is_told_and_stops_nothing(world: World) -> None:
    review(world, view(EDIT))
    world.merge()
    ours = reviews(world)
    ours.check(view(EDIT), {})
    world.fake.fail(server_error(502), method="POST")
    ours.begin()
    assert [problem.code for problem in ours.problems] == ["not-begun"]


def test_a_record_that_cannot_be_read_refuses_another_digest_without_saying_what_is_different(world: World) -> None:
    world.checks.complete(CheckScope("plan", "stage"), HEAD, 1, "1" * 64, "success", Report("title", "summary", "garbage"))
    world.merge()
    reviews(world).check(view(EDIT), {})
    with pytest.raises(NotReviewed) as refused:
        reviews(world).check(view(EDIT, digest="2" * 64), {})
    assert refused.value.problems == ()


def test_github_that_cannot_be_asked_refuses(world: World) -> None:
    world.fake.fail(server_error(500), times=10)
    with pytest.raises(GitHubError):
        reviews(world).check(view(EDIT), {})


def test_an_apply_that_another_pull_request_began_may_not_be_completed(world: World) -> None:
    review(world, view(CREATE, EDIT))
    world.merge()
    world.checks.begin(CheckScope("apply", "stage"), MERGED, 2, "1" * 64)
    with pytest.raises(NotReviewed):
        reviews(world).check(view(EDIT, digest="2" * 64), {})


def test_an_outline_of_another_digest_is_no_outline(world: World) -> None:
    report = Report("title", "summary", record_of(outline_of(view(CREATE, EDIT, digest="5" * 64))))
    world.checks.complete(CheckScope("plan", "stage"), HEAD, 1, "1" * 64, "success", report)
    world.merge()
    world.checks.begin(CheckScope("apply", "stage"), MERGED, 1, "1" * 64)
    with pytest.raises(NotReviewed):
        reviews(world).check(view(EDIT, digest="2" * 64), {})


def test_a_commit_of_a_pull_request_that_was_merged_as_another_is_refused(world: World) -> None:
    review(world, view(EDIT))
    world.merge()
    with pytest.raises(NotReviewed, match="no pull request was merged"):
        reviews(world, HEAD).check(view(EDIT), {})

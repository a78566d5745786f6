from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace as changed

import pytest
from msgspec.structs import replace
from starlette.responses import JSONResponse

from reconciler.applying.outcome import ApplyReport, OutcomeName, Result
from reconciler.documents.json_text import decode
from reconciler.errors import GitLabError, Problem, Severity
from reconciler.gitlab.pipeline import Job
from reconciler.gitlab.recorded import NotReviewed, RecordedPlans
from reconciler.gitlab.reviews import Reviews
from reconciler.journal.writing import SentWrite
from reconciler.planning.plan import Action
from reconciler.reports.apply.json import render_apply_json, render_refusal_json
from reconciler.reports.fleet.json import render_fleet_json
from reconciler.reports.plan.json import render_plan_json
from reconciler.reports.plan.view import PlanView, view_of
from tests.gitlab.conftest import World
from tests.gitlab.fake_api import PROJECT, a_sha
from tests.reports.fleet.fleets import settings, view_over
from tests.reports.plans import attach, change, create, plan, update

HEAD, MERGED = a_sha("head"), a_sha("merged")
BEFORE, AT, AFTER = "2026-01-01T10:00:00.000Z", "2026-01-01T11:00:00.000Z", "2026-01-01T12:00:00.000Z"
EDIT = update(change("replace", "/a", 1, 2))
CREATE = create("a", change("add", "/name", new="A"))
ATTACH = attach(change("add", "/sourceConnectionSpecIds/-", new={"ref": "a"}))
JOB = Job("https://gitlab.example/api/v4", PROJECT, MERGED, "main", "apply stage", 1, None, None, None)


def view(*actions: Action, digest: str = "1" * 64) -> PlanView:
    return replace(view_of(plan(*actions)), digest=digest)


def review(world: World, of: PlanView, *, sha: str = HEAD, finished: str = BEFORE, status: str = "success") -> int:
    """A pipeline whose job planned this; gives its number."""
    if 1 not in world.fake.merge_requests:
        world.fake.open(HEAD)
    number = world.fake.pipeline(sha)
    world.fake.job(number, "plan stage", finished, status, report=render_plan_json(of).encode())
    return number


def merge(world: World) -> None:
    if 1 not in world.fake.merge_requests:
        world.fake.open(HEAD)
    world.fake.merge(1, AT, merge_commit_sha=MERGED)


def check(world: World, fresh: PlanView, report: str | None = "apply.json") -> None:
    Reviews(RecordedPlans(world.client), JOB, report).check(fresh, {})


def refused(world: World, fresh: PlanView) -> NotReviewed:
    with pytest.raises(NotReviewed) as found:
        check(world, fresh)
    assert f"the variable DIGEST set to {fresh.digest}" in str(found.value.hint)
    return found.value


def test_the_plan_that_was_reviewed_may_be_applied(world: World) -> None:
    review(world, view(EDIT))
    merge(world)
    check(world, view(EDIT))


def test_another_plan_is_refused_and_what_is_different_is_listed(world: World) -> None:
    review(world, view(EDIT))
    merge(world)
    error = refused(world, view(EDIT, CREATE, digest="2" * 64))
    assert f"its digest is {'2' * 64}, and {'1' * 64} was reviewed" in error.message
    assert [problem.message for problem in error.problems] == ['create of connection spec a "A" is not in the reviewed plan']


def test_a_plan_with_nothing_to_do_needs_no_review_and_no_request(world: World) -> None:
    check(world, view())
    assert world.fake.requests == []


@pytest.mark.parametrize(
    "commits",
    [{"squash_commit_sha": MERGED}, {"sha": MERGED}, {"merge_commit_sha": MERGED, "squash_commit_sha": a_sha("squash")}],
    ids=["squashed and fast-forwarded", "fast-forwarded", "squashed and merged"],
)
def test_each_way_to_merge_counts(world: World, commits: dict[str, str]) -> None:
    world.fake.open(commits.get("sha", HEAD))
    review(world, view(EDIT), sha=commits.get("sha", HEAD))
    world.fake.merge(1, AT, **commits)
    check(world, view(EDIT))


def test_a_merge_that_is_listed_late_is_waited_for(world: World) -> None:
    review(world, view(EDIT))
    merge(world)
    world.fake.failures = [JSONResponse([])]
    check(world, view(EDIT))
    assert sum(world.clock.slept) == 5


def test_a_pipeline_for_merged_results_of_the_head_counts(world: World) -> None:
    together = a_sha("head and main")
    world.fake.parents[together] = [a_sha("main"), HEAD]
    review(world, view(EDIT), sha=together)
    merge(world)
    check(world, view(EDIT))


def without_merge(world: World) -> None:
    review(world, view(EDIT))


def into_another_branch(world: World) -> None:
    review(world, view(EDIT))
    world.fake.merge_requests[1]["target_branch"] = "release"
    merge(world)


def contains_it_only(world: World) -> None:
    review(world, view(EDIT))
    world.fake.merge(1, AT, merge_commit_sha=a_sha("another"), squash_commit_sha=MERGED)


def without_pipeline(world: World) -> None:
    merge(world)


def of_an_earlier_head(world: World) -> None:
    world.fake.parents[a_sha("earlier")] = [a_sha("main")]
    review(world, view(EDIT), sha=a_sha("earlier"))
    merge(world)


def of_a_branch_pipeline(world: World) -> None:
    review(world, view(EDIT))
    world.fake.pipelines[0]["ref"] = "change"
    merge(world)


def of_a_newer_pipeline_that_is_not_known(world: World) -> None:
    review(world, view(EDIT))
    review(world, view(EDIT), sha=a_sha("forgotten"), status="failed")
    merge(world)


def of_a_newer_pipeline_of_no_commit(world: World) -> None:
    review(world, view(EDIT))
    review(world, view(EDIT), status="failed")
    world.fake.pipelines[1]["sha"] = "main"
    merge(world)


def of_a_fork(world: World) -> None:
    review(world, view(EDIT))
    world.fake.pipelines[0]["project_id"] = 99
    merge(world)


def failed(world: World) -> None:
    review(world, view(EDIT), status="failed")
    merge(world)


def superseded(world: World) -> None:
    review(world, view(EDIT))
    review(world, view(EDIT), status="canceled")
    merge(world)


def after_the_merge(world: World) -> None:
    review(world, view(EDIT), finished=AFTER)
    merge(world)


def without_a_time(world: World) -> None:
    number = review(world, view(EDIT))
    world.fake.jobs[number][0]["finished_at"] = None
    merge(world)


def expired(world: World) -> None:
    review(world, view(EDIT))
    world.fake.artifacts.clear()
    merge(world)


def not_a_report(world: World) -> None:
    review(world, view(EDIT))
    world.fake.artifacts = dict.fromkeys(world.fake.artifacts, b'{"actions": [')
    merge(world)


def with_errors(world: World) -> None:
    problem = Problem(Severity.ERROR, "max-updates", "too many", guard=True)
    review(world, replace(view_of(plan(EDIT, problems=(problem,))), digest="1" * 64))
    merge(world)


def of_another_target(world: World) -> None:
    found = view(EDIT)
    review(world, replace(found, target=changed(found.target, name="prod")))
    merge(world)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (without_merge, "no merge request was merged as"),
        (into_another_branch, "no merge request was merged as"),
        (contains_it_only, "no merge request was merged as"),
        (without_pipeline, "no job 'plan stage' ran for the head"),
        (of_an_earlier_head, "no job 'plan stage' ran for the head"),
        (of_a_branch_pipeline, "no job 'plan stage' ran for the head"),
        (of_a_newer_pipeline_that_is_not_known, "GitLab does not know the commit of pipeline 1001, so the newest plan on"),
        (of_a_newer_pipeline_of_no_commit, "GitLab does not know the commit of pipeline 1001, so the newest plan on"),
        (of_a_fork, "no job 'plan stage' ran for the head"),
        (failed, "was refused or did not complete"),
        (superseded, "was refused or did not complete"),
        (after_the_merge, "was made after the merge"),
        (without_a_time, "was made after the merge"),
        (expired, "has no artifact report.json with a plan"),
        (not_a_report, "has no artifact report.json with a plan"),
        (with_errors, "is not a plan for stage without errors"),
        (of_another_target, "is not a plan for stage without errors"),
    ],
)
def test_what_cannot_be_proved_is_refused(world: World, given: Callable[[World], None], message: str) -> None:
    given(world)
    assert message in refused(world, view(EDIT)).message


def test_a_service_that_cannot_tell_is_an_error_and_no_refusal(world: World) -> None:
    review(world, view(EDIT))
    merge(world)
    world.fake.failures = [JSONResponse({"message": "no"}, 403)]
    with pytest.raises(GitLabError):
        check(world, view(EDIT))


def interrupted(world: World, of: PlanView, *, name: str = "apply stage", sha: str = MERGED, ref: str = "main") -> None:
    """An earlier apply of this plan that began."""
    report = render_refusal_json(of, NotReviewed("x", hint="y")).replace('"error": {', '"error": null, "x": {')
    document = report[: report.index('"x": {')].rstrip().rstrip(",") + report[report.index("}", report.index('"x": {')) + 1 :]
    number = world.fake.pipeline(sha, ref)
    world.fake.job(number, name, AFTER, "failed", apply=document.encode())


def test_the_rest_of_a_reviewed_plan_may_be_applied_once_its_apply_has_begun(world: World) -> None:
    whole = view(CREATE, ATTACH)
    review(world, whole)
    merge(world)
    rest = view(ATTACH, digest="2" * 64)
    refused(world, rest)
    interrupted(world, whole)
    check(world, rest)


def test_the_rest_is_refused_where_no_report_of_this_job_and_commit_proves_the_beginning(world: World) -> None:
    whole, rest = view(CREATE, ATTACH), view(ATTACH, digest="2" * 64)
    review(world, whole)
    merge(world)
    interrupted(world, whole, name="another job")
    interrupted(world, whole, sha=a_sha("another commit"))
    interrupted(world, view(CREATE, ATTACH, digest="3" * 64))
    interrupted(world, whole, ref="another-branch")
    refused(world, rest)
    interrupted(world, whole)
    with pytest.raises(NotReviewed):
        check(world, rest, report=None)


def test_an_apply_that_was_refused_did_not_begin(world: World) -> None:
    whole = view(CREATE, ATTACH)
    review(world, whole)
    merge(world)
    report = render_refusal_json(whole, NotReviewed("x", hint="y"))
    world.fake.job(world.fake.pipeline(MERGED, "main"), "apply stage", AFTER, "failed", apply=report.encode())
    refused(world, view(ATTACH, digest="2" * 64))


def over_targets(outcome: OutcomeName, *sent: SentWrite) -> bytes:
    """The report of an apply over two targets, where this became of the first action in `stage`."""
    made = {name: plan(CREATE, ATTACH) for name in ("stage", "prod")}
    view_of_all = view_over(settings(*made), made, "apply")
    targets = []
    for one in view_of_all.targets:
        of = view_of_all.plans[one.name]
        results = (
            Result(CREATE.kind, CREATE.key, CREATE.name, None, outcome, sent),
            Result(ATTACH.kind, ATTACH.key, ATTACH.name, ATTACH.id, OutcomeName.SKIPPED),
        )
        report = decode(render_apply_json(ApplyReport(changed(plan().target, name=one.name), of.digest, results), plan=of))
        assert isinstance(report, dict)
        targets.append(replace(one, digest=of.digest, report=report))
    return render_fleet_json(replace(view_of_all, targets=tuple(targets))).encode()


def test_a_target_to_which_an_apply_to_several_sent_nothing_was_not_begun(world: World) -> None:
    whole, rest = view_of(plan(CREATE, ATTACH)), view(ATTACH, digest="2" * 64)
    review(world, whole)
    merge(world)
    pipeline = world.fake.pipeline(MERGED, "main")
    world.fake.job(pipeline, "apply stage", AFTER, "failed", apply=over_targets(OutcomeName.SKIPPED))
    refused(world, rest)
    sent = SentWrite("POST", "/connectionSpecs", 201, None)
    world.fake.job(pipeline, "apply stage", AFTER, "failed", apply=over_targets(OutcomeName.CREATED, sent))
    check(world, rest)

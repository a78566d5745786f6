from __future__ import annotations

from dataclasses import replace

from reconciler.github.checks import CheckRuns, CheckScope, Report
from tests.github.api.faults import lost_answer
from tests.github.api.records import Account, App
from tests.github.situations import HEAD, REPO, RUN, TIP, World

PLAN, APPLY = CheckScope("plan", "stage"), CheckScope("apply", "stage")
DIGEST, OTHER = "a" * 64, "b" * 64
REPORT = Report("1 to create", "the plan", "the outline")


def test_a_plan_is_kept_and_found_again(world: World) -> None:
    world.checks.complete(PLAN, HEAD, 1, DIGEST, "success", REPORT)
    (run,) = world.checks.of(PLAN, HEAD)
    assert (run.pull_request, run.digest, run.conclusion, run.text) == (1, DIGEST, "success", "the outline")
    (kept,) = world.fake.check_runs(REPO, HEAD)
    assert (kept.name, kept.details_url) == ("reconciler plan (stage)", RUN)


def test_the_newest_comes_first(world: World) -> None:
    for digest in (DIGEST, OTHER):
        world.checks.complete(PLAN, HEAD, 1, digest, "success", REPORT)
    assert [run.digest for run in world.checks.of(PLAN, HEAD)] == [OTHER, DIGEST]


def test_a_run_without_a_plan_has_no_digest(world: World) -> None:
    world.checks.complete(PLAN, HEAD, 1, None, "failure", Report("no plan could be made", "why"))
    (run,) = world.checks.of(PLAN, HEAD)
    assert (run.digest, run.conclusion) == (None, "failure")


def test_what_was_begun_is_completed(world: World) -> None:
    world.checks.begin(APPLY, TIP, 1, DIGEST)
    assert [run.conclusion for run in world.checks.of(APPLY, TIP)] == [None]
    world.checks.complete(APPLY, TIP, 1, OTHER, "failure", REPORT)
    assert [(run.conclusion, run.digest) for run in world.checks.of(APPLY, TIP)] == [("failure", DIGEST)]


def test_what_a_killed_run_began_is_told_as_such_by_the_next_one(world: World) -> None:
    replace(world.checks, run_url=f"{RUN}/attempts/1").begin(APPLY, TIP, 1, DIGEST)
    second = replace(world.checks, run_url=f"{RUN}/attempts/2")
    second.begin(APPLY, TIP, 1, DIGEST)
    second.complete(APPLY, TIP, 1, DIGEST, "success", REPORT)
    assert [run.conclusion for run in world.checks.of(APPLY, TIP)] == ["success", "cancelled"]


def test_a_plan_never_takes_over_a_check_run_that_somebody_else_began(world: World) -> None:
    body = {"name": PLAN.name, "head_sha": HEAD, "external_id": f"reconciler:plan:1:{OTHER}", "status": "in_progress"}
    world.client().post("/check-runs", body)
    world.checks.complete(PLAN, HEAD, 1, DIGEST, "success", REPORT)
    assert [run.digest for run in world.checks.of(PLAN, HEAD)] == [DIGEST, OTHER]


def test_a_check_run_whose_answer_was_lost_is_found(world: World) -> None:
    world.fake.fail(lost_answer(), method="POST")
    world.checks.complete(PLAN, HEAD, 1, DIGEST, "success", REPORT)
    assert len(world.fake.check_runs(REPO, HEAD)) == 1


def test_other_targets_folders_purposes_and_commits_are_other_check_runs(world: World) -> None:
    for scope in (replace(PLAN, target="prod"), replace(PLAN, specs="infra/specs"), APPLY):
        world.checks.complete(scope, HEAD, 1, DIGEST, "success", REPORT)
    world.checks.complete(PLAN, TIP, 1, DIGEST, "success", REPORT)
    assert world.checks.of(PLAN, HEAD) == []


def test_a_check_run_of_another_app_does_not_count(world: World) -> None:
    other = Account("other[bot]", 9, "Bot", App(77, "other"))
    world.fake.add_token("ghs_other", other)
    CheckRuns(world.client("ghs_other"), author="other[bot]").complete(PLAN, HEAD, 1, DIGEST, "success", REPORT)
    assert world.checks.of(PLAN, HEAD) == []
    assert len(CheckRuns(world.client(), author="other[bot]").of(PLAN, HEAD)) == 1


def test_a_check_run_that_somebody_s_workflow_named_like_ours_has_no_digest_to_believe(world: World) -> None:
    world.client().post("/check-runs", {"name": PLAN.name, "head_sha": HEAD, "external_id": DIGEST})
    assert world.checks.of(PLAN, HEAD) == []


def test_long_texts_are_cut_to_what_github_takes(world: World) -> None:
    world.checks.complete(PLAN, HEAD, 1, DIGEST, "success", Report("t" * 500, "s" * 70_000, "x" * 70_000))
    assert len(world.checks.of(PLAN, HEAD)) == 1

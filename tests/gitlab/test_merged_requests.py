"""Plans of several merge requests behind the plan that is applied, in a real repository and on the fake GitLab."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import pytest
from starlette.responses import JSONResponse

from reconciler.desired.git.branch import Branch
from reconciler.documents.kinds import Kind
from reconciler.errors import GitLabError, ReconcilerError
from reconciler.gitlab.api import PAGE
from reconciler.gitlab.merged_requests import MergedRequests
from reconciler.gitlab.recorded import NotReviewed, RecordedPlans
from reconciler.gitlab.reviews import Reviews
from reconciler.planning.plan import Action, Plan
from reconciler.planning.written import ObjectName
from reconciler.reports.plan.json import render_plan_json
from reconciler.reports.plan.view import PlanView
from reconciler.reviews.merged_plans import MergedPlans
from tests.desired.git.repositories import Repository
from tests.github.reviewed import view
from tests.gitlab.conftest import World
from tests.gitlab.test_reviews import AFTER, AT, BEFORE, JOB
from tests.reports.fleet.fleets import EDIT, QUIET, REFUSED, UNREADABLE, report_over, settings
from tests.reports.plans import change, update

MEMBERS = update(change("replace", "/a", 1, 2))
ORDERS = update(change("replace", "/b", 1, 2), key="orders", name="Orders", id="orders-id")
USERS = update(change("replace", "/c", 1, 2), key="users", name="Users", id="users-id")
OTHER = update(change("replace", "/a", 1, 3))
NOT_SHOWN = "no merge request merged since it was last applied shows it"

How = Literal["merge", "squash", "fast-forward"]


@dataclass
class Team:
    """A repository whose default branch is main, and its GitLab."""

    repository: Repository
    world: World

    def merge(self, name: str, *planned: Action, onto: str | None = None, how: How = "merge", report: bytes | None = None) -> str:
        """A merge request that changes a file, its plan, and its merge. `onto` is what its checkout contained, the tip else."""
        repository, fake = self.repository, self.world.fake
        base = onto or repository.git("rev-parse", "main")
        repository.git("checkout", "-q", "-b", name, base)
        head = repository.commit({f"{name}.yaml": name})
        number = len(fake.merge_requests) + 1
        fake.open(head, number)
        fake.bases[head] = base
        pipeline = fake.pipeline(head, f"refs/merge-requests/{number}/head")
        made = report if report is not None else render_plan_json(view(*planned)).encode()
        fake.job(pipeline, "plan stage" if report is None else "plan", BEFORE, report=made)
        repository.git("checkout", "-q", "main")
        if how == "squash":
            repository.git("merge", "-q", "--squash", name)
            repository.git("commit", "-q", "-m", name)
            merged = repository.git("rev-parse", "HEAD")
            fake.merge(number, AT, squash_commit_sha=merged)
        else:
            repository.git("merge", "-q", "--ff-only" if how == "fast-forward" else "--no-ff", "-m", name, name)
            merged = repository.git("rev-parse", "HEAD")
            fake.merge(number, AT, **({"merge_commit_sha": merged} if how == "merge" else {}))
        return merged

    def forget(self, branch: str) -> None:
        """The source branch is deleted, and the clone never had its commits."""
        self.repository.git("branch", "-q", "-D", branch)
        self.repository.git("reflog", "expire", "--expire=now", "--all")
        self.repository.git("gc", "-q", "--prune=now")

    def check(self, plan: PlanView, written: Mapping[ObjectName, str | None] = MappingProxyType({})) -> None:
        tip = self.repository.git("rev-parse", "main")
        recorded = RecordedPlans(self.world.client)
        merged = MergedPlans(MergedRequests(recorded, "main"), Branch.of(self.repository.specs, tip))
        Reviews(recorded, replace(JOB, commit=tip), merged=lambda _: merged).check(plan, {}, written)

    def refusal(self, *actions: Action, written: str | None = None) -> list[str]:
        """What is wrong with a plan of these actions; empty if it may be applied."""
        found = {(Kind.CONNECTION_SPEC, "mailchimp-members"): written} if written is not None else {}
        try:
            self.check(view(*actions, digest="2" * 64), found)
        except NotReviewed as refused:
            return [problem.message.partition("was not reviewed: ")[2] for problem in refused.problems]
        return []


@pytest.fixture
def team(tmp_path: Path, world: World) -> Team:
    repository = Repository.new(tmp_path / "repository")
    repository.commit({"a.yaml": "a"})
    return Team(repository, world)


@pytest.mark.parametrize("how", ["merge", "squash", "fast-forward"])
def test_what_was_merged_before_two_other_merges_is_applied_by_itself(team: Team, how: How) -> None:
    team.merge("members", MEMBERS, how=how)
    team.merge("orders", MEMBERS, ORDERS, how=how)
    team.merge("users", MEMBERS, ORDERS, USERS, how=how)
    for ready in (MEMBERS, ORDERS, USERS):
        assert team.refusal(ready) == []
    assert team.refusal(MEMBERS, ORDERS, USERS) == []
    assert team.refusal(OTHER) == ["!3 was reviewed with other changes, at /a"]


def test_the_refusal_says_how_many_and_how_to_apply_them_by_their_digest(team: Team) -> None:
    team.merge("members", MEMBERS)
    with pytest.raises(NotReviewed, match="2 actions of the plan were not reviewed") as refused:
        team.check(view(MEMBERS, ORDERS, USERS, digest="2" * 64))
    assert str(refused.value.hint).endswith(f"start a new pipeline with the variable DIGEST set to {'2' * 64}")


@pytest.mark.parametrize("how", ["merge", "squash", "fast-forward"])
def test_a_later_merge_that_reverts_supersedes_the_review(team: Team, how: How) -> None:
    team.merge("members", MEMBERS, how=how)
    team.merge("revert", how=how)
    assert team.refusal(MEMBERS) == ["the plan of !2 does not show it"]


@pytest.mark.parametrize("how", ["merge", "squash"])
def test_a_later_merge_that_never_saw_the_change_supersedes_nothing(team: Team, how: How) -> None:
    start = team.repository.git("rev-parse", "main")
    team.merge("members", MEMBERS, how=how)
    team.merge("orders", ORDERS, onto=start, how=how)
    assert team.refusal(MEMBERS, ORDERS) == []


def test_what_a_squashed_branch_contained_is_asked_of_gitlab(team: Team) -> None:
    start = team.repository.git("rev-parse", "main")
    team.merge("members", MEMBERS, how="squash")
    team.merge("orders", ORDERS, onto=start, how="squash")
    team.forget("orders")
    assert team.refusal(MEMBERS) == []
    team.world.fake.bases.clear()
    assert team.refusal(MEMBERS) == ["the plan of !2 does not show it"]


def test_a_pipeline_for_merged_results_contained_the_branch_of_its_time(team: Team) -> None:
    fake, start = team.world.fake, team.repository.git("rev-parse", "main")
    first = team.merge("members", MEMBERS)
    team.merge("orders", ORDERS, onto=start)
    assert team.refusal(MEMBERS) == []
    head, together = fake.merge_requests[2]["sha"], "c" * 40
    fake.pipelines[1]["sha"] = together
    fake.parents[together] = [first, head]
    assert team.refusal(MEMBERS) == ["the plan of !2 does not show it"]


def test_a_commit_inside_a_fast_forward_leads_to_its_merge_request(team: Team) -> None:
    repository, fake = team.repository, team.world.fake
    team.merge("members", MEMBERS, how="fast-forward")
    first = repository.git("rev-parse", "main")
    (repository.root / "README.md").write_text("text")
    last = repository.commit({})
    fake.commits[1] = [first]
    fake.merge_requests[1]["sha"] = fake.pipelines[0]["sha"] = last
    assert team.refusal(MEMBERS) == []


def test_a_merge_into_another_branch_reviews_nothing(team: Team) -> None:
    team.merge("members", MEMBERS)
    team.world.fake.merge_requests[1]["target_branch"] = "dev"
    assert team.refusal(MEMBERS) == [NOT_SHOWN]
    assert sum(team.world.clock.slept) >= 5


def test_a_commit_that_nobody_reviewed_is_refused(team: Team) -> None:
    team.merge("members", MEMBERS)
    team.repository.commit({"orders.yaml": "orders"})
    assert team.refusal(ORDERS) == [NOT_SHOWN]
    assert team.refusal(MEMBERS) == []


def test_a_merge_request_without_a_plan_is_named(team: Team) -> None:
    team.merge("members", MEMBERS)
    team.world.fake.jobs.clear()
    assert team.refusal(MEMBERS) == ["no job 'plan stage' ran for the head of merge request !1"]


def test_a_review_from_before_live_was_written_does_not_count(team: Team) -> None:
    merged = team.merge("members", MEMBERS)
    assert team.refusal(MEMBERS, written=merged) == [NOT_SHOWN]
    assert team.refusal(MEMBERS, written=team.repository.git("rev-parse", f"{merged}^1")) == []


def test_gitlab_that_cannot_be_asked_refuses(team: Team) -> None:
    team.merge("members", MEMBERS)
    team.merge("orders", ORDERS)
    team.world.fake.failures = [None, None, None, JSONResponse({"message": "no"}, 403)]
    with pytest.raises(GitLabError):
        team.refusal(MEMBERS)


@pytest.mark.parametrize("headers", [{}, {"x-next-page": "two"}, {"x-next-page": "0"}])
def test_a_list_that_may_have_more_pages_is_not_taken_for_all_of_it(team: Team, headers: dict[str, str]) -> None:
    team.merge("members", MEMBERS)
    (merged,) = team.world.fake.merge_requests.values()
    half = [merged | {"state": "closed"}] * PAGE
    team.world.fake.failures = [JSONResponse(half, headers=headers)]
    with pytest.raises(GitLabError, match="did not say whether the list has more pages"):
        team.refusal(MEMBERS)


def over(**plans: Plan | ReconcilerError) -> bytes:
    return report_over(settings(*plans), plans)


def test_one_job_may_plan_several_targets(team: Team) -> None:
    team.merge("members", report=over(dev=QUIET, stage=EDIT))
    assert team.refusal(MEMBERS) == []
    assert team.refusal(OTHER) == ["!1 was reviewed with other changes, at /a"]


def test_a_target_that_could_not_be_planned_is_nothing_against_the_others(team: Team) -> None:
    team.merge("members", report=over(dev=UNREADABLE, stage=EDIT))
    team.world.fake.jobs[1000][0]["status"] = "failed"
    assert team.refusal(MEMBERS) == []


REFUSED_WORDS = "the last plan for stage on merge request !1 was refused or did not complete"


@pytest.mark.parametrize("report", [over(dev=EDIT, stage=REFUSED), over(dev=EDIT, stage=UNREADABLE)])
def test_a_target_that_was_refused_or_not_read_has_no_review_in_a_job_of_several(team: Team, report: bytes) -> None:
    team.merge("members", report=report)
    assert team.refusal(MEMBERS) == [REFUSED_WORDS]


def test_a_job_of_several_that_was_canceled_or_ran_after_the_merge_is_no_review(team: Team) -> None:
    team.merge("members", report=over(stage=EDIT))
    job = team.world.fake.jobs[1000][0]
    job["status"] = "canceled"
    assert team.refusal(MEMBERS) == [REFUSED_WORDS]
    job.update(status="success", finished_at=AFTER)
    assert team.refusal(MEMBERS) == ["the last plan for stage on merge request !1 was made after the merge"]


def test_of_two_jobs_with_the_target_the_newest_counts_whatever_they_are_called(team: Team) -> None:
    team.merge("members", report=over(stage=EDIT))
    team.world.fake.job(1000, "plan: [customers, 2]", BEFORE, report=over(stage=QUIET, dev=EDIT))
    assert team.refusal(MEMBERS) == [NOT_SHOWN]


@pytest.mark.parametrize("name", ["apply", "planning", "explain plan"])
def test_a_job_with_another_name_is_no_review(team: Team, name: str) -> None:
    team.merge("members", report=over(stage=EDIT))
    team.world.fake.jobs[1000][0]["name"] = name
    assert team.refusal(MEMBERS) == ["no job 'plan stage' ran for the head of merge request !1"]


@pytest.mark.parametrize("report", [b"", b"[]", b'{"fleet": true}', b"[" * 100_000, over(dev=EDIT), over(stage=EDIT)[:-20]])
def test_an_artifact_that_is_no_report_of_the_target_is_no_review(team: Team, report: bytes) -> None:
    team.merge("members", report=report)
    assert team.refusal(MEMBERS) == ["no job 'plan stage' ran for the head of merge request !1"]

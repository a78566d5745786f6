"""Plans of several pull requests behind the plan that is applied, in a real repository and on the fake GitHub."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from reconciler.desired.git.branch import Branch
from reconciler.documents.kinds import Kind
from reconciler.github.checks import CheckScope, Report
from reconciler.github.merged_pulls import MergedPulls
from reconciler.github.record import record_of
from reconciler.github.recorded import NotReviewed
from reconciler.github.reviews import Reviews
from reconciler.planning.plan import Action
from reconciler.reports.plan.outline import outline_of
from reconciler.reviews.merged_plans import MergedPlans
from tests.desired.git.repositories import Repository
from tests.github.api.faults import server_error
from tests.github.fake_api import FakeGitHub
from tests.github.reviewed import view
from tests.github.situations import REPO, World
from tests.reports.plans import change, update

MEMBERS = update(change("replace", "/a", 1, 2))
ORDERS = update(change("replace", "/b", 1, 2), key="orders", name="Orders", id="orders-id")
USERS = update(change("replace", "/c", 1, 2), key="users", name="Users", id="users-id")
OTHER = update(change("replace", "/a", 1, 3))
RECORDED = object()
"""In the place of a text: the record of the plan."""


@dataclass
class Team:
    """A repository whose default branch is main, and its GitHub."""

    repository: Repository
    world: World

    def merge(self, name: str, *planned: Action, text: object = RECORDED, onto: str | None = None, plans: bool = True) -> str:
        """A pull request that changes a file, its plan, and its merge. `onto` is what its checkout contained, the tip else."""
        repository, fake = self.repository, self.world.fake
        base = onto or repository.git("rev-parse", "main")
        repository.git("checkout", "-q", "-b", name, base)
        head = repository.commit({f"{name}.yaml": name})
        number = fake.open_pull_request(REPO, head, head_ref=name).number
        if plans:
            outline = replace(outline_of(view(*planned)), base=base)
            kept = record_of(outline) if text is RECORDED else str(text)
            scope, report = CheckScope("plan", "stage"), Report("title", "summary", kept)
            self.world.checks.complete(scope, head, number, outline.digest, "success", report)
        repository.git("checkout", "-q", "main")
        repository.git("merge", "-q", "--no-ff", "-m", name, name)
        merged = repository.git("rev-parse", "HEAD")
        fake.merge(REPO, number, merged)
        return merged

    def push(self, name: str) -> str:
        """A commit straight to main."""
        commit = self.repository.commit({f"{name}.yaml": name})
        self.world.fake.move(REPO, "main", commit)
        return commit

    def reviews(self) -> Reviews:
        tip = self.repository.git("rev-parse", "main")
        merged = MergedPlans(MergedPulls(self.world.checks, "specs", "main"), Branch.of(self.repository.specs, tip))
        return Reviews(self.world.checks, "specs", tip, "main", merged=lambda _: merged)

    def refusal(self, *actions: Action, written: str | None = None) -> list[str]:
        """What is wrong with a plan of these actions; empty if it may be applied."""
        found = {(Kind.CONNECTION_SPEC, "mailchimp-members"): written} if written is not None else {}
        try:
            self.reviews().check(view(*actions, digest="2" * 64), {}, found)
        except NotReviewed as refused:
            return [problem.message.partition("was not reviewed: ")[2] for problem in refused.problems]
        return []


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    repository = Repository.new(tmp_path / "repository")
    fake = FakeGitHub()
    fake.add_repository(REPO, repository.commit({"a.yaml": "a"}))
    with fake.serving() as url, ExitStack() as clients:
        yield Team(repository, World(fake, url, clients))


def test_what_was_merged_before_two_other_merges_is_applied_by_itself(team: Team) -> None:
    start = team.merge("members", MEMBERS)
    team.merge("orders", MEMBERS, ORDERS)
    team.merge("users", MEMBERS, ORDERS, USERS, onto=start)
    for ready in (MEMBERS, ORDERS, USERS):
        assert team.refusal(ready) == []
    assert team.refusal(MEMBERS, ORDERS, USERS) == []


def test_a_later_merge_that_reverts_supersedes_the_review(team: Team) -> None:
    team.merge("members", MEMBERS)
    team.merge("revert")
    assert team.refusal(MEMBERS) == ["the plan of #2 does not show it"]


def test_a_later_merge_that_never_saw_the_change_supersedes_nothing(team: Team) -> None:
    start = team.repository.git("rev-parse", "main")
    team.merge("members", MEMBERS)
    team.merge("orders", ORDERS, onto=start)
    assert team.refusal(MEMBERS) == []


def test_a_later_review_with_another_value_is_not_passed_over(team: Team) -> None:
    team.merge("members", MEMBERS)
    team.merge("more", OTHER)
    assert team.refusal(MEMBERS) == ["#2 was reviewed with other changes, at /a"]


def test_a_pull_request_without_a_plan_reviews_nothing_and_is_named(team: Team) -> None:
    team.merge("members", plans=False)
    said = "no plan for stage was recorded for the head of pull request #1 before the merge"
    assert team.refusal(MEMBERS) == [said]
    team.merge("orders", MEMBERS, ORDERS)
    assert team.refusal(MEMBERS) == []


def test_a_pull_request_without_a_plan_hides_no_older_review(team: Team) -> None:
    team.merge("members", MEMBERS)
    team.merge("notes", plans=False)
    team.push("a commit of nobody's")
    assert team.refusal(MEMBERS) == []


@pytest.mark.parametrize("text", ["garbage", record_of(outline_of(view(MEMBERS, digest="5" * 64)))])
def test_a_record_that_was_tampered_with_refuses(team: Team, text: str) -> None:
    team.merge("members", MEMBERS)
    team.merge("orders", ORDERS, text=text)
    assert team.refusal(MEMBERS) == ["the plan recorded for #2 cannot be read"]


def test_a_commit_that_nobody_reviewed_is_refused(team: Team) -> None:
    team.merge("members", MEMBERS)
    team.push("orders")
    assert team.refusal(ORDERS) == ["no pull request merged since it was last applied shows it"]


def test_the_refusal_says_how_many_and_how_to_apply_them_by_their_digest(team: Team) -> None:
    team.merge("members", MEMBERS)
    with pytest.raises(NotReviewed, match="2 actions of the plan were not reviewed") as refused:
        team.reviews().check(view(MEMBERS, ORDERS, USERS, digest="2" * 64), {})
    assert f"gh workflow run apply.yml -f target=stage -f digest={'2' * 64}" in str(refused.value.hint)


def test_a_review_from_before_live_was_written_does_not_count(team: Team) -> None:
    merged = team.merge("members", MEMBERS)
    assert team.refusal(MEMBERS, written=merged) == ["no pull request merged since it was last applied shows it"]
    assert team.refusal(MEMBERS, written="") == ["no pull request merged since it was last applied shows it"]
    assert team.refusal(MEMBERS, written=team.repository.git("rev-parse", f"{merged}^1")) == []


def test_each_commit_of_a_rebased_pull_request_leads_to_its_plan(team: Team) -> None:
    fake, repository = team.world.fake, team.repository
    base = repository.git("rev-parse", "main")
    head = repository.commit({"members.yaml": "1"})
    repository.git("reset", "-q", "--hard", base)
    pull = fake.open_pull_request(REPO, head)
    text = record_of(replace(outline_of(view(MEMBERS)), base=base))
    scope = CheckScope("plan", "stage")
    team.world.checks.complete(scope, head, pull.number, "1" * 64, "success", Report("title", "summary", text))
    first = repository.commit({"members.yaml": "1"})
    (repository.root / "README.md").write_text("text")
    last = repository.commit({})
    pull.commits += [first, last]
    fake.merge(REPO, pull.number, last)
    fake.move(REPO, "main", first)
    fake.move(REPO, "main", last)
    assert team.refusal(MEMBERS) == []


def test_a_merge_into_another_branch_reviews_nothing(team: Team) -> None:
    team.merge("members", MEMBERS)
    team.world.fake.repository(REPO).pulls[1].base_ref = "dev"
    assert team.refusal(MEMBERS) == ["no pull request merged since it was last applied shows it"]


def test_github_that_cannot_be_asked_refuses(team: Team) -> None:
    team.merge("members", MEMBERS)
    team.merge("orders", ORDERS)
    team.world.fake.fail(server_error(500), times=99, path="/check-runs")
    with pytest.raises(Exception, match="GitHub"):
        team.refusal(MEMBERS)


def test_the_pull_requests_are_looked_up_once_for_all_targets(team: Team) -> None:
    team.merge("members", MEMBERS)
    team.merge("orders", MEMBERS, ORDERS)
    tip = team.repository.git("rev-parse", "main")
    merged = MergedPlans(MergedPulls(team.world.checks, "specs", "main"), Branch.of(team.repository.specs, tip))
    before = len(team.world.fake.requests)
    assert [plan.name for plan in merged.of("stage")] == ["#2", "#1"]
    once = len(team.world.fake.requests) - before
    assert [plan.why_not is None for plan in merged.of("prod")] == [False, False]
    assert len(team.world.fake.requests) - before - once == 4

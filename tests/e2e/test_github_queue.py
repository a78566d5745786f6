"""A merge queue: its commit is planned, and what is applied of it was reviewed on the pull requests that it merges."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.documents.kinds import Kind
from reconciler.emulator.switches.faults import Fault
from tests.e2e.github_story import REPO, Story, story
from tests.github.runner.events import Pull, merge_group, push
from tests.github.runner.results import WorkflowRun


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Story]:
    with story(tmp_path) as made:
        yield made


def opened(team: Story, key: str) -> Pull:
    """A pull request that adds a source, planned."""
    team.work.git("checkout", "-q", "main")
    team.branch = f"add-{key}"
    team.work.source(key)
    pull = team.open_pull_request()
    assert team.plan().conclusion == "success"
    return pull


def queued(team: Story, pull: Pull, commit: str, onto: str) -> WorkflowRun:
    return team.run("plan", merge_group(REPO, commit, pull.number, onto))


def test_the_commit_of_a_queue_is_planned_and_what_was_reviewed_is_applied(team: Story) -> None:
    pull = opened(team, "members")
    reviewed = team.comment
    onto = team.tip
    commit = team.queue("add-members", onto)
    run = queued(team, pull, commit, onto)
    assert run.conclusion == "success", run.job("plan").log
    assert team.comment == reviewed
    (check,) = team.github.check_runs(REPO, commit)
    assert (check.name, check.conclusion) == ("reconciler plan (stage)", "success")
    team.merge_queued({pull.number: commit})
    job = team.apply()
    assert (job.conclusion, "members" in team.work.live()) == ("success", True), job.log


def test_two_that_a_queue_merges_at_once_are_applied_together(team: Story) -> None:
    first, second = opened(team, "members"), opened(team, "orders")
    onto = team.tip
    one = team.queue("add-members", onto)
    two = team.queue("add-orders", one)
    assert queued(team, first, one, onto).conclusion == "success"
    assert queued(team, second, two, one).conclusion == "success"
    team.merge_queued({first.number: one, second.number: two})
    run = team.run("apply", push(REPO, two))
    assert run.conclusion == "success", run.job("apply").log
    assert {"members", "orders"} <= team.work.live().keys()


def test_what_nobody_reviewed_is_refused_although_the_queue_planned_it(team: Story) -> None:
    team.work.source("other")
    team.push_main()
    team.work.apply()
    pull = opened(team, "members")
    team.work.edit("other", sourceSpec={"attributes": {"x": 9}})
    onto = team.tip
    commit = team.queue("add-members", onto)
    assert queued(team, pull, commit, onto).conclusion == "success"
    team.merge_queued({pull.number: commit})
    job = team.apply()
    assert (job.conclusion, "members" in team.work.live()) == ("failure", False)
    assert "is not in the reviewed plan" in job.summary


def test_a_queue_without_its_own_plan_is_refused_if_more_than_the_review_is_to_be_applied(team: Story) -> None:
    first, second = opened(team, "members"), opened(team, "orders")
    one = team.queue("add-members", team.tip)
    two = team.queue("add-orders", one)
    team.merge_queued({first.number: one, second.number: two})
    assert team.run("apply", push(REPO, two)).job("apply").conclusion == "failure"
    assert not {"members", "orders"} & team.work.live().keys()


def failed_half_way(team: Story) -> str:
    """Two that a queue merged at once, whose apply failed after its first write."""
    first, second = opened(team, "members"), opened(team, "orders")
    onto = team.tip
    one = team.queue("add-members", onto)
    two = team.queue("add-orders", one)
    assert queued(team, first, one, onto).conclusion == "success"
    assert queued(team, second, two, one).conclusion == "success"
    team.merge_queued({first.number: one, second.number: two})
    team.work.emulator.service.faults.set([Fault(path="/flowSpecs/*", method="PUT", status=400)])
    assert team.apply().conclusion == "failure"
    assert {"members", "orders"} <= team.work.live().keys()
    team.work.emulator.service.faults.set([])
    return two


def test_an_apply_of_a_queue_s_plan_that_failed_half_way_is_completed_by_running_it_again(team: Story) -> None:
    commit = failed_half_way(team)
    team.work.requests()
    run = team.run("apply", push(REPO, commit))
    assert run.conclusion == "success", run.job("apply").log
    assert {method for method, _ in team.work.writes()} == {"PUT"}
    held = team.work.the("RestStorageToAEP", Kind.FLOW_SPEC)["sourceConnectionSpecIds"]
    assert {team.work.the(name)["id"] for name in ("members", "orders")} <= set(held)


def test_live_that_changed_after_such_an_apply_failed_is_not_overwritten(team: Story) -> None:
    commit = failed_half_way(team)
    team.work.edit("members", sourceSpec={"attributes": {"x": 9}})
    team.work.requests()
    run = team.run("apply", push(REPO, commit))
    assert (run.conclusion, team.work.writes()) == ("failure", [])

"""A pull request of a team with many sandboxes: jobs by environment, and one job that reports all of their plans."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.github.fleet_record import read_fleet_record
from tests.e2e.github_story import ORG, READER, REPO, Story, story
from tests.e2e.workplace import SETTINGS
from tests.github.runner.events import pull_request
from tests.github.runner.results import WorkflowRun

FLEET = (
    SETTINGS
    + f"""\
fleets:
  customers: {{org_id: {ORG}, sandboxes: [emea, apac], after: [stage]}}
"""
)


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Story]:
    with story(tmp_path, FLEET) as made:
        exists(made, "dev", "emea", "apac")
        for name, url in [*made.work.env.items()]:
            if name.startswith("RECONCILER_STAGE_") and name.endswith("_URL"):
                for target in ("CUSTOMERS_EMEA", "CUSTOMERS_APAC"):
                    made.work.environ[name.replace("STAGE", target)] = url
        yield made


def exists(team: Story, *sandboxes: str) -> None:
    """The service has these sandboxes and no others."""
    team.work.behave(read_only_clients=[READER], sandboxes=list(sandboxes))


def planned(team: Story, *, fork: bool = False) -> WorkflowRun:
    team.work.source("members")
    return team.run("plan", pull_request(team.open_pull_request(fork=fork), "opened"))


def test_the_plans_of_all_sandboxes_are_one_comment_and_one_check_run(team: Story) -> None:
    run = planned(team)
    assert run.conclusion == "success", run.job("report").log
    assert team.comment.startswith("<!-- reconciler:plan fleet=acme%2Faep-sources specs=specs -->\n")
    assert all(f"<code>{name}</code>" in team.comment for name in ("stage", "customers-emea", "customers-apac"))
    assert team.pull is not None
    (check,) = team.github.check_runs(REPO, team.pull.head_sha)
    assert (check.name, check.conclusion) == ("reconciler plan (fleet)", "success")
    record = read_fleet_record(str(check.output["text"]))
    assert record.targets == ("stage", "customers-emea", "customers-apac")
    assert [len(outline.actions) for name in record.targets if (outline := record.outline(name))] == [2, 2, 2]
    assert team.artifacts == {
        "plan-1": ["reconciler-plan-1.json"],
        "plan-2": ["reconciler-plan-2.json"],
        "plan-page": ["reconciler-plan.html"],
    }
    page = (team.root / "artifacts" / "plan-page" / "reconciler-plan.html").read_text()
    assert all(name in page for name in ("stage", "customers-emea", "customers-apac", "members"))
    assert "customers-emea" in run.job("report").summary


def test_a_sandbox_that_cannot_be_read_is_a_row_and_makes_the_check_red(team: Story) -> None:
    exists(team, "dev", "emea")
    run = planned(team)
    assert (run.conclusion, run.job("report").conclusion, run.job("planned").conclusion) == ("failure", "failure", "failure")
    assert "1 failed" in team.comment
    (check,) = team.github.check_runs(REPO, team.pull.head_sha if team.pull else None)
    record = read_fleet_record(str(check.output["text"]))
    assert (check.conclusion, record.outline("customers-apac"), record.outline("stage") is None) == ("failure", None, False)


def test_a_job_without_a_report_makes_its_targets_rows_that_failed(team: Story) -> None:
    team.lost.add("plan-2")
    run = planned(team)
    assert (run.job("report").conclusion, run.job("planned").conclusion) == ("failure", "failure")
    assert "no report of it was found" in team.comment
    assert "2 failed" in team.comment
    assert "no report of it was found" in (team.root / "artifacts" / "plan-page" / "reconciler-plan.html").read_text()


def test_a_pull_request_from_a_fork_is_compared_without_secrets_and_reported_nowhere(team: Story) -> None:
    run = planned(team, fork=True)
    assert (run.conclusion, team.comments, team.artifacts) == ("success", [], {}), run.job("report").log
    assert "customers-apac" in run.job("report").summary
    assert [job.summary for job in run.jobs["plan"]] == ["", ""]


def test_a_mistake_in_a_fork_is_shown_at_its_line_once_for_all_targets(team: Story) -> None:
    team.work.file("sources/members/connection-spec.yaml", "kind: ConnectionSpec\nspec: {name: a, name: b}\n")
    run = team.run("plan", pull_request(team.open_pull_request(fork=True), "opened"))
    assert (run.job("report").conclusion, run.job("planned").conclusion) == ("failure", "failure")
    notes = [(note.title, note.file, note.line) for note in run.job("report").annotations if note.title == "duplicate-key"]
    assert notes == [("duplicate-key", "specs/sources/members/connection-spec.yaml", 2)]

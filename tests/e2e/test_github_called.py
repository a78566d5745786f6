"""The reusable workflows, called as docs/github.md says: they use the actions of their own commit, and do what a copy does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.github_story import PROJECT, REPO, TOOL, TOOL_COMMIT, TOOL_VERSION, Story, story
from tests.github.runner.documents import WorkflowError
from tests.github.runner.events import pull_request, push, schedule, workflow_dispatch

PLAN = """\
name: plan
on: [pull_request, merge_group]
permissions: {}
jobs:
  plan:
    permissions: { contents: read, pull-requests: write, checks: write }
    uses: OWNER/reconciler/.github/workflows/plan.yml@… # v1.2.0
    secrets: inherit
"""
DRIFT = """\
name: drift
on: { schedule: [{ cron: "17 * * * *" }] }
permissions: {}
jobs:
  drift:
    permissions: { checks: read, contents: read, issues: write }
    uses: OWNER/reconciler/.github/workflows/drift.yml@… # v1.2.0
    secrets: inherit
"""


def documented() -> str:
    """The workflow in the documentation that calls the one that applies."""
    blocks = re.findall(r"(?s)```yaml\n(.*?)```", (PROJECT / "docs/github.md").read_text())
    (found,) = [block for block in blocks if "workflows/apply.yml@" in block]
    return str(found)


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Story]:
    with story(tmp_path) as made:
        for name, text in {"plan": PLAN, "apply": documented(), "drift": DRIFT}.items():
            write(made, name, text)
        made.push_main()
        yield made


def write(team: Story, name: str, text: str) -> None:
    of_release = text.replace("OWNER/reconciler", TOOL).replace("… # v1.2.0", f"{TOOL_COMMIT} # {TOOL_VERSION}")
    (team.work.folder / ".github/workflows" / f"{name}.yml").write_text(of_release)


def test_a_source_is_planned_and_applied_by_called_workflows(team: Story) -> None:
    team.work.source("members")
    pull = team.open_pull_request()
    planned = team.run("plan", pull_request(pull, "opened"))
    assert planned.conclusion == "success", planned.job("plan/plan").log
    assert "**1 to create, 1 id to attach**" in team.comment
    merged = team.merge()
    run = team.run("apply", push(REPO, merged))
    assert run.conclusion == "success", run.job("apply/apply").log
    assert (run.job("apply/apply").environment, "members" in team.work.live()) == ({"name": "stage"}, True)
    assert run.job("apply/applied").conclusion == "success"
    assert "**Applied**" in team.comment


def test_a_run_by_hand_of_a_called_workflow_shows_the_plan_and_then_applies_it(team: Story) -> None:
    team.work.source("members")
    team.push_main()
    shown = team.run("apply", workflow_dispatch(REPO, team.tip, {"target": "stage", "flags": "--max-creates 1"}))
    assert (shown.job("apply/apply").conclusion, shown.conclusion, team.work.writes()) == ("skipped", "success", [])
    digest = team.shown_digest(shown.job("apply/targets").summary)
    inputs = {"target": "stage", "flags": "--max-creates 1", "digest": digest}
    run = team.run("apply", workflow_dispatch(REPO, team.tip, inputs))
    assert (run.conclusion, "members" in team.work.live()) == ("success", True), run.job("apply/targets").log


def test_drift_is_looked_for_by_a_called_workflow(team: Story) -> None:
    team.work.source("members")
    team.push_main()
    team.work.apply()
    team.work.edit("members", sourceSpec={"attributes": {"x": 9}})
    run = team.run("drift", schedule(REPO, team.tip))
    assert run.conclusion == "success", run.job("drift/drift").log
    assert len(team.github.issues(REPO)) == 1


def test_a_caller_that_grants_too_little_is_refused_by_github(team: Story) -> None:
    write(team, "apply", documented().replace("checks: write", "checks: read"))
    with pytest.raises(WorkflowError, match="requests checks: write, but is only allowed checks: read"):
        team.run("apply", push(REPO, team.tip))


def test_a_server_that_does_not_name_the_commit_uses_nothing_else_unless_it_is_told(
    team: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.github.runner.calls.KNOWN", False)
    run = team.run("apply", push(REPO, team.tip))
    assert run.conclusion == "failure"
    assert "pass-tool-repository-and-tool-commit" in run.job("apply/targets").log
    inputs = f"    with: {{ tool-repository: {TOOL}, tool-commit: {TOOL_COMMIT} }}\n"
    write(team, "apply", documented() + inputs)
    team.push_main()
    run = team.run("apply", push(REPO, team.tip))
    assert run.job("apply/targets").conclusion == "success", run.job("apply/targets").log

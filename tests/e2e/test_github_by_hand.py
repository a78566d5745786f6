"""What a report on GitHub says to do can be done on GitHub, and leads out; a run that applied nothing that it should have is red."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.documents.kinds import Kind
from tests.e2e.github_story import ORG, REPO, Story, commands_in, inputs_of, story
from tests.e2e.workplace import SETTINGS
from tests.github.runner.events import Pull, pull_request, push, workflow_dispatch
from tests.github.runner.results import JobRun


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Story]:
    with story(tmp_path) as made:
        yield made


def test_a_run_whose_list_of_targets_was_dropped_is_red_and_says_why(team: Story) -> None:
    team.secrets["ORGANIZATION"] = ORG
    team.work.source("members")
    pull = team.open_pull_request()
    planned = team.run("plan", pull_request(pull, "opened"))
    assert (planned.job("plan").conclusion, planned.conclusion) == ("skipped", "failure")
    assert "also the value of a secret" in planned.job("planned").annotations[0].message
    team.merge()
    run = team.run("apply", push(REPO, team.tip))
    assert (run.job("apply").conclusion, run.job("applied").conclusion, run.conclusion) == ("skipped", "failure", "failure")
    note = run.job("applied").annotations[0]
    assert "nothing was applied to stage" in note.message
    assert "also the value of a secret" in note.message
    assert "members" not in team.work.live()


def test_a_run_that_applied_its_targets_is_green_and_so_is_one_that_a_newer_one_takes_over(team: Story) -> None:
    team.work.source("members")
    pull = team.open_pull_request()
    assert team.run("plan", pull_request(pull, "opened")).conclusion == "success"
    merged = team.merge()
    run = team.run("apply", push(REPO, merged))
    assert (run.job("applied").conclusion, run.conclusion) == ("success", "success"), run.job("applied").log
    team.work.source("orders")
    team.push_main()
    run = team.run("apply", push(REPO, merged))
    assert (run.job("applied").conclusion, "mode stale" in run.job("applied").log) == ("success", True)


def test_an_apply_of_another_run_is_no_evidence(team: Story) -> None:
    team.work.source("members")
    team.open_pull_request()
    team.plan()
    team.merge()
    assert team.apply().conclusion == "success"
    team.secrets["ORGANIZATION"] = ORG
    run = team.run("apply", workflow_dispatch(REPO, team.tip, {"target": "stage"}))
    assert (run.job("apply").conclusion, run.conclusion) == ("skipped", "failure")


def test_a_pull_request_of_a_fork_is_planned_offline_and_green(team: Story) -> None:
    team.work.source("members")
    pull: Pull = team.open_pull_request(fork=True)
    assert team.run("plan", pull_request(pull, "opened")).conclusion == "success"


def rewrite(team: Story) -> None:
    """A default branch without a history, as after a move to another repository; no old commit can be found."""
    before = team.tip
    team.work.git("checkout", "-q", "--orphan", "moved")
    team.work.commit("moved")
    team.work.git("branch", "-q", "-M", "moved", "main")
    team.work.git("reflog", "expire", "--expire=now", "--all")
    team.work.git("gc", "-q", "--prune=now")
    assert before not in team.work.git("cat-file", "--batch-all-objects", "--batch-check")
    team.github.move(REPO, "main", team.work.git("rev-parse", "HEAD"))


def by_hand(team: Story, text: str) -> JobRun:
    """What the report says, which shows the plan and writes nothing, and then what that run says."""
    team.work.requests()
    first = team.follow(text)
    assert (first.id, first.conclusion, first.environment, team.work.writes()) == ("targets", "success", None, []), first.log
    assert "To apply exactly this plan" in first.summary
    again = team.follow(first.summary)
    assert again.conclusion == "success", again.log
    return again


def test_a_limit_that_a_plan_passes_is_lifted_for_one_run_as_the_comment_says(team: Story) -> None:
    team.work.settings(SETTINGS + "safety: {max_creates: 1}\n")
    team.work.source("members")
    team.work.source("orders")
    team.open_pull_request()
    job = team.plan()
    assert job.conclusion == "failure"
    assert any("flags=--max-creates 2" in note.message for note in job.annotations)
    comment = team.comment
    team.merge()
    assert team.apply().conclusion == "failure"
    assert by_hand(team, comment).conclusion == "success"
    assert {"members", "orders"} <= team.work.live().keys()


def test_a_new_source_beside_an_orphan_is_created_as_the_comment_says(team: Story) -> None:
    team.work.source("members")
    team.push_main()
    team.work.apply()
    (team.work.folder / "specs/sources/members/connection-spec.yaml").unlink()
    team.work.source("memberz")
    team.open_pull_request()
    assert team.plan().conclusion == "failure"
    comment = team.comment
    assert "flags=--allow-create memberz" in comment
    team.merge()
    assert by_hand(team, comment).conclusion == "success"
    assert {"members", "memberz"} <= team.work.live().keys()


def test_a_source_is_retired_by_a_pull_request_and_another_is_added_with_it(team: Story) -> None:
    team.work.source("members")
    team.push_main()
    team.work.apply()
    ours = team.work.the("members")["id"]
    (team.work.folder / "specs/sources/members/connection-spec.yaml").unlink()
    team.work.settings(SETTINGS + "retired: [{key: members, reason: The vendor ended the API.}]\n")
    team.work.source("memberz")
    team.open_pull_request()
    job = team.plan()
    assert job.conclusion == "success", job.log
    team.merge()
    job = team.apply()
    assert job.conclusion == "success", job.log
    assert ours not in team.work.the("RestStorageToAEP", Kind.FLOW_SPEC)["sourceConnectionSpecIds"]
    assert "memberz" in team.work.live()


def test_an_orphan_of_a_rewritten_history_is_retired_from_github_alone(team: Story) -> None:
    """Its file is in no commit that is left, and the commit that it was applied from is not there any more."""
    team.work.source("members")
    team.push_main()
    team.work.apply()
    ours = team.work.the("members")["id"]
    (team.work.folder / "specs/sources/members/connection-spec.yaml").unlink()
    rewrite(team)
    team.work.source("memberz")
    pull = team.open_pull_request()
    assert team.plan().conclusion == "failure"
    said = " ".join(note.message for note in team.run("plan", pull_request(pull, "opened")).job("plan").annotations)
    assert "retired:" in said
    team.work.settings(SETTINGS + "retired: [{key: members, reason: The vendor ended the API.}]\n")
    team.push_again()
    job = team.plan("synchronize")
    assert job.conclusion == "success", (job.log, team.comment)
    team.merge()
    job = team.apply()
    assert job.conclusion == "success", job.log
    assert ours not in team.work.the("RestStorageToAEP", Kind.FLOW_SPEC)["sourceConnectionSpecIds"]
    assert "memberz" in team.work.live()


def test_a_digest_of_another_plan_is_refused_before_anyone_approves(team: Story) -> None:
    team.work.source("members")
    team.push_main()
    job = team.apply_by_hand(digest="0" * 64)
    assert (job.id, job.conclusion, job.environment, team.work.writes()) == ("targets", "failure", None, [])
    assert "To apply exactly this plan" in job.summary


def test_credentials_that_an_earlier_step_exported_are_used(team: Story) -> None:
    path = team.work.folder / ".github/workflows/plan.yml"
    vault = "".join(
        f'      - run: echo "RECONCILER_{name}" >> "$GITHUB_ENV"\n' for name in ("CLIENT_ID=plan-client", "CLIENT_SECRET=s3")
    )
    before, plan, after = path.read_text().partition("      - uses: acme/reconciler/.github/actions/plan@")
    path.write_text(before + vault + plan + after)
    team.secrets.clear()
    team.work.source("members")
    team.open_pull_request()
    job = team.plan()
    assert (job.conclusion, "**1 to create" in team.comment) == ("success", True), job.log


def test_drift_is_undone_as_the_issue_says_and_nothing_else_is_done(team: Story) -> None:
    team.work.source("members")
    team.work.source("orders")
    team.push_main()
    team.work.apply()
    flow = team.work.the("RestStorageToAEP", Kind.FLOW_SPEC)
    ours = team.work.the("members")["id"]
    held = [one for one in flow["sourceConnectionSpecIds"] if one != ours]
    team.work.edit("RestStorageToAEP", Kind.FLOW_SPEC, sourceConnectionSpecIds=held)
    team.work.edit("orders", sourceSpec={"attributes": {"x": 9}})
    team.work.source("not-reviewed")
    team.push_main()
    assert team.drift().conclusion == "success"
    (issue,) = team.github.issues(REPO)
    assert inputs_of(commands_in(str(issue.body))[-1]) == {"target": "stage", "keys": "members orders"}
    assert by_hand(team, str(issue.body)).conclusion == "success"
    assert team.work.the("orders")["sourceSpec"] == {"attributes": {"x": 1}}
    assert ours in team.work.the("RestStorageToAEP", Kind.FLOW_SPEC)["sourceConnectionSpecIds"]
    assert "not-reviewed" not in team.work.live()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("flags", "--report /tmp/x"),
        ("flags", "--allow-create $(id)"),
        ("flags", "--journal=x"),
        ("flags", "--expect-reviewed"),
        ("keys", "--yes"),
        ("keys", "a;id"),
        ("keys", "../x"),
    ],
)
def test_an_input_that_is_no_flag_for_one_run_and_no_key_is_refused(team: Story, name: str, value: str) -> None:
    team.work.source("members")
    team.push_main()
    job = team.apply_by_hand(**{name: value, "digest": "0" * 64})
    assert (job.conclusion, team.work.writes()) == ("failure", [])
    assert any(
        note.message in ("invalid key in the input 'keys'", "invalid flag in the input 'flags'") for note in job.annotations
    )

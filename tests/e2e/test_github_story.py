"""The workflows, run as the runner runs them, over the life of a change: reviewed, merged, applied; and what may go wrong on the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.desired.kept import FEWEST
from reconciler.documents.kinds import Kind
from reconciler.emulator.switches.faults import Fault
from tests.e2e.github_story import READER, REPO, SERVER, WRITER, Story, story
from tests.e2e.shops import PAGING, record_shop, write_shop
from tests.e2e.third_party import ThirdParty, by_offset, third_party
from tests.e2e.workplace import REST
from tests.github.runner.events import push


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Story]:
    with story(tmp_path) as made:
        yield made


def test_a_new_source_is_planned_in_a_comment_that_the_next_push_changes(team: Story) -> None:
    team.work.source("members")
    team.open_pull_request()
    job = team.plan()
    assert (job.conclusion, [(note.level, note.title) for note in job.annotations]) == ("success", [("warning", "untried")])
    assert "Recorded trials" not in team.comment
    assert "**1 to create, 1 id to attach**" in team.comment
    assert f"({'<'}{SERVER}/{REPO}/blob/" in team.comment
    first = team.shown_digest()
    team.work.source("orders")
    team.push_again()
    team.plan("synchronize")
    assert "**2 to create, 2 ids to attach**" in team.comment
    assert team.shown_digest() != first
    assert "2 to create" in job.summary or "1 to create" in job.summary


def test_what_was_reviewed_is_applied_when_it_is_merged_and_the_comment_says_so(team: Story) -> None:
    team.work.source("members")
    team.open_pull_request()
    team.plan()
    reviewed = team.shown_digest()
    team.merge()
    job = team.apply()
    assert job.conclusion == "success", job.log
    assert "members" in team.work.live()
    assert "**Applied**" in team.comment
    assert team.shown_digest() == reviewed
    assert (job.environment, job.concurrency) == ({"name": "stage"}, "reconciler-apply-1234567890@AdobeOrg-dev")
    assert team.artifacts["apply-stage-1"] == ["journal.jsonl", "report.json"]
    (check,) = team.github.check_runs(REPO, team.tip)
    assert (check.name, check.conclusion) == ("reconciler apply (stage)", "success")


def test_a_pull_request_that_changes_nothing_live_is_one_line(team: Story) -> None:
    team.work.source("members")
    team.push_main()
    team.work.apply()
    team.work.source("members", version="1.0")
    team.work.file("sources/members/notes.txt", "a note")
    team.open_pull_request()
    team.plan()
    _, line = team.comment.strip().split("\n\n")
    assert "nothing to do: 1 in sync" in line


def test_live_that_changed_between_review_and_merge_is_refused_and_explained(team: Story) -> None:
    team.work.source("members")
    team.push_main()
    team.work.apply()
    team.work.source("members", sourceSpec={"attributes": {"x": 2}})
    team.open_pull_request()
    team.plan()
    team.work.edit("members", sourceSpec={"attributes": {"x": 9}})
    team.merge()
    before = team.work.the("members")
    job = team.apply()
    assert job.conclusion == "failure"
    assert team.work.the("members") == before
    for told in (team.comment, job.summary):
        assert "**Refused; nothing was written**" in told
        assert "now has other changes, at" in told
        assert "sourceSpec" in told
    assert any("was reviewed" in note.message for note in job.annotations)


def test_what_was_refused_is_applied_by_hand_with_the_digest_that_was_looked_at(team: Story) -> None:
    test_live_that_changed_between_review_and_merge_is_refused_and_explained(team)
    job = team.apply_by_hand(digest=team.shown_digest())
    assert job.conclusion == "success", job.log
    assert team.work.the("members")["sourceSpec"] == {"attributes": {"x": 2}}
    assert "**Applied**" in team.comment


def test_another_team_s_attachment_between_review_and_merge_changes_nothing(team: Story) -> None:
    team.work.source("members")
    team.open_pull_request()
    team.plan()
    theirs = team.work.post({"name": "theirs", "providerId": REST})
    flow = team.work.the("RestStorageToAEP", Kind.FLOW_SPEC)
    team.work.edit("RestStorageToAEP", Kind.FLOW_SPEC, sourceConnectionSpecIds=[*flow["sourceConnectionSpecIds"], theirs])
    team.merge()
    assert team.apply().conclusion == "success"
    held = team.work.the("RestStorageToAEP", Kind.FLOW_SPEC)["sourceConnectionSpecIds"]
    assert {theirs, team.work.the("members")["id"]} <= set(held)


def test_an_apply_that_failed_half_way_converges_when_it_is_run_again(team: Story) -> None:
    team.work.source("members")
    team.work.source("orders")
    team.open_pull_request()
    team.plan()
    team.merge()
    team.work.emulator.service.faults.set([Fault(path="/flowSpecs/*", method="PUT", status=400)])
    job = team.apply()
    assert job.conclusion == "failure"
    assert len(team.work.live()["members"]) == 1
    assert "**Not converged**" in team.comment
    team.work.emulator.service.faults.set([])
    again = team.apply()
    assert again.conclusion == "success", again.log
    assert len(team.work.live()["members"]) == 1
    assert "**Applied**" in team.comment


def test_an_apply_of_a_flow_spec_of_ones_own_that_failed_half_way_converges_too(team: Story) -> None:
    flow = {"name": "Own", "providerId": REST, "version": "1.0", "sourceConnectionSpecIds": [{"ref": "members"}]}
    team.work.source("members", envelope={"flowSpecs": []})
    team.work.file("flow-specs/own.yaml", {"kind": "FlowSpec", "spec": flow})
    team.open_pull_request()
    team.plan()
    team.merge()
    team.work.emulator.service.faults.set([Fault(path="/flowSpecs", method="POST", status=400)])
    assert team.apply().conclusion == "failure"
    team.work.emulator.service.faults.set([])
    again = team.apply()
    assert again.conclusion == "success", again.log
    assert team.work.the("Own", Kind.FLOW_SPEC)["sourceConnectionSpecIds"] == [team.work.the("members")["id"]]


def test_a_plan_that_is_run_again_for_an_older_push_does_not_hide_the_newer_one(team: Story) -> None:
    team.work.source("members")
    older = team.open_pull_request()
    team.plan()
    team.work.source("orders")
    team.push_again()
    team.plan("synchronize")
    newer, team.pull = team.comment, older
    team.plan()
    assert team.comment == newer


def test_an_apply_that_is_run_again_after_its_end_does_nothing(team: Story) -> None:
    test_what_was_reviewed_is_applied_when_it_is_merged_and_the_comment_says_so(team)
    team.work.requests()
    assert team.apply().conclusion == "success"
    assert team.work.writes() == []


def test_a_push_that_nobody_reviewed_is_refused(team: Story) -> None:
    team.work.source("members")
    team.push_main()
    job = team.apply()
    assert (job.conclusion, "members" in team.work.live()) == ("failure", False)
    assert "no pull request was merged as" in job.summary


def test_an_edited_comment_does_not_change_what_was_reviewed(team: Story) -> None:
    team.work.source("members")
    team.open_pull_request()
    team.plan()
    assert team.pull is not None
    (comment,) = team.github.comments(REPO, team.pull.number)
    comment.body = comment.body.replace(team.shown_digest(), "0" * 64)
    team.merge()
    assert team.apply().conclusion == "success"


def test_a_commit_that_is_not_the_tip_any_more_is_left_to_the_newer_run(team: Story) -> None:
    team.work.source("members")
    team.open_pull_request()
    team.plan()
    merged = team.merge()
    team.work.source("orders")
    team.push_main()
    job = team.run("apply", push(REPO, merged)).job("apply")
    assert (job.conclusion, "members" in team.work.live()) == ("success", False)
    assert "is no longer the tip of main" in job.log


def test_a_tip_that_changed_no_spec_does_not_keep_a_merge_from_being_applied(team: Story) -> None:
    team.work.source("members")
    team.open_pull_request()
    team.plan()
    merged = team.merge()
    (team.work.folder / "README.md").write_text("words")
    team.push_main()
    job = team.run("apply", push(REPO, merged)).job("apply")
    assert (job.conclusion, "members" in team.work.live()) == ("success", True)


def test_a_fork_is_compared_offline_and_writes_nothing(team: Story) -> None:
    team.work.source("members")
    team.open_pull_request(fork=True)
    team.work.requests()
    job = team.plan()
    assert job.conclusion == "success", job.log
    assert "1 spec added" in job.summary
    assert "Flow Service was not queried" in job.summary
    assert (team.comments, team.github.check_runs(REPO), team.work.requests()) == ([], [], [])


def test_a_fork_with_a_mistake_fails_at_its_line(team: Story) -> None:
    team.work.file("sources/members/connection-spec.yaml", "kind: ConnectionSpec\nspec: {name: a, name: b}\n")
    team.open_pull_request(fork=True)
    job = team.plan()
    assert job.conclusion == "failure"
    assert ("error", "specs/sources/members/connection-spec.yaml", 2) in [
        (note.level, note.file, note.line) for note in job.annotations
    ]


@pytest.fixture
def recorded(team: Story) -> Iterator[ThirdParty]:
    """The API of a source whose recording is on the default branch."""
    with third_party(by_offset()) as api:
        write_shop(team.work, api)
        record_shop(team.work)
        team.push_main()
        yield api


def test_recorded_trials_are_replayed_and_listed_in_the_comment(team: Story, recorded: ThirdParty) -> None:
    asked = len(recorded.asked)
    write_shop(team.work, recorded, description="Members of a shop")
    team.open_pull_request()
    job = team.plan()
    assert (job.conclusion, job.annotations) == ("success", ())
    assert "| <code>shop</code> | held | 237 | 3 |" in team.comment.partition("#### Recorded trials")[2]
    assert "· tried: 237 records in 3 calls, cassette of " in team.comment
    assert len(recorded.asked) == asked


def test_a_changed_pagination_is_red_before_the_merge(team: Story, recorded: ThirdParty) -> None:
    write_shop(team.work, recorded, PAGING | {"offSetName": "start"})
    team.open_pull_request()
    job = team.plan()
    assert job.conclusion == "failure"
    assert ("error", "not-recorded", "specs/sources/shop/connection-spec.yaml") in [
        (note.level, note.title, note.file) for note in job.annotations
    ]
    assert team.comment.index("**1 failed**") < team.comment.index("### Plan for")
    assert "request 1 asks <code>start" in team.comment
    write_shop(team.work, recorded)
    team.push_again()
    assert team.plan("synchronize").conclusion == "success"


def test_a_fork_replays_recorded_trials_without_secrets(team: Story, recorded: ThirdParty) -> None:
    write_shop(team.work, recorded, PAGING | {"limitValue": "50"})
    team.open_pull_request(fork=True)
    job = team.plan()
    assert job.conclusion == "failure"
    assert "**1 failed**" in job.summary
    assert "not-recorded" in [note.title for note in job.annotations]
    assert team.comments == []


def test_dependabot_is_compared_offline(team: Story) -> None:
    team.work.source("members")
    team.open_pull_request()
    job = team.plan(actor="dependabot[bot]")
    assert (job.conclusion, "1 spec added" in job.summary, team.comments) == ("success", True, [])


def test_a_mistake_in_a_file_is_commented_annotated_and_keeps_apply_from_being_allowed(team: Story) -> None:
    team.work.file("sources/members/connection-spec.yaml", "kind: ConnectionSpec\nspec: {name: a, name: b}\n")
    team.open_pull_request()
    job = team.plan()
    assert job.conclusion == "failure"
    assert ("specs/sources/members/connection-spec.yaml", 2) in [(note.file, note.line) for note in job.annotations]
    (check,) = team.github.check_runs(REPO)
    assert check.conclusion == "failure"
    assert "duplicate" in team.comment


def test_a_service_that_is_down_is_told_in_the_comment(team: Story) -> None:
    team.work.source("members")
    team.open_pull_request()
    team.work.emulator.service.faults.set([Fault(path="/connectionSpecs", status=403)])
    job = team.plan()
    assert job.conclusion == "failure"
    assert "**Planning failed**" in team.comment


def test_an_outside_edit_opens_an_issue_that_changes_while_it_lasts_and_is_closed_when_it_is_gone(team: Story) -> None:
    team.work.source("members")
    team.push_main()
    team.work.apply()
    assert team.drift().conclusion == "success"
    assert team.github.issues(REPO) == []
    team.work.edit("members", sourceSpec={"attributes": {"x": 9}})
    assert team.drift().conclusion == "success"
    (issue,) = team.github.issues(REPO)
    assert "Drift in stage" in issue.title
    body = str(issue.body)
    assert "jane" in body
    assert "gh workflow run apply.yml -f target=stage -f keys=members" in body
    team.work.edit("members", sourceSpec={"attributes": {"x": 9, "y": 1}})
    team.drift()
    assert len(team.github.issues(REPO)) == 1
    assert str(team.github.issues(REPO)[0].body) != body
    team.work.apply()
    team.drift()
    (issue,) = team.github.issues(REPO)
    assert issue.state == "closed"


def test_drift_and_plan_hold_a_credential_that_cannot_write(team: Story) -> None:
    team.work.source("members")
    team.open_pull_request()
    team.work.requests()
    team.plan()
    assert team.work.writes() == []
    assert READER != WRITER


def test_no_secret_is_in_any_log_and_no_token_is_printed_to_be_masked(team: Story) -> None:
    team.work.source("members", description="::error::pwned\n::set-output name=x::y\n##[error]pwned")
    team.open_pull_request()
    job = team.plan()
    team.merge()
    applied = team.apply()
    for run in (job, applied):
        assert run.conclusion == "success", run.log
        assert "p8e-" not in run.log
        assert all(mask not in run.log for mask in run.masks)
        assert {note.title for note in run.annotations} <= {"untried"}
        assert "::add-mask::" not in run.raw_log


def test_plans_begin_with_what_drift_read_on_the_default_branch_and_apply_and_drift_with_nothing(team: Story) -> None:
    for number in range(FEWEST):
        team.work.source(f"members-{number}")
    team.push_main()
    team.work.apply()
    assert team.drift().conclusion == "success"
    ((ref, drifts),) = team.caches.entries
    assert ref == "refs/heads/main"
    kept = next(team.caches.entries[ref, drifts].rglob("*.seg"))
    assert kept.stat().st_mode & 0o077 == 0
    team.work.source("members-0", version="2.0")
    team.open_pull_request()
    team.plan()
    assert team.caches.found == [drifts]
    reviewed = team.shown_digest()
    team.merge()
    assert team.apply().conclusion == "success"
    team.drift()
    assert team.caches.found == [drifts]
    assert team.shown_digest() == reviewed
    assert [ref for ref, _ in team.caches.entries] == ["refs/heads/main"] * 2


def test_a_pull_request_keeps_for_itself_what_it_read_if_the_default_branch_kept_nothing(team: Story) -> None:
    for number in range(FEWEST):
        team.work.source(f"members-{number}")
    team.open_pull_request()
    team.plan()
    ((ref, first),) = team.caches.entries
    assert ref != "refs/heads/main"
    team.work.source("members-0", version="2.0")
    team.push_again()
    team.plan("synchronize")
    assert team.caches.found == [first]
    assert len(team.caches.entries) == 1
    team.merge()
    team.drift()
    assert team.caches.found == [first]

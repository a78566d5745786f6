"""The commands for workflows, in this process, against the fake GitHub."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.applying.outcome import Failure, OutcomeName, Result
from reconciler.cli.entry import open_sessions
from reconciler.cli.failures import run
from reconciler.cli.shell import Shell
from reconciler.documents.comparison import Cause
from reconciler.documents.json_text import Document
from reconciler.documents.kinds import Kind
from reconciler.errors import Problem, Refused, Severity
from reconciler.planning.overdue import Overdue
from reconciler.reports.apply.json import render_apply_json, render_refusal_json
from reconciler.reports.drift.view import drift_of
from reconciler.reports.plan.json import render_drift_json, render_plan_json
from reconciler.reports.plan.view import view_of
from reconciler.reports.problems.json import render_failure_json
from tests.cli.github_runner import EDIT, Runner, view
from tests.github.situations import HEAD, MERGED, REPO, TIP
from tests.reports.apply.test_reports import report
from tests.reports.plans import NOON, change, plan, update
from tests.reports.trying.trials import NO_RECORDING, NOT_RECORDED, trial, tries

ERROR = Problem(Severity.ERROR, "namesake", "there is one already", "specs/a.yaml", 3, 1, "adopt it", guard=True)


def test_a_plan_becomes_a_comment_with_what_merging_does(github: Runner) -> None:
    ran = github("comment", render_plan_json(view()))
    assert ran.code == 0
    assert "comment on #1: created https://" in ran.err
    assert "Merging applies exactly this plan" in github.comment


def test_a_plan_that_apply_would_refuse_promises_nothing(github: Runner) -> None:
    github("comment", render_plan_json(view(ERROR)))
    assert "Merging applies" not in github.comment


def test_an_apply_takes_the_place_of_the_plan(github: Runner) -> None:
    github("comment", render_plan_json(view()))
    github.world.merge()
    github.push(MERGED)
    github("comment", render_apply_json(report(), plan=view()))
    assert "Merging applies" not in github.comment
    assert "actions/runs/7" in github.comment


def test_a_run_for_an_older_head_leaves_the_comment_to_the_newer_one(github: Runner) -> None:
    github.world.fake.push(REPO, 1, MERGED)
    ran = github("comment", render_plan_json(view()))
    assert (ran.code, "has newer commits than this run, or is not open; its comment is left" in ran.err) == (0, True)
    assert github.world.fake.comments(REPO, 1) == []


def test_a_plan_that_is_made_again_after_the_merge_leaves_the_comment_as_it_is(github: Runner) -> None:
    github.world.merge()
    github("comment", render_plan_json(view()))
    assert github.world.fake.comments(REPO, 1) == []


def test_a_plan_for_another_branch_promises_no_apply(github: Runner) -> None:
    head = {"sha": HEAD, "repo": {"full_name": REPO}}
    pull = {"number": 1, "head": head, "base": {"sha": TIP, "ref": "dev"}}
    github.event("pull_request", TIP, {"pull_request": pull, "repository": {"default_branch": "main"}})
    github("comment", render_plan_json(view()))
    assert "Merging applies" not in github.comment


def test_a_spec_that_failed_is_annotated_at_its_line(github: Runner) -> None:
    failed = Result(
        Kind.CONNECTION_SPEC, "members", "Members", "1", OutcomeName.FAILED, error=Failure("service", "no", "mend it")
    )
    ran = github("annotate", render_apply_json(report(failed)))
    assert 'title=service::connection spec members "Members": no (hint: mend it)' in ran.out


def test_a_push_that_no_pull_request_brought_has_nothing_to_comment_on(github: Runner) -> None:
    github.push(TIP)
    ran = github("comment", render_apply_json(report()))
    assert (ran.code, "there is nothing to comment on" in ran.err) == (0, True)
    assert github.world.fake.writes() == []


def test_another_pull_request_can_be_named(github: Runner) -> None:
    github.push(TIP)
    github("comment", render_apply_json(report()), "--pull-request", "1")
    assert github.comment


def test_a_refusal_is_commented_with_what_is_different(github: Runner) -> None:
    github("comment", render_refusal_json(view(), Refused("the plan is not the one that was reviewed", hint="look again")))
    assert "**Refused; nothing was written**" in github.comment


def test_why_there_is_no_plan_is_commented(github: Runner) -> None:
    github("comment", render_failure_json(Refused("no credentials", hint="set them")))
    assert "**Planning failed** for <code>stage</code>" in github.comment


def test_a_command_that_left_no_report_is_told_as_such(github: Runner) -> None:
    code = run(["--target", "stage", "github", "comment", "nowhere.json"], Shell(github.environ, open_sessions))
    assert code == 0
    assert "the command ended before it wrote its report" in github.comment


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"actions": 1}', '{"results": []}', '{"report": "drift"}'])
def test_what_is_no_report_is_refused(github: Runner, text: str) -> None:
    ran = github("comment", text)
    assert (ran.code, github.world.fake.writes()) == (1, [])


def test_a_comment_under_another_name_is_warned_about(github: Runner) -> None:
    github.environ["RECONCILER_GITHUB_AUTHOR"] = "our-app[bot]"
    ran = github("comment", render_plan_json(view()))
    assert "hint: set RECONCILER_GITHUB_AUTHOR to github-actions[bot]" in ran.err


def test_the_summary_has_each_report_that_fits(github: Runner) -> None:
    github("summary", render_plan_json(view()))
    github("summary", render_drift_json(drift_of(view_of(plan(replace(EDIT, cause=Cause.DRIFT))))))
    assert "### Plan for" in github.summary
    assert "reconciler:drift" in github.summary


def test_a_summary_without_room_is_left_as_it_is(github: Runner) -> None:
    (github.folder / "summary").write_text("x" * 1_047_000)
    ran = github("summary", render_plan_json(view()))
    assert (ran.code, "is full" in ran.err, len(github.summary)) == (0, True, 1_047_000)


def test_problems_are_shown_at_their_lines(github: Runner) -> None:
    ran = github("annotate", render_plan_json(view(ERROR)))
    assert ran.out == "::error file=specs/a.yaml,line=3,col=1,title=namesake::there is one already (hint: adopt it)\n"


def test_what_ended_an_apply_is_annotated_first(github: Runner) -> None:
    ran = github("annotate", render_refusal_json(view(ERROR), Refused("no", hint="yes")))
    assert ran.out.startswith("::error title=refused::no (hint: yes)\n::error file=specs/a.yaml")


def test_a_plan_is_kept_at_the_head_of_its_pull_request(github: Runner) -> None:
    ran = github("check", render_plan_json(view()))
    (kept,) = github.world.fake.check_runs(REPO, HEAD)
    assert (kept.name, kept.conclusion) == ("reconciler plan (stage)", "success")
    assert "check run reconciler plan (stage): success" in ran.err
    assert "compares its plan with" in kept.output["text"]


@pytest.mark.parametrize("text", [render_plan_json(view(ERROR)), render_failure_json(Refused("no"))], ids=["refused", "none"])
def test_a_plan_that_may_not_be_applied_is_a_failed_check_without_a_digest(github: Runner, text: str) -> None:
    github("check", text)
    (kept,) = github.world.fake.check_runs(REPO, HEAD)
    assert (kept.conclusion, kept.external_id) == ("failure", "reconciler:plan:1:none")


def test_an_apply_is_kept_at_the_commit_that_was_merged(github: Runner) -> None:
    github.world.merge()
    github.push(MERGED)
    github("check", render_apply_json(report()))
    (kept,) = github.world.fake.check_runs(REPO, MERGED)
    assert kept.name == "reconciler apply (stage)"


def drift_report(value: int) -> str:
    drifted = replace(update(change("replace", "/a", value, 2, Cause.DRIFT)), cause=Cause.DRIFT, updated_at=NOON)
    return render_drift_json(drift_of(view_of(plan(drifted))))


NO_DRIFT = render_drift_json(drift_of(view_of(plan())))


def test_drift_has_one_issue_for_as_long_as_it_lasts(github: Runner) -> None:
    github.event("schedule", TIP, {})
    assert "drift issue: created" in github("drift-issue", drift_report(8)).err
    assert "drift issue: unchanged" in github("drift-issue", drift_report(8)).err
    assert "drift issue: updated" in github("drift-issue", drift_report(9)).err
    assert "drift issue: closed" in github("drift-issue", NO_DRIFT).err
    assert "drift issue: nothing to do" in github("drift-issue", NO_DRIFT).err
    (issue,) = github.world.fake.issues(REPO)
    assert (issue.title, issue.state) == ("Drift in stage: 1 spec", "closed")
    assert "gh workflow run apply.yml -f target=stage -f keys=mailchimp-members" in str(issue.body)


@pytest.mark.parametrize(
    "text",
    [render_failure_json(Refused("down")), render_drift_json(drift_of(view_of(plan(problems=(replace(ERROR, code="ahead"),)))))],
    ids=["no answer", "something hides it"],
)
def test_drift_that_could_not_be_looked_for_leaves_the_issue_open(github: Runner, text: str) -> None:
    github.event("schedule", TIP, {})
    github("drift-issue", drift_report(8))
    ran = github("drift-issue", text)
    assert "the issue was not changed" in ran.err
    assert [issue.state for issue in github.world.fake.issues(REPO)] == ["open"]


def test_a_plan_is_no_drift(github: Runner) -> None:
    assert github("drift-issue", render_plan_json(view())).code == 1


def test_the_gate_is_an_output_of_the_step(github: Runner) -> None:
    ran = github("gate")
    assert (ran.code, (github.folder / "output").read_text()) == (0, "mode=live\n")
    github.world.merge()
    github.push(TIP)
    ran = github("gate", None, "--writes")
    assert "mode stale" in ran.out
    assert "::warning title=stale::" in ran.out


def test_a_refused_token_is_told_in_words(github: Runner) -> None:
    github.environ["GITHUB_TOKEN"] = "ghs_unknown"
    ran = github("comment", render_plan_json(view()))
    assert (ran.code, "401" in ran.err, "hint:" in ran.err, "ghs_unknown" in ran.err) == (1, True, True, False)


def test_outside_of_actions_it_says_what_it_is_for(github: Runner) -> None:
    github.environ.clear()
    ran = github("comment", render_plan_json(view()))
    assert (ran.code, "docs/github.md" in ran.err) == (1, True)


def test_the_group_has_examples(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["github", "--help"], Shell({}, open_sessions)) == 0
    assert "reconciler github gate" in capfd.readouterr().out


def with_trials(github: Runner, *trials: Document, **untried: Document) -> tuple[str, str]:
    """The option, for a report of these trials."""
    file = github.folder / "trials.json"
    file.write_bytes(tries(*trials, **untried))
    return "--trials", str(file)


def test_a_comment_ends_with_the_trials_that_held(github: Runner) -> None:
    github("comment", render_plan_json(view()), *with_trials(github, trial(), orders=NO_RECORDING))
    before, _, after = github.comment.partition("#### Recorded trials")
    assert "Merging applies exactly this plan" in before
    assert "| <code>members</code> | held | 237 | 4 |" in after


def test_a_comment_begins_with_the_trials_if_one_failed_and_is_found_again(github: Runner) -> None:
    github("comment", render_plan_json(view()), *with_trials(github, trial("members", NOT_RECORDED)))
    assert github.comment.index("#### Recorded trials") < github.comment.index("### Plan for")
    github("comment", render_plan_json(view()), *with_trials(github, trial()))
    assert "**failed**" not in github.comment


def test_a_comment_without_recordings_is_the_same_as_without_trials(github: Runner) -> None:
    github("comment", render_plan_json(view()))
    plain = github.comment
    ran = github("comment", render_plan_json(view()), *with_trials(github, orders=NO_RECORDING))
    assert "unchanged" in ran.err
    assert github.comment == plain


def test_a_comment_with_many_failed_trials_keeps_the_plan_and_its_limit(github: Runner) -> None:
    many = [trial(f"source-{number}", NOT_RECORDED) for number in range(3_000)]
    github("comment", render_plan_json(view()), *with_trials(github, *many))
    assert len(github.comment.encode()) <= 60_000
    assert "### Plan for" in github.comment


def test_trials_that_left_no_report_are_told_as_such(github: Runner) -> None:
    github("comment", render_plan_json(view()), "--trials", str(github.folder / "nowhere.json"))
    assert "the command ended before it wrote its report" in github.comment


def test_findings_of_trials_are_annotated_with_and_without_a_plan(github: Runner) -> None:
    trials = with_trials(github, trial("members", NOT_RECORDED))
    alone = github("annotate", None, *trials).out
    assert alone.startswith("::error file=specs/sources/members/connection-spec.yaml,line=78,col=9,title=not-recorded::request 2")
    assert github("annotate", render_plan_json(view(ERROR)), *trials).out.endswith(alone)


def test_the_summary_has_the_trials_with_and_without_a_plan(github: Runner) -> None:
    trials = with_trials(github, trial())
    github("summary", None, *trials)
    assert github.summary.startswith("#### Recorded trials")
    github("summary", render_plan_json(view()), *trials)
    assert github.summary.count("#### Recorded trials") == 2


def test_a_summary_without_recordings_stays_empty(github: Runner) -> None:
    assert github("summary", None, *with_trials(github, orders=NO_RECORDING)).code == 0
    assert not (github.folder / "summary").exists()


@pytest.mark.parametrize("command", ["annotate", "summary"])
def test_without_any_report_there_is_nothing_to_post(github: Runner, command: str) -> None:
    ran = github(command)
    assert (ran.code, "hint: pass REPORT, --trials FILE, or both" in ran.err) == (1, True)


def overdue_report() -> str:
    one = Overdue(Kind.CONNECTION_SPEC, "mailchimp-members", None, MERGED, "2026-01-31T12:00:00Z", 1)
    return render_drift_json(drift_of(view_of(replace(plan(), overdue=(one,)))))


def test_what_was_merged_and_not_applied_has_an_issue_with_the_run_that_failed(github: Runner) -> None:
    github.world.merge()
    github.push(MERGED)
    github("check", render_refusal_json(view(), Refused("no", hint="yes"), plan=view()))
    github.event("schedule", TIP, {})
    assert "drift issue: created" in github("drift-issue", overdue_report()).err
    (issue,) = github.world.fake.issues(REPO)
    assert issue.title == "Not applied in stage: 1 spec"
    assert "apply ended with failure" in str(issue.body)
    assert "drift issue: closed" in github("drift-issue", NO_DRIFT).err


def test_a_change_whose_apply_never_ran_says_so_in_the_issue(github: Runner) -> None:
    github.world.merge()
    github.event("schedule", TIP, {})
    github("drift-issue", overdue_report())
    (issue,) = github.world.fake.issues(REPO)
    assert "no apply ran for this commit itself" in str(issue.body)


def test_runs_that_may_not_be_read_are_said_and_hide_no_issue(github: Runner) -> None:
    github.event("schedule", TIP, {})
    github.environ["GITHUB_TOKEN"] = github.world.fake.token_for({"issues": "write"})
    assert "drift issue: created" in github("drift-issue", overdue_report()).err
    (issue,) = github.world.fake.issues(REPO)
    assert "its runs are not known" in str(issue.body)

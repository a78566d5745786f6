"""The commands for workflows, in this process, against the fake GitHub."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from reconciler.applying.outcome import Failure, OutcomeName, Result
from reconciler.cli.entry import open_sessions
from reconciler.cli.failures import run
from reconciler.cli.shell import Shell
from reconciler.documents.comparison import Cause
from reconciler.documents.json_text import Document, encode
from reconciler.documents.kinds import Kind
from reconciler.errors import Problem, Refused, Severity
from reconciler.reports.apply.json import render_apply_json, render_refusal_json
from reconciler.reports.drift.view import drift_of
from reconciler.reports.plan.json import render_drift_json, render_plan_json
from reconciler.reports.plan.view import PlanView, view_of
from reconciler.reports.problems.json import render_failure_json
from tests.cli.fakes import TARGET, Ran
from tests.github.fake_api import DEFAULT_TOKEN
from tests.github.situations import HEAD, MERGED, REPO, TIP, World
from tests.github.situations import world as opened
from tests.reports.apply.test_reports import report
from tests.reports.plans import NOON, change, plan, update
from tests.reports.trying.trials import NO_RECORDING, NOT_RECORDED, trial, tries

EDIT = update(change("replace", "/a", 1, 2))
ERROR = Problem(Severity.ERROR, "namesake", "there is one already", "specs/a.yaml", 3, 1, "adopt it", guard=True)


class Runner:
    """One job of a workflow: its environment, its folder, and the commands that its steps run."""

    def __init__(self, world: World, folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
        self.world = world
        self.folder = folder
        self._capfd = capfd
        self.environ = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": world.url,
            "GITHUB_SERVER_URL": "https://github.example",
            "GITHUB_REPOSITORY": REPO,
            "GITHUB_WORKSPACE": str(folder),
            "GITHUB_RUN_ID": "7",
            "GITHUB_TOKEN": DEFAULT_TOKEN,
            "GITHUB_STEP_SUMMARY": str(folder / "summary"),
            "GITHUB_OUTPUT": str(folder / "output"),
        }
        self.pull_request()

    def pull_request(self) -> None:
        head = {"sha": HEAD, "repo": {"full_name": REPO}}
        self.event("pull_request", TIP, {"pull_request": {"number": 1, "head": head, "base": {"sha": TIP}}})

    def push(self, sha: str) -> None:
        self.event("push", sha, {"repository": {"default_branch": "main"}})

    def event(self, name: str, sha: str, payload: dict[str, Any]) -> None:
        file = self.folder / "event.json"
        file.write_bytes(encode(payload))
        self.environ |= {
            "GITHUB_EVENT_NAME": name,
            "GITHUB_EVENT_PATH": str(file),
            "GITHUB_SHA": sha,
            "GITHUB_REF_NAME": "main",
        }

    def __call__(self, command: str, text: str | None = None, *options: str) -> Ran:
        """`github COMMAND`, on a report with this text."""
        arguments = ["--target", "stage", "github", command, *options]
        if text is not None:
            (self.folder / "report.json").write_text(text)
            arguments.append(str(self.folder / "report.json"))
        code = run(arguments, Shell(self.environ, open_sessions))
        printed = self._capfd.readouterr()
        return Ran(code, printed.out, printed.err)

    @property
    def comment(self) -> str:
        (comment,) = self.world.fake.comments(REPO, 1)
        return comment.body

    @property
    def summary(self) -> str:
        return (self.folder / "summary").read_text()


@pytest.fixture
def github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Runner]:
    monkeypatch.chdir(tmp_path)
    with opened() as world:
        yield Runner(world, tmp_path, capfd)


def view(*problems: Problem) -> PlanView:
    return view_of(plan(EDIT, problems=problems))


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
    assert (ran.code, "has newer commits than this run" in ran.err) == (0, True)
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


def reports(github: Runner, **texts: str) -> list[str]:
    """Files of reports, named by their targets."""
    for name, text in texts.items():
        (github.folder / f"plan-{name}.json").write_text(text)
    return [str(github.folder / f"plan-{name}.json") for name in texts]


def quiet_view(target: str) -> PlanView:
    return view_of(plan(target=replace(TARGET, name=target)))


def test_the_plans_of_several_targets_are_one_comment(github: Runner) -> None:
    files = reports(
        github, stage=render_plan_json(view()), dev=render_plan_json(quiet_view("dev")), qa=render_plan_json(quiet_view("qa"))
    )
    ran = github("comment", None, *files)
    assert (ran.code, "comment on #1: created" in ran.err) == (0, True)
    assert github.comment.startswith("<!-- reconciler:plan target=%2A specs=specs -->\n\n**1 of 3 targets** · nothing to do in ")
    assert github.comment.count("### Plan for") == 1
    assert github("comment", None, *files).err.startswith("comment on #1: unchanged")


def test_the_job_of_the_page_posts_what_the_action_uploads_as_one_comment(github: Runner) -> None:
    root = Path(__file__).parents[2]
    page = (root / "docs" / "github.md").read_text()
    (block,) = re.findall(r"```yaml\n(  overview:\n.*?)```", page, re.DOTALL)
    job = YAML(typ="safe", pure=True).load(block)["overview"]
    action = (root / ".github" / "actions" / "plan" / "action.yml").read_text()
    pattern = job["steps"][1]["with"]["pattern"]
    program, command, sink, files, *flags = shlex.split(job["steps"][-1]["run"])
    assert (program, command, files.split("/")[0]) == ("reconciler", "github", job["steps"][1]["with"]["path"])
    assert fnmatch("plan-${{ inputs.target }}", pattern)
    assert "name: plan-${{ inputs.target }}\n" in action
    assert 'report="$RUNNER_TEMP/reconciler-plan-$TARGET.json"' in action
    uploaded = [Path(name) for name in reports(github, stage=render_plan_json(view()), dev=render_plan_json(quiet_view("dev")))]
    moved = [path.rename(path.with_name(f"reconciler-{path.name}")) for path in uploaded]
    assert [path for path in moved if not path.match(Path(files).name)] == []
    ran = github(sink, None, *map(str, moved), *flags)
    assert (ran.code, "comment on #1: created" in ran.err) == (0, True)
    assert "**1 of 2 targets** · nothing to do in <code>dev</code>" in github.comment


def test_a_target_without_a_plan_is_named_by_its_file(github: Runner) -> None:
    failure = render_failure_json(Refused("no credentials", hint="set them"))
    github("comment", None, *reports(github, stage=render_plan_json(view()), prod=failure))
    assert "**Planning failed** for <code>plan-prod</code>" in github.comment
    assert github.comment.index("Planning failed") < github.comment.index("### Plan for")


def test_two_reports_of_one_target_are_refused(github: Runner) -> None:
    ran = github("comment", None, *reports(github, a=render_plan_json(view()), b=render_plan_json(view())))
    assert (ran.code, "are both for target 'stage'" in ran.err) == (1, True)


def test_nothing_to_do_makes_no_comment_where_only_changes_are_wanted(github: Runner) -> None:
    quiet = render_plan_json(quiet_view("stage"))
    assert "comment on #1: nothing to do" in github("comment", quiet, "--changes-only").err
    assert github.world.fake.comments(REPO, 1) == []


def test_a_target_without_a_comment_of_its_own_updates_one_that_exists_and_makes_none(github: Runner) -> None:
    assert github("comment", render_plan_json(view()), "--existing-only").code == 0
    assert github.world.fake.comments(REPO, 1) == []
    github("comment", render_plan_json(view()))
    github("comment", render_plan_json(quiet_view("stage")), "--existing-only")
    assert "nothing to do" in github.comment


def test_a_comment_about_changes_that_are_gone_is_updated(github: Runner) -> None:
    github("comment", render_plan_json(view()), "--changes-only")
    github("comment", render_plan_json(quiet_view("stage")), "--changes-only")
    assert "nothing to do" in github.comment

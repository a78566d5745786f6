from __future__ import annotations

import os
import re
import signal
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.applying.outcome import ApplyReport, Failure, OutcomeName, Result
from reconciler.applying.stopping import Stop
from reconciler.cli.terminal.signals import Stopped
from reconciler.documents.comparison import Cause
from reconciler.documents.kinds import Kind
from reconciler.errors import ExitCode, JournalError, Problem, Severity
from reconciler.flowservice.usage import SpecUsage
from reconciler.planning.plan import Options, Plan
from reconciler.reports.plan.json import render_plan_json
from reconciler.reports.plan.view import view_of
from reconciler.settings.scope import Scope
from tests.cli.fakes import DIGEST, HEADER, CommandLine, FakeSessions, Terminal, creation, edit, plan

GUARD = Problem(Severity.ERROR, "ahead", "it is ahead", guard=True, hint="merge or rebase")
MISTAKE = Problem(Severity.ERROR, "yaml", "it is wrong", "specs/a.yaml")
WARNING = Problem(Severity.WARNING, "not-kept", "it is lost")


def failing(made: Plan, _stop: Stop) -> ApplyReport:
    failure = Failure("service", "not entitled", status=400, request_id="r1")
    result = Result(Kind.CONNECTION_SPEC, "members", "Members", "1", OutcomeName.FAILED, error=failure)
    return ApplyReport(made.target, made.digest, (result,))


def unwritable(_plan: Plan, _stop: Stop) -> ApplyReport:
    raise JournalError("the journal cannot be written", hint="make room")


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> Terminal:
    """A terminal on which this is typed; what is asked goes to the screen that is returned."""
    screen = Terminal()
    monkeypatch.setattr(sys, "stdin", Terminal(text))
    monkeypatch.setattr(sys, "stderr", screen)
    return screen


def plain(screen: Terminal) -> str:
    return re.sub(r"\x1b\[[0-9;]*[mK]", "", screen.getvalue())


def interrupted() -> str:
    raise Stopped(ExitCode.SIGINT)


def test_the_plan_is_shown_first_and_then_what_was_done(reconciler: CommandLine) -> None:
    sessions = FakeSessions(plan(edit(), problems=(WARNING,)))
    ran = reconciler("apply", "--yes", sessions=sessions)
    shown, _, done = ran.out.partition(f"digest {DIGEST}\n\n")
    assert ran.code == 0
    assert shown.startswith(HEADER + "1 to update")
    assert done == HEADER + "nothing to do\n\njournal journal.jsonl\nconverged: live matches the repository\n"
    assert sessions.applied == [(sessions.plan, None)]


def test_the_plan_shows_who_uses_a_spec_as_plan_does_also_with_yes(reconciler: CommandLine) -> None:
    sessions = FakeSessions(plan(replace(edit(), usage=SpecUsage(source_connections=1, flows=2))))
    used = "used by 2 flows"
    assert used in reconciler("plan", sessions=sessions).out
    assert used in reconciler("apply", "--yes", sessions=sessions).out
    assert used in reconciler("apply", sessions=sessions).out


def test_json_is_one_document_and_the_plan_goes_to_standard_error(reconciler: CommandLine) -> None:
    ran = reconciler("apply", "--yes", "--format", "json", sessions=FakeSessions(plan(edit())))
    assert ran.json["converged"] is True
    assert ran.err.startswith(HEADER)


def test_nothing_to_do_needs_no_answer(reconciler: CommandLine) -> None:
    ran = reconciler("apply", sessions=FakeSessions(plan(problems=(WARNING,))))
    assert ran.code == 0
    assert ran.out.startswith(HEADER + "nothing to do\n\nwarning: it is lost")


def test_without_a_terminal_yes_must_be_said(reconciler: CommandLine) -> None:
    sessions = FakeSessions(plan(edit()))
    ran = reconciler("apply", sessions=sessions)
    assert ran.code == 1
    assert ran.err.startswith("error: nothing was written: there is no terminal to confirm on\nhint: use --yes ")
    assert sessions.applied == []


def test_on_a_terminal_only_yes_is_accepted(reconciler: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    sessions = FakeSessions(plan(edit()))
    screen = typed(monkeypatch, "y\n")
    assert reconciler("apply", sessions=sessions).code == 3
    assert "Update 1 · stage · sandbox dev.\x1b[0m Type 'yes': " in screen.getvalue()
    assert sessions.applied == []


def test_the_question_names_what_is_permanent_and_where(reconciler: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = typed(monkeypatch, "no\n")
    ran = reconciler("apply", sessions=FakeSessions(plan(creation("a"), creation("b"), edit(Cause.DRIFT))))
    asked = plain(screen)
    assert (
        "permanent, cannot be deleted once created: a, b\n"
        "Create 2 (permanent), update 1 (1 overwriting drift) · stage · sandbox dev. Type 'yes': "
    ) in asked
    assert "Create 2" not in ran.out, "it is said once, where it is answered"


def test_with_yes_the_plan_itself_ends_with_what_is_written_and_where(reconciler: CommandLine) -> None:
    ran = reconciler("apply", "--yes", sessions=FakeSessions(plan(creation("a"))))
    assert f"\nCreate 1 (permanent) · stage · sandbox dev\ndigest {DIGEST}\n" in ran.out


def test_an_answer_of_yes_applies(reconciler: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    sessions = FakeSessions(plan(edit()))
    screen = typed(monkeypatch, "yes\n")
    assert reconciler("apply", sessions=sessions).code == 0
    assert "1 of 1: update members" in screen.getvalue()
    assert len(sessions.applied) == 1


def test_the_end_of_input_is_no_yes(reconciler: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = typed(monkeypatch, "")
    assert reconciler("apply", sessions=FakeSessions(plan(edit()))).code == 3
    assert "Type 'yes': \nerror: nothing was written: the answer was not 'yes'\n" in plain(screen)


def test_a_signal_at_the_question_ends_its_line(reconciler: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = typed(monkeypatch, "")
    monkeypatch.setattr(sys.stdin, "readline", interrupted)
    assert reconciler("apply", sessions=FakeSessions(plan(edit()))).code == 130
    assert "Type 'yes': \nerror: interrupted\n" in plain(screen)


@pytest.mark.parametrize(("problem", "code"), [(GUARD, 3), (MISTAKE, 1)])
def test_a_problem_of_the_plan_refuses_the_whole_apply(reconciler: CommandLine, problem: Problem, code: int) -> None:
    sessions = FakeSessions(plan(edit(), problems=(problem,)))
    ran = reconciler("apply", "--yes", sessions=sessions)
    assert (ran.code, sessions.applied) == (code, [])
    assert f"error: {problem.message} [{problem.code}]\n" in ran.err
    assert ran.err.endswith("error: nothing was written: the plan has 1 error\n")


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_each_error_of_a_refused_plan_is_told_once_with_its_place_and_hint_on_standard_error(
    reconciler: CommandLine, form: str
) -> None:
    ran = reconciler("apply", "--yes", "--format", form, sessions=FakeSessions(plan(edit(), problems=(GUARD, MISTAKE, WARNING))))
    assert ran.err.endswith(
        "error: it is ahead [ahead]\n  hint: merge or rebase\n"
        "specs/a.yaml: error: it is wrong [yaml]\n"
        "error: nothing was written: the plan has 2 errors\n"
    )
    assert (ran.err.count("it is ahead"), ran.err.count("it is wrong")) == (1, 1)
    shown = ran.out if form == "text" else ran.err
    assert "apply refuses this plan: 2 errors\n" in shown
    assert "warning: it is lost" in shown
    assert form != "text" or "it is ahead" not in ran.out


def test_a_refusal_in_json_is_one_document_with_the_problems(reconciler: CommandLine) -> None:
    ran = reconciler("apply", "--yes", "--format=json", sessions=FakeSessions(plan(edit(), problems=(GUARD,))))
    assert (ran.code, ran.json["converged"], ran.json["error"]["code"]) == (3, False, "refused")
    assert [problem["code"] for problem in ran.json["problems"]] == ["ahead"]


def test_the_expected_digest_lets_its_plan_through(reconciler: CommandLine) -> None:
    assert reconciler("apply", "--yes", "--expect", DIGEST, sessions=FakeSessions(plan(edit()))).code == 0


@pytest.mark.parametrize("expected", [DIGEST[:12], DIGEST[:40], DIGEST.upper()])
def test_the_first_twelve_digits_of_the_digest_are_enough(reconciler: CommandLine, expected: str) -> None:
    assert reconciler("apply", "--yes", "--expect", expected, sessions=FakeSessions(plan(edit()))).code == 0


@pytest.mark.parametrize(
    "expected", ["", DIGEST[:11], "e" * 64, "d" * 11 + "e", "d" * 65, "x" * 12, f" {DIGEST}", "d" * 12 + "\n"]
)
def test_any_other_digest_is_refused(reconciler: CommandLine, expected: str) -> None:
    sessions = FakeSessions(plan(edit()))
    ran = reconciler("apply", "--yes", "--expect", expected, sessions=sessions)
    assert (ran.code, sessions.applied) == (3, [])


def test_a_plan_with_nothing_to_do_is_held_to_its_digest_too(reconciler: CommandLine) -> None:
    assert reconciler("apply", "--expect", "e" * 64).code == 3


def test_an_apply_that_did_not_converge_reports_and_exits_with_4(reconciler: CommandLine) -> None:
    ran = reconciler("apply", "--yes", sessions=FakeSessions(plan(edit()), apply=failing))
    assert ran.code == 4
    assert 'failed         connection spec members "Members"  1\n    not entitled [service]' in ran.out


def test_an_apply_that_did_not_converge_exits_with_4_in_json_too(reconciler: CommandLine) -> None:
    ran = reconciler("apply", "--yes", "--format", "json", sessions=FakeSessions(plan(edit()), apply=failing))
    assert (ran.code, ran.json["results"][0]["outcome"]) == (4, "failed")


def test_a_refusal_of_the_engine_is_told_and_ends_with_its_code(reconciler: CommandLine) -> None:
    ran = reconciler("apply", "--yes", "--format", "json", sessions=FakeSessions(plan(edit()), apply=unwritable))
    assert (ran.code, ran.json["error"]["code"]) == (1, "journal")
    assert ran.err.endswith("error: the journal cannot be written\nhint: make room\n")


def test_the_journal_goes_where_it_was_asked_to(reconciler: CommandLine) -> None:
    sessions = FakeSessions(plan(edit()))
    reconciler("apply", "--yes", "--journal", "j.jsonl", sessions=sessions)
    assert sessions.applied[0][1] == Path("j.jsonl")


class TestASavedPlan:
    @pytest.fixture
    def saved(self, tmp_path: Path) -> Path:
        file = tmp_path / "plan.json"
        options = Options(keys=("members",), prune=True, max_detaches=4)
        file.write_text(render_plan_json(view_of(plan(edit(), options=options))))
        return file

    FLAGS = ("members", "--prune", "--max-detaches", "4")
    SAME = Options(keys=("members",), prune=True, max_detaches=4)

    def test_it_is_made_again_for_the_target_and_with_the_options_of_the_command(
        self, reconciler: CommandLine, saved: Path
    ) -> None:
        sessions = FakeSessions(plan(edit(), options=self.SAME))
        assert reconciler("apply", "--plan", str(saved), *self.FLAGS, "--yes", sessions=sessions).code == 0
        assert sessions.opened == [("writing", Scope(Path("specs"), None))]
        assert sessions.options == [self.SAME]

    def test_it_sets_no_option_and_says_which_flags_it_was_made_with(self, reconciler: CommandLine, saved: Path) -> None:
        sessions = FakeSessions(plan(edit()))
        ran = reconciler("apply", str(saved), "--yes", "--expect", DIGEST, sessions=sessions)
        assert (ran.code, sessions.applied, sessions.options) == (3, [], [Options()])
        assert "was created with other options: keys members (now none), prune on (now off), max_detaches 4 (now 0)" in ran.err
        assert f"(`apply --plan {saved} members --prune --max-detaches 4`)" in ran.err

    def test_a_limit_in_it_does_not_stand_in_for_that_of_the_settings(self, reconciler: CommandLine, tmp_path: Path) -> None:
        file = tmp_path / "plan.json"
        file.write_text(render_plan_json(view_of(plan(edit(), options=Options(max_creates=100_000, allow_breaking=True)))))
        sessions = FakeSessions(plan(edit()))
        assert reconciler("apply", str(file), "--yes", "--expect", DIGEST, sessions=sessions).code == 3
        assert sessions.applied == []

    def test_a_committed_file_that_is_named_like_a_key_is_no_plan(
        self, reconciler: CommandLine, saved: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(saved.parent)
        saved.rename("members")
        sessions = FakeSessions(plan(edit()))
        reconciler("apply", "members", "--yes", sessions=sessions)
        assert sessions.options == [Options(keys=("members",))]
        assert reconciler("apply", "--plan", "members", "--yes", sessions=sessions).code == 3

    def test_a_path_of_no_spec_is_refused_and_the_hint_says_how_to_name_a_plan(self, reconciler: CommandLine) -> None:
        ran = reconciler("apply", "out/plan")
        assert "error: no such key, file or folder: out/plan\n" in ran.err
        assert "; to apply a saved plan, use `--plan out/plan`\n" in ran.err

    def test_only_one_can_be_named(self, reconciler: CommandLine, saved: Path) -> None:
        assert "2 plan files were given" in reconciler("apply", str(saved), "--plan", "other").err

    def test_another_target_by_default_is_refused(self, reconciler: CommandLine, saved: Path) -> None:
        fresh = plan(edit(), options=self.SAME)
        sessions = FakeSessions(replace(fresh, target=replace(fresh.target, name="prod")))
        ran = reconciler("apply", str(saved), *self.FLAGS, "--yes", sessions=sessions)
        assert (ran.code, sessions.applied) == (3, [])
        assert "a plan file does not set the target: use `--target stage`" in ran.err

    def test_a_plan_that_is_another_one_by_now_is_refused_with_what_differs(self, reconciler: CommandLine, saved: Path) -> None:
        sessions = FakeSessions(plan(edit(new="c"), creation("orders"), digest="e" * 64, options=self.SAME))
        ran = reconciler("apply", str(saved), "--yes", sessions=sessions)
        assert (ran.code, sessions.applied) == (3, [])
        assert 'update of connection spec members "Members" now has other changes, at /x [stale-other]' in ran.err
        assert "create of connection spec orders is not in the saved plan [stale-new]" in ran.err
        assert f"error: {saved} is out of date: the plan has changed\nhint: plan again" in ran.err

    def test_a_stale_plan_in_json_lists_what_differs(self, reconciler: CommandLine, saved: Path) -> None:
        ran = reconciler(
            "apply", str(saved), "--yes", "--format", "json", sessions=FakeSessions(plan(digest="e" * 64, options=self.SAME))
        )
        assert ran.json["error"]["code"] == "stale"
        assert [problem["code"] for problem in ran.json["problems"]] == ["stale-gone"]

    def test_another_target_does_not_go_with_it(self, reconciler: CommandLine, saved: Path) -> None:
        ran = reconciler("--target", "prod", "apply", str(saved))
        assert ran.code == 1
        assert "is a plan for target 'stage', but --target is 'prod'" in ran.err

    def test_its_own_target_may_be_named(self, reconciler: CommandLine, saved: Path) -> None:
        assert (
            reconciler(
                "--target", "stage", "apply", str(saved), "--yes", sessions=FakeSessions(plan(edit(), options=self.SAME))
            ).code
            == 0
        )

    def test_a_file_that_is_not_there_says_so(self, reconciler: CommandLine) -> None:
        ran = reconciler("apply", "gone.json")
        assert ran.code == 1
        assert "cannot read gone.json: No such file or directory" in ran.err

    def test_its_digest_can_be_expected_besides(self, reconciler: CommandLine, saved: Path) -> None:
        sessions = FakeSessions(plan(edit(), options=self.SAME))
        assert reconciler("apply", str(saved), "--yes", "--expect", "e" * 64, sessions=sessions).code == 3


def test_a_signal_between_two_writes_is_the_exit_code(reconciler: CommandLine) -> None:
    def stopped(made: Plan, stop: Stop) -> ApplyReport:
        os.kill(os.getpid(), signal.SIGTERM)
        assert stop.is_set()
        return replace(failing(made, stop), signal=stop.exit_code)

    ran = reconciler("apply", "--yes", "--format", "json", sessions=FakeSessions(plan(edit()), apply=stopped))
    assert (ran.code, ran.json["converged"]) == (143, False)

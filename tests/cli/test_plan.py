from __future__ import annotations

import os
from pathlib import Path

import pytest

from reconciler.cli.files import save
from reconciler.errors import Problem, Severity, SpecFileError, UsageError
from reconciler.planning.plan import Options
from reconciler.reports.plan.view import PlanView
from reconciler.settings.scope import Scope
from tests.cli.fakes import DIGEST, HEADER, CommandLine, FakeSessions, edit, plan

GUARD = Problem(Severity.ERROR, "ahead", "it is ahead", guard=True)
MISTAKE = Problem(Severity.ERROR, "yaml", "it is wrong", "specs/a.yaml", 1, 1)


def test_a_plan_shows_what_apply_would_do_and_the_command_for_it(reconciler: CommandLine) -> None:
    ran = reconciler("plan", sessions=FakeSessions(plan(edit())))
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(HEADER)
    assert ran.out.endswith(f"digest {DIGEST}\nnext: reconciler --target stage apply --expect {DIGEST}\n")


def test_the_next_command_repeats_what_was_asked(reconciler: CommandLine) -> None:
    flags = ["--prune", "--max-creates", "0", "--max-detaches", "3", "--allow-create", "b", "--allow-rewind"]
    ran = reconciler("--specs", "my specs", "plan", "members", *flags, sessions=FakeSessions(plan(edit())))
    command = "reconciler --specs 'my specs' --target stage apply members --prune --allow-create b --allow-rewind"
    assert f"next: {command} --max-creates 0 --max-detaches 3 --expect {DIGEST}\n" in ran.out


def test_the_target_is_only_read(reconciler: CommandLine) -> None:
    sessions = FakeSessions()
    reconciler("--target", "prod", "--specs", "there", "plan", sessions=sessions)
    assert sessions.opened == [("reading", Scope(Path("there"), "prod"))]


def test_global_options_may_stand_after_the_command(reconciler: CommandLine) -> None:
    sessions = FakeSessions()
    reconciler("plan", "--target", "second", "--specs", "there", "-v", sessions=sessions)
    assert sessions.opened == [("reading", Scope(Path("there"), "second"))]


def test_flags_win_over_the_limits_of_the_settings(reconciler: CommandLine) -> None:
    sessions = FakeSessions()
    reconciler("plan", "b", "a", "b", "--max-updates", "0", "--allow-in-use", sessions=sessions)
    assert sessions.options == [Options(keys=("a", "b"), max_updates=0, allow_in_use=True)]


@pytest.mark.parametrize(("problems", "code"), [((), 0), ((GUARD,), 3), ((MISTAKE,), 1), ((GUARD, MISTAKE), 1)])
def test_a_plan_exits_as_apply_would_refuse_it(reconciler: CommandLine, problems: tuple[Problem, ...], code: int) -> None:
    ran = reconciler("plan", "--detailed-exitcode", sessions=FakeSessions(plan(problems=problems)))
    assert ran.code == code
    assert all(problem.message in ran.out for problem in problems)


def test_differences_have_an_exit_code_of_their_own_only_when_asked_for(reconciler: CommandLine) -> None:
    sessions = FakeSessions(plan(edit()))
    assert reconciler("plan", "--detailed-exitcode", sessions=sessions).code == 2
    assert reconciler("plan", sessions=sessions).code == 0


def test_a_saved_plan_is_what_json_prints(reconciler: CommandLine, tmp_path: Path) -> None:
    out = tmp_path / "plan.json"
    ran = reconciler("plan", "--out", str(out), "--format", "json", sessions=FakeSessions(plan(edit())))
    assert out.read_text() == ran.out
    assert ran.err == f"saved to {out}\n"
    assert [file.name for file in tmp_path.iterdir()] == ["plan.json"]


def test_the_next_command_after_saving_applies_the_file(reconciler: CommandLine, tmp_path: Path) -> None:
    ran = reconciler("plan", "--out", str(tmp_path / "plan.json"), sessions=FakeSessions(plan(edit())))
    assert f"next: reconciler --target stage apply --plan {tmp_path}/plan.json\n" in ran.out


def test_a_plan_that_cannot_be_saved_says_why(reconciler: CommandLine, tmp_path: Path) -> None:
    ran = reconciler("plan", "--out", str(tmp_path / "none" / "plan.json"))
    assert ran.code == 1
    assert "plan.json: No such file or directory\nhint: " in ran.err


def test_a_folder_is_no_place_for_a_plan(reconciler: CommandLine, tmp_path: Path) -> None:
    assert ": it is a folder, not a file" in reconciler("plan", "--out", str(tmp_path)).err


def test_nothing_is_left_of_a_file_that_could_not_be_written_whole(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_text("before")
    with pytest.raises(UnicodeEncodeError):
        save(file, "half \ud800")
    assert [(found.name, found.read_text()) for found in tmp_path.iterdir()] == [("plan.json", "before")]


def test_a_pipe_is_written_to_and_not_replaced(reconciler: CommandLine, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    assert reconciler("plan", "--out", str(pipe)).code == 0
    assert os.read(reader, 4).startswith(b"{")
    assert pipe.is_fifo()
    os.close(reader)


def test_an_error_before_the_plan_is_told_on_standard_error(reconciler: CommandLine) -> None:
    error = SpecFileError("specs/ cannot be read", [MISTAKE])
    ran = reconciler("plan", sessions=FakeSessions(error))
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == "specs/a.yaml:1:1: error: it is wrong [yaml]\nerror: specs/ cannot be read\n"


def test_an_error_before_the_plan_is_one_document_in_json(reconciler: CommandLine) -> None:
    ran = reconciler("plan", "--format", "json", sessions=FakeSessions(UsageError("no such key", hint="did you mean 'a'?")))
    assert ran.code == 1
    assert ran.json == {
        "report": "failure",
        "format_version": 1,
        "error": {"code": "usage", "message": "no such key", "hint": "did you mean 'a'?"},
        "problems": [],
    }


def test_a_summary_leaves_the_changes_out(reconciler: CommandLine) -> None:
    ran = reconciler("plan", "--summary", sessions=FakeSessions(plan(edit())))
    assert ran.out.split("\n\n")[1] == '~ connection spec members "Members"  1 change'


def test_a_summary_of_another_format_is_refused(reconciler: CommandLine) -> None:
    ran = reconciler("plan", "--summary", "--format", "json", sessions=FakeSessions(plan(edit())))
    assert (ran.code, ran.json["error"]["message"]) == (1, "--summary cannot be combined with --format json")


def test_the_page_names_the_pull_request_of_the_run(reconciler: CommandLine) -> None:
    for ref, shown in (("refs/pull/12/merge", True), ("refs/heads/refs/pull/12/merge", False), ("refs/pull/1<b>/merge", False)):
        page = reconciler("plan", "--format", "html", environ={"GITHUB_REF": ref}, sessions=FakeSessions(plan(edit()))).out
        assert ("<dt>pull request</dt> <dd>#12</dd>" in page) is shown


def test_no_report_is_rendered_that_nobody_reads(
    reconciler: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered: list[PlanView] = []

    def render(view: PlanView) -> str:
        rendered.append(view)
        return "{}"

    monkeypatch.setattr("reconciler.reports.plan.json.render_plan_json", render)
    reconciler("plan", sessions=FakeSessions(plan(edit())))
    assert not rendered
    reconciler("plan", "--report", str(tmp_path / "plan.json"), sessions=FakeSessions(plan(edit())))
    assert len(rendered) == 1

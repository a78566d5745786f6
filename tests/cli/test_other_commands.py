from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.documents.comparison import Cause
from reconciler.errors import Problem, Severity
from reconciler.reports.plan.json import render_plan_json
from reconciler.reports.plan.view import view_of
from tests.cli.fakes import DIGEST, HEADER, CommandLine, FakeSessions, edit, plan

GUARD = Problem(Severity.ERROR, "pinned-id-not-found", "it is gone", guard=True)
MISTAKE = Problem(Severity.ERROR, "yaml", "it is wrong", "specs/a/spec.yaml", 2, 1, "write it right")
LOOSE = Problem(Severity.WARNING, "not-read", "it is not read", "specs/b.txt")


class TestDrift:
    def test_it_exits_with_2_when_there_is_any(self, reconciler: CommandLine) -> None:
        ran = reconciler("drift", "members", sessions=FakeSessions(plan(edit(Cause.DRIFT))))
        assert ran.code == 2
        assert ran.out.endswith("next: reconciler --target stage apply members\n")

    def test_pending_work_is_none(self, reconciler: CommandLine) -> None:
        sessions = FakeSessions(plan(edit()))
        ran = reconciler("drift", sessions=sessions)
        assert (ran.code, ran.out) == (0, HEADER + "no drift\n")
        assert sessions.opened[0][0] == "reading"

    @pytest.mark.parametrize(("problem", "code"), [(GUARD, 3), (MISTAKE, 1)])
    def test_what_hides_drift_is_no_success(self, reconciler: CommandLine, problem: Problem, code: int) -> None:
        assert reconciler("drift", sessions=FakeSessions(plan(problems=(problem,)))).code == code

    def test_json_has_the_form_of_a_plan(self, reconciler: CommandLine) -> None:
        ran = reconciler("drift", "--format", "json", sessions=FakeSessions(plan(edit(Cause.DRIFT))))
        assert (ran.code, ran.json["format_version"], ran.json["summary"]["drift"]) == (2, 1, 1)


class TestStatus:
    def test_it_lists_every_spec(self, reconciler: CommandLine) -> None:
        ran = reconciler("status")
        assert ran.code == 0
        assert "in sync  connection spec  members  1   Members" in ran.out

    def test_json_has_every_spec(self, reconciler: CommandLine) -> None:
        assert [item["key"] for item in reconciler("status", "--format", "json").json["specs"]] == ["members"]

    @pytest.mark.parametrize(("problem", "code"), [(GUARD, 0), (MISTAKE, 1)])
    def test_a_file_in_error_is_no_success(self, reconciler: CommandLine, problem: Problem, code: int) -> None:
        ran = reconciler("status", sessions=FakeSessions(plan(problems=(problem,))))
        assert ran.code == code
        assert problem.message in ran.out


class TestShow:
    @pytest.fixture
    def saved(self, tmp_path: Path) -> Path:
        file = tmp_path / "plan.json"
        file.write_text(render_plan_json(view_of(plan(edit()))))
        return file

    def test_a_saved_plan_reads_as_it_did(self, reconciler: CommandLine, saved: Path) -> None:
        ran = reconciler("show", str(saved))
        assert ran.code == 0
        assert ran.out.startswith(HEADER + "1 to update")
        assert ran.out.endswith(f"digest {DIGEST}\nnext: reconciler --target stage apply --plan {saved}\n")

    def test_json_is_the_file_itself(self, reconciler: CommandLine, saved: Path) -> None:
        assert reconciler("show", str(saved), "--format", "json").out == saved.read_text()

    def test_nothing_is_opened_for_it(self, reconciler: CommandLine, saved: Path) -> None:
        sessions = FakeSessions()
        reconciler("show", str(saved), sessions=sessions)
        assert sessions.opened == []

    def test_a_file_that_is_no_plan_says_how_to_make_one(self, reconciler: CommandLine, tmp_path: Path) -> None:
        file = tmp_path / "other.json"
        file.write_text("{}")
        ran = reconciler("show", str(file))
        assert ran.code == 1
        assert "hint: write one with `reconciler plan --out FILE`" in ran.err


class TestValidate:
    def test_all_problems_are_shown_with_their_places(self, reconciler: CommandLine) -> None:
        ran = reconciler("validate", sessions=FakeSessions(problems=(MISTAKE, LOOSE)))
        assert ran.code == 1
        assert ran.out == (
            "specs/a/spec.yaml:2:1: error: it is wrong [yaml]\n  hint: write it right\n"
            "specs/b.txt: warning: it is not read [not-read]\n\n1 error, 1 warning\n"
        )

    def test_warnings_alone_are_a_success(self, reconciler: CommandLine) -> None:
        assert reconciler("validate", sessions=FakeSessions(problems=(LOOSE,))).code == 0

    def test_paths_limit_what_is_shown(self, reconciler: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        (tmp_path / "specs" / "a").mkdir(parents=True)
        (tmp_path / "specs" / "b.txt").touch()
        nowhere = Problem(Severity.ERROR, "settings", "it no longer has a file")
        sessions = FakeSessions(problems=(nowhere, MISTAKE, LOOSE))
        one = reconciler("validate", "specs/b.txt", "--format", "json", sessions=sessions)
        assert (one.code, [item["code"] for item in one.json["problems"]]) == (0, ["not-read"])
        other = reconciler("validate", str(tmp_path / "specs" / "a"), "--format", "json", sessions=sessions)
        assert (other.code, [item["code"] for item in other.json["problems"]]) == (1, ["yaml"])

    def test_a_path_that_is_not_there_is_a_mistake(self, reconciler: CommandLine) -> None:
        ran = reconciler("validate", "nowhere.yaml")
        assert (ran.code, ran.err.splitlines()[0]) == (1, "error: no such key, file or folder: nowhere.yaml")

    def test_it_speaks_to_code_scanning_and_to_github(self, reconciler: CommandLine) -> None:
        sessions = FakeSessions(problems=(MISTAKE,))
        assert reconciler("validate", "--format", "sarif", sessions=sessions).json["version"] == "2.1.0"
        assert reconciler("validate", "--format", "github", sessions=sessions).out.startswith("::error file=specs/a/spec.yaml,")

    def test_it_speaks_to_gitlab_and_to_readers_of_test_results(self, reconciler: CommandLine) -> None:
        sessions = FakeSessions(problems=(MISTAKE,))
        (issue,) = reconciler("validate", "--format", "gitlab", sessions=sessions).json
        assert issue["location"] == {"path": "specs/a/spec.yaml", "lines": {"begin": 2}}
        ran = reconciler("validate", "--format", "junit", sessions=sessions)
        assert (ran.code, '<testcase classname="specs/a/spec.yaml" name="yaml at line 2"><failure' in ran.out) == (1, True)

from __future__ import annotations

from reconciler.documents.json_text import decode
from reconciler.errors import Problem, Refused, SettingsError, Severity, UsageError
from reconciler.reports.problems.github import render_problems_github
from reconciler.reports.problems.json import render_failure_json, render_problems_json
from reconciler.reports.problems.text import render_error_text, render_problems_text

TAB = Problem(Severity.ERROR, "yaml-tab", "a tab cannot indent", "specs/a.yaml", 3, 1, "use spaces")
LOOSE = Problem(Severity.WARNING, "not-read", "this file is not read", "specs/b.txt")


def test_each_problem_has_its_place_its_rule_and_the_next_step() -> None:
    assert render_problems_text([TAB, LOOSE]) == (
        """\
specs/a.yaml:3:1: error: a tab cannot indent [yaml-tab]
  hint: use spaces
specs/b.txt: warning: this file is not read [not-read]

1 error, 1 warning
"""
    )


def test_no_problems_say_so() -> None:
    assert render_problems_text([]) == "no problems\n"


def test_json_has_the_problems_in_their_order() -> None:
    assert [item["code"] for item in decode(render_problems_json([TAB, LOOSE]))["problems"]] == ["yaml-tab", "not-read"]


def test_an_error_ends_with_the_next_step() -> None:
    assert render_error_text(Refused("too many", hint="raise it")) == "error: too many\nhint: raise it\n"
    assert render_error_text(UsageError("no such key")) == "error: no such key\n"


def test_an_error_shows_what_it_found_but_not_twice() -> None:
    two = SettingsError("reconciler.yaml cannot be used", problems=[TAB, LOOSE])
    assert render_error_text(two).startswith("specs/a.yaml:3:1: error: a tab")
    one = SettingsError("specs/a.yaml: a tab cannot indent", problems=[TAB])
    assert render_error_text(one) == "error: specs/a.yaml: a tab cannot indent\n"
    unset = Problem(Severity.ERROR, "credentials", "ID is not set", hint="set ID")
    assert (
        render_error_text(SettingsError("there is no ID", hint="set ID", problems=[unset]))
        == "error: there is no ID\nhint: set ID\n"
    )


def test_a_failure_without_a_report_is_a_document_of_its_own() -> None:
    document = decode(render_failure_json(SettingsError("no", hint="yes", problems=[TAB])))
    assert document["error"] == {"code": "settings", "message": "no", "hint": "yes"}
    assert [item["code"] for item in document["problems"]] == ["yaml-tab"]


def test_the_lines_of_a_long_hint_stand_behind_a_bar() -> None:
    error = UsageError("no file", hint="write one:\nversion: 1\n::error::x\n")
    assert render_error_text(error) == "error: no file\nhint: write one:\n  | version: 1\n  | ::error::x\n"


def test_github_gets_an_annotation_for_each_problem() -> None:
    told = Problem(Severity.INFO, "orphan", "100% gone")
    assert render_problems_github([TAB, LOOSE, told]) == (
        "::error file=specs/a.yaml,line=3,col=1,title=yaml-tab::a tab cannot indent (hint: use spaces)\n"
        "::warning file=specs/b.txt,title=not-read::this file is not read\n"
        "::notice title=orphan::100%25 gone\n"
    )


def test_a_hostile_problem_stays_in_its_annotation() -> None:
    hostile = Problem(Severity.ERROR, "yaml", "a\n::set-output::b ##[error]", "a,line=9::b\x1b.yaml")
    assert render_problems_github([hostile]) == (
        "::error file=a%2Cline=9%3A%3Ab\\x1b.yaml,title=yaml::a\\n::set-output::b #\\x23[error]\n"
    )

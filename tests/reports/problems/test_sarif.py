"""SARIF 2.1.0: what code scanning needs of a run, its rules and its results."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from reconciler.documents.json_text import decode
from reconciler.errors import Problem, Severity
from reconciler.lint.registry import RULES
from reconciler.reports.problems.sarif import MAX_RESULTS, render_problems_sarif

TAB = Problem(Severity.ERROR, "yaml-tab", "a tab cannot indent", "specs/a.yaml", 3, 1, "use spaces")
LOOSE = Problem(Severity.WARNING, "not-read", "this file is not read", "specs/b.txt")
SPELLED = Problem(Severity.WARNING, "offset-spelling", "it is spelled wrong", "specs/a.yaml", 9, 5, end_line=9, end_column=15)


def run_of(*problems: Problem, **given: Any) -> dict[str, Any]:
    document = decode(render_problems_sarif(problems, **given))
    assert document["version"] == "2.1.0"
    (run,) = document["runs"]
    found: dict[str, Any] = run
    return found


def rules_of(run: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = run["tool"]["driver"]["rules"]
    return found


def place_of(result: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = result["locations"][0]["physicalLocation"]
    return found


def test_a_problem_is_a_result_with_its_rule_and_its_place() -> None:
    run = run_of(LOOSE, TAB)
    assert [rule["id"] for rule in rules_of(run)] == ["not-read", "yaml-tab"]
    result = run["results"][1]
    assert (result["ruleId"], result["ruleIndex"], result["level"]) == ("yaml-tab", 1, "error")
    assert result["message"] == {"text": "a tab cannot indent (hint: use spaces)"}
    assert place_of(result) == {
        "artifactLocation": {"uri": "specs/a.yaml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 3, "startColumn": 1},
    }


def test_a_problem_without_a_line_is_about_the_whole_file() -> None:
    (result,) = run_of(LOOSE)["results"]
    assert place_of(result) == {"artifactLocation": {"uri": "specs/b.txt", "uriBaseId": "%SRCROOT%"}}


def test_a_problem_without_a_file_has_no_place() -> None:
    (result,) = run_of(Problem(Severity.INFO, "settings", "no settings"))["results"]
    assert (result["level"], "locations" in result) == ("note", False)


def test_a_region_ends_where_the_value_ends() -> None:
    (result,) = run_of(SPELLED)["results"]
    assert place_of(result)["region"] == {"startLine": 9, "startColumn": 5, "endLine": 9, "endColumn": 15}


def test_a_rule_is_described_by_its_page() -> None:
    (told,) = rules_of(run_of(SPELLED))
    rule = RULES["offset-spelling"]
    assert told["name"] == "OffsetSpelling"
    assert told["shortDescription"] == {"text": rule.title}
    assert told["fullDescription"] == {"text": rule.why}
    assert rule.instead in told["help"]["text"]
    assert rule.bad.splitlines()[0] in told["help"]["markdown"]
    assert "helpUri" not in told
    assert told["defaultConfiguration"] == {"level": "warning"}


def test_a_page_has_a_url_where_the_repository_has_one() -> None:
    (told,) = rules_of(run_of(SPELLED, pages="https://example.com/acme/specs/blob/abc"))
    assert told["helpUri"] == "https://example.com/acme/specs/blob/abc/docs/rules.md#offset-spelling"


def test_the_level_is_the_problems_own() -> None:
    (result,) = run_of(replace(SPELLED, severity=Severity.ERROR))["results"]
    assert result["level"] == "error"


def test_a_fingerprint_stays_when_lines_move() -> None:
    moved = run_of(replace(SPELLED, line=20, end_line=20))["results"]
    assert moved[0]["partialFingerprints"] == run_of(SPELLED)["results"][0]["partialFingerprints"]


def test_fingerprints_tell_equal_problems_apart() -> None:
    results = run_of(SPELLED, replace(SPELLED, line=20), replace(SPELLED, message="otherwise"))["results"]
    assert len({result["partialFingerprints"]["reconciler/v1"] for result in results}) == 3


def test_a_file_is_named_from_the_root_of_the_repository() -> None:
    (result,) = run_of(TAB, path_of=lambda file: f"team/{file}")["results"]
    assert place_of(result)["artifactLocation"] == {"uri": "team/specs/a.yaml", "uriBaseId": "%SRCROOT%"}


def test_a_file_outside_of_the_repository_has_no_base() -> None:
    (result,) = run_of(replace(TAB, file="/elsewhere/a.yaml"), path_of=lambda _file: None)["results"]
    assert place_of(result)["artifactLocation"] == {"uri": "/elsewhere/a.yaml"}


def test_a_file_name_is_a_uri() -> None:
    (result,) = run_of(Problem(Severity.ERROR, "yaml", "bad", "specs/a b\udcff.yaml", 1))["results"]
    assert place_of(result)["artifactLocation"]["uri"] == "specs/a%20b%5Cudcff.yaml"


def test_more_results_than_code_scanning_takes_are_left_out_with_a_notice_and_errors_stay() -> None:
    many = [replace(LOOSE, message=str(number)) for number in range(MAX_RESULTS + 3)]
    run = run_of(*many, TAB)
    (notice,) = run["invocations"][0]["toolExecutionNotifications"]
    assert (len(run["results"]), run["results"][0]["ruleId"]) == (MAX_RESULTS, "yaml-tab")
    assert notice["message"]["text"].startswith("4 more results left out: code scanning accepts at most 25,000")


def test_a_run_that_leaves_nothing_out_has_no_notice() -> None:
    assert "invocations" not in run_of(TAB)

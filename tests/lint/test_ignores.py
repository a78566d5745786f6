"""Comments that ignore findings, and settings that switch rules."""

from __future__ import annotations

import json

import pytest

from tests.lint.files import ARTIFACT, Files, part


def named(line: str) -> Files:
    return Files(part(line))


def test_a_comment_at_the_end_of_the_line_ignores() -> None:
    assert named('name: "Members " # reconciler: ignore[space-in-name] it is live like this').codes() == []


def test_a_comment_alone_on_the_line_above_ignores() -> None:
    assert named('# reconciler: ignore[space-in-name]\nname: "Members "').codes() == []


def test_several_lines_of_comments_may_stand_above() -> None:
    assert named('# reconciler: ignore[space-in-name]\n# It is live like this.\nname: "Members "').codes() == []


def test_a_comment_behind_another_value_does_not_reach_the_next_line() -> None:
    codes = named('version: "1.0" # reconciler: ignore[space-in-name]\nname: "Members "').codes()
    assert codes == ["space-in-name", "unused-ignore"]


def test_one_comment_may_name_several_rules() -> None:
    assert named('name: "M\u0430il " # reconciler: ignore[space-in-name, look-alike] both').codes() == []


def test_a_comment_ignores_only_what_it_names() -> None:
    assert named('name: "Members " # reconciler: ignore[look-alike]').codes() == ["space-in-name", "unused-ignore"]


def test_what_only_looks_like_a_comment_ignores_nothing() -> None:
    assert named('name: "Members # reconciler: ignore[space-in-name] "').codes() == ["space-in-name", "unused-ignore"]
    text = 'description: |\n  one\n  # reconciler: ignore[space-in-name]\nname: "Members "'
    assert sorted(named(text).codes()) == ["space-in-name", "unused-ignore"]


def test_a_comment_inside_of_a_text_is_reported_because_it_is_sent() -> None:
    (problem,) = named("description: |\n  one\n  # reconciler: ignore[version]").problems()
    assert problem.message == "this comment is inside a string: it is sent to the service and ignores nothing"
    assert (problem.line, problem.column, problem.end_column) == (8, 5, 34)


@pytest.mark.parametrize("head", [">-", ">", "|", "|-", "|2-", "&text >-", "!!str |"])
def test_a_comment_on_the_line_where_a_text_begins_ignores(head: str) -> None:
    text = f"name: {head} # reconciler: ignore[control-character, space-in-name] it is live like this\n   Members \n"
    assert {"control-character", "space-in-name"}.isdisjoint(named(text).codes())


def test_a_text_may_begin_with_the_sign_of_a_longer_one() -> None:
    assert named("description: '>- # reconciler: ignore[version]'").codes() == ["unused-ignore"]


@pytest.mark.parametrize(
    ("comment", "message", "hint"),
    [
        (
            "ignore[version]",
            "`version` has no finding here: this comment ignores nothing",
            "remove the comment, or the code from it",
        ),
        ("ignore[versoin]", "unknown rule 'versoin'", "did you mean 'version'?"),
        ("ignore", "this comment names no rule, so it ignores nothing", "write # reconciler: ignore[code], and the reason"),
    ],
)
def test_a_comment_that_ignores_nothing_is_told(comment: str, message: str, hint: str) -> None:
    (problem,) = named(f'version: "1.0" # reconciler: {comment}').problems()
    assert (problem.code, problem.message, problem.hint) == ("unused-ignore", message, hint)
    assert (problem.line, problem.column) == (5, 18)


def test_a_comment_that_one_target_needs_is_used() -> None:
    overlay = "overlays: {prod: {version: '2'}} # reconciler: ignore[version]\n"
    files = Files(part(f"{overlay}name: Members"), targets=("stage", "prod"))
    assert files.codes() == []


def test_a_rule_that_is_off_finds_nothing_and_needs_no_comment() -> None:
    text = part('name: "Members " # reconciler: ignore[space-in-name]')
    assert Files(text, levels={"space-in-name": "off"}).codes() == []


def test_a_rule_weighs_what_the_settings_say() -> None:
    (problem,) = Files(part('version: "2"'), levels={"version": "error"}).problems()
    assert problem.is_error


def test_json_has_no_comments() -> None:
    body = {"name": "Members ", "providerId": "0ed90a81-07f4-4586-8190-b40eccef1c5a", "description": "# reconciler: ignore[x]"}
    assert Files(json.dumps(body), ARTIFACT).codes() == ["space-in-name"]

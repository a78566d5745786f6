"""Where a finding is told: line, column and end of the value, in the body, in an overlay, in the envelope, in JSON."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from reconciler.errors import Problem
from reconciler.lint.run import lint
from tests.lint.files import ARTIFACT, Files, part

PLAIN = """\
kind: ConnectionSpec
spec:
  name: Acme Members
  type: generic-rest
  providerId: 0ed90a81-07f4-4586-8190-b40eccef1c5a
  version: "1.0"
  authSpec:
    - name: Basic Authentication
      type: BasicAuthentication
      spec:
        $schema: http://json-schema.org/draft-07/schema#
        type: object
        properties:
          username: {type: string}
          password: {type: string, format: password}
        required: [username, password]
  sourceSpec:
    attributes:
      urlParams:
        host: https://api.acme.example
        path: /lists/${listId}/members
        method: GET
      contentPath:
        path: $.members
      paginationParams:
        type: OFFSET
        limitName: count
        limitValue: "100"
        offSetName: offset
      scheduleParams:
        scheduleStartParamName: since
        scheduleEndParamName: until
    spec:
      type: object
      properties:
        listId: {type: string}
"""

# What is planted, what it takes the place of, and the code, line, column and end column of the finding.
PLANTED = [
    ("offsetName:", "offSetName:", "offset-spelling", 29, 9, 19),
    ("${listID}", "${listId}", "undeclared-placeholder", 21, 15, 39),
    ("type: OFSET", "type: OFFSET", "pagination-type", 26, 15, 20),
    ("method: get", "method: GET", "request-method", 22, 17, 20),
    ("path: members", "path: $.members", "jsonpath-syntax", 24, 15, 22),
    ("host: http://", "host: https://", "host-https", 20, 15, 38),
    ("{type: string}\n          password", "{type: strin}\n          password", "json-schema", 14, 28, 33),
    ("password: {type: string}", "password: {type: string, format: password}", "credential-format", 15, 11, 19),
    ("[username, passwort]", "[username, password]", "required-undeclared", 16, 30, 38),
    ('name: "Acme Members "', "name: Acme Members", "space-in-name", 3, 9, 24),
    ("name: Acm\u0435 Members", "name: Acme Members", "look-alike", 3, 9, 21),
    ('limitValue: "many"', 'limitValue: "100"', "pagination-number", 28, 21, 27),
    ("limitNumber: count", "limitName: count", "pagination-foreign-field", 27, 9, 20),
    ("limitNumber: count", "limitName: count", "pagination-missing-field", 25, 7, 23),
    (
        "providerId: 521eee4d-8cbe-4906-bb48-fb6bd4450033",
        "providerId: 0ed90a81-07f4-4586-8190-b40eccef1c5a",
        "provider-of-type",
        5,
        15,
        51,
    ),
    ("type: Basic-Authentication", "type: BasicAuthentication", "auth-type", 9, 13, 33),
]


def found(text: str, code: str) -> Problem:
    (problem,) = [problem for problem in Files(text).problems() if problem.code == code]
    return problem


def test_the_file_without_mistakes_has_none() -> None:
    assert Files(PLAIN).problems() == []


@pytest.mark.parametrize(("wrong", "right", "code", "line", "column", "end"), PLANTED)
def test_a_planted_mistake_is_found_where_it_stands(wrong: str, right: str, code: str, line: int, column: int, end: int) -> None:
    old, new = (wrong, right) if code == "json-schema" else (right, wrong)
    assert PLAIN.count(old) == 1
    problem = found(PLAIN.replace(old, new), code)
    assert (problem.line, problem.column, problem.end_line, problem.end_column) == (line, column, line, end)
    assert (problem.file, problem.key) == ("specs/sources/members/connection-spec.yaml", "members")


def test_a_flow_spec_that_does_not_fit_is_told_in_the_envelope() -> None:
    problem = found(
        PLAIN.replace("spec:\n", "flowSpecs: [RestStorageToAEP, GenericStreamingAEP]\nspec:\n", 1), "flow-spec-of-type"
    )
    assert (problem.line, problem.column) == (2, 31)


def test_what_an_overlay_brings_in_is_told_in_the_overlay() -> None:
    overlay = "overlays:\n  stage:\n    sourceSpec: {attributes: {urlParams: {method: get}}}\n"
    problem = found(PLAIN.replace("spec:\n", f"{overlay}spec:\n", 1), "request-method")
    assert (problem.line, problem.column) == (4, 51)


def test_what_an_alias_brings_in_is_told_once_and_at_its_anchor() -> None:
    overlays = "overlays:\n  stage: &both\n    sourceSpec: {attributes: {urlParams: {method: get}}}\n  prod: *both\n"
    problems = Files(PLAIN.replace("spec:\n", f"{overlays}spec:\n", 1), targets=("stage", "prod")).problems()
    assert [(problem.code, problem.line, problem.column) for problem in problems] == [("request-method", 4, 51)]


def test_a_place_that_two_targets_share_is_told_once() -> None:
    text = PLAIN.replace("method: GET", "method: get").replace("spec:\n", "overlays: {prod: {name: Other}}\nspec:\n", 1)
    assert Files(text, targets=("stage", "prod")).codes() == ["request-method"]


def test_a_mistake_of_one_target_is_told_among_several() -> None:
    text = PLAIN.replace("spec:\n", "overlays: {prod: {version: '2'}}\nspec:\n", 1)
    assert Files(text, targets=("stage", "prod")).codes() == ["version"]


def test_an_artifact_in_json_has_places_too() -> None:
    body = {"name": "Members ", "providerId": "0ed90a81-07f4-4586-8190-b40eccef1c5a", "type": "generic-rest"}
    (problem,) = Files(json.dumps(body, indent=2), ARTIFACT).problems()
    assert (problem.code, problem.line, problem.column, problem.end_column) == ("space-in-name", 2, 11, 21)


def test_a_text_over_several_lines_has_only_its_beginning() -> None:
    text = PLAIN.replace("name: Acme Members", "name: >-\n    Acm\u0435\n    Members")
    problem = found(text, "look-alike")
    assert (problem.line, problem.column, problem.end_line) == (3, 9, None)


def test_a_byte_order_mark_moves_nothing() -> None:
    problem = found("\ufeff" + PLAIN.replace("method: GET", "method: get"), "request-method")
    assert (problem.line, problem.column, problem.end_column) == (22, 17, 20)


def test_what_is_written_by_alias_is_told_where_the_alias_stands() -> None:
    text = PLAIN.replace("kind: ConnectionSpec", "kind: ConnectionSpec\noverlays: {prod: {version: &v '2'}}").replace(
        '"1.0"', "*v"
    )
    problems = Files(text, targets=("stage", "prod")).problems()
    assert [(problem.line, problem.column) for problem in problems] == [(7, 12), (2, 28)]


def test_a_file_that_changed_in_the_meantime_has_no_places() -> None:
    specs = Files(PLAIN.replace("method: GET", "method: get")).specs()
    source = specs[0].source
    assert source is not None
    source.tree.files[source.path] = b"kind: ConnectionSpec\n"  # type: ignore[attr-defined]
    (problem,) = lint(specs, {}, ("stage",))
    assert (problem.code, problem.line) == ("request-method", None)


def test_a_file_that_is_gone_has_no_places() -> None:
    specs = Files(PLAIN.replace("method: GET", "method: get")).specs()
    source = specs[0].source
    assert source is not None
    source.tree.files.clear()  # type: ignore[attr-defined]
    (problem,) = lint(specs, {}, ("stage",))
    assert (problem.file, problem.line) == ("specs/sources/members/connection-spec.yaml", None)


def test_a_body_that_came_from_no_file_is_not_looked_at() -> None:
    assert lint([replace(Files(PLAIN.replace("method: GET", "method: get")).specs()[0], source=None)], {}, ("stage",)) == []


def test_a_finding_names_the_targets_that_it_holds_for_where_there_are_others() -> None:
    text = PLAIN.replace("spec:\n", "overlays: {prod: {type: generic-streaming}}\nspec:\n", 1)
    messages = [problem.message for problem in Files(text, targets=("stage", "prod")).problems()]
    assert messages
    assert all(message.endswith("(in target prod)") for message in messages)
    assert all("in target" not in problem.message for problem in Files(part('name: "A "'), targets=("stage", "prod")).problems())

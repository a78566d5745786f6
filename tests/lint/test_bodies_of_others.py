"""Bodies that are no spec, sections that no spec has, and files that hold something else than a spec file."""

from __future__ import annotations

import json

import pytest

from reconciler.desired.load import load_desired
from reconciler.desired.resources import resource_of
from reconciler.desired.tree import GivenFiles
from reconciler.documents.json_text import Document
from reconciler.errors import Problem, Severity
from tests.lint.files import ARTIFACT, PATH, Files, part

SPEC_ID = {"id": "2e8580db-6489-4726-96de-e33f5f60295f", "version": "1.0"}
AUTH = {"specName": "Basic Authentication", "params": {"username": "u", "password": "x1"}}
BODIES: list[tuple[str, Document]] = [
    ("POST /connections", {"connectionSpec": SPEC_ID, "auth": AUTH}),
    ("POST /connections", {"auth": AUTH}),
    ("POST /connections", {"connectionSpec": SPEC_ID}),
    ("POST /sourceConnections", {"baseConnectionId": "1", "connectionSpec": SPEC_ID, "data": {"format": "json"}, "params": {}}),
    ("POST /sourceConnections", {"connectionSpec": SPEC_ID, "data": {"format": "json"}}),
    ("POST /targetConnections", {"connectionSpec": SPEC_ID, "data": {"schema": {}}, "params": {"dataSetId": "1"}}),
    ("POST /targetConnections", {"connectionSpec": SPEC_ID, "data": {"format": "parquet_xdm"}, "params": {"dataSetId": "1"}}),
    ("POST /flows", {"flowSpec": SPEC_ID, "sourceConnectionIds": ["1"], "targetConnectionIds": ["2"], "scheduleParams": {}}),
    ("POST /flows", {"sourceConnectionIds": ["1"], "targetConnectionIds": ["2"]}),
    ("POST /mappingSets", {"xdmSchema": "x", "mappings": []}),
    ("POST /runs", {"flowId": "1", "params": {}}),
]


def problems_of(data: str, path: str = PATH) -> list[Problem]:
    return list(load_desired(GivenFiles({path: data.encode()}), "stage", "specs", ("stage",)).problems)


@pytest.mark.parametrize(("request_line", "body"), BODIES)
def test_the_body_of_another_resource_is_an_error_that_says_what_it_is(request_line: str, body: Document) -> None:
    text = part("".join(f"{name}: {json.dumps(value)}\n" for name, value in body.items()))
    (problem,) = (problem for problem in Files(text).problems() if problem.code == "other-resource")
    assert problem.severity is Severity.ERROR
    assert problem.message.startswith(f"this is the body of {request_line} (")
    assert "unknown-section" not in Files(text).codes()


@pytest.mark.parametrize(("request_line", "body"), BODIES)
def test_such_a_body_without_a_provider_has_this_one_problem(request_line: str, body: Document) -> None:
    (problem,) = problems_of(json.dumps({"name": "Members", **body}), ARTIFACT)
    assert (problem.code, problem.message.startswith(f"this is the body of {request_line} (")) == ("other-resource", True)


def test_credentials_in_such_a_body_are_found() -> None:
    assert "literal-secret" in Files(part(f"connectionSpec: {json.dumps(SPEC_ID)}\nauth: {json.dumps(AUTH)}\n")).codes()


@pytest.mark.parametrize(
    "body",
    [
        {"authSpec": [], "connectionSpec": SPEC_ID},
        {"sourceSpec": {}, "data": {}, "params": {}},
        {"connectionSpec": {}},
        {"params": {}},
        {"data": {"format": "json"}},
        {"description": "x"},
    ],
)
def test_a_spec_is_not_taken_for_another_resource(body: Document) -> None:
    assert resource_of(body) is None


@pytest.mark.parametrize(
    ("section", "hint"),
    [("sourcespec: {}", "write sourceSpec"), ("AuthSpec: []", "write authSpec"), ("sorceSpec: {}", "did you mean 'sourceSpec'?")],
)
def test_a_section_that_no_spec_has_is_an_error_with_the_one_that_was_meant(section: str, hint: str) -> None:
    (problem,) = Files(part(section)).problems()
    assert (problem.code, problem.severity, problem.hint) == ("unknown-section", Severity.ERROR, hint)


def test_a_section_beside_the_one_that_it_is_like_is_to_be_removed() -> None:
    (problem,) = Files(part("sourceSpec: {}\nsourcespec: {}")).problems()
    assert problem.hint == "remove one of the two: the body also has `sourceSpec`"


@pytest.mark.parametrize("kind", ["ConnectionSpec", "FlowSpec"])
def test_the_sections_of_the_documented_requests_are_known(kind: str) -> None:
    sections = "entitlementInfo: {}\npolicy: {}\npermissionsInfo: {}\n" + ("settings: {}\n" if kind == "ConnectionSpec" else "")
    assert Files(part(f"kind: {kind}\n{sections}")).codes() == []


def test_a_section_that_is_like_none_is_an_error_too() -> None:
    assert Files(part("owner: acme")).codes() == ["unknown-section"]


def test_a_section_of_a_flow_spec_is_told_as_such() -> None:
    assert Files(part("runSpec: {}")).codes() == ["section-of-kind"]


def test_a_bare_body_in_a_yaml_file_is_one_problem() -> None:
    body = {"name": "Members", "providerId": "x", "version": "1.0", "authSpec": [], "sourceSpec": {}, "exploreSpec": {}}
    (problem,) = problems_of(json.dumps(body, indent=2))
    assert (problem.code, problem.line) == ("bare-body", 2)
    assert problem.message == "this is a bare body: `name` and 5 more keys belong under `spec`"
    assert problem.hint is not None
    assert problem.hint.startswith("write kind: ConnectionSpec, then spec:")


def test_one_section_beside_an_envelope_is_a_key_that_is_unknown() -> None:
    assert "bare-body" not in [problem.code for problem in problems_of("kind: ConnectionSpec\nname: a\n")]


@pytest.mark.parametrize("path", [PATH, ARTIFACT])
def test_an_answer_of_the_service_is_one_problem_with_the_way_out(path: str) -> None:
    (problem,) = problems_of('{"items": [{"name": "Members", "providerId": "x"}]}', path)
    assert (problem.code, problem.line) == ("wrapped-body", 1)
    assert problem.hint == "keep only items[0], for example with jq '.items[0]'"


def test_the_schema_that_an_editor_reads_in_an_artifact_is_not_sent() -> None:
    body = {"$schema": "../x.json", "name": "Members", "providerId": "0ed90a81-07f4-4586-8190-b40eccef1c5a", "version": "1.0"}
    file = Files(json.dumps(body), path=ARTIFACT)
    (spec,) = file.specs()
    assert "$schema" not in spec.body
    assert file.codes() == []

"""Names of the first documentation pages: each is reported once, with what is written today, and mended where one answer is right."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reconciler.documents.json_text import Document
from reconciler.errors import Severity
from reconciler.texts.yaml import read_yaml
from tests.lint.files import Files, part

ATTRIBUTES = "type: generic-rest\nsourceSpec: {{attributes: {{{}}}}}\n"
REQUEST = "urlParams: {host: 'https://api.acme.example', path: /a, method: GET}"
PAGES = "limitName: count, limitValue: '100'"


def attributes(text: str) -> str:
    return ATTRIBUTES.format(text)


def old(text: str) -> list[tuple[str, str | None]]:
    return [(problem.message, problem.hint) for problem in Files(part(text)).problems() if problem.code == "old-name"]


def mended(text: str) -> Any:
    return read_yaml(Files(part(text)).fixed().data).value["spec"]


MENDED = [
    (
        attributes("urlParams: {hostname: 'https://a.acme.example', path: /a, method: GET}"),
        ("urlParams", "host"),
        "https://a.acme.example",
    ),
    (
        attributes("urlParams: {hostName: 'https://a.acme.example', path: /a, method: GET}"),
        ("urlParams", "host"),
        "https://a.acme.example",
    ),
    (attributes(f"paginationParams: {{paginationType: OFFSET, offSetName: o, {PAGES}}}"), ("paginationParams", "type"), "OFFSET"),
    (attributes(f"paginationParams: {{paginationType: offset, offSetName: o, {PAGES}}}"), ("paginationParams", "type"), "OFFSET"),
    (
        attributes(f"paginationParams: {{type: POINTER, pointerValue: $.next, {PAGES}}}"),
        ("paginationParams", "pointerPath"),
        "$.next",
    ),
    (attributes(REQUEST.replace("/a,", "'/lists/{{listId}}',")), ("urlParams", "path"), "/lists/${listId}"),
    (attributes(f"{REQUEST}, headerParams: 'Accept=text/csv,foo=bar'"), ("headerParams",), {"Accept": "text/csv", "foo": "bar"}),
    (attributes(f"{REQUEST}, headerParams: ''"), ("headerParams",), {}),
    (attributes(f"{REQUEST}, bodyParams: ''"), ("bodyParams",), {}),
    (attributes(f"{REQUEST[:-1]}, queryParams: excludes=id&a=1}}"), ("urlParams", "queryParams"), {"excludes": "id", "a": "1"}),
]


@pytest.mark.parametrize(("text", "path", "value"), MENDED)
def test_an_old_name_with_one_answer_is_reported_and_mended(text: str, path: tuple[str, ...], value: object) -> None:
    assert len(old(text)) == 1
    found = mended(text)["sourceSpec"]["attributes"]
    for name in path:
        found = found[name]
    assert found == value
    assert old(Files(part(text)).fixed().data.decode().partition("spec:")[2]) == []


REPORTED = [
    (attributes(f"{REQUEST}, queryParams: excludes=id&a=1"), 'write queryParams: {"excludes": "id", "a": "1"} in urlParams'),
    (attributes(f"{REQUEST}, queryParams: {{a: 1}}"), 'write queryParams: {"a": 1} in urlParams'),
    (
        attributes(f"paginationParams: {{type: POINTER, pointerPath: $.next, pointerName: pointer, {PAGES}}}"),
        "remove it, and write the path of the address of the next page as pointerPath: $.paging.next",
    ),
    (
        "authSpec: [{name: oAuth2-refresh-code, type: OAuth2RefreshCode}]",
        "for a new source, write OAuth2 Refresh Code; for a live one",
    ),
    ("type: generic-rest\nauthSpec: [{name: A, type: apiKey}]", "write type: KeyBased, and restAttributes"),
    ("type: generic-rest-connector", "write generic-rest"),
    ("attributes: {isSource: 'True'}", "write true"),
]


@pytest.mark.parametrize(("text", "hint"), REPORTED)
def test_an_old_name_is_reported_with_what_is_written_today(text: str, hint: str) -> None:
    ((_, said),) = old(text)
    assert (said or "").startswith(hint)


def test_an_old_name_beside_the_new_one_is_to_be_removed_by_hand() -> None:
    text = attributes(f"{REQUEST[:-1]}, hostname: 'https://b.acme.example'}}")
    ((_, hint),) = old(text)
    assert hint == "remove it: the block already has `host`"
    assert "old-name" not in Files(part(text)).fixed().codes


@pytest.mark.parametrize(
    "text",
    [
        attributes(f"{REQUEST[:-1]}, queryParams: {{a: '1'}}}}, headerParams: {{}}"),
        attributes(f"{REQUEST}, scheduleParams: {{}}"),
        "sourceSpec: {attributes: {urlParams: {path: \"/a@{if(empty(''),'?b=c','')}\", method: GET}}}",
        "attributes: {isSource: true}",
        "kind: FlowSpec\ntransformationSpecs: []",
    ],
)
def test_names_of_today_are_left_alone(text: str) -> None:
    assert old(text) == []


BETA: Document = {
    "name": "mailChimpConnector",
    "type": "generic-rest-connector",
    "providerId": "0ed90a81-07f4-4586-8190-b40eccef1c5a",
    "version": "1.0",
    "attributes": {"category": "Cloud Storage", "isSource": True},
    "authSpec": [
        {
            "name": "oAuth2-refresh-code",
            "type": "oAuth2-refresh-code",
            "spec": {
                "$schema": "http://json-schema.org/draft-07/schema#",
                "type": "object",
                "properties": {"accessToken": {"description": "Access Token", "type": "string", "format": "password"}},
                "required": ["accessToken"],
            },
        },
        {
            "name": "API Key Authentication",
            "type": "apiKey",
            "attributes": {"authParams": {"addTo": "header"}},
            "spec": {
                "type": "object",
                "properties": {
                    "keyName": {"type": "string", "default": "apiKey"},
                    "value": {"type": "string", "format": "password"},
                },
                "required": ["keyName", "value"],
            },
        },
    ],
    "sourceSpec": {
        "attributes": {
            "urlParams": {
                "hostname": "https://{{domain}}.api.mailchimp.com",
                "path": "/3.0/lists/{{listId}}/members",
                "method": "GET",
            },
            "contentPath": "$.members",
            "queryParams": "excludes=id",
            "headerParams": "",
            "bodyParams": "",
            "paginationParams": {"paginationType": "offset", "limitName": "count", "limitValue": "100", "offSetName": "offset"},
        },
        "spec": {"type": "object", "properties": {"domain": {"type": "string"}, "listId": {"type": "string"}}},
    },
}
FORMS: Document = {
    "name": "generic-rest-connector",
    "providerId": "0ed90a81-07f4-4586-8190-b40eccef1c5a",
    "version": "1.0",
    "sourceSpec": {
        "spec": {
            "type": "object",
            "properties": {"paginationParams": [{"name": "offset", "type": "offset", "spec": {"type": "object"}}]},
        }
    },
}
"""The shapes of two bodies that Adobe's beta pages had."""


@pytest.mark.parametrize("body", [BETA, FORMS])
def test_a_body_of_the_first_pages_has_warnings_and_no_error(body: Document) -> None:
    problems = Files(json.dumps(body), path="sources/members-connectionSpec.json").problems()
    assert [problem for problem in problems if problem.severity is Severity.ERROR] == []
    assert problems != []


def test_a_body_of_the_first_pages_is_mended_as_far_as_it_goes() -> None:
    text = json.dumps(BETA)
    mended = json.loads(Files(text, path="sources/members-connectionSpec.json").fixed().data)
    found = mended["sourceSpec"]["attributes"]
    assert found["urlParams"]["host"] == "https://${domain}.api.mailchimp.com"
    assert found["urlParams"]["path"] == "/3.0/lists/${listId}/members"
    assert (found["paginationParams"]["type"], found["headerParams"], mended["type"]) == ("OFFSET", {}, "generic-rest")
    assert mended["authSpec"][0]["type"] == "OAuth2RefreshCode"

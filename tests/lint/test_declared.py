"""What a schema declares, wherever in it; keys that go out in headers; and keys without a value."""

from __future__ import annotations

import pytest

from reconciler.errors import Problem, Severity
from tests.lint.files import ARTIFACT, Files, part

REQUEST = "  attributes: {urlParams: {host: 'https://api.acme.example', path: '/${listId}', method: GET}}\n"
ELSEWHERE = {
    "allOf": "allOf: [{properties: {NAME: SCHEMA}}]",
    "anyOf": "anyOf: [{properties: {a: {}}}, {properties: {NAME: SCHEMA}}]",
    "oneOf": "oneOf: [{properties: {NAME: SCHEMA}}]",
    "if": "if: {properties: {NAME: SCHEMA}}",
    "then": "if: {}\n    then: {properties: {NAME: SCHEMA}}",
    "else": "if: {}\n    else: {properties: {NAME: SCHEMA}}",
    "dependencies": "dependencies: {a: {properties: {NAME: SCHEMA}}}",
    "a reference": "$ref: '#/definitions/form'\n    definitions: {form: {properties: {NAME: SCHEMA}}}",
    "a reference in a branch": "allOf: [{$ref: '#/definitions/form'}]\n    definitions: {form: {properties: {NAME: SCHEMA}}}",
    "a property that refers": "properties: {NAME: {$ref: '#/definitions/it'}}\n    definitions: {it: SCHEMA}",
}
each_place = pytest.mark.parametrize("place", ELSEWHERE.values(), ids=ELSEWHERE)


def written(place: str, name: str, schema: str) -> str:
    return place.replace("NAME", name).replace("SCHEMA", schema)


def source(place: str) -> str:
    return f"type: generic-rest\nauthSpec: []\nsourceSpec:\n{REQUEST}  spec:\n    {written(place, 'listId', '{type: string}')}\n"


def auth(place: str, name: str, schema: str) -> str:
    return f"authSpec:\n- name: A\n  spec:\n    {written(place, name, schema)}\n"


def found(text: str, code: str) -> list[Problem]:
    return [problem for problem in Files(part(text)).problems() if problem.code == code]


@each_place
def test_a_parameter_is_declared_wherever_the_form_declares_it(place: str) -> None:
    assert found(source(place), "undeclared-placeholder") == []


def test_a_parameter_that_no_part_of_the_form_declares_is_undeclared() -> None:
    assert len(found(source("allOf: [{properties: {other: {type: string}}}]"), "undeclared-placeholder")) == 1


@each_place
def test_a_parameter_that_is_declared_elsewhere_and_never_used_is_reported(place: str) -> None:
    text = source(place).replace("${listId}", "a")
    assert {problem.code for problem in Files(part(text)).problems() if problem.severity is not Severity.INFO} == {
        "unused-parameter"
    }


@each_place
@pytest.mark.parametrize("keyword", ["default", "const"])
def test_a_secret_is_found_wherever_its_field_is_declared(place: str, keyword: str) -> None:
    text = auth(place, "apiKey", f"{{type: string, format: password, {keyword}: hunter2hunter2}}")
    assert len(found(text, "literal-secret")) == 1


@each_place
def test_a_credential_that_is_shown_is_found_wherever_it_is_declared(place: str) -> None:
    assert len(found(auth(place, "password", "{type: string}"), "credential-format")) == 1
    assert found(auth(place, "password", "{type: string, format: password}"), "credential-format") == []


def test_references_that_lead_to_each_other_come_to_an_end() -> None:
    text = "$ref: '#/definitions/a'\n    definitions: {a: {$ref: '#/definitions/b'}, b: {$ref: '#/definitions/a'}}"
    assert len(found(source(text), "undeclared-placeholder")) == 1


def test_of_a_reference_that_leads_out_nobody_knows_its_format() -> None:
    assert found(auth("properties: {NAME: SCHEMA}", "password", "{$ref: 'https://acme.example/x'}"), "credential-format") == []


KEY = "type: generic-rest\nauthSpec: [{name: A, type: KeyBased, spec: {properties: {authKey1: {type: string, PART}}}}]\n"
HIDDEN = "format: password"


def keys(text: str) -> str:
    return KEY.replace("PART", text)


def test_a_key_in_a_header_is_in_order_and_needs_no_placeholder() -> None:
    text = keys(f"{HIDDEN}, restAttributes: {{headerParamName: X-Auth-Key1}}")
    text += "sourceSpec:\n" + REQUEST.replace("${listId}", "a")
    assert Files(part(text)).codes() == []


@pytest.mark.parametrize(
    ("attributes", "message", "hint"),
    [
        ("{headerparamname: X-Key}", "this key has no `headerParamName`, so it is not sent", "write headerParamName"),
        (
            "{}",
            "this key has no `headerParamName`, so it is not sent",
            "write headerParamName: X-Auth-Key, or the header of your source",
        ),
        (
            "{headerParamName: 'X Key'}",
            "'X Key' is not a valid header name: letters, digits and hyphens",
            "write headerParamName: X-Auth-Key, or the header of your source",
        ),
    ],
)
def test_a_key_without_its_header_is_reported(attributes: str, message: str, hint: str) -> None:
    (problem,) = found(keys(f"{HIDDEN}, restAttributes: {attributes}"), "key-header")
    assert (problem.message, problem.hint) == (message, hint)


def test_an_entry_whose_keys_go_nowhere_is_reported() -> None:
    (problem,) = found(keys(HIDDEN), "key-header")
    assert problem.message == "no property of this KeyBased entry names a header, so no key is sent"


def test_two_keys_in_one_header_are_reported() -> None:
    one = "restAttributes: {headerParamName: X-Key}"
    text = keys(
        f"{HIDDEN}, {one}}}, authKey2: {{type: string, {HIDDEN}, {one.lower().replace('restattributes', 'restAttributes')}"
    )
    text = text.replace("headerparamname: x-key", "headerParamName: x-key")
    (problem,) = found(text, "key-header")
    assert problem.message.startswith("`x-key` is also the header of `authKey1`")


def test_a_key_that_is_shown_is_reported_whatever_it_is_called() -> None:
    text = keys("restAttributes: {headerParamName: X-Key}").replace("authKey1", "theirs")
    assert len(found(text, "credential-format")) == 1


def test_a_misspelled_attribute_of_a_key_is_reported() -> None:
    (problem,) = found(keys(f"{HIDDEN}, restAttribute: {{headerParamName: X-Key}}"), "misspelled-key")
    assert problem.hint == "did you mean 'restAttributes'?"


LABEL = "sourceSpec:\n  attributes:\n    uiAttributes:\n      label: {text: Members, points and tiers, of Acme}\n"


def test_a_text_that_a_comma_ended_is_reported_with_the_text_in_quotes() -> None:
    first, second = found(LABEL, "bare-key")
    assert first.message == "`points and tiers` has no value: the comma before it ended the value of `text`"
    assert first.hint == "write text: 'Members, points and tiers, of Acme'"
    assert (first.line, first.column) == (second.line, 32)


@pytest.mark.parametrize(
    "text",
    [
        LABEL.replace("Members, points and tiers, of Acme", "'Members, points and tiers, of Acme'"),
        "sourceSpec: {attributes: {x: null, y: ~}}",
        "sourceSpec:\n  attributes:\n    x:\n",
        "sourceSpec: {attributes: {x: ''}}",
    ],
)
def test_a_key_with_a_value_or_on_a_line_of_its_own_is_no_slip(text: str) -> None:
    assert found(text, "bare-key") == []


def test_in_json_nothing_is_nothing() -> None:
    body = '{"name": "a", "providerId": "0ed90a81-07f4-4586-8190-b40eccef1c5a", "attributes": {"x": null}}'
    assert Files(body, path=ARTIFACT).codes() == []


def test_another_key_beside_a_text_is_reported() -> None:
    (problem,) = found(LABEL.replace("Members, points and tiers, of Acme", "Members, lang: en"), "text-block")
    assert problem.hint == "remove lang"

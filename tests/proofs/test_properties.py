"""What a schema in a spec declares."""

import pytest

from reconciler.documents.json_text import Json
from reconciler.proofs.properties import accepts_text, allows_others, declared, is_secret, of_others, required

ROOT = {
    "definitions": {
        "plain": {"type": "string"},
        "secret": {"format": "password"},
        "many": [{"format": "password"}, {"type": "string"}],
    },
    "properties": {"a": {"type": "string"}},
}


@pytest.mark.parametrize(
    ("schema", "secret"),
    [
        ({"type": "string"}, False),
        ({"format": "Password"}, False),
        ({"format": "password"}, True),
        ({"$ref": "#/definitions/plain"}, False),
        ({"$ref": "#/definitions/secret"}, True),
        ({"$ref": "#/definitions/many/0"}, True),
        ({"$ref": "#/definitions/many/1"}, False),
        ({"$ref": "#/definitions/many/2"}, True),
        ({"$ref": "#/definitions/many/x"}, True),
        ({"$ref": "#/definitions/many"}, True),
        ({"$ref": "#/definitions/~2"}, True),
        ({"$ref": "definitions.json"}, True),
        ({"$ref": "/definitions/plain"}, True),
        ({"$ref": 7}, False),
        ({"anyOf": [{"type": "number"}, {"format": "password"}]}, True),
        ({"anyOf": [{"type": "number"}, {"type": "string"}]}, False),
        ({"not": {"format": "password"}}, True),
        (True, False),
        (None, False),
    ],
)
def test_a_secret_is_a_password_or_what_cannot_be_read(schema: Json, secret: bool) -> None:
    assert is_secret([schema], ROOT) is secret


@pytest.mark.parametrize(("count", "secret"), [(1_998, False), (2_000, True)])
def test_what_is_beyond_the_schemas_that_are_followed_is_not_known(count: int, secret: bool) -> None:
    assert is_secret([{"anyOf": [{"type": "string"} for _ in range(count)]}], ROOT) is secret


def test_properties_are_declared_in_every_schema_for_the_same_value() -> None:
    schema = {
        "properties": {"a": 1},
        "allOf": [{"properties": {"b": 2}}],
        "anyOf": [{"oneOf": [{"properties": {"c": 3, "a": 4}}]}],
        "if": {"properties": {"d": 5}},
        "then": {"$ref": "#/definitions/more"},
        "not": {"properties": {"x": 6}},
        "definitions": {"more": {"properties": {"e": 7}}, "other": {"properties": {"y": 8}}},
    }
    assert declared(schema) == {"a": [1, 4], "b": [2], "c": [3], "d": [5], "e": [7]}


@pytest.mark.parametrize(
    ("schema", "allowed", "others"),
    [
        ({}, False, []),
        ({"additionalProperties": False}, False, [False]),
        ({"additionalProperties": True}, True, [True]),
        ({"additionalProperties": {"type": "string"}}, True, [{"type": "string"}]),
        ({"patternProperties": {"^x": {"type": "string"}}}, True, [{"type": "string"}]),
        ({"allOf": [{"additionalProperties": True}]}, True, [True]),
        ({"$ref": "other.json"}, True, []),
        (True, False, []),
    ],
)
def test_other_properties_are_allowed_where_the_schema_says_so(schema: Json, allowed: bool, others: list[Json]) -> None:
    assert (allows_others(schema), of_others(schema)) == (allowed, others)


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ({}, True),
        ({"type": "string"}, True),
        ({"type": ["null", "string"]}, True),
        ({"type": "integer"}, False),
        ({"type": ["integer"]}, False),
        ({"type": 3}, False),
        ({"anyOf": [{"type": "integer"}, {"type": "string"}]}, True),
        ({"$ref": "other.json"}, True),
        ({"$ref": "#/definitions/plain"}, True),
    ],
)
def test_a_value_is_text_unless_every_type_is_another(schema: Json, text: bool) -> None:
    assert accepts_text([schema], ROOT) is text


@pytest.mark.parametrize(
    ("schema", "names"), [({"required": ["b", "a", "b", 3, None]}, ("b", "a")), ({"required": "a"}, ()), ({}, ()), ([], ())]
)
def test_names_are_required_once(schema: Json, names: tuple[str, ...]) -> None:
    assert required(schema) == names

"""Schemas that take for ever to check are not checked, and say so."""

from typing import Any

import pytest

from reconciler.proofs.checking import misfits
from reconciler.sources.effort import is_too_much

PLAIN = {"type": "object", "properties": {"x": {"$ref": "#/definitions/short"}}, "definitions": {"short": {"maxLength": 2}}}


def doubling(levels: int) -> dict[str, Any]:
    steps: dict[str, Any] = {f"d{n}": {"allOf": [{"$ref": f"#/definitions/d{n + 1}"}] * 10} for n in range(levels)}
    return {"definitions": {**steps, f"d{levels}": {"type": "string"}}, "properties": {"x": {"$ref": "#/definitions/d0"}}}


def nested(levels: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(levels):
        value = {"a": value}
    return value


TREE = {"allOf": [{"properties": {"a": {"$ref": "#"}}}] * 3}
ITEMS = {"items": {"anyOf": [{"$ref": "#"}] * 3}}


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        (doubling(12), {"x": "a"}),
        ({"$ref": "#"}, {}),
        (
            {
                "definitions": {"a": {"not": {"$ref": "#/definitions/b"}}, "b": {"$ref": "#/definitions/a"}},
                "$ref": "#/definitions/a",
            },
            1,
        ),
        (TREE, nested(20)),
        ({"patternProperties": {"a": {"$ref": "#"}, ".": {"$ref": "#"}}, "additionalProperties": {"$ref": "#"}}, nested(20)),
        ({"properties": {"x": {"$ref": "other.json#/a"}}}, {"x": 1}),
        ({"properties": {"x": {"$ref": "#/definitions/none"}}}, {"x": 1}),
        ({"properties": {"x": {"$ref": "#/definitions/0/9999999999999"}}, "definitions": [[]]}, {"x": 1}),
        ({"properties": {"x": {"$id": "https://acme.example/x", "$ref": "#"}}}, {"x": 1}),
    ],
)
def test_a_check_without_end_is_not_begun(schema: dict[str, Any], value: Any) -> None:
    assert is_too_much(schema, value)
    (mistake,) = misfits(schema, value, ("source",))
    assert mistake.code == "unchecked-values"


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        (PLAIN, {"x": "a", "y": [1, 2]}),
        (doubling(3), {"x": "a"}),
        (TREE, nested(5)),
        (ITEMS, [[[1, 2], 3], 4]),
        ({"$id": "https://acme.example/root", **PLAIN}, {"x": "a"}),
        ({"properties": {"x": {"$ref": "#/definitions/a~1b%20c"}}, "definitions": {"a/b c": {}}}, {"x": 1}),
        ({"properties": {"x": {"$ref": "#/allOf/0"}}, "allOf": [{}]}, {"x": 1}),
        ({"properties": {"$id": {"type": "string"}}, "dependencies": {"a": ["b"]}}, {"$id": "x"}),
        ({"properties": [], "allOf": {}, "items": 1, "dependencies": 1}, {"x": [1]}),
        (True, 1),
    ],
)
def test_an_ordinary_check_is_made(schema: Any, value: Any) -> None:
    assert not is_too_much(schema, value)


def test_references_are_checked() -> None:
    (mistake,) = misfits(PLAIN, {"x": "abc"}, ("source",))
    assert mistake.code == "bad-value"

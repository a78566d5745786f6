"""Keywords that JSON Schema does not have: a change of what the service may read at run time is never called safe."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.breaking.effect import Effect, Level
from reconciler.breaking.effects import effects_of
from reconciler.documents.kinds import Kind


def key(**rest: Any) -> dict[str, Any]:
    return {"type": "string", "format": "password", **rest}


def header(name: str) -> dict[str, Any]:
    return {"restAttributes": {"headerParamName": name}}


def auth(schema: dict[str, Any]) -> dict[str, Any]:
    return {"authSpec": [{"name": "API Key Authentication", "type": "KeyBased", "spec": schema}]}


def form(**properties: Any) -> dict[str, Any]:
    return auth({"type": "object", "properties": properties})


def weighty(before: dict[str, Any], after: dict[str, Any]) -> list[Effect]:
    return [effect for effect in effects_of(Kind.CONNECTION_SPEC, before, after) if effect.level is not Level.SAFE]


def test_another_header_for_a_key_is_risky() -> None:
    (effect,) = weighty(form(authKey1=key(**header("X-Key"))), form(authKey1=key(**header("X-Auth-Key"))))
    assert (effect.level, effect.code) == (Level.RISKY, "sent-as")
    assert effect.path == "/authSpec/0/spec/properties/authKey1/restAttributes"
    assert "auth parameter 'authKey1' is sent to the source differently" in effect.reason
    assert '{"headerParamName":"X-Key"} → {"headerParamName":"X-Auth-Key"}' in effect.reason


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (key(**header("X-Key")), key()),
        (key(), key(**header("X-Key"))),
        (key(**header("X-Key")), {}),
        (key(**{"x-sent-as": "query"}), key(**{"x-sent-as": "header"})),
        ({"items": key(**header("X-Key"))}, {"items": key(**header("X-Auth-Key"))}),
    ],
)
def test_what_no_rule_knows_is_never_safe(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert Level.RISKY in {effect.level for effect in weighty(form(authKey1=before), form(authKey1=after))}


@pytest.mark.parametrize(
    "place",
    [
        lambda schema: {"allOf": [{"properties": {"authKey1": schema}}]},
        lambda schema: {"properties": {"authKey1": {"$ref": "#/definitions/key"}}, "definitions": {"key": schema}},
        lambda schema: {"if": {"properties": {"a": {"const": 1}}}, "then": {"properties": {"authKey1": schema}}},
        lambda schema: {"dependencies": {"a": {"properties": {"authKey1": schema}}}},
    ],
)
def test_a_key_that_another_part_of_the_schema_declares_is_looked_at_too(place: Any) -> None:
    before, after = (auth(place(key(**header(name)))) for name in ("X-Key", "X-Auth-Key"))
    assert "sent-as" in {effect.code for effect in weighty(before, after)}


def test_a_new_key_is_safe() -> None:
    before = form(authKey1=key(**header("X-Key")))
    assert weighty(before, form(authKey1=key(**header("X-Key")), authKey2=key(**header("X-Other")))) == []


@pytest.mark.parametrize("keyword", ["title", "description", "examples", "$comment", "uiAttributes", "label"])
def test_what_only_people_read_is_safe(keyword: str) -> None:
    assert weighty(form(authKey1=key(**{keyword: "old"})), form(authKey1=key(**{keyword: "new"}))) == []


def test_a_parameter_of_a_source_is_looked_at_like_a_credential() -> None:
    before, after = ({"sourceSpec": {"spec": {"properties": {"listId": {"type": "string", "x-a": value}}}}} for value in (1, 2))
    assert [effect.code for effect in weighty(before, after)] == ["behaviour"]

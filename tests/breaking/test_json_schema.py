"""JSON Schema keywords: which edits of a schema take everything that it took."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.breaking.effect import Effect, Level, worst
from reconciler.breaking.json_schema.keywords import schema_effects
from reconciler.breaking.json_schema.pair import Contract

CONTRACT = Contract("the parameters", "connections", "keep it")
PLACE = ("sourceSpec", "spec")


def judged(before: Any, after: Any) -> list[Effect]:
    """The effects on a parameter `x` whose schema is this."""
    old, new = ({"type": "object", "properties": {"x": schema}} for schema in (before, after))
    return list(schema_effects({"sourceSpec": {"spec": old}}, old, new, PLACE, CONTRACT))


STRING: dict[str, Any] = {"type": "string"}
NUMBER: dict[str, Any] = {"type": "number"}
ARRAY: dict[str, Any] = {"type": "array"}
OBJECT: dict[str, Any] = {"type": "object"}
OPEN: list[tuple[Any, Any]] = [
    (STRING, {}),
    (STRING, True),
    (False, STRING),
    (STRING, {"type": ["string", "null"]}),
    ({"type": "integer"}, NUMBER),
    ({"const": "a"}, {"enum": ["a", "b"]}),
    ({"type": "boolean"}, {"type": "boolean", "enum": [True, False]}),
    (STRING | {"pattern": "a"}, STRING),
    (STRING | {"format": "uri"}, STRING),
    (STRING, STRING | {"format": "password"}),
    (NUMBER | {"minimum": 2}, NUMBER | {"exclusiveMinimum": 1}),
    (NUMBER | {"maximum": 2}, NUMBER | {"maximum": 2.5}),
    (NUMBER | {"multipleOf": 0.3}, NUMBER | {"multipleOf": 0.1}),
    ({"type": "integer"}, {"type": "integer", "minLength": 5}),
    (ARRAY | {"items": STRING}, ARRAY),
    (ARRAY | {"uniqueItems": True}, ARRAY | {"uniqueItems": False}),
    (ARRAY | {"minItems": 2}, ARRAY | {"minItems": 1}),
    (OBJECT | {"additionalProperties": False}, OBJECT | {"additionalProperties": STRING}),
    (OBJECT | {"additionalProperties": STRING}, OBJECT | {"additionalProperties": True}),
    ({"allOf": [STRING, {"minLength": 1}]}, {"allOf": [STRING]}),
    ({"anyOf": [STRING]}, {"anyOf": [NUMBER, STRING]}),
    ({"oneOf": [STRING]}, {}),
    ({"if": STRING, "then": {"minLength": 3}}, {"if": STRING, "then": {"minLength": 2}}),
    ({"$schema": "http://json-schema.org/draft-07/schema#"}, {"$schema": "http: //json-schema.org/draft-07/schema"}),
    (STRING | {"title": "X"}, STRING | {"title": "Y"}),
    ({"oneOf": [STRING]}, {"oneOf": [STRING, NUMBER]}),
    ({"allOf": [{"type": "object"}]}, {"allOf": [{"type": "object", "properties": {"a": STRING}}]}),
    ({"anyOf": [STRING, NUMBER]}, {"type": ["number", "string"]}),
    ({"allOf": [STRING, {"minLength": 2}]}, STRING | {"minLength": 2}),
    (STRING | {"minLength": 2}, {"allOf": [STRING, {"minLength": 1}]}),
    (OBJECT | {"required": ["a"]}, {"allOf": [OBJECT, {"required": ["a"]}]}),
    ({"allOf": [OBJECT, {"required": ["a"]}]}, OBJECT | {"required": ["a"]}),
    (OBJECT | {"properties": {"a": STRING}}, OBJECT | {"allOf": [{"properties": {"a": STRING}}]}),
    (OBJECT | {"dependencies": {"a": ["b"]}}, OBJECT | {"dependencies": {"a": {"required": ["b"]}}}),
    (OBJECT | {"dependencies": {"a": ["b", "c"]}}, OBJECT | {"dependencies": {"a": ["b"]}}),
    (STRING, STRING | {"not": {"type": "number"}}),
    (STRING, {"if": STRING, "then": {"minLength": 0}}),
    (STRING, STRING | {"pattern": ".*"}),
    ({"required": ["a"]}, {"required": ["a"], "properties": {"a": STRING | {"title": "A"}}}),
    (STRING | {"enum": ["a", "b"]}, {"anyOf": [{"const": "b"}, {"const": "a"}]}),
    (OBJECT | {"required": ["a"]}, OBJECT | {"required": ["a"], "minProperties": 1}),
    (OBJECT, OBJECT | {"if": {"required": ["mode"]}, "then": {"required": ["size"]}}),
]
NARROW: list[tuple[Any, Any, str]] = [
    ({}, STRING, "retyped"),
    (NUMBER, {"type": "integer"}, "retyped"),
    ({"type": ["string", "null"]}, STRING, "retyped"),
    (STRING, False, "closed"),
    (STRING, STRING | {"enum": ["a"]}, "enum-added"),
    ({"enum": ["a", 1]}, {"enum": ["a", True]}, "enum-narrowed"),
    ({"enum": ["a", "b"]}, {"const": "a"}, "enum-narrowed"),
    ({"type": "boolean"}, {"type": "boolean", "const": True}, "enum-narrowed"),
    (STRING, STRING | {"maxLength": 3}, "bounds"),
    (STRING | {"minLength": 1}, STRING | {"minLength": 2}, "bounds"),
    (NUMBER | {"minimum": 1}, NUMBER | {"exclusiveMinimum": 1}, "bounds"),
    (NUMBER, NUMBER | {"maximum": 10**400}, "bounds"),
    (NUMBER | {"multipleOf": 2}, NUMBER | {"multipleOf": 4}, "bounds"),
    (ARRAY, ARRAY | {"uniqueItems": True}, "bounds"),
    (ARRAY | {"items": STRING}, ARRAY | {"items": NUMBER}, "retyped"),
    (ARRAY | {"items": [STRING, {}]}, ARRAY | {"items": [STRING, NUMBER]}, "retyped"),
    (OBJECT, OBJECT | {"maxProperties": 1}, "bounds"),
    (OBJECT, OBJECT | {"additionalProperties": False}, "closed"),
    (OBJECT | {"additionalProperties": STRING}, OBJECT | {"additionalProperties": NUMBER}, "retyped"),
    (
        OBJECT | {"additionalProperties": STRING},
        OBJECT | {"additionalProperties": STRING, "properties": {"a": NUMBER}},
        "retyped",
    ),
    (
        OBJECT | {"additionalProperties": STRING, "properties": {"b": STRING}},
        OBJECT | {"additionalProperties": STRING, "properties": {"b": STRING, "a": NUMBER}},
        "retyped",
    ),
    (OBJECT | {"patternProperties": {"^a": STRING}}, OBJECT | {"patternProperties": {"^a": NUMBER}}, "retyped"),
    ({"allOf": [STRING]}, {"allOf": [STRING | {"pattern": "a"}]}, "pattern"),
    ({"if": STRING}, {"if": STRING, "then": {"minLength": 3}}, "bounds"),
]
REFUSED: list[tuple[Any, Any]] = [
    ({"anyOf": [STRING, NUMBER]}, {"anyOf": [STRING]}),
    ({"oneOf": [STRING, NUMBER]}, {"oneOf": [NUMBER]}),
    ({"anyOf": [STRING]}, {"anyOf": [STRING | {"minLength": 2}]}),
    ({"oneOf": [STRING, NUMBER]}, {"oneOf": [STRING, NUMBER, {"type": "integer"}]}),
    ({}, {"not": STRING}),
    ({"not": {"const": "a1"}} | STRING, STRING | {"not": {"pattern": "^a"}}),
    (OBJECT, OBJECT | {"allOf": [{"required": ["zz"]}]}),
    ({"allOf": [STRING]}, {"allOf": [STRING, {"minLength": 2}]}),
    (
        OBJECT | {"properties": {"a": STRING, "b": STRING}},
        OBJECT | {"properties": {"a": STRING, "b": STRING}, "dependencies": {"a": ["b"]}},
    ),
    (
        OBJECT | {"properties": {"a": STRING, "b": STRING}},
        OBJECT | {"properties": {"a": STRING, "b": STRING}, "dependencies": {"a": {"required": ["b"]}}},
    ),
    (OBJECT | {"dependencies": {"a": ["b"]}}, OBJECT | {"dependencies": {"a": ["b", "c"]}}),
    (ARRAY | {"items": STRING}, ARRAY | {"items": STRING, "contains": {"const": "all"}}),
    ({"enum": ["a", "b"]}, {"enum": ["a", "b"], "if": {"const": "a"}, "then": False}),
    (STRING | {"pattern": "^[0-9a-f]{10}$"}, STRING | {"pattern": "^[0-9a-f]{12}$"}),
    (STRING | {"pattern": "^[a-z]+$"}, STRING | {"pattern": "^[a-z]{2,}$"}),
    ({"required": ["a"]}, {"required": ["a"], "properties": {"a": {"type": "integer"}}}),
    (ARRAY | {"items": [STRING]}, ARRAY | {"items": [STRING], "additionalItems": False, "contains": NUMBER}),
    (
        OBJECT | {"patternProperties": {"^a": STRING}},
        OBJECT | {"patternProperties": {"^a": STRING}, "properties": {"ab": NUMBER}},
    ),
    (
        OBJECT | {"patternProperties": {"^a": STRING}, "properties": {"b": STRING}},
        OBJECT | {"patternProperties": {"^a": STRING}, "properties": {"b": STRING, "ab": NUMBER}},
    ),
    (ARRAY | {"items": [STRING]}, ARRAY | {"items": STRING}),
]
OPAQUE: list[tuple[Any, Any]] = [
    (STRING, STRING | {"format": "uri"}),
    (STRING | {"pattern": "^[0-9]+$"}, STRING | {"pattern": "^\\d+$"}),
    (STRING | {"pattern": "^(a+)+$"}, STRING | {"pattern": "^(?=a)(a+)+$"}),
    (STRING | {"pattern": "a"}, STRING | {"pattern": "(a{1000}){1000}"}),
    ({"properties": {"a": STRING}}, {"type": "object", "properties": {"a": STRING}}),
    (OBJECT, OBJECT | {"patternProperties": {"^a": STRING}}),
    (OBJECT | {"patternProperties": {"^a": STRING}}, OBJECT | {"patternProperties": {"^b": STRING}}),
    ({"$schema": "http://json-schema.org/draft-04/schema#"}, {"$schema": "http://json-schema.org/draft-07/schema#"}),
    (NUMBER, NUMBER | {"exclusiveMinimum": True}),
    (OBJECT, OBJECT | {"required": True}),
    (STRING, {"$ref": "https://elsewhere.example/schema"}),
    (STRING, "no schema"),
    (OBJECT | {"properties": {"aB": STRING}}, OBJECT | {"properties": {"aB": STRING}, "propertyNames": {"pattern": "^[a-z]+$"}}),
    (ARRAY | {"prefixItems": [STRING]}, ARRAY),
]


@pytest.mark.parametrize(("before", "after"), OPEN, ids=str)
def test_what_takes_as_much_is_safe(before: Any, after: Any) -> None:
    assert all(effect.level is Level.SAFE for effect in judged(before, after))


@pytest.mark.parametrize(("before", "after", "code"), NARROW, ids=str)
def test_what_takes_less_is_breaking(before: Any, after: Any, code: str) -> None:
    first = next(effect for effect in judged(before, after) if effect.level is not Level.SAFE)
    assert (first.level, first.code) == (Level.BREAKING, code)


@pytest.mark.parametrize(("before", "after"), REFUSED, ids=str)
def test_what_is_proven_to_refuse_a_value_is_breaking(before: Any, after: Any) -> None:
    first = next(effect for effect in judged(before, after) if effect.level is not Level.SAFE)
    assert first.level is Level.BREAKING
    assert first.code in ("refused", "pattern", "bounds")


def test_a_refusal_names_the_keyword_that_refuses() -> None:
    (effect,) = judged({}, {"not": STRING})
    assert effect.reason == (
        "property 'x' rejects values that it accepted (not): connections may hold such a value, and they may be rejected"
    )


def test_a_refusal_by_something_else_proves_nothing_of_what_cannot_be_judged() -> None:
    effects = judged(OBJECT, OBJECT | {"required": ["a"], "dependencies": {"b": ["a"]}})
    assert [(effect.code, effect.level) for effect in effects] == [
        ("newly-required", Level.BREAKING),
        ("unjudged", Level.RISKY),
    ]


@pytest.mark.parametrize(("before", "after"), OPAQUE, ids=str)
def test_what_cannot_be_judged_is_risky(before: Any, after: Any) -> None:
    assert worst(judged(before, after)) is Level.RISKY


def test_a_change_behind_a_local_reference_is_found() -> None:
    before = {"properties": {"x": {"$ref": "#/definitions/host"}}, "definitions": {"host": STRING}}
    after = before | {"definitions": {"host": STRING | {"maxLength": 9}}}
    (effect,) = schema_effects({"sourceSpec": {"spec": before}}, before, after, PLACE, CONTRACT)
    assert (effect.level, effect.path) == (Level.BREAKING, "/sourceSpec/spec/properties/x/maxLength")


def test_a_schema_that_is_put_behind_a_reference_is_the_same() -> None:
    before = {"properties": {"x": STRING}}
    after = {"properties": {"x": {"$ref": "#/definitions/host"}}, "definitions": {"host": STRING}}
    assert list(schema_effects({}, before, after, PLACE, CONTRACT)) == []


def test_schemas_that_refer_to_themselves_end() -> None:
    before = {"properties": {"x": {"$ref": "#"}}}
    after = before | {"required": ["x"]}
    assert {effect.code for effect in schema_effects({}, before, after, PLACE, CONTRACT)} == {"newly-required"}
    circle = {"$ref": "#"}
    assert [effect.code for effect in schema_effects({}, before, circle, PLACE, CONTRACT)] == ["unjudged"]


def test_a_reference_to_elsewhere_that_stays_is_nothing() -> None:
    before = {"properties": {"x": {"$ref": "https://elsewhere.example/schema"}, "y": STRING}}
    after = {"properties": before["properties"] | {"z": STRING}}
    assert [effect.code for effect in schema_effects({}, before, after, PLACE, CONTRACT)] == ["property-added"]


@pytest.mark.parametrize("reference", ["#/definitions/a~b", "#/items/1/x", "#/items/9", 7])
def test_a_reference_that_leads_nowhere_cannot_be_judged(reference: object) -> None:
    before = {"properties": {"x": STRING}, "items": [{}, {}]}
    after = before | {"properties": {"x": {"$ref": reference}}}
    assert [effect.code for effect in schema_effects({}, before, after, PLACE, CONTRACT)] == ["unjudged"]


def test_a_reference_into_a_list_is_followed() -> None:
    before = {"properties": {"x": STRING}, "allOf": [{}, STRING]}
    after = before | {"properties": {"x": {"$ref": "#/allOf/1"}}}
    assert list(schema_effects({}, before, after, PLACE, CONTRACT)) == []


def test_what_is_no_schema_cannot_be_judged() -> None:
    assert [effect.code for effect in schema_effects({}, {}, "text", PLACE, CONTRACT)] == ["unjudged"]


def test_a_schema_that_stays_has_no_effect() -> None:
    assert list(schema_effects({}, {"required": ["b", "a"]}, {"required": ["a", "b"]}, PLACE, CONTRACT)) == []


def test_a_schema_is_looked_into_only_so_deep() -> None:
    before, after = STRING, STRING | {"maxLength": 1}
    for _ in range(60):
        before, after = ({"type": "object", "properties": {"a": schema}} for schema in (before, after))
    assert [effect.code for effect in schema_effects({}, before, after, PLACE, CONTRACT)] == ["unjudged"]


def chain(length: int) -> dict[str, Any]:
    """A schema that a naive reader goes through in a number of ways that doubles with each link."""
    links = {str(n): {"anyOf": [{"$ref": f"#/definitions/{n + 1}"}] * 2} for n in range(length)}
    return {"definitions": links | {str(length): STRING}}


HOSTILE: dict[str, dict[str, Any]] = {
    "doubling references": chain(64) | {"properties": {"x": {"$ref": "#/definitions/0"}}},
    "a circle": {"properties": {"x": {"allOf": [{"$ref": "#"}]}}},
    "many choices": {"allOf": [{"anyOf": [{"required": [f"a{n}"]}, {"required": [f"b{n}"]}]} for n in range(64)]},
    "many conditions": {"allOf": [{"if": {"required": [f"a{n}"]}, "then": {"required": [f"b{n}"]}} for n in range(64)]},
    "many properties": {"properties": {f"p{n}": STRING for n in range(5_000)}},
    "elsewhere": {"properties": {"x": {"$ref": "https://elsewhere.example/schema"}}},
    "a later draft": {"properties": {"x": {"prefixItems": [STRING]}}},
    "another dialect": {"$schema": "https://json-schema.org/draft/2020-12/schema"},
}


@pytest.mark.parametrize("schema", HOSTILE.values(), ids=HOSTILE)
def test_a_schema_beyond_all_bounds_leaves_what_cannot_be_judged_risky(schema: dict[str, Any]) -> None:
    after = schema | {"contains": STRING, "not": {"required": ["zz"]}}
    assert worst(schema_effects({}, schema, after, PLACE, CONTRACT)) is Level.RISKY


def test_an_expression_that_takes_for_ever_elsewhere_is_tried() -> None:
    slow = STRING | {"pattern": "^(a+)+$"}
    first, *_ = judged(slow, STRING | {"pattern": "^(a+)+b$"})
    assert (first.level, first.code) == (Level.BREAKING, "pattern")


def test_a_rewritten_part_stays_harmless_beside_one_that_breaks() -> None:
    before = {"properties": {"a": {"anyOf": [STRING, NUMBER]}, "b": STRING}}
    after = {"properties": {"a": {"type": ["string", "number"]}, "b": NUMBER}}
    found = [(effect.code, effect.level) for effect in schema_effects({}, before, after, PLACE, CONTRACT)]
    assert found == [("rewritten", Level.SAFE), ("loosened", Level.SAFE), ("retyped", Level.BREAKING)]


@pytest.mark.parametrize(
    ("branch", "level"),
    [({}, Level.SAFE), ({"required": ["a"]}, Level.BREAKING), ({"unevaluatedProperties": False}, Level.RISKY)],
)
def test_a_property_that_is_named_elsewhere_may_have_been_moved(branch: dict[str, Any], level: Level) -> None:
    before = OBJECT | {"properties": {"a": STRING}}
    after = OBJECT | {"allOf": [{"properties": {"a": STRING}} | branch]}
    assert worst(judged(before, after)) is level


def test_a_property_is_named_by_all_that_it_belongs_to() -> None:
    first, *_ = judged({"properties": {"city": {}}}, {"properties": {"city": {}}, "required": ["city"]})
    assert (
        first.reason == "property 'x.city' is now required: connections that already exist may lack it, and they may be rejected"
    )


def test_an_endless_name_is_cut() -> None:
    (effect,) = schema_effects({}, {}, {"required": ["n" * 10_000]}, PLACE, CONTRACT)
    assert len(effect.reason) < 200


def test_many_values_are_not_all_named() -> None:
    (effect,) = judged({"enum": list(range(100))}, {"enum": [0]})
    assert effect.reason == (
        "property 'x' no longer accepts 1, 2, 3, 4, 5 and 94 more: connections may hold that, and they may be rejected"
    )


def test_nothing_weighs_more_than_the_contract_says() -> None:
    contract = Contract("the parameters", "flows", "keep it", ceiling=Level.RISKY)
    (effect,) = schema_effects({}, {}, {"required": ["a"]}, PLACE, contract)
    assert effect.level is Level.RISKY


def test_several_renames_go_to_the_likest_names() -> None:
    before = {"properties": {"listId": STRING, "region": STRING}}
    after = {"properties": {"regionCode": STRING, "list_id": STRING}}
    found = [effect.reason for effect in schema_effects({}, before, after, PLACE, CONTRACT)]
    assert [reason.partition(":")[0] for reason in found] == [
        "property 'listId' seems to be renamed to 'list_id'",
        "property 'region' seems to be renamed to 'regionCode'",
    ]


def test_the_default_of_what_is_required_matters() -> None:
    before = {"properties": {"x": STRING | {"default": "a"}}, "required": ["x"]}
    after = {"properties": {"x": STRING}, "required": ["x"]}
    levels = {(effect.code, effect.level) for effect in schema_effects({}, before, after, PLACE, CONTRACT)}
    assert ("default-gone", Level.RISKY) in levels


def test_another_default_is_risky_and_the_same_one_otherwise_written_is_not() -> None:
    changed = judged({"type": "string", "default": "all"}, {"type": "string", "default": "eu"})
    assert [(effect.code, effect.level) for effect in changed if effect.level is not Level.SAFE] == [
        ("default-changed", Level.RISKY)
    ]
    assert [effect for effect in judged({"default": 1}, {"default": 1.0}) if effect.level is not Level.SAFE] == []


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        (STRING, STRING | {"format": "email"}, "format"),
        ({"properties": {"a": STRING, "b": STRING}}, {"properties": {"b": STRING}}, "property-removed"),
        ({"properties": {"a": STRING | {"default": "x"}}}, {"properties": {"a": STRING | {"default": "y"}}}, "default-changed"),
    ],
)
def test_a_choice_that_changes_for_what_is_held_is_risky(before: dict[str, Any], after: dict[str, Any], code: str) -> None:
    found = schema_effects({}, {"anyOf": [before, NUMBER]}, {"anyOf": [after, NUMBER]}, PLACE, CONTRACT)
    assert (Level.RISKY, code) in {(effect.level, effect.code) for effect in found}

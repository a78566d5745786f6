"""Laws of what breaks: what is called safe refuses nothing that was taken, and nothing at all makes the judge fall over."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from jsonschema import Draft7Validator  # type: ignore[import-untyped]

from reconciler.breaking.effect import Level, worst
from reconciler.breaking.effects import effects_of
from reconciler.documents.canonical import same
from reconciler.documents.json_text import decode, encode
from reconciler.documents.kinds import Kind

NAMES = ("a", "b", "c")
"""Names of properties that schemas may declare; nothing that a connection holds besides has one of them."""
UNKNOWN = ("x", "y")

scalars = st.sampled_from([None, True, False, 0, 1, 2.5, 3, "", "a", "bb", "ccc"])
small = st.integers(0, 3)


@st.composite
def schemas(draw: DrawFn, depth: int = 2) -> Any:
    """A schema of a few keywords, that may well contradict themselves."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.booleans())
    keywords = _keywords(depth)
    chosen = draw(st.lists(st.sampled_from(sorted(keywords)), max_size=4, unique=True))
    return {keyword: draw(keywords[keyword]) for keyword in chosen}


def _keywords(depth: int) -> dict[str, st.SearchStrategy[Any]]:
    type_names = st.sampled_from(["string", "integer", "number", "boolean", "null", "array", "object"])
    flat: dict[str, st.SearchStrategy[Any]] = {
        "type": type_names | st.lists(type_names, min_size=1, max_size=3, unique=True),
        "enum": st.lists(scalars, min_size=1, max_size=4),
        "const": scalars,
        "minLength": small,
        "maxLength": small,
        "minimum": small,
        "maximum": small,
        "exclusiveMinimum": small,
        "exclusiveMaximum": small,
        "multipleOf": st.sampled_from([1, 2, 0.5, 4]),
        "pattern": st.sampled_from(["^a", "b$", "."]),
        "required": st.lists(st.sampled_from(NAMES), max_size=2, unique=True),
        "minItems": small,
        "maxItems": small,
        "uniqueItems": st.booleans(),
        "minProperties": small,
        "maxProperties": small,
        "title": st.sampled_from(["one", "two"]),
        "$ref": st.sampled_from(["#", "#/definitions/d", "#/definitions/e"]),
    }
    if depth == 0:
        return flat
    inner = schemas(depth - 1)
    return flat | {
        "properties": st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
        "patternProperties": st.dictionaries(st.sampled_from(["^a", "x"]), inner, max_size=2),
        "additionalProperties": inner,
        "items": inner | st.lists(inner, max_size=2),
        "allOf": st.lists(inner, min_size=1, max_size=2),
        "anyOf": st.lists(inner, min_size=1, max_size=2),
        "oneOf": st.lists(inner, min_size=1, max_size=2),
        "not": inner,
        "if": inner,
        "then": inner,
        "else": inner,
    }


@st.composite
def edited(draw: DrawFn, schema: Any) -> Any:
    """The schema with something put in, taken out, or replaced, at any depth."""
    if not isinstance(schema, dict) or draw(st.integers(0, 3)) == 0:
        return draw(schemas(1))
    copy = dict(schema)
    for _ in range(draw(st.integers(1, 2))):
        keyword = draw(st.sampled_from(sorted({*_keywords(1), *copy})))
        if keyword in copy and draw(st.booleans()):
            del copy[keyword]
        elif isinstance(copy.get(keyword), dict) and keyword not in ("properties", "patternProperties") and draw(st.booleans()):
            copy[keyword] = draw(edited(copy[keyword]))
        elif keyword in _keywords(1):
            copy[keyword] = draw(_keywords(1)[keyword])
    return copy


values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*NAMES, *UNKNOWN]), inner, max_size=3),
    max_leaves=6,
)
parameters = st.dictionaries(st.sampled_from([*NAMES, *UNKNOWN]), values, max_size=4)


@st.composite
def contracts(draw: DrawFn) -> Any:
    """A whole schema of parameters, with definitions to refer to."""
    schema = draw(schemas(2))
    if not isinstance(schema, dict):
        return schema
    return schema | {"definitions": {"d": draw(schemas(1)), "e": draw(schemas(0))}}


def source(schema: Any) -> dict[str, Any]:
    return {"name": "a", "sourceSpec": {"spec": schema}}


def as_declared(schema: Any) -> Any:
    """The schema without the freedom to hold values under names that only others declare, wherever it describes a value by itself."""
    if not isinstance(schema, dict):
        return as_declared({}) if schema else schema
    strict = {key: _strict(key, value) for key, value in schema.items()}
    declared = strict.get("properties", {})
    return strict | {"properties": dict.fromkeys(NAMES, False) | declared}


def _strict(keyword: str, value: Any) -> Any:
    if keyword in ("properties", "patternProperties", "definitions"):
        return {name: as_declared(inner) for name, inner in value.items()}
    if keyword == "items" and isinstance(value, list):
        return [as_declared(inner) for inner in value]
    return as_declared(value) if keyword in ("items", "additionalProperties") else value


def takes(schema: Any, value: Any) -> bool | None:
    """Whether the value is valid; None for a schema that refers to itself without end."""
    try:
        return bool(Draft7Validator(schema).is_valid(value))
    except RecursionError:
        return None


def level_of(before: Any, after: Any) -> Level:
    return worst(effects_of(Kind.CONNECTION_SPEC, source(before), source(after)))


@settings(max_examples=200)
@given(st.data())
def test_what_is_called_safe_takes_every_value_that_was_taken(data: st.DataObject) -> None:
    before = data.draw(contracts())
    after = data.draw(edited(before))
    if level_of(before, after) is not Level.SAFE:
        return
    for held in data.draw(st.lists(parameters, min_size=1, max_size=8)):
        if all(takes(schema, held) for schema in (before, as_declared(before))):
            assert takes(after, held) is not False


@settings(max_examples=200)
@given(st.lists(scalars, min_size=1, max_size=4), schemas(1).filter(lambda schema: b"$ref" not in encode(schema)))
def test_what_is_called_refused_refuses_a_value_that_was_accepted(values: list[Any], more: Any) -> None:
    """By another validator than the one that proves it."""
    before, after = (
        {"type": "object", "properties": {"a": schema}} for schema in ({"enum": values}, {"enum": values, "allOf": [more]})
    )
    found = effects_of(Kind.CONNECTION_SPEC, source(before), source(after))
    if "refused" in [effect.code for effect in found]:
        assert not all(takes(more, value) for value in values)


@given(contracts())
def test_a_schema_that_says_the_same_has_no_effect(schema: Any) -> None:
    assert effects_of(Kind.CONNECTION_SPEC, source(schema), source(decode(encode(schema)))) == ()


plain = schemas(1).filter(lambda schema: b"$ref" not in encode(schema))
"""Schemas that do not refer to the whole, which is another one as soon as anything in it is."""


@given(st.dictionaries(st.sampled_from(NAMES), plain), plain)
def test_an_optional_parameter_more_is_safe(properties: dict[str, Any], new: Any) -> None:
    before = {"type": "object", "properties": properties}
    after = {"type": "object", "properties": properties | {"new": new}}
    assert level_of(before, after) is Level.SAFE


@given(st.dictionaries(st.sampled_from(NAMES), schemas(1), min_size=1), st.data())
def test_a_parameter_that_is_gone_or_newly_required_is_never_safe(properties: dict[str, Any], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(properties)))
    before = {"type": "object", "properties": properties}
    fewer = {key: value for key, value in properties.items() if key != name}
    assert level_of(before, {"type": "object", "properties": fewer}) is Level.BREAKING
    assert level_of(before, before | {"required": [name]}) is not Level.SAFE


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["name", "spec", "type", "properties", "required", "items", "enum", "allOf", "$ref", "minimum", "attributes", "x"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=15,
)
SECTIONS = (
    *("name", "type", "version", "providerId", "authSpec", "sourceSpec", "exploreSpec", "permissionsInfo", "attributes"),
    *("transformationSpecs", "encryptionSpecs", "scheduleSpec", "optionSpec", "targetConnectionSpecIds", "somethingElse"),
)
bodies = st.dictionaries(st.sampled_from(SECTIONS), anything, max_size=4)


@given(st.sampled_from(Kind), bodies, bodies)
def test_whatever_stands_in_two_bodies_can_be_judged(kind: Kind, before: dict[str, Any], after: dict[str, Any]) -> None:
    for effect in effects_of(kind, before, after):
        assert effect.reason
        assert effect.path.startswith("/")


@given(st.sampled_from(Kind), bodies)
def test_a_body_that_is_as_it_was_has_no_effect(kind: Kind, body: dict[str, Any]) -> None:
    assert effects_of(kind, body, decode(encode(body))) == ()


OUTSIDE = ("name", "type", "version", "authSpec", "exploreSpec", "permissionsInfo", "attributes", "somethingElse")


@given(st.sampled_from(OUTSIDE), anything, anything)
def test_every_difference_outside_of_schemas_has_an_effect(section: str, before: Any, after: Any) -> None:
    empty = all(value in ([], {}, None) and value is not False for value in (before, after))
    if not empty and not same(before, after, (section,)):
        assert effects_of(Kind.CONNECTION_SPEC, {section: before}, {section: after})

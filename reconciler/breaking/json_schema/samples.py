"""Values as connections may hold them, made from a JSON Schema: what is required alone, with each part more, at each bound.

They are candidates: what the schema takes has to be asked. All names in them are names that the schema has. There are at most so many,
whatever the schema is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from reconciler.breaking.json_schema.shapes import is_number
from reconciler.documents.json_text import Document, Json

_MOST: Final = 2_000
"""Candidates for a whole schema."""
_VARIANTS: Final = 12
"""Ways through the branches of one schema that are gone."""
_PARTS: Final = 60
"""Properties of one object that are varied."""
_VALUES: Final = 12
"""Values that are tried for a part of a part."""
_DEEPEST: Final = 5
_LONGEST: Final = 200
"""Characters of a text, and items of a list, where a bound asks for many."""
_ABOUT: Final = {
    "object": ("properties", "required", "additionalProperties", "patternProperties", "propertyNames", "dependencies"),
    "array": ("items", "minItems", "maxItems", "uniqueItems", "contains"),
    "string": ("minLength", "maxLength", "pattern"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
}
"""What a schema without a type is about, by the keywords that it has."""
_PLAIN_TEXT: Final = "a"
_TEXTS: Final = (
    *("A text", "0", "a1", "A1", "a-b", "a_b", "a.b", "a b", "a@example.com", "example.com", "https://example.com", "/a/b"),
    *("2024-01-31", "2024-01-31T00:00:00Z", "12:30", "us1", "us-east-1", "$.a", "1.0", "-1", "a,b"),
    *("0ed90a81-07f4-4586-8190-b40eccef1c5a", "http://example.com", "ABC", "Abc", "yyyy-MM-dd", "é"),
)
_LENGTHS: Final = range(1, 41)


def samples(schema: Json) -> Iterator[Json]:
    """The candidates for a schema whose references are written out, the plainest first."""
    return islice(_values(schema, 0), _MOST)


def implied_types(schema: Document) -> tuple[str, ...]:
    """The types that the keywords of a schema are about, where it names none."""
    return tuple(name for name, keywords in _ABOUT.items() if any(keyword in schema for keyword in keywords))


def _values(schema: Json, depth: int) -> Iterator[Json]:
    if not isinstance(schema, dict):
        yield from () if schema is False else (_PLAIN_TEXT, 1)
        return
    for flat in islice(_variants(schema), _VARIANTS):
        yield from _of_flat(flat, depth)


def _variants(schema: Document) -> Iterator[Document]:
    """The schema with what its branches say put into it, for each way through them."""
    flat = {key: value for key, value in schema.items() if key not in ("allOf", "anyOf", "oneOf", "if", "then", "else")}
    ways = [flat]
    for branch in _list(schema.get("allOf")):
        ways = list(islice((_joined(way, inner) for inner in _inner(branch) for way in ways), _VARIANTS))
    for keyword in ("anyOf", "oneOf"):
        branches = [inner for branch in _list(schema.get(keyword)) for inner in islice(_inner(branch), _VARIANTS)]
        if branches:
            ways = list(islice((_joined(way, branch) for branch in branches for way in ways), _VARIANTS))
    if "if" in schema:
        met = [_joined(_joined(way, schema["if"]), schema.get("then", {})) for way in ways]
        ways = [*met, *(_joined(way, inner) for way in ways for inner in islice(_inner(schema.get("else", {})), _VARIANTS))]
    return iter(ways)


def _inner(branch: Json) -> Iterator[Document]:
    return _variants(branch) if isinstance(branch, dict) else iter(({},))


def _joined(one: Document, other: Json) -> Document:
    if not isinstance(other, dict):
        return one
    joined = one | other
    properties, more = (schema.get("properties") for schema in (one, other))
    if isinstance(properties, dict) and isinstance(more, dict):
        names = dict.fromkeys((*properties, *more))
        joined["properties"] = {name: _both(properties.get(name, True), more.get(name, True)) for name in names}
    joined["required"] = [*_names(one), *_names(other)]
    return joined if joined["required"] else {key: value for key, value in joined.items() if key != "required"}


def _both(one: Json, other: Json) -> Json:
    if isinstance(one, dict) and isinstance(other, dict):
        return _joined(one, other)
    return other if isinstance(other, dict) else one


def _of_flat(schema: Document, depth: int) -> Iterator[Json]:
    if "const" in schema:
        yield schema["const"]
        return
    if "enum" in schema:
        yield from _list(schema["enum"])[:_PARTS]
        return
    yield from _list(schema.get("examples"))[:_VALUES]
    if "default" in schema:
        yield schema["default"]
    declared = schema.get("type")
    types = (
        [declared] if isinstance(declared, str) else _list(declared) or implied_types(schema) or ("string", "integer", "boolean")
    )
    for name in types:
        yield from _of_type(name, schema, depth)


def _of_type(name: Json, schema: Document, depth: int) -> Iterable[Json]:
    match name:
        case "string":
            return _texts(schema)
        case "integer" | "number":
            return _numbers(schema, whole=name == "integer")
        case "boolean":
            return (True, False)
        case "object":
            return _objects(schema, depth)
        case "array":
            return _arrays(schema, depth)
        case _:
            return (None,)


def _texts(schema: Document) -> Iterator[str]:
    least, most = (_whole(schema.get(keyword)) for keyword in ("minLength", "maxLength"))
    yield _PLAIN_TEXT * max(1, least or 0)
    yield from (_PLAIN_TEXT * length for length in (least, most) if length is not None)
    yield from _TEXTS
    if "pattern" in schema:
        yield from (character * length for character in "a0A" for length in _LENGTHS)


def _numbers(schema: Document, *, whole: bool) -> Iterator[float]:
    bounds = [schema[key] for key in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum") if is_number(schema.get(key))]
    yield 1
    for bound in bounds:
        steps: tuple[float, ...] = (0, 1, -1) if whole else (0, 1, -1, 0.5, -0.5)
        yield from (bound + step for step in steps if abs(bound) < 10**15)
    if is_number(schema.get("multipleOf")):
        yield from (schema["multipleOf"] * factor for factor in (0, 1, 2, 3))
    yield from (0, 2, 15, 100, -1) if whole else (0, 2, 0.5, 15, 100, -1)


def _objects(schema: Document, depth: int) -> Iterator[Document]:
    if depth > _DEEPEST:
        return
    declared = schema.get("properties")
    properties = declared if isinstance(declared, dict) else {}
    required = [*dict.fromkeys(_names(schema))]
    needed = _needed(schema)
    names = [*dict.fromkeys((*required, *properties, *needed, *(name for group in needed.values() for name in group)))][:_PARTS]
    choices = {name: _few(properties.get(name, {"type": "string"}), depth, len(names)) for name in names}
    first = {name: values[0] for name, values in choices.items() if values}
    least = {name: value for name, value in first.items() if name in required}
    optional = [name for name in first if name not in least]
    yield least
    yield first
    yield from (least | {name: first[name]} for name in optional)
    yield from (least | {name: first[name] for name in (key, *group) if name in first} for key, group in needed.items())
    yield from ({other: value for other, value in first.items() if other != name} for name in optional)
    for whole in (least, first):
        for name, values in choices.items():
            yield from (whole | {name: value} for value in values[1:])


def _needed(schema: Document) -> dict[str, list[str]]:
    """The names that go along with a name, by `dependencies` of either form."""
    dependencies = schema.get("dependencies")
    entries = islice(dependencies.items() if isinstance(dependencies, dict) else (), _PARTS)
    return {name: _names(needs) if isinstance(needs, dict) else _names({"required": needs}) for name, needs in entries}


def _few(schema: Json, depth: int, parts: int) -> list[Json]:
    """Values for a part: many at the top, where there are few parts, and few below."""
    limit = max(_VALUES, _MOST // (2 * max(1, parts))) if depth == 0 else _VALUES
    return list(islice(_values(schema, depth + 1), limit))


def _arrays(schema: Document, depth: int) -> Iterator[list[Json]]:
    if depth > _DEEPEST:
        return
    items = schema.get("items", {"type": "string"})
    values = [next(_values(item, depth + 1), None) for item in items] if isinstance(items, list) else _few(items, depth, 1)
    yield []
    yield values[:1]
    yield values[:2]
    yield from ([value] for value in values[1:_VALUES])
    for bound in (_whole(schema.get(keyword)) for keyword in ("minItems", "maxItems")):
        if bound and values:
            yield (values * bound)[:bound]
    yield values[:1] * 2


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _names(schema: Document) -> list[str]:
    return [name for name in _list(schema.get("required")) if isinstance(name, str)]


def _whole(value: Json) -> int | None:
    """A length that a schema names, no longer than is of use."""
    return min(int(value), _LONGEST) if is_number(value) and value >= 0 else None

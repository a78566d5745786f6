"""JSON Schema keywords that constrain single values: type, enum, bounds, pattern, format."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Final, TypeAlias

from reconciler.breaking.effect import Effect, Level, shown, turned
from reconciler.breaking.json_schema.pair import SchemaPair
from reconciler.documents.canonical import canonical
from reconciler.documents.json_text import Document, Json, encode_sorted
from reconciler.documents.places import MISSING

TYPES: Final = frozenset({"null", "boolean", "object", "array", "number", "integer", "string"})
_ABOUT: Final = {
    "object": ("properties", "required", "additionalProperties", "patternProperties", "propertyNames", "dependencies"),
    "array": ("items", "minItems", "maxItems", "uniqueItems", "contains"),
    "string": ("minLength", "maxLength", "pattern"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
}
"""The type that each keyword constrains, for a schema without `type`."""
_SHOWN: Final = 5
"""Maximum number of values in a message."""
_ANY_TEXT: Final = ("", ".*", "^.*$", "^", "$", "^.*", ".*$")
"""Patterns that refuse no string; strings with line breaks are not considered."""

_Edge: TypeAlias = "tuple[int | float, int]"
"""A bound, and 1 or -1 if it is exclusive."""


def types_of(schema: Document) -> frozenset[str]:
    """The types that `type`, `enum` and `const` allow; all types if `type` is invalid."""
    declared = schema.get("type", MISSING)
    names = [declared] if isinstance(declared, str) else declared
    types = frozenset(names) & TYPES if isinstance(names, list) and all(isinstance(name, str) for name in names) else TYPES
    values = values_of(schema)
    held = _with_integers(types)
    return held if values is None else _with_integers(held & {_type_of(value) for value in values})


def values_of(schema: Document) -> list[Json] | None:
    """The values that `enum` and `const` allow; None if neither is set."""
    listed = schema.get("enum")
    if "const" not in schema:
        return listed if isinstance(listed, list) else None
    names = {_name(value) for value in listed} if isinstance(listed, list) else {_name(schema["const"])}
    return [schema["const"]] if _name(schema["const"]) in names else []


def judge_type(pair: SchemaPair) -> Iterator[Effect]:
    """Removing a type refuses held values; adding one keeps accepting them."""
    before, after = types_of(pair.before), types_of({"type": pair.after.get("type", MISSING)})
    if before <= after:
        yield pair.loosened("accepts the same values", "type")
        return
    now = _type_words(pair.after.get("type"))
    if "type" not in pair.before and (meant := _implied_types(pair.before)) and meant <= after:
        reason = f"{pair.subject} now accepts only {now}, as its keywords implied: {pair.harm('may hold another type')}"
        yield pair.effect(Level.RISKY, "typed", reason, "type")
        return
    was = "anything" if "type" not in pair.before else _type_words(pair.before["type"])
    reason = f"the type of {pair.subject} changes ({was} → {now}): {pair.harm('may hold a value that is rejected')}"
    yield pair.effect(Level.BREAKING, "retyped", reason, "type")


def judge_values(pair: SchemaPair) -> Iterator[Effect]:
    """Removing an allowed value refuses held values."""
    keyword = "const" if "const" in pair.after or "const" in pair.before else "enum"
    allowed = values_of(pair.after)
    if allowed is None:
        yield pair.loosened("now accepts any value", keyword)
        return
    before = _finite(pair.before)
    if before is None:
        reason = f"{pair.subject} now accepts only {_listed(allowed)}: {pair.harm('may hold another value')}"
        yield pair.effect(Level.BREAKING, "enum-added", reason, keyword)
        return
    names = {_name(value) for value in allowed}
    gone = [value for value in before if _name(value) not in names]
    if gone:
        reason = f"{pair.subject} no longer accepts {_listed(gone)}: {pair.harm('may hold that')}"
        yield pair.effect(Level.BREAKING, "enum-narrowed", reason, keyword)
    else:
        yield pair.loosened("accepts the same values", keyword)


def size_judge(keyword: str, words: str, *, most: bool) -> Callable[[SchemaPair], Iterator[Effect]]:
    """A rule for a keyword that limits a size, as a maximum (`most`) or a minimum."""

    def judge(pair: SchemaPair) -> Iterator[Effect]:
        before, after = (schema.get(keyword, math.inf if most else 0) for schema in (pair.before, pair.after))
        yield _bounded(pair, (keyword,), words, tightened=after < before if most else after > before)

    return judge


def judge_least(pair: SchemaPair) -> Iterator[Effect]:
    """A higher minimum refuses numbers that were accepted."""
    yield _bounded(
        pair, ("minimum", "exclusiveMinimum"), "the smallest number", tightened=_least(pair.after) > _least(pair.before)
    )


def judge_most(pair: SchemaPair) -> Iterator[Effect]:
    """A lower maximum refuses numbers that were accepted."""
    yield _bounded(pair, ("maximum", "exclusiveMaximum"), "the largest number", tightened=_most(pair.after) < _most(pair.before))


def judge_step(pair: SchemaPair) -> Iterator[Effect]:
    """Multiples of a number are also multiples of its divisors."""
    before, after = (schema.get("multipleOf", MISSING) for schema in (pair.before, pair.after))
    tightened = after is not MISSING and (before is MISSING or _exact(before) % _exact(after) != 0)
    yield _bounded(pair, ("multipleOf",), "the step", tightened=tightened)


def judge_unique(pair: SchemaPair) -> Iterator[Effect]:
    """`uniqueItems` refuses lists with repeated items."""
    yield _bounded(pair, ("uniqueItems",), "repeated items", tightened=pair.after.get("uniqueItems") is True)


def judge_pattern(pair: SchemaPair) -> Iterator[Effect]:
    """A new pattern refuses values unless it matches everything; for a changed one it is unknown what it refuses."""
    before, after = pair.both("pattern")
    if after is MISSING or after in _ANY_TEXT:
        yield pair.loosened("now accepts any string", "pattern")
        return
    words, level = ("a", Level.BREAKING) if before is MISSING or before in _ANY_TEXT else ("another", Level.RISKY)
    change = f"has {words} pattern now ({turned(before, after)})"
    reason = f"{pair.subject} {change}: {pair.harm('may hold a value that it rejects')}"
    yield pair.effect(level, "pattern", reason, "pattern")


def judge_format(pair: SchemaPair) -> Iterator[Effect]:
    """The service may or may not check a format. `password` is never checked; it marks a secret."""
    before, after = (schema.get("format", MISSING) for schema in (pair.before, pair.after))
    if before == "password":
        reason = f"{pair.subject} is no longer a password ({turned(before, after)}): forms and responses may show its value"
        yield replace(pair.effect(Level.RISKY, "secret", reason, "format"), hint="keep `format: password`")
    elif after in (MISSING, "password"):
        yield pair.loosened("has no format that could reject a value", "format")
    else:
        change = f"changes its format ({turned(before, after)})"
        reason = f"{pair.subject} {change}: where formats are checked, the values of {pair.holders} may be rejected"
        yield pair.effect(Level.RISKY, "format", reason, "format")


def _implied_types(schema: Document) -> frozenset[str]:
    """The types that the keywords of a schema without `type` constrain."""
    return _with_integers(frozenset(name for name, keywords in _ABOUT.items() if not schema.keys().isdisjoint(keywords)))


def _with_integers(types: frozenset[str]) -> frozenset[str]:
    return types | {"integer"} if "number" in types else types


def _bounded(pair: SchemaPair, keywords: tuple[str, ...], words: str, *, tightened: bool) -> Effect:
    """The effect of a changed bound; of several, the first is named."""
    keyword = next(name for name in keywords if pair.differs(name))
    if not tightened:
        return pair.loosened(f"is no stricter than before ({words})", keyword)
    limit = f"{words}, {keyword}: {turned(*pair.both(keyword))}"
    reason = f"{pair.subject} is stricter than before ({limit}): {pair.harm('may hold a value that is rejected')}"
    return pair.effect(Level.BREAKING, "bounds", reason, keyword)


def _least(schema: Document) -> _Edge:
    return max((schema.get("minimum", -math.inf), 0), (schema.get("exclusiveMinimum", -math.inf), 1))


def _most(schema: Document) -> _Edge:
    return min((schema.get("maximum", math.inf), 0), (schema.get("exclusiveMaximum", math.inf), -1))


def _exact(number: float) -> Fraction:
    """The exact fraction of the number's decimal form, so that 0.3 is a multiple of 0.1."""
    return Fraction(repr(number)) if isinstance(number, float) else Fraction(number)


def _finite(schema: Document) -> list[Json] | None:
    """All values that the schema accepts, if its types or `enum` leave a finite number."""
    values = values_of(schema)
    types = types_of(schema)
    if values is not None:
        return [value for value in values if _type_of(value) in types]
    if types <= {"boolean", "null"}:
        return [*([True, False] if "boolean" in types else []), *([None] if "null" in types else [])]
    return None


def _type_of(value: Json) -> str:
    value = canonical(value)
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return names.get(type(value), "null")


def _name(value: Json) -> str:
    return encode_sorted(canonical(value)).decode()


def _listed(values: Iterable[Json]) -> str:
    names = [shown(value) for value in values]
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more if names else "nothing"


def _type_words(declared: Json) -> str:
    if isinstance(declared, list):
        return " or ".join(str(name) for name in declared)
    return str(declared)

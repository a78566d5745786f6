"""The properties of a JSON Schema before and after: removed, renamed, newly required, or new."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from reconciler.breaking.effect import Effect, Level, quoted, shown, turned
from reconciler.breaking.json_schema.pair import SchemaPair
from reconciler.documents.canonical import canonical
from reconciler.documents.json_text import Document, Json, encode_sorted
from reconciler.documents.places import MISSING, Missing

_TEXT: Final = frozenset({"title", "description", "examples", "default"})
"""Keywords that may differ between two properties of the same shape."""
_CANDIDATES: Final = 20
"""Maximum number of new properties compared with a removed one."""
_COMPARED: Final = 80
"""Maximum number of characters of a name that are compared for similarity."""

_BRANCHES: Final = 4
"""Maximum depth of nested branches that are searched for a declaration."""

Named: TypeAlias = tuple[str, "Json | Missing", "Json | Missing"]
"""A property's name, and its schema before and after."""


def judge_names(pair: SchemaPair) -> Iterator[Effect]:
    """The effects of added, removed and newly required properties."""
    renamed = _renamed(pair)
    for name in _properties(pair)[0]:
        if name in renamed:
            names = f"{pair.named(pair.label_of(name))} seems to be renamed to {quoted(pair.label_of(renamed[name]))}"
            reason = f"{names}: {pair.harm('hold it under the old name')}"
            yield pair.effect(Level.BREAKING, "property-renamed", reason, "properties", name)
        elif name not in _properties(pair)[1]:
            yield _gone(pair, name)
    before, after = (frozenset(schema.get("required", ())) for schema in (pair.before, pair.after))
    yield from _newly_required(pair, sorted(after - before - frozenset(renamed.values())))
    if before - after:
        yield pair.loosened("requires less than before", "required")
    yield from _without_default(pair, after & before)
    yield from _other_defaults(pair)


def known_properties(pair: SchemaPair) -> Iterator[Named]:
    """The properties in both schemas."""
    before, after = _properties(pair)
    return ((name, before[name], after[name]) for name in before if name in after)


def added_properties(pair: SchemaPair) -> Iterator[Named]:
    """The added properties, with the previous schema for unknown properties; MISSING if there was none."""
    before, after = _properties(pair)
    renamed = frozenset(_renamed(pair).values())
    others = pair.before.get("additionalProperties", MISSING)
    unknown = others if isinstance(others, dict) else MISSING
    return ((name, unknown, after[name]) for name in after if name not in before and name not in renamed)


def _properties(pair: SchemaPair) -> tuple[Mapping[str, Json], Mapping[str, Json]]:
    return pair.before.get("properties", {}), pair.after.get("properties", {})


def _gone(pair: SchemaPair, name: str) -> Effect:
    """A removed property. If another part of the schema mentions it, it may have been moved there."""
    label = pair.named(pair.label_of(name))
    if any(name in _elsewhere(branch, 0) for branch in _branches(pair.after)):
        reason = f"{label} is now declared elsewhere: {pair.harm('may hold a value that is rejected there')}"
        return pair.effect(Level.RISKY, "property-moved", reason, "properties", name)
    reason = f"{label} is removed: {pair.harm('may hold a value for it')}"
    return pair.effect(Level.BREAKING, "property-removed", reason, "properties", name)


def _branches(schema: Document) -> Iterator[Json]:
    for keyword in ("allOf", "anyOf", "oneOf"):
        branches = schema.get(keyword)
        yield from branches if isinstance(branches, list) else ()
    yield from (schema[keyword] for keyword in ("then", "else") if keyword in schema)


def _elsewhere(branch: Json, depth: int) -> Iterator[str]:
    """The properties that a branch declares."""
    if not isinstance(branch, dict) or depth > _BRANCHES:
        return
    properties = branch.get("properties")
    yield from properties if isinstance(properties, dict) else ()
    for inner in _branches(branch):
        yield from _elsewhere(inner, depth + 1)


def _newly_required(pair: SchemaPair, names: list[str]) -> Iterator[Effect]:
    before, after = _properties(pair)
    for name in names:
        label, schema = pair.named(pair.label_of(name)), after.get(name)
        if isinstance(schema, dict) and "default" in schema:
            default = f"has a default, {shown(schema['default'])}"
            reason = f"{label} is now required and {default}: it is unknown whether the default applies where {pair.holders} have no value"
            yield pair.effect(Level.RISKY, "required-default", reason, "required")
            continue
        lack = "may lack" if name in before else "lack"
        reason = f"{label} is now required: {pair.harm(f'that already exist {lack} it')}"
        yield pair.effect(Level.BREAKING, "newly-required", reason, "required")


def _without_default(pair: SchemaPair, required: frozenset[str]) -> Iterator[Effect]:
    for name, before, after in known_properties(pair):
        if (
            name in required
            and isinstance(before, dict)
            and isinstance(after, dict)
            and "default" in before.keys() - after.keys()
        ):
            default = f"no longer has a default (it was {shown(before['default'])})"
            reason = f"{pair.named(pair.label_of(name))} is required and {default}: {pair.harm('may rely on it')}"
            yield pair.effect(Level.RISKY, "default-gone", reason, "properties", name)


def _other_defaults(pair: SchemaPair) -> Iterator[Effect]:
    for name, before, after in known_properties(pair):
        if not (isinstance(before, dict) and isinstance(after, dict) and "default" in before.keys() & after.keys()):
            continue
        if encode_sorted(canonical(before["default"])) != encode_sorted(canonical(after["default"])):
            change = f"has another default ({turned(before['default'], after['default'])})"
            reason = f"{pair.named(pair.label_of(name))} {change}: {pair.harm('without a value of their own may get that one')}"
            yield pair.effect(Level.RISKY, "default-changed", reason, "properties", name)


def _renamed(pair: SchemaPair) -> dict[str, str]:
    """The new property for each renamed one: same shape, most similar name. Each new one is used once."""
    before, after = _properties(pair)
    by_shape: dict[bytes, list[str]] = {}
    for name in after:
        if name not in before:
            by_shape.setdefault(_shape(after[name]), []).append(name)
    found = {}
    for name in before:
        if name not in after and (new := by_shape.get(_shape(before[name]))):
            nearest = max(
                new[:_CANDIDATES], key=lambda other: difflib.SequenceMatcher(None, name[:_COMPARED], other[:_COMPARED]).ratio()
            )
            new.remove(nearest)
            found[name] = nearest
    return found


def _shape(schema: Json) -> bytes:
    plain = {key: value for key, value in schema.items() if key not in _TEXT} if isinstance(schema, dict) else schema
    return encode_sorted(canonical(plain))

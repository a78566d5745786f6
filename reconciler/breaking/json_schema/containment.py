"""Proof of JSON Schema containment, where the rules for single keywords cannot decide.

The proof comes from jsonschema-rs, on schemas with local references expanded; nothing is fetched. A schema beyond the bounds below gets no
proof, so a hostile one costs no time, and the result of the rules stands. `format` is not checked here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from reconciler.breaking.effect import Effect, Level, worst
from reconciler.breaking.json_schema.pair import SchemaPair
from reconciler.breaking.json_schema.references import at_reference
from reconciler.documents.json_text import Document, Json

_OF_VALUES: Final = frozenset(
    {
        *("retyped", "typed", "enum-added", "enum-narrowed", "bounds", "pattern", "closed", "unjudged"),
        *("newly-required", "required-default", "property-moved"),
    }
)
"""Effect codes that only state that values are refused."""
_INTENDED: Final = frozenset({"typed", "required-default"})
"""Codes that stay risky even if a value is refused: no connection may hold such a value, or a default may replace it."""
_PROOFS: Final = 20
"""Maximum number of proofs in one comparison."""
_LARGEST: Final = 2_000
"""Maximum number of objects and lists in a schema with its references expanded."""
_DEEPEST: Final = 60
_CHOICES: Final = 256
"""Maximum number of combinations of `anyOf`, `oneOf`, `if` and dependency branches; a proof may have to visit all."""
_NAMED: Final = frozenset({"properties", "patternProperties", "dependencies"})
"""Keywords whose value is keyed by arbitrary names, not by keywords."""
_VALUES: Final = frozenset({"enum", "const", "required", "default", "examples"})
"""Keywords whose value is not a schema, so a `$ref` in it is not a reference."""
_LATER: Final = frozenset(
    {
        *("prefixItems", "minContains", "maxContains", "dependentRequired", "dependentSchemas", "$dynamicRef", "$recursiveRef"),
        *("unevaluatedProperties", "unevaluatedItems"),
    }
)
"""Keywords of later drafts. The validator ignores them, and how the service treats them is not known."""
_DIALECT: Final = re.compile(r"http: ?//json-schema\.org/draft-07/schema#?")
_NOT_ASKED: Final = frozenset({"$schema", "$id", "$comment", "definitions", "$defs", "format", "title", "description"})


@dataclass(slots=True)
class _Budget:
    """The remaining budget while references are expanded."""

    left: int = _LARGEST
    choices: int = 1


class _Unprovable(Exception):
    """The schema exceeds the bounds, has another dialect, refers to itself, or has an external reference."""


def proven(pair: SchemaPair, effects: list[Effect]) -> Iterable[Effect]:
    """The effects: safe if every value of the old schema is proven to be accepted, breaking if one is proven to be refused."""
    refusing = [effect for effect in effects if effect.level is not Level.SAFE and effect.code in _OF_VALUES]
    if not refusing or len(pair.whole.proofs) >= _PROOFS:
        return effects
    answer = _containment(pair)
    pair.whole.proofs.append(answer)
    if answer == "yes":
        return [_rewritten(pair, effect) if effect in refusing else effect for effect in effects]
    explained = worst(effects) is Level.BREAKING or any(effect.code in _INTENDED for effect in refusing)
    if answer == "no" and not explained and not pair.in_branch and pair.whole.contract.ceiling is Level.BREAKING:
        return [_refused(pair, effect) if effect in refusing else effect for effect in effects]
    return effects


def _rewritten(pair: SchemaPair, effect: Effect) -> Effect:
    reason = f"{pair.subject} is written differently, and accepts every value that it accepted"
    return replace(effect, level=Level.SAFE, code="rewritten", reason=reason, hint=None)


def _refused(pair: SchemaPair, effect: Effect) -> Effect:
    if effect.code != "unjudged":
        return replace(effect, level=Level.BREAKING)
    keyword = effect.place[len(pair.place) :]
    where = f" ({keyword[-1]})" if keyword else ""
    reason = f"{pair.subject} rejects values that it accepted{where}: {pair.harm('may hold such a value')}"
    return replace(effect, level=Level.BREAKING, code="refused", reason=reason)


def _containment(pair: SchemaPair) -> str:
    """`yes` or `no` if proven, else `unknown`."""
    from jsonschema_rs import canonicalize  # noqa: PLC0415 - takes time to load, and few changes need it

    try:
        before, after = (
            _written_out(schema, root, 0, _Budget())
            for schema, root in ((pair.before, pair.whole.before), (pair.after, pair.whole.after))
        )
        held = canonicalize(_without(before, _new_names(pair, before, after)), draft=7, offline=True)
        return str(canonicalize(after, draft=7, offline=True).covers(held))
    except (_Unprovable, ValueError):
        return "unknown"


def _new_names(pair: SchemaPair, before: Json, after: Json) -> frozenset[str]:
    """Names only in the new schema, under which no values are held. None within a branch: its sibling schemas may declare them."""
    return frozenset() if pair.in_branch else frozenset(_names(after)) - frozenset(_names(before))


def _written_out(schema: Json, root: Json, depth: int, budget: _Budget) -> Json:
    budget.left -= 1
    if budget.left < 0 or depth > _DEEPEST:
        raise _Unprovable
    if isinstance(schema, list):
        return [_written_out(item, root, depth + 1, budget) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        target = at_reference(root, schema["$ref"])
        if not isinstance(target, dict | bool):
            raise _Unprovable
        return _written_out(target, root, depth + 1, budget)
    if not schema.keys().isdisjoint(_LATER) or not _is_draft_07(schema.get("$schema")):
        raise _Unprovable
    _count_choices(schema, budget)
    return {
        key: value if key in _VALUES else _keyword(key, value, root, depth + 1, budget)
        for key, value in schema.items()
        if key not in _NOT_ASKED
    }


def _is_draft_07(dialect: Json) -> bool:
    return dialect is None or (isinstance(dialect, str) and _DIALECT.fullmatch(dialect) is not None)


def _keyword(key: str, value: Json, root: Json, depth: int, budget: _Budget) -> Json:
    if key in _NAMED and isinstance(value, dict):
        return {name: _written_out(item, root, depth, budget) for name, item in value.items()}
    return _written_out(value, root, depth, budget)


def _count_choices(schema: Document, budget: _Budget) -> None:
    for keyword, more in (("anyOf", 0), ("oneOf", 1)):
        if isinstance(branches := schema.get(keyword), list):
            budget.choices *= max(1, len(branches) + more)
    if isinstance(dependencies := schema.get("dependencies"), dict):
        budget.choices *= 2 ** min(len(dependencies), 10)
    budget.choices *= 4 if "if" in schema else 1
    if budget.choices > _CHOICES:
        raise _Unprovable


def _without(schema: Json, names: frozenset[str]) -> Json:
    """The schema with these properties forbidden, wherever it describes objects and allows unknown names."""
    if not names or not isinstance(schema, dict) or not _is_open_for_names(schema):
        return schema
    properties = schema.get("properties")
    known: Mapping[str, Json] = properties if isinstance(properties, dict) else {}
    inner = {name: _without(item, names) for name, item in known.items()}
    return schema | {"properties": dict.fromkeys(sorted(names - known.keys()), False) | inner}


def _is_open_for_names(schema: Document) -> bool:
    described = isinstance(schema.get("properties"), dict) or "allOf" in schema or schema.get("type") == "object"
    return described and "patternProperties" not in schema and not isinstance(schema.get("additionalProperties"), dict)


def _names(schema: Json) -> Iterator[str]:
    if isinstance(schema, list):
        for item in schema:
            yield from _names(item)
    if not isinstance(schema, dict):
        return
    for key, value in schema.items():
        if key in ("properties", "dependencies") and isinstance(value, dict):
            yield from value
        if key == "required" and isinstance(value, list):
            yield from (name for name in value if isinstance(name, str))
        elif key not in _VALUES:
            yield from _names(list(value.values()) if key in _NAMED and isinstance(value, dict) else value)
